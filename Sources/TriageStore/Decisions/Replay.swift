internal import TriageData
package import TriageEngine
internal import TriageText
internal import TriageTickets

/// A stored decision made again from the text that was kept.
package struct Replay: Sendable, Equatable {
    /// The decision as it is stored: one JSON object.
    package var stored: String
    /// The decision made again; equal byte for byte when nothing differs.
    package var replayed: String
    /// The names of the values that differ.
    package var differing: [String]
    /// Whether an earlier version stored it of a ticket over the size limit: floors that words behind it fired cannot
    /// fire again.
    package var lacksFloors: Bool
    /// Whether identifiers were masked: articles that they found cannot be found by them again.
    package var wasMasked: Bool

    /// What differs, and why it may; nil when nothing does.
    package var difference: String? {
        guard !differing.isEmpty else { return nil }
        var sentence = "differs in \(differing.joined(separator: ", "))"
        if lacksFloors {
            sentence +=
                "; the ticket was over the size limit, and earlier versions did not keep floors of the text behind it"
        }
        if wasMasked, differing.contains("known_probability") {
            sentence += "; identifiers by which the knowledge base was searched are not kept"
        }
        return sentence
    }
}

extension TicketStore {
    /// Decides a stored ticket again and compares.
    ///
    /// All of the stored decision must come out the same. Explanations are not compared: their offsets are those of
    /// the ticket as it came in, which is not kept. Labels that a language model chose are taken from the record.
    ///
    /// - Throws: `StoreError.notFound`, `.textExpired` or `.erased` when its text is no longer kept, `.otherSnapshot` when a part of
    ///   the snapshot is not the one that was recorded.
    package func replay(
        _ id: String, with snapshot: Snapshot, _ versions: SnapshotVersions
    ) throws(StoreError) -> Replay {
        guard let decision = try decision(id) else { throw .notFound(kind: "decision", id: id) }
        guard !decision.isErased else { throw .erased(kind: "decision", id: id) }
        guard decision.record.snapshot.policy != snapshot.policy.formerFingerprint() else {
            throw .earlierEngine(id: id)
        }
        try TicketStore.compare(decision, with: versions.fingerprint)
        guard let kept = try read({ try TicketStore.text(of: decision.sequence, $0) }) else {
            throw .textExpired(id: id)
        }
        var scratch = DecisionScratch()
        let parts = StoredParts(kept.answer, wasCut: kept.text.wasCut)
        let text = TicketText(
            stored: kept.text.masked, id: decision.ticket, wasCut: kept.text.wasCut,
            setAside: parts?.setAside ?? [], floorsSetAside: parts?.floors ?? [])
        let engine = snapshot.decide(text, &scratch)
        let again = snapshot.replaying(decision.record, kept.answer, over: engine, of: text)
            .storedJSON(isEarlier: parts == nil)
        return Replay(
            stored: String(decoding: kept.answer, as: UTF8.self),
            replayed: String(decoding: again, as: UTF8.self),
            differing: TicketStore.differences(kept.answer, again),
            lacksFloors: kept.text.wasCut && parts == nil, wasMasked: text.hasPlaceholder)
    }

    private static func compare(
        _ decision: StoredDecision, with loaded: SnapshotFingerprint
    ) throws(StoreError) {
        let recorded = decision.record.snapshot
        for (part, was, `is`) in [
            ("model", recorded.model, loaded.model), ("playbook", recorded.policy, loaded.policy),
            ("knowledge base", recorded.kb ?? "none", loaded.kb ?? "none"),
            ("language identifier", recorded.language ?? "none", loaded.language ?? "none"),
        ] where was != `is` {
            throw .otherSnapshot(id: decision.id, part: part, recorded: was, loaded: `is`)
        }
    }

    private static func differences(_ first: [UInt8], _ second: [UInt8]) -> [String] {
        guard first != second else { return [] }
        let (before, after) = (JSONValue(parsing: first), JSONValue(parsing: second))
        let names = Set((before?.members ?? []).map(\.name) + (after?.members ?? []).map(\.name))
        let differing = names.filter { before?[$0] != after?[$0] }.sorted()
        return differing.isEmpty ? ["spelling"] : differing
    }
}

/// What a stored answer says of the parts that were set aside; nil for an answer of an earlier version.
private struct StoredParts {
    let setAside: [TicketText.PartSetAside]
    let floors: [TicketText.FloorSetAside]

    init?(_ answer: [UInt8], wasCut: Bool) {
        guard let json = JSONValue(parsing: answer), let parts = json["set_aside"],
            let setAside = try? WireType<[Decision.SetAside]>.list(of: Decision.SetAside.wire).read(parts)
        else { return nil }
        self.setAside = setAside.map(\.part)
        // Of a ticket that was cut, a floor in the words that are read fires again anyway.
        floors = (json["remarks"]?.elements ?? []).compactMap { element in
            switch Remark(element) {
            case .floorSetAside(let floor, let part): .init(id: floor, kind: part)
            case .severityRaised(_, _, let floor), .severityUnranked(_, _, let floor),
                .severityHighest(_, _, let floor):
                wasCut ? .init(id: floor, kind: .cut) : nil
            default: nil
            }
        }
    }
}
