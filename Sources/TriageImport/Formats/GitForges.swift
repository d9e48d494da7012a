internal import TriageData

extension ProductFormat {
    /// GitHub's issues, from its API, `gh issue list --json` or an event.
    static let gitHub = ProductFormat(
        "GitHub",
        when: { record in
            record.hasAll("number", "title", "pull_request") || record.hasAll("action", "pull_request")
                || record.hasAll("number", "title")
                    && record.hasAny(
                        "html_url", "author_association", "node_id", "labels", "pull_request",
                        "repository_url")
                    && record.hasAny("body", "labels", "user", "author")
                    && !record.hasAny("articles", "article", "group", "group_id")
        },
        read: { record throws(BadRow) in
            let id = record.raw("number")
            guard record["pull_request"] == nil else {
                throw .leftOut(record.line, id, "a pull request, not an issue")
            }
            var ticket = ImportedTicket(
                id: id, subject: record.raw("title") ?? "", body: record.raw("body", "bodyText") ?? "")
            ticket.requester = record.person("user", "author")
            ticket.time = record["created_at", "createdAt"]
            for name in ["labels", "state", "milestone", "type"] { ticket.keep(name, labels(record[name])) }
            // A repository is an address in one answer, an object in another.
            ticket.project =
                record.raw("repository_url").flatMap { $0.split(separator: "/repos/").last.map(String.init) }
                ?? record.object("repository")?.raw("full_name", "nameWithOwner", "name")
            ticket.keep("repository", record.object("repository")?["full_name", "nameWithOwner", "name"])
            return ticket
        })

    /// GitLab's issues, from its API or an export.
    static let gitLab = ProductFormat(
        "GitLab",
        when: { record in
            record.hasAll("iid", "title") && record.hasAny("description", "labels", "web_url", "project_id")
        },
        read: { record throws(BadRow) in try gitLabIssue(record, id: record.raw("iid")) })

    /// An event of GitLab.
    static let gitLabEvent = ProductFormat(
        "GitLab", isOfEvents: true,
        when: { record in record.has("object_kind") && record.has("object_attributes") },
        read: { record throws(BadRow) in
            let issue = record.object("object_attributes") ?? record
            let id = issue.raw("iid", "id")
            guard ["issue", "work_item", "incident"].contains(record.text("object_kind") ?? "") else {
                throw .leftOut(record.line, id, "an event of something else than an issue")
            }
            var ticket = try gitLabIssue(issue, id: id)
            ticket.keep("labels", labels(record["labels"]))
            ticket.keep("project", record.object("project")?["path_with_namespace", "name"])
            // The number is in each event, the path may be missing.
            ticket.project =
                issue.raw("project_id") ?? record.object("project")?.raw("id", "path_with_namespace", "name")
            if ticket.requester == nil { ticket.requester = record.person("user") }
            return ticket
        })

    private static func gitLabIssue(_ record: ProductRecord, id: String?) throws(BadRow) -> ImportedTicket {
        guard !record.hasAny("source_branch", "merge_status") else {
            throw .leftOut(record.line, id, "a merge request, not an issue")
        }
        var ticket = ImportedTicket(
            id: id, subject: record.raw("title") ?? "", body: record.raw("description") ?? "")
        ticket.requester = record.person("author", "author_id", "service_desk_reply_to")
        ticket.time = record["created_at"]
        for name in ["labels", "state", "severity", "issue_type", "type", "milestone"] {
            ticket.keep(name, labels(record[name]))
        }
        ticket.keep("project", record.object("references")?["full"])
        return ticket
    }

    /// Labels as their names, in whatever form; a page of them too.
    private static func labels(_ value: JSONValue?) -> JSONValue? {
        guard case .object(let fields)? = value, let nodes = fields["nodes"] else { return value }
        return nodes
    }
}
