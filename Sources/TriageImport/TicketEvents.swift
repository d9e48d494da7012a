internal import TriageData

/// The tickets of which an event was read: those that follow bring later messages.
struct TicketEvents {
    private var seen: Set<String> = []

    /// Takes the ticket of an event.
    ///
    /// - Throws: `BadRow` for a ticket of which an earlier event was read.
    mutating func take(_ ticket: ImportedTicket, of format: ProductFormat, line: Int) throws(BadRow) {
        guard let id = ticket.id else { return }
        guard seen.insert([format.name, ticket.project ?? "", id].joined(separator: "\u{1F}")).inserted else {
            throw .leftOut(line, id, "a later message of a conversation that was read")
        }
    }
}
