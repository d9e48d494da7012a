internal import Foundation
internal import TriageText
internal import TriageTickets

/// The words of the newest tickets whose text is kept, by which similar ones are found.
///
/// Two tickets are as similar as the words they share are many and rare: the cosine of the sets of their words, each with
/// the weight idf = ln(1 + N/df) of N tickets of which df have it. Hashes of words are kept, no text; a ticket leaves when
/// its text is erased or expires. About 1 KB a ticket.
struct SimilarTickets {
    let capacity: Int
    /// The words of each ticket, by its row of the ledger.
    private(set) var entries: [Int64: [UInt32]] = [:]
    /// The rows of the tickets that have a word, in the order in which they came.
    private(set) var rows: [UInt32: [Int64]] = [:]
    /// A ticket's row and when it came, in milliseconds since 1970.
    typealias Place = (row: Int64, time: Int64)
    /// All tickets in the order in which they came; those before `first` have left.
    private(set) var order: [Place] = []
    private(set) var first = 0
    /// Memory for finding words.
    private var scratch = Words()

    /// Words of a ticket that are compared.
    private static let maximumWords = 400
    /// A word that more than this share of the tickets have tells little, and costs time.
    private static let maximumShare = 0.1
    /// The tickets that always may have a word.
    private static let minimumTickets = 50

    /// Tickets that may have a word which is compared.
    var maximumRows: Int { max(Self.minimumTickets, Int(Self.maximumShare * Double(entries.count))) }

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { entries.count }

    // MARK: - Tickets

    /// Adds a ticket by its row of the ledger; the oldest one leaves beyond the capacity.
    mutating func add(_ text: TicketText, row: Int64, time: Int64 = 0) {
        guard entries[row] == nil else { return }
        let words = words(of: text)
        guard !words.isEmpty else { return }
        for word in words { rows[word, default: []].append(row) }
        entries[row] = words
        order.append((row, time))
        while entries.count > capacity { removeOldest() }
    }

    mutating func remove(row: Int64) {
        guard let words = entries.removeValue(forKey: row) else { return }
        for word in words {
            rows[word]?.removeAll { $0 == row }
            if rows[word]?.isEmpty == true { rows[word] = nil }
        }
    }

    /// Removes all tickets of some rows.
    mutating func remove(rows range: ClosedRange<Int64>) {
        for row in entries.keys.filter(range.contains) { remove(row: row) }
    }

    private mutating func removeOldest() {
        remove(row: order[first].row)
        first += 1
        if first > capacity {
            order.removeFirst(first)
            first = 0
        }
    }

    /// The distinct words of a text, in ascending order; symbols and placeholders are left out.
    private mutating func words(of text: TicketText) -> [UInt32] {
        scratch.scan(subject: text.subject.bytes, body: text.body.bytes)
        return Set(scratch.question.prefix(Self.maximumWords).map(Self.short))
            .sorted()
    }

    // MARK: - Search

    /// The most similar tickets, most similar first, the newest of equal ones first.
    mutating func search(
        _ text: TicketText, except own: Int64? = nil, limit: Int
    ) -> [(row: Int64, similarity: Double)] {
        search(words(of: text), except: own, limit: limit)
    }

    /// The tickets that are most similar to one of them; none for one that has left.
    func search(like row: Int64, limit: Int) -> [(row: Int64, similarity: Double)] {
        search(entries[row] ?? [], except: row, limit: limit)
    }

    private func search(
        _ words: [UInt32], except own: Int64?, limit: Int
    ) -> [(row: Int64, similarity: Double)] {
        let limitOfRows = maximumRows
        var shared: [Int64: Double] = [:]
        var norm = 0.0
        for word in words {
            let rows = rows[word] ?? []
            let weight = squaredWeight(rows.count)
            norm += weight
            guard rows.count <= limitOfRows else { continue }
            for row in rows where row != own { shared[row, default: 0] += weight }
        }
        // The candidates' similarity counts their frequent words too.
        let best = shared.sorted { ($1.value, $1.key) < ($0.value, $0.key) }.prefix(4 * limit + 16)
        let found = best.map { (row: $0.key, similarity: similarity(words, norm, $0.key)) }
        return Array(found.sorted { ($1.similarity, $1.row) < ($0.similarity, $0.row) }.prefix(limit))
    }

    private func similarity(_ words: [UInt32], _ norm: Double, _ row: Int64) -> Double {
        let other = entries[row] ?? []
        let known = Set(other)
        let own = other.reduce(0) { $0 + squaredWeight(rows[$1]?.count ?? 0) }
        let common = words.reduce(0) { known.contains($1) ? $0 + squaredWeight(rows[$1]?.count ?? 0) : $0 }
        return norm > 0 && own > 0 ? common / (norm * own).squareRoot() : 0
    }

    private func squaredWeight(_ count: Int) -> Double {
        let weight = log(1 + Double(entries.count) / Double(max(1, count)))
        return weight * weight
    }
}
