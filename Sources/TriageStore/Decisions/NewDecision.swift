internal import Foundation
internal import GRDB
package import TriageEngine
package import TriageTickets

/// A decision on its way into the store.
package struct NewDecision: Sendable {
    /// Its id, known before it is stored.
    package var id: String
    /// The caller's id of the ticket: 256 bytes at most, no zero byte; nil for none.
    package var ticketID: String?
    /// The answer; explanations and label sets are not stored, since they can be made again.
    package var decision: Decision
    /// The answer without what the blind sample withholds: it is kept as the caller's.
    private let shown: Decision
    /// The snapshot that gave it.
    package var versions: SnapshotVersions
    /// The id of the API key that requested the decision, or nil.
    package var by: String?
    private let text: TicketText
    private let answer: [UInt8]?

    /// A decision of the given parts, with an id of its own.
    ///
    /// - Parameters:
    ///   - decision: The answer.
    ///   - text: The ticket's text from which the decision was made.
    ///   - versions: The snapshot that gave the answer.
    ///   - by: The id of the API key that requested the decision.
    ///   - answer: The JSON of what the caller is shown, if it is there already.
    package init(
        _ decision: Decision, of text: TicketText, with versions: SnapshotVersions, by: String? = nil,
        answer: [UInt8]? = nil
    ) {
        id = RecordID.make()
        (ticketID, self.text) = (text.id, text)
        (self.decision, self.versions, self.by, self.answer) = (decision, versions, by, answer)
        shown = decision.withholdingSample
    }

    /// The hashes of the ticket's text as it came in.
    func hashes(by key: StoreKey) -> TicketText.Fields { text.hashes(by: key) }

    /// The keyed hash of who wrote the ticket; nil when the caller gave none.
    func requesterHash(by key: StoreKey) -> [UInt8]? { text.requesterHash(by: key) }

    /// What is kept for a time: the masked ticket and the answer's JSON.
    var record: TextRecord {
        TextRecord(text, answer: shown.isPlain ? answer ?? shown.storedJSON() : shown.storedJSON())
    }
}

/// The receipt for a decision that is on the disk.
package struct DecisionReceipt: Sendable, Equatable {
    /// Its id.
    package var id: String
    /// Its row in the ledger.
    package var sequence: Int64
}

/// A decision made ready outside the writer: its row of the ledger, and the text that is kept beside.
struct PreparedDecision: Sendable {
    var draft: LedgerDraft
    var text: PackedText?
    private let requester: [UInt8]?

    init(_ new: NewDecision, keepingText: Bool, key: StoreKey) throws(StoreError) {
        try Limits.check(id: new.ticketID, what: "a ticket's id")
        let kept = keepingText ? new.record : nil
        text = kept.map { PackedText($0) }
        requester = new.requesterHash(by: key)
        draft = LedgerDraft(
            kind: .decision, id: new.id, ticket: new.ticketID,
            record: DecisionRecord.wire.json(
                DecisionRecord(new, key: key, textHash: kept?.hash(by: key))
            ).bytes)
    }

    /// Puts it at the end of the ledger.
    func write(in transaction: WriteTransaction) throws -> DecisionReceipt {
        let sequence = try transaction.append(draft)
        try text?.insert(for: sequence, at: transaction.time, transaction.database)
        if let requester {
            try transaction.execute(
                "INSERT INTO requesters (seq, at, hash) VALUES (?, ?, ?)",
                [sequence, transaction.time, Data(requester)])
        }
        return DecisionReceipt(id: draft.id, sequence: sequence)
    }
}

extension Decision {
    /// Whether its JSON holds nothing but what is kept.
    fileprivate var isPlain: Bool { explanations == nil && predictions.allSatisfy { $0.labelSet == nil } }

    /// What is kept of it: its JSON without what can be made again.
    ///
    /// - Parameter isEarlier: Whether to write it as versions did that set no parts aside.
    /// - Returns: One JSON object.
    package func storedJSON(isEarlier: Bool = false) -> [UInt8] {
        var kept = self
        kept.explanations = nil
        for index in kept.predictions.indices { kept.predictions[index].labelSet = nil }
        return (isEarlier ? Decision.earlierWire : Decision.wire).json(kept).bytes
    }
}

/// Sizes of what callers name.
enum Limits {
    static let longestName = 256

    /// - Throws: `StoreError.invalid` for a name that is longer than a row of the ledger should be, or has a zero byte.
    static func check(id: String?, what: String) throws(StoreError) {
        guard !(id?.utf8.contains(0) ?? false) else {
            throw .invalid(problem: "\(what) has a zero byte; leave it out")
        }
        guard (id?.utf8.count ?? 0) <= longestName else {
            throw .invalid(problem: "\(what) has over \(longestName) bytes; give a shorter one")
        }
    }
}
