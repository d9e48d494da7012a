internal import TriageData
internal import TriageTickets

/// The members of a help desk's record, found by any of their names.
struct ProductRecord {
    let fields: [String: JSONValue]
    let line: Int
    /// Names and texts that other lists of the same files have.
    let tables: SideTables
    /// What is known of the names of members, shared by a file's records.
    let kinds: MemberKinds

    init(_ fields: [String: JSONValue], line: Int, tables: SideTables, kinds: MemberKinds = MemberKinds()) {
        (self.fields, self.line, self.tables, self.kinds) = (fields, line, tables, kinds)
    }

    /// An object inside this record, or one made of it.
    func inner(_ fields: [String: JSONValue]) -> ProductRecord {
        ProductRecord(fields, line: line, tables: tables, kinds: kinds)
    }

    func has(_ name: String) -> Bool { fields[name] != nil }

    func hasAll(_ names: String...) -> Bool { names.allSatisfy { fields[$0] != nil } }

    func hasAny(_ names: String...) -> Bool { names.contains { fields[$0] != nil } }

    /// The first of these members that is there and not null.
    subscript(names: String...) -> JSONValue? {
        for name in names {
            if let value = fields[name], value != .null { return value }
        }
        return nil
    }

    /// The text of the first of these members that has some; of an object, its name.
    func text(_ names: String...) -> String? {
        for name in names {
            if let value = fields[name].flatMap({ ImportedTicket.plain($0) })?.text { return value }
        }
        return nil
    }

    /// A member as it was written, white space and all; nil for what is no text.
    func raw(_ names: String...) -> String? {
        for name in names {
            if let text = fields[name]?.text, !text.isEmpty { return text }
        }
        return nil
    }

    /// A member that is an object.
    func object(_ names: String...) -> ProductRecord? {
        for name in names {
            if case .object(let inside)? = fields[name] {
                return inner(inside)
            }
        }
        return nil
    }

    /// The objects of a member that is a list of them, or one alone.
    func objects(_ names: String...) -> [ProductRecord] {
        for name in names {
            switch fields[name] {
            case .array(let elements)?:
                return elements.compactMap {
                    guard case .object(let inside) = $0 else { return nil }
                    return inner(inside)
                }
            case .object(let inside)?: return [inner(inside)]
            default: continue
            }
        }
        return []
    }

    /// Whether a member is true, 1, "1" or "true".
    func isTrue(_ name: String) -> Bool {
        switch fields[name] {
        case .bool(let value)?: value
        case let value?: value.text == "1" || value.text?.lowercased() == "true"
        case nil: false
        }
    }

    /// Whether a member is false, 0, "0" or "false".
    func isFalse(_ name: String) -> Bool {
        switch fields[name] {
        case .bool(let value)?: !value
        case let value?: value.text == "0" || value.text?.lowercased() == "false"
        case nil: false
        }
    }

    /// A person's address, else name, else number.
    func person(_ names: String...) -> String? {
        for name in names {
            guard let value = fields[name], value != .null else { continue }
            if case .object(let inside) = value {
                let record = inner(inside)
                let found = record.text(
                    "email", "emailAddress", "login", "username", "name", "display_value",
                    "displayName", "accountId", "value", "id")
                if let found { return found }
            } else if let text = ImportedTicket.plain(value)?.text {
                return tables.users[text] ?? text
            }
        }
        return nil
    }

    // MARK: - Other members

    /// Keeps the members that are short values and not parts of the ticket, under their own names.
    ///
    /// Those are the site's own fields, such as a custom attribute of Zammad.
    func keepOthers(in ticket: inout ImportedTicket, except used: Set<String>) {
        func isGroup(_ name: String, _ value: JSONValue) -> Bool {
            if case .object = value { ProductRecord.groups.contains(name) } else { false }
        }
        for (name, value) in fields
        where kinds.mayBeLabel(name) && !used.contains(name) && !isGroup(name, value) {
            keepShort(name, value, in: &ticket)
        }
        // Behind the others: a field of the record has its name, whatever custom fields are called.
        for group in ProductRecord.groups where !used.contains(group) && kinds.mayBeLabel(group) {
            guard case .object(let inside)? = fields[group] else { continue }
            for (name, value) in inside where !kinds.isAnswer(name) { keepShort(name, value, in: &ticket) }
        }
    }

    /// Objects of a site's own fields.
    private static let groups = ["custom_fields", "customFields", "custom_attributes"]

    private static let maximumLabelBytes = 100

    private func keepShort(_ name: String, _ value: JSONValue, in ticket: inout ImportedTicket) {
        guard let plain = ImportedTicket.plain(value), ProductRecord.mayBeLabel(plain) else { return }
        ticket.keep(name, plain: plain)
    }

    /// Whether a value, or each of a list, is short and no date.
    private static func mayBeLabel(_ plain: JSONValue) -> Bool {
        if let elements = plain.elements { return elements.allSatisfy(mayBeLabel) }
        guard let text = plain.text else { return true }
        return text.utf8.count <= maximumLabelBytes && !DateReader.isDate(text)
    }

    /// Whether a member is a number, a place, a moment or a person of the program that wrote it.
    static func isTechnical(_ name: String) -> Bool {
        let name = name.lowercased()
        if technicalNames.contains(name) || name.hasPrefix("_") || name.hasPrefix("sys_") { return true }
        return technicalEnds.contains { name.hasSuffix($0) }
    }

