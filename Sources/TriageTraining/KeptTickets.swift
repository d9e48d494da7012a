import TriageTickets

/// The texts of some rows as they came in, kept while a training set is read.
///
/// They lie in large blocks. These go back to the system as a whole before a fit takes memory; millions of strings
/// among strings that stay would not.
struct KeptTickets {
    private struct Place {
        let block: Int
        let subject: Range<Int>
        let body: Range<Int>
    }

    private static let blockBytes = 1 << 24

    private var blocks: [[UInt8]] = []
    private var places: [Int: Place] = [:]

    /// Keeps the texts of a row.
    mutating func keep(_ ticket: Ticket, row: Int) {
        let needed = ticket.subject.utf8.count + ticket.body.utf8.count
        if (blocks.last?.count ?? .max) > KeptTickets.blockBytes - min(needed, KeptTickets.blockBytes) {
            blocks.append([])
            blocks[blocks.count - 1].reserveCapacity(max(needed, KeptTickets.blockBytes))
        }
        let block = blocks.count - 1
        let start = blocks[block].count
        blocks[block].append(contentsOf: ticket.subject.utf8)
        let middle = blocks[block].count
        blocks[block].append(contentsOf: ticket.body.utf8)
        places[row] = Place(block: block, subject: start..<middle, body: middle..<blocks[block].count)
    }

    /// The texts of a row; nil when they were not kept.
    subscript(row: Int) -> Ticket? {
        guard let place = places[row] else { return nil }
        func text(_ range: Range<Int>) -> String {
            String(decoding: blocks[place.block][range], as: UTF8.self)
        }
        return Ticket(subject: text(place.subject), body: text(place.body))
    }
}
