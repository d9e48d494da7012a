internal import TriageData
internal import GRDB
internal import TriageTickets
internal import TriageText

/// Corrected tickets as labelled rows, for `triage train`.
package struct FeedbackExport: Sendable, Equatable {
    /// JSON Lines: `id`, `time`, `subject`, `body` (masked), then a label for each field with feedback.
    package var lines: [UInt8] = []
    package var rows = 0
    /// Labels in it that differ from what was decided.
    package var corrected = 0
    /// Decisions with feedback whose text has expired, or was never kept.
    package var withoutText = 0
}

extension TicketStore {
    /// Writes a labelled row for each decision with feedback that was not undone, oldest decision first.
    ///
    /// `newest` limits it to so many of the newest decisions with feedback.
    package func exportFeedback(newest: Int? = nil) throws(StoreError) -> FeedbackExport {
        try read { database in
            var export = FeedbackExport()
            var after = try newest.map { try TicketStore.row(beforeCorrected: $0, database) } ?? 0
            while true {
                let page = try TicketStore.correctedRows(after: after, limit: 1_000, database)
                guard let last = page.last else { return export }
                after = last.entry.sequence
                for (entry, record) in page {
                    let standing = try Corrections(of: entry, record, database).standing
                    guard !standing.isEmpty else { continue }
                    guard let text = try TicketStore.text(of: entry.sequence, database) else {
                        export.withoutText += 1
                        continue
                    }
                    export.add(entry, text.text, standing)
                }
            }
        }
    }
}

extension FeedbackExport {
    fileprivate mutating func add(_ entry: LedgerEntry, _ text: TicketText, _ standing: [Feedback]) {
        var writer = JSONWriter()
        writer.object { json in
            json.string("id", entry.ticket ?? entry.id)
            json.string("time", Timestamp(milliseconds: entry.time).text)
            json.string("subject", text.subject.string)
            json.string("body", text.body.string)
            for feedback in standing {
                json.key(named: feedback.field)
                json.string(feedback.label)
            }
        }
        writer.newline()
        lines.append(contentsOf: writer.bytes)
        rows += 1
        corrected += standing.count { $0.label != $0.decided }
    }
}
