package import TriageData
internal import TriageTickets

extension Inspection {
    /// The inspection for a person, a line each.
    package var lines: [String] {
        var lines = [path.shown, "  format      \(format)"]
        lines += ["  encoding    \(encoding ?? "UTF-8")"]
        lines.append("  rows        \(rows.counted("ticket")), \(rejectedRows) rejected")
        lines += rejected.prefix(10).map {
            "    rejected  \($0.rows) from line \($0.line): \($0.reason.shown)"
        }
        lines.append("  text        \(textLine)")
        lines.append("  id          \(choice.id.map(title) ?? "none")")
        lines.append("  requester   \(roles.requester.map(title) ?? "none")")
        lines.append("  time        \(timeLine)")
        lines.append(
            "  labels      \(labels.isEmpty ? "none" : labels.map(labelText).joined(separator: ", "))")
        if !roles.answers.isEmpty {
            lines.append(
                "  left out    \(ColumnNames.shown(roles.answers.map(title), limit: 8)) (answers, or known only after the decision)"
            )
        }
        lines += notes.map { "  note        \($0.shown)" }
        lines += questions.map { "  question    \($0)" }
        lines += leaks.map { "  warning     \($0)" }
        return lines + ["", "  columns     filled, different values, examples (masked)"]
            + profiles.map(columnLine)
    }

    /// The rows that are rejected.
    package var rejectedRows: Int { rejected.reduce(0) { $0 + $1.rows } }

    private var format: String {
        guard let separator else { return kind.rawValue }
        let names = [",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"]
        return "\(kind.rawValue), separator \(names[separator] ?? separator.shown)"
    }

    private var textLine: String {
        guard !choice.text.isEmpty else { return "not found" }
        var parts: [String] = []
        if !choice.subject.isEmpty {
            parts.append("subject: \(choice.subject.map(title).joined(separator: ", else "))")
        }
        if !choice.body.isEmpty { parts.append("body: \(choice.body.map(title).joined(separator: " + "))") }
        if !choice.alternatives.isEmpty {
            parts.append("if empty: \(choice.alternatives.map(title).joined(separator: ", "))")
        }
        return parts.joined(separator: "; ").shown
    }

    private var timeLine: String {
        guard let time = roles.time else { return "none" }
        return "\(title(time)) (zone of dates without one: \(DateReader.zone(dates.zone)))"
    }

    private func labelText(_ name: String) -> String {
        guard let profile = profile(name) else { return title(name) }
        return "\(title(name)) (\(profile.distinct.count)\(profile.isList ? " lists" : ""))"
    }

    private func columnLine(_ profile: ColumnProfile) -> String {
        let share = rows == 0 ? 0 : Int((100 * Double(profile.filled) / Double(rows)).rounded(.down))
        let (count, isExact) = profile.distinct
        let examples = profile.examples.joined(separator: " | ")
        return
            "    \(title(profile.name)): \(share) %, \(count)\(isExact ? "" : "+")\(examples.isEmpty ? "" : ": \(examples)")"
    }

    /// Writes the inspection for a program, as the members of an object.
    package func write(to json: inout JSONWriter) {
        json.string("file", path)
        json.string("format", kind.rawValue)
        json.string("encoding", encoding ?? "UTF-8")
        json.string("separator", separator)
        json.integer("rows", rows)
        json.key("rejected")
        json.array(rejected) { json, entry in
            json.object {
                $0.string("reason", entry.reason)
                $0.integer("rows", entry.rows)
                $0.integer("line", entry.line)
            }
        }
        for (name, names) in [
            ("subject", choice.subject.map(title)), ("body", choice.body.map(title)),
            ("alternatives", choice.alternatives.map(title)),
        ] {
            json.key(named: name)
            json.array(names) { $0.string($1) }
        }
        json.string("id", choice.id.map(title))
        json.string("requester", roles.requester.map(title))
        json.string("time", roles.time.map(title))
        for (name, names) in [
            ("labels", labels.map(title)), ("left_out", roles.answers.map(title)), ("notes", notes),
            ("questions", questions),
            ("warnings", leaks),
        ] {
            json.key(named: name)
            json.array(names) { $0.string($1) }
        }
        json.key("columns")
        json.array(profiles) { json, profile in
            json.object { json in
                json.string("name", title(profile.name))
                json.integer("filled", profile.filled)
                json.integer("distinct", profile.distinct.count)
                json.key("examples")
                json.array(profile.examples) { $0.string($1) }
            }
        }
    }
}
