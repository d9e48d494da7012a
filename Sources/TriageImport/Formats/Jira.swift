internal import TriageData

extension ProductFormat {
    /// Issues of Jira's API: a description in wiki markup or in Atlassian's document format.
    static let jira = ProductFormat(
        "Jira",
        when: { record in
            record.has("key")
                && record.object("fields").map { $0.hasAny("summary", "issuetype", "description") } == true
        },
        read: { record throws(BadRow) in
            let fields = record.object("fields") ?? record
            var ticket = ImportedTicket(
                id: record.raw("key", "id"), subject: fields.raw("summary") ?? "")
            ticket.body = DocumentText.plain(fields["description"])
            ticket.requester = fields.person("reporter", "creator")
            ticket.time = fields["created"]
            for name in ["issuetype", "priority", "status", "labels", "components"] {
                ticket.keep(name, fields[name])
            }
            ticket.keep("project", fields.object("project")?["key", "name"])
            keepMoves(of: record, in: &ticket)
            fields.keepOthers(in: &ticket, except: readMembers)
            return ticket
        })

    /// Members that are read above, or are no labels.
    private static let readMembers: Set<String> = [
        "summary", "description", "reporter", "creator", "assignee", "project", "comment", "worklog",
        "resolution", "votes", "watches", "issuelinks", "subtasks", "attachment", "environment",
        "statuscategory", "statuscategorychangedate", "lastViewed", "workratio", "parent", "progress",
        "aggregateprogress", "timetracking", "fixVersions", "versions", "resolutiondate", "duedate",
    ]

    private static let doneStates: Set<String> = ["done", "closed", "resolved"]

    /// Counts changes of person, team and back from the end, where the history came along.
    private static func keepMoves(of record: ProductRecord, in ticket: inout ImportedTicket) {
        let histories = record.object("changelog")?.objects("histories") ?? []
        guard !histories.isEmpty else { return }
        var (persons, groups, reopens) = (0, 0, 0)
        for item in histories.flatMap({ $0.objects("items") }) {
            let from = item.text("fromString")
            switch item.text("field")?.lowercased() {
            case "assignee"? where from != nil: persons += 1
            case "team"?, "assigned group"?, "group"?, "component"?: groups += from == nil ? 0 : 1
            case "status"?:
                let to = item.text("toString")?.lowercased() ?? ""
                if doneStates.contains(from?.lowercased() ?? ""), !doneStates.contains(to) { reopens += 1 }
            default: break
            }
        }
        ticket.keep("reassignments", .integer(Int64(persons)))
        ticket.keep("group_hops", .integer(Int64(groups)))
        ticket.keep("reopens", .integer(Int64(reopens)))
    }
}
