internal import Foundation
internal import TriageData
internal import TriageImport
package import TriageModel
internal import TriageNumerics
internal import TriageText
package import TriageTickets

/// The label mix of tickets to come, for one field of a bundle or for all.
package enum ClassPriorsChange: Sendable {
    /// Back to the mix of training.
    case training
    /// Shares or counts that a file states.
    case stated(path: String)
    /// An estimate from tickets without labels.
    case estimated(path: String, columns: TicketColumns)

    /// Sets the mix in a manifest.
    ///
    /// - Parameters:
    ///   - manifest: What is changed.
    ///   - bundle: The bundle of the manifest.
    ///   - field: The only field to change; nil for all that the file names, or all.
    /// - Returns: What changed, in lines for people, how many rows of tickets could not be read, and which columns were
    ///   read.
    /// - Throws: `TrainingError` when the mix cannot be set, `DataError` when a file cannot be read.
    package func apply(
        to manifest: inout ModelManifest, of bundle: ModelBundle, only field: String? = nil
    ) throws -> (lines: [String], badRows: Int, columnNotes: [String]) {
        let wanted = bundle.heads.indices.filter {
            // Tags have no mix: a ticket has any number of them.
            field ?? bundle.heads[$0].manifest.field == bundle.heads[$0].manifest.field
                && !bundle.heads[$0].hasTags
        }
        switch self {
        case .training:
            for index in wanted { manifest.heads[index].labelMix = nil }
            return ([], 0, [])
        case .stated(let path): return (try state(path, bundle, wanted, &manifest), 0, [])
        case .estimated(let path, let columns):
            let counts = try ClassPriorsChange.count(TicketFile.rows(path), columns, bundle, wanted)
            let lines = try wanted.flatMap { index -> [String] in
                guard let predicted = counts.predicted[index] else { throw DataError.empty(path: path) }
                return try estimate(predicted, bundle.heads[index], &manifest.heads[index])
            }
            return (lines, counts.badRows, counts.columnNotes)
        }
    }

    private func state(
        _ path: String, _ bundle: ModelBundle, _ wanted: [Int], _ manifest: inout ModelManifest
    ) throws -> [String] {
        let file = try ClassPriorsFile(path: path)
        let known = wanted.map { bundle.heads[$0].manifest.field }
        if let stray = file.fields.first(where: { !known.contains($0) }) {
            throw TrainingError.badMix(
                path: path,
                problem: "\"\(stray)\" is not a field to tune; there are \(known.joined(separator: ", "))")
        }
        var lines: [String] = []
        for index in wanted {
            let head = bundle.heads[index]
            guard let mix = try file.mix(of: head.manifest.field, labels: head.labels.names) else { continue }
            lines += try ClassPriorsChange.set(mix, &manifest.heads[index])
        }
        return lines
    }

    private static func set(
        _ mix: ModelManifest.ClassPriors, _ head: inout ModelManifest.Head
    ) throws -> [String] {
        guard let shares = head.labelShares else { throw TrainingError.noLabelShares(field: head.field) }
        head.labelMix = mix
        let origin = mix.estimatedFrom.map { "estimated from \($0) tickets" } ?? "as stated"
        return ["\(head.field): label mix \(origin); share in training → to come:"]
            + zip(head.labels, zip(shares, mix.shares)).map { label, share in
                String(format: "  %6.2f %% → %6.2f %%  ", 100 * share.0, 100 * share.1) + label
            }
    }

    /// How often each label is the likeliest, by head; nil for a head without a ticket.
    private static func count(
        _ rows: RowReader, _ columns: TicketColumns, _ bundle: ModelBundle, _ wanted: [Int]
    ) throws -> (predicted: [Int: [Int]], badRows: Int, columnNotes: [String]) {
        var predicted: [Int: [Int]] = [:]
        let (badRows, notes) = try bundle.scoreTickets(of: rows, columns) { _, logits in
            for index in wanted {
                let head = bundle.heads[index]
                let label = TopK.indices(of: head.removingPriorShift(logits), count: 1)[0]
                predicted[index, default: [Int](repeating: 0, count: head.labels.count)][label] += 1
            }
        }
        return (predicted, badRows, notes)
    }

    private func estimate(
        _ predicted: [Int], _ head: ModelBundle.Head, _ manifest: inout ModelManifest.Head
    ) throws -> [String] {
        var training = manifest
        training.labelMix = nil
        guard let shares = training.labelShares else {
            throw TrainingError.noLabelShares(field: training.field)
        }
        guard let heldOut = head.heldOut(under: training) else {
            throw TrainingError.nothingHeldOut(field: training.field)
        }
        guard
            let estimate = PriorShiftEstimate(predicted: predicted, heldOut: heldOut, trainingShares: shares)
        else { return [] }
        guard estimate.isEvident,
            let mix = ModelManifest.ClassPriors(weights: estimate.shares, estimatedFrom: estimate.rows)
        else {
            manifest.labelMix = nil
            return [
                "\(manifest.field): \(estimate.rows) tickets show no other label mix than training's, which stays"
            ]
        }
        return try ClassPriorsChange.set(mix, &manifest) + [
            "  an estimate by EM (Saerens et al., 2002): right as far as tickets of one label read as in training and only "
                + "their number changed; check it on labelled tickets"
        ]
    }
}
