internal import TriageData

extension ProductFormat {
    /// Records of ServiceNow's Table API: values, names or both in each field.
    static let serviceNow = ProductFormat(
        "ServiceNow",
        when: { record in
            record.has("short_description")
                && record.hasAny(
                    "sys_id", "number", "caller_id", "assignment_group", "sys_created_on", "opened_at")
        },
        read: { record throws(BadRow) in
            let id = record.text("number", "sys_id")
            var ticket = ImportedTicket(
                id: id, subject: shown(record["short_description"]), body: shown(record["description"]))
            ticket.body = TicketMessage.plainText(ticket.body)
            ticket.requester = record.person("caller_id", "opened_by", "u_requested_for")
            ticket.time = record["opened_at", "sys_created_on"]
            ticket.keep("reopens", record["reopen_count"])
            ticket.keep("reassignments", record["reassignment_count"])
            record.keepOthers(in: &ticket, except: readMembers)
            return ticket
        })

    /// Members that are read above, or are no labels.
    private static let readMembers: Set<String> = [
        "short_description", "description", "caller_id", "opened_by", "closed_by", "resolved_by",
        "assigned_to", "reopen_count", "reassignment_count", "parent", "comments", "work_notes",
        "close_notes",
    ]

    /// A field's text as people see it, line breaks and all.
    private static func shown(_ value: JSONValue?) -> String {
        guard case .object(let fields)? = value else { return value?.text ?? "" }
        let shown = fields["display_value"]?.text ?? ""
        return shown.isEmpty ? fields["value"]?.text ?? "" : shown
    }
}
