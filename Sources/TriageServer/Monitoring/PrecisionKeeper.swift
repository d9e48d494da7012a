package import Logging
internal import Synchronization
internal import TriageEngine
internal import TriageModel
package import TriageStore

/// Which answers are `suggest` in place of `auto`, and the counts behind that: read by each decision.
package final class DemotionHolder: Sendable {
    private let state = Mutex<(demotions: Demotions, counts: [LivePrecision.Count])>(
        (Demotions(model: ""), []))

    package init() {}

    /// The counts of the blind sample.
    var counts: [LivePrecision.Count] { state.withLock { $0.counts } }
    var demotions: Demotions { state.withLock { $0.demotions } }

    func set(_ demotions: Demotions, _ counts: [LivePrecision.Count] = []) {
        state.withLock { $0 = (demotions, counts) }
    }

    /// A decision with `suggest` where its model's answers miss their target.
    func applied(to decision: Decision) -> Decision {
        let demotions = demotions
        guard !demotions.entries.isEmpty, demotions.model == decision.modelSHA256 else { return decision }
        return decision.demoting { demotions.covers(field: $0.field, label: $0.label) }
    }
}

/// Counts how often automatic answers are right, and demotes those that surely miss their target.
///
/// What is demoted is a file in the state folder too, so that it holds from the first decision after a restart on.
package actor PrecisionKeeper {
    private let store: TicketStore
    private let snapshots: SnapshotHolder
    private let holder: DemotionHolder
    private let files: MonitorState?
    private let logger: Logger
    private var known: (model: String, version: Int, restored: [LivePrecision.Place: Int64])?
    private var hasFailed = false

    /// A keeper with its files in a folder; nil keeps none.
    package init(
        _ store: TicketStore, _ snapshots: SnapshotHolder, _ holder: DemotionHolder, folder: String?,
        logger: Logger
    ) {
        (self.store, self.snapshots, self.holder, self.logger) = (store, snapshots, holder, logger)
        files = folder.map { MonitorState($0) }
        do { try files?.demotions().map { holder.set($0) } } catch {
            logger.error(
                "what monitoring demoted cannot be read", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    /// Counts again if labels, the model or what a person restored have changed; to be called every second or so.
    func refresh() {
        do {
            let model = snapshots.current.model
            let (version, restored) = (store.memoryVersion, try files?.restored() ?? [:])
            guard known?.model != model.sha256 || known?.version != version || known?.restored != restored
            else { return }
            let precision = LivePrecision(
                try store.judgements(ofModel: model.sha256), targets: model.promisedPrecision,
                restored: restored)
            let demotions = Demotions(precision, model: model.sha256)
            try note(demotions)
            holder.set(demotions, precision.counts)
            (known, hasFailed) = ((model.sha256, version, restored), false)
        } catch StoreError.listing {
            // The ledger is still being read; until then what was demoted before the start is.
        } catch {
            if !hasFailed {
                logger.error(
                    "live precision could not be counted", metadata: ["error": "\(error.safeDescription)"])
            }
            hasFailed = true
        }
    }

    /// Logs and keeps what has changed.
    private func note(_ demotions: Demotions) throws {
        let before = holder.demotions
        guard before != demotions, !(before.entries.isEmpty && demotions.entries.isEmpty) else { return }
        for entry in demotions.entries where !before.entries.contains(where: { $0.place == entry.place }) {
            logger.warning(
                "answers are no longer automatic: too many of the blind sample were wrong",
                metadata: [
                    "field": "\(entry.place.field)", "label": "\(entry.place.label ?? "")",
                    "judged": .stringConvertible(entry.judged), "right": .stringConvertible(entry.right),
                ])
        }
        try files?.write(demotions)
    }
}
