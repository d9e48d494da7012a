internal import TriageData
internal import TriageTickets

/// Tells copies of rows from rows of one ticket that differ.
struct CopiedRows {
    /// Hashes of ids, of ids with their text, and of these with the other values.
    private var ids: Set<Int> = []
    private var texts: Set<Int> = []
    private var rows: Set<Int> = []
    /// Rows with the id and the text of another one, and other values.
    private var relabelled = 0
    /// Rows with the id of another one, and another text.
    private var rewritten = 0

    /// Copies are looked for among so many rows, so that memory stays small.
    private static let maximumRows = 1 << 20

    /// Whether a ticket is no copy; `values` has the hash of what is written beside its text.
    mutating func isNew(_ ticket: Ticket, _ values: Hasher) -> Bool {
        guard let id = ticket.id, rows.count < CopiedRows.maximumRows else { return true }
        var hasher = Hasher()
        hasher.combine(id)
        let isNewID = ids.insert(hasher.finalize()).inserted
        hasher.combine(ticket.subject)
        hasher.combine(ticket.body)
        let text = hasher.finalize()
        hasher.combine(values.finalize())
        guard rows.insert(hasher.finalize()).inserted else { return false }
        let isNewText = texts.insert(text).inserted
        if !isNewText { relabelled += 1 } else if !isNewID { rewritten += 1 }
        return true
    }

    /// What is doubtful about the ids, a line each.
    var notes: [String] {
        var notes: [String] = []
        if relabelled > 0 {
            notes.append(
                "warning: \(relabelled.counted("row")) with the id and text of another one and other values; each is a "
                    + "ticket of its own; keep one row a ticket, its tags in one column")
        }
        if rewritten > 0 {
            notes.append(
                "warning: \(rewritten.counted("row")) with the id of another one and another text; corrections by id "
                    + "mean all of them")
        }
        return notes
    }
}

extension Hasher {
    /// Takes the bytes from a place on.
    mutating func combine(bytes: [UInt8], from start: Int) {
        bytes.withUnsafeBytes { combine(bytes: UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }
}
