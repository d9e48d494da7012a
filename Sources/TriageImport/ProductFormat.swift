internal import TriageData

/// How a help desk writes its tickets in JSON: known by the names of its members.
struct ProductFormat: Sendable {
    /// The product's name, for notes.
    let name: String
    /// Whether a record is of this product.
    let recognises: @Sendable (ProductRecord) -> Bool
    /// Whether records are events, of which a ticket may have several.
    let isOfEvents: Bool
    /// The ticket in a record.
    let read: @Sendable (ProductRecord) throws(BadRow) -> ImportedTicket

    init(
        _ name: String, isOfEvents: Bool = false,
        when recognises: @escaping @Sendable (ProductRecord) -> Bool,
        read: @escaping @Sendable (ProductRecord) throws(BadRow) -> ImportedTicket
    ) {
        (self.name, self.isOfEvents, self.recognises, self.read) = (name, isOfEvents, recognises, read)
    }

    /// All products; the first that recognises a record reads it.
    static let all: [ProductFormat] = [
        .labelStudio, .prodigy, .spaCy, .chatwootMessage, .chatwootConversation, .jira, .serviceNow, .zammad,
        .otrs, .gitLabEvent, .gitLab, .gitHub, .freeScout, .freshdesk, .zendesk, .glpiSearch, .glpi,
    ]

    /// Members whose values decide what a record is; of all others the name is enough.
    static let decisive =
        wrappers + MessageRecords.members + ["event", "fields", "data", "_embedded", "cats"]

    /// Members that hold the record of an event or a single answer.
    private static let wrappers = [
        "result", "ticket", "issue", "helpdesk_ticket", "freshdesk_webhook", "detail", "item", "conversation",
    ]

    /// Members beside a wrapped record that belong to it.
    private static let besides: Set<String> = ["article", "articles", "comments", "repository"]

    /// The format of a record, and the record that it reads: the record itself, or what an event wraps.
    static func of(
        _ record: ProductRecord
    ) -> (format: ProductFormat, record: ProductRecord, isEvent: Bool)? {
        if let format = all.first(where: { $0.recognises(record) }) { return (format, record, false) }
        for name in wrappers {
            guard let inside = record.object(name) else { continue }
            var fields = inside.fields
            for (part, value) in record.fields where part != name && fields[part] == nil {
                if besides.contains(part) { fields[part] = value }
            }
            let inner = record.inner(fields)
            if let format = all.first(where: { $0.recognises(inner) }) { return (format, inner, true) }
        }
        return nil
    }
}
