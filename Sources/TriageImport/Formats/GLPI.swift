internal import TriageData

extension ProductFormat {
    /// GLPI's tickets, from the old interface or the new one.
    static let glpi = ProductFormat(
        "GLPI",
        when: { record in
            record.hasAll("name", "content")
                && record.hasAny(
                    "itilcategories_id", "urgency", "date_creation", "date_mod", "category", "is_deleted")
        },
        read: { record throws(BadRow) in
            let id = record.raw("id")
            guard !record.isTrue("is_deleted") else { throw .leftOut(record.line, id, "a deleted ticket") }
            var ticket = ImportedTicket(id: id, subject: record.raw("name") ?? "")
            ticket.body = TicketMessage.plainText(record.raw("content") ?? "")
            ticket.requester = record.person("requester", "users_id_recipient", "user_recipient")
            ticket.time = record["date", "date_creation"]
            ticket.keep("category", category(record))
            ticket.keep("type", kind(record["type"]))
            for (name, member) in [
                ("location", "locations_id"), ("request_type", "requesttypes_id"), ("entity", "entities_id"),
            ] {
                if case .string(let text)? = record[member] { ticket.keep(name, .string(text)) }
            }
            record.keepOthers(in: &ticket, except: readMembers)
            return ticket
        })

    /// Members that are read above, or are no labels.
    private static let readMembers: Set<String> = [
        "name", "content", "category", "type", "external_id", "requester", "user_recipient", "user_editor",
        "team", "solvedate", "closedate", "date", "date_creation", "date_mod", "begin_waiting_date",
        "takeintoaccountdate", "actiontime", "global_validation", "href", "itilcategories_id",
        "locations_id", "requesttypes_id", "entities_id", "users_id_recipient", "users_id_lastupdater",
        "waiting_duration", "close_delay_stat", "solve_delay_stat", "takeintoaccount_delay_stat",
        "sla_waiting_duration", "ola_waiting_duration", "validation_percent",
    ]

    /// The list of GLPI's search, whose names are numbers of search options [from memory].
    static let glpiSearch = ProductFormat(
        "GLPI (search)",
        when: { record in record.hasAll("1", "2") && record.hasAny("21", "7", "12") },
        read: { record throws(BadRow) in
            var ticket = ImportedTicket(id: record.raw("2"), subject: record.raw("1") ?? "")
            ticket.body = TicketMessage.plainText(record.raw("21") ?? "")
            ticket.requester = record.text("4")
            ticket.time = record["15"]
            ticket.keep("category", record["7"])
            ticket.keep("type", kind(record["14"]))
            for (name, number) in [("status", "12"), ("priority", "3"), ("urgency", "10"), ("group", "8")] {
                ticket.keep(name, record[number])
            }
            return ticket
        })

    private static func category(_ record: ProductRecord) -> JSONValue? {
        if let category = record.object("category") { return category["completename", "name"] }
        if case .string(let path)? = record["itilcategories_id"], path != "0" {
            return .string(XMLScanner.unescaped(path))
        }
        guard let number = record.raw("category", "itilcategories_id"), number != "0" else { return nil }
        return .string(number)
    }

    private static func kind(_ value: JSONValue?) -> JSONValue? {
        switch value.flatMap({ ImportedTicket.plain($0) })?.text {
        case "1"?: .string("Incident")
        case "2"?: .string("Request")
        default: value
        }
    }
}
