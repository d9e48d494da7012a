internal import TriageData
internal import TriagePages
internal import TriageStore

/// `/ui/access`: keys, sessions, roles, and what was done to the service.
struct AccessPage: HTMLPageOfConsole {
    /// All keys, the newest first; nil where the service requires none.
    var keys: [KeyRecord]?
    var sessions: [SessionTable.Listed]
    var log: [RecordedEvent]
    /// The log's next part.
    var next: String?
    /// The key of a session.
    var own: String?
    /// The names of people by the ids of keys and of people.
    var names: [String: String] = [:]
    /// The key that was just made: it is shown once.
    var made: String?
    var message: String?
    var now = Timestamp.now

    /// Events of a page.
    static let length = 50
    /// How long a key may be valid.
    static let lifetimes = ["30d", "90d", "365d"]

    func title(_ words: ConsoleWords) -> String { words.access }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        return HTML([
            .tag("h2", [:], HTML(words.access)), ConsoleFrame.status(AccessMessage.text(message, words)),
            madePart(words), keysPart(visit), sessionsPart(visit), roles(words), audit(words),
        ])
    }

    private func madePart(_ words: ConsoleWords) -> HTML {
        guard let made else { return "" }
        return .tag(
            "section", ["class": "message"], .p(HTML(words.keyOnce)),
            .tag("pre", ["id": "made"], HTML(made)),
            .p(ConsoleFrame.copyButton("made", words.copy, words)))
    }

    // MARK: - Keys

    private func keysPart(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard let keys else { return .p(HTML(words.noKeys)) }
        let rows = keys.map { key -> [HTML] in
            [
                HTML(key.name), .tag("code", [:], HTML(key.id)), HTML(words.keyState(key.state(at: now))),
                HTML(AccessPage.scopes(key)),
                key.expires.map { ConsoleFrame.time($0.milliseconds, words) } ?? HTML(words.never),
                HTML(key.note ?? ""), revoke(key, visit),
            ]
        }
        let table = HTMLTable(
            caption: words.keys,
            [
                .init(words.owner), .init(words.key), .init(words.state), .init(words.allows),
                .init(words.ends), .init(words.remark), .init(words.revoke),
            ], rows, style: "stack wide")
        return "\(table.html())\(visit.may(.admin) ? create(visit) : "")"
    }

    private static func scopes(_ key: KeyRecord) -> String {
        Scope.allCases.filter(key.scopes.contains).map(\.rawValue).joined(separator: ", ")
    }

    /// A button for every valid key but the reader's own, so that nobody shuts themselves out.
    private func revoke(_ key: KeyRecord, _ visit: ConsoleVisit) -> HTML {
        guard visit.may(.admin), key.state(at: now) == .valid, key.id != own else { return "" }
        return button("/ui/access/revoke", [("id", key.id)], visit.words.revoke, visit)
    }

    private func button(
        _ path: String, _ fields: [(name: String, value: String)], _ title: String, _ visit: ConsoleVisit
    ) -> HTML {
        .tag(
            "form", ["method": "post", "action": path, "class": "inline"],
            ConsoleFrame.hidden(visit, fields), .tag("button", ["type": "submit"], HTML(title)))
    }

    private func create(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        func select(_ name: String, _ title: String, _ values: [(String, String)]) -> HTML {
            .tag(
                "label", [:], .tag("span", [:], HTML(title)),
                .tag(
                    "select", ["name": name],
                    HTML(values.map { .tag("option", ["value": $0.0], HTML($0.1)) })))
        }
        func text(_ name: String, _ title: String, isRequired: Bool) -> HTML {
            .tag(
                "label", [:], .tag("span", [:], HTML(title)),
                .tag(
                    "input",
                    [
                        "type": "text", "name": name, "maxlength": "100", "autocomplete": "off",
                        "required": isRequired ? "" : nil,
                    ]))
        }
        let days = AccessPage.lifetimes.map { ($0, "\($0.dropLast()) \(words.days)") }
        return .tag(
            "form", ["method": "post", "action": "/ui/access/keys", "class": "row"],
            ConsoleFrame.hidden(visit), text("name", words.owner, isRequired: true),
            select("role", words.role, Role.allCases.map { ($0.rawValue, $0.rawValue) }),
            select("expires", words.validFor, days), text("note", words.remark, isRequired: false),
            .tag("button", ["type": "submit"], HTML(words.makeKey)))
    }

    // MARK: - Sessions and roles

    private func sessionsPart(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard keys != nil else { return "" }
        let rows = sessions.map { session -> [HTML] in
            [
                HTML(names[session.keyID] ?? session.keyID), "\(session.minutes) min",
                "\(session.idleMinutes) min",
                visit.may(.admin)
                    ? button("/ui/access/end", [("id", session.id)], words.endSession, visit) : "",
            ]
        }
        return HTMLTable(
            caption: words.sessions,
            [
                .init(words.owner), .init(words.since, isNumber: true), .init(words.idle, isNumber: true),
                .init(words.endSession),
            ], rows, style: "stack"
        ).html()
    }

    private func roles(_ words: ConsoleWords) -> HTML {
        let rows = Role.allCases.map { role -> [HTML] in
            let scopes = Scope.allCases.filter(role.scopes.contains).map(\.rawValue)
            return [HTML(role.rawValue), HTML(scopes.joined(separator: ", "))]
        }
        return HTMLTable(
            caption: words.roles, [.init(words.role), .init(words.allows)], rows, style: "stack"
        ).html()
    }

    // MARK: - The audit log

    private func audit(_ words: ConsoleWords) -> HTML {
        let rows = log.map { entry -> [HTML] in
            let details = entry.event.details.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
            return [
                ConsoleFrame.time(entry.time, words), HTML(entry.event.name), HTML(details),
                HTML(entry.event.by.map { names[$0] ?? $0 } ?? ""),
            ]
        }
        let more = next.map { HTML.p(.link("/ui/access?after=\($0)", HTML(words.more))) } ?? ""
        let table = HTMLTable(
            caption: words.auditLog,
            [.init(words.when), .init(words.what), .init(words.details), .init(words.who)], rows,
            style: "stack wide")
        return rows.isEmpty ? "" : "\(table.html())\(more)"
    }
}

/// Messages that an address names after a form of the page was handled.
enum AccessMessage: String {
    case revoked, ended

    static func text(_ name: String?, _ words: ConsoleWords) -> String? {
        switch name.flatMap(AccessMessage.init) {
        case .revoked: words.keyRevoked
        case .ended: words.sessionEnded
        case nil: nil
        }
    }
}

extension ConsoleWords {
    func keyState(_ state: KeyRecord.State) -> String {
        switch state {
        case .valid: keyValid
        case .expired: keyExpired
        case .revoked: keyIsRevoked
        }
    }
}