    private static let technicalEnds = [
        "_id", "_ids", "_at", "_on", "_by", "_by_id", "url", "_date", "_time", "_utc", "link", "links",
        "_count",
        "_minutes",
        "_in_min",
        "_diff_in_min", "uuid", "_is_cc", "emails", "_escalated", "_hash", "_text", "_html", "_list",
    ]
    private static let technicalNames: Set<String> = [
        "id", "number", "owner", "assignee", "assignees", "assigned_to", "assignedto", "updated", "closed",
        "due",
        "attachments",
        "avatar", "preferences", "note", "watchers", "participants", "cc", "bcc", "to", "from", "raw_subject",
        "metric_set", "metrics", "satisfaction_rating", "via", "followers", "author_association", "closedat",
        "createdat", "updatedat", "userupdatedat", "node_id", "locked", "reactions", "user", "users",
        "account",
        "meta", "messages",
        "active", "made_sla", "knowledge", "upon_approval", "upon_reject", "approval", "order",
        "calendar_duration",
        "business_duration", "calendar_stc", "business_stc", "time_worked", "activity_due", "correlation",
        "timestamp",
        "event", "action", "updatedby", "createdby", "closedby", "customer", "requester", "submitter",
        "comments",
        "upvotes", "downvotes", "weight", "has_tasks", "time_stats", "task_completion_status", "changes",
        "uuid", "unread_count", "waiting_since", "can_reply", "muted", "snoozed_until", "agent_last_seen_at",
        "urgency_score", "spam", "is_deleted", "deleted", "articles", "article", "threads", "changed",
        "created", "escalationtime", "age", "unlocktimeout", "untiltime", "lock", "firstlock", "statetype",
        "archiveflag", "due_by", "fr_due_by", "is_escalated", "email_config", "score",
        "performed_via_github_app",
        "state_reason", "body_html", "body_text", "references", "confidential", "discussion_locked",
    ]
}

/// What members of records are by their names, found once for each name.
final class MemberKinds {
    private struct Kind {
        var isTechnical: Bool
        var isAnswer: Bool
        /// Whether a column of this name holds text of a ticket.
        var isText: Bool
        /// Whether a member of this name makes an object a text rather than a name.
        var isOfText: Bool
    }

    private var found: [String: Kind] = [:]
    private var choices = NameSets<ColumnChoice>()
    /// Records whose names are data, such as numbers of fields, must not fill the memory.
    private static let maximumNames = 10_000

    private func kind(_ name: String) -> Kind {
        if let known = found[name] { return known }
        let kind = Kind(
            isTechnical: ProductRecord.isTechnical(name), isAnswer: KnownColumns.isAnswer(name),
            isText: KnownColumns.isText(name),
            isOfText: KnownColumns.body.rank(name) != nil || KnownColumns.subject.rank(name) == 0)
        if found.count < MemberKinds.maximumNames { found[name] = kind }
        return kind
    }

    /// Whether a member is neither technical nor an agent's answer.
    func mayBeLabel(_ name: String) -> Bool {
        let kind = kind(name)
        return !kind.isTechnical && !kind.isAnswer
    }

    func isAnswer(_ name: String) -> Bool { kind(name).isAnswer }

    func isText(_ name: String) -> Bool { kind(name).isText }

    func isOfText(_ name: String) -> Bool { kind(name).isOfText }

    /// The columns of text and id among the members of a record of any program.
    func choice(of fields: [String: JSONValue]) -> ColumnChoice {
        if let known = choices.value(of: fields) { return known }
        let choice = TicketColumns().choice(among: fields.keys.sorted())
        choices.keep(choice, of: fields)
        return choice
    }
}

/// What other lists of the same files tell: names of numbered things, and the first message of each ticket.
struct SideTables {
    /// Names of groups by number.
    var groups: [String: String] = [:]
    /// Addresses of people by number.
    var users: [String: String] = [:]
    /// Titles of the site's own fields by number.
    var fields: [String: String] = [:]
    /// Messages by the number of their ticket.
    var messages: [String: [TicketMessage]] = [:]

    var isEmpty: Bool { groups.isEmpty && users.isEmpty && fields.isEmpty && messages.isEmpty }

    /// Lists in answers that are no tickets.
    static let names: Set<String> = [
        "users", "groups", "organizations", "ticket_fields", "brands", "articles", "ticket_articles",
        "comments", "audits", "metric_sets", "ticket_forms", "custom_statuses", "macros", "people", "teams",
    ]

    private static let messageLists: Set<String> = ["articles", "ticket_articles", "comments", "messages"]

    /// Takes what an element of such a list tells.
    mutating func add(_ fields: [String: JSONValue], of list: String) {
        let record = ProductRecord(fields, line: 0, tables: SideTables())
        if SideTables.messageLists.contains(list) {
            guard let ticket = record.raw("ticket_id", "issue_id", "TicketID", "tickets_id", "items_id")
            else { return }
            messages[ticket, default: []].append(TicketMessage(record))
            return
        }
        guard let id = record.raw("id") else { return }
        switch list {
        case "groups": groups[id] = record.text("name")
        case "users", "people": users[id] = record.text("email", "name")
        case "ticket_fields": self.fields[id] = record.text("title", "raw_title", "name")
        default: break
        }
    }
}
