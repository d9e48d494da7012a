package import TriageData

/// A ticket with the labels that people gave it, to train with or to measure against.
public struct LabelledTicket: Sendable, Equatable {
    /// The ticket.
    public var ticket: Ticket
    /// Its label by field, such as `["category": "Login"]`; a field that is left out has no label.
    public var labels: [String: String]

    /// A ticket with its labels.
    public init(_ ticket: Ticket, labels: [String: String]) {
        (self.ticket, self.labels) = (ticket, labels)
    }
}

extension LabelledTicket {
    /// The ticket as a row of a file has it.
    package func row(line: Int) -> InputRow {
        var fields = labels.mapValues { JSONValue.string($0) }
        fields["id"] = ticket.id.map { .string($0) }
        fields["subject"] = .string(ticket.subject)
        fields["body"] = .string(ticket.body)
        return InputRow(line: line, fields: fields)
    }
}
