internal import GRDB
internal import TriageText
internal import TriageTickets

/// Similar tickets that came suddenly.
package struct Outage: Sendable {
    /// The first ticket's decision, by which the outage is known.
    package var id: String
    /// Milliseconds since 1970 of the first and the last ticket.
    package var start: Int64
    package var last: Int64
    package var tickets: Int
    /// How many tickets would usually have come in that time.
    package var expected: Double
    /// Whether tickets still come.
    package var isCurrent: Bool
    /// Words that its tickets have in common, folded, the most telling first.
    package var words: [String]
    /// The first tickets whose decision is kept.
    package var first: [ListedDecision]
}

extension TicketStore {
    /// Tickets of an outage whose texts are read and listed.
    private static let outageTickets = 8
    private static let outageWords = 6

    /// The outages that began after a moment, the newest first; `onlyCurrent` leaves out those that are over.
    package func outages(since moment: Int64 = .min, onlyCurrent: Bool = false) throws(StoreError) -> [Outage]
    {
        let now = clock.now()
        let found = try tables { tables in
            tables.radar.outages.reversed()
                .filter { $0.start >= moment && (!onlyCurrent || $0.isCurrent(at: now)) }
                .map { outage in
                    let rows = Array(outage.rows.prefix(Self.outageTickets))
                    return (
                        outage: outage, rows: rows, states: rows.map(tables.decisions.listedState),
                        words: tables.similar.commonWords(
                            of: rows, first: outage.words, limit: Self.outageWords)
                    )
                }
        }
        var outages: [Outage] = []
        for (outage, rows, states, words) in found {
            let first = try listed(rows, states)
            guard let id = first.first?.decision.id else { continue }
            outages.append(
                Outage(
                    id: id, start: outage.start, last: outage.last, tickets: outage.count,
                    expected: outage.expected, isCurrent: outage.isCurrent(at: now),
                    words: try spelled(words, in: rows), first: first))
        }
        return outages
    }

    /// The words of hashes, as the tickets have them.
    func spelled(_ hashes: [UInt32], in rows: [Int64]) throws(StoreError) -> [String] {
        try read { database in
            var names: [UInt32: String] = [:]
            for row in rows where names.count < hashes.count {
                guard let kept = try? TicketStore.text(of: row, database) else { continue }
                var words = Words()
                words.scan(subject: kept.text.subject.bytes, body: kept.text.body.bytes)
                for word in words.list where hashes.contains(SimilarTickets.short(word.hash)) {
                    names[SimilarTickets.short(word.hash)] = String(
                        decoding: words.folded(word), as: UTF8.self)
                }
            }
            return hashes.compactMap { names[$0] }
        }
    }
}
