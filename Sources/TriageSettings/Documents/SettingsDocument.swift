/// The table of settings as documents, so that none of them can say something else than the program does.
package enum SettingsDocument {
    /// `.env.example`: every setting as a comment with its default.
    package static var environmentFile: String {
        var text = """
            # Every setting of `triage serve`. Copy this file to .env and take the # from the lines you change.
            # Flags come before environment variables, those before .env, that before triage.yaml, that before defaults.
            # An empty value is no value. A name that is not in this list is an error.

            """
        for group in Setting.groups {
            text += "\n# ---- \(group.title)\n"
            for setting in group.settings {
                text += "\n# \(setting.meaning)\n# \(setting.facts)\n"
                text += "#\(setting.variable)=\(setting.defaultValue ?? "")\n"
            }
        }
        return text
    }

    /// The table in Markdown.
    package static var markdown: String {
        var text = """
            # Settings of `triage serve`

            Flags come before environment variables, those before `.env`, that before `triage.yaml` (or `--config FILE`), that
            before defaults. A name that is not in this list is an error, in each of these places. Keys with a dot are nested
            in YAML. `triage doctor --settings` prints the values in force and where each comes from. Written by `triage doctor`'s own
            table; a test compares them.

            """
        for group in Setting.groups {
            text += "\n## \(group.title)\n\n| key | environment | default | meaning |\n|---|---|---|---|\n"
            for setting in group.settings {
                let names = setting.variables.map { "`\($0)`" }.joined(separator: ", ")
                let shown = setting.defaultValue.map { "`\($0)`" } ?? ""
                text += "| `\(setting.key)` | \(names) | \(shown) | \(setting.meaning)"
                text += " \(setting.expected.sentence)\(setting.isSecret ? " Secret: no flag." : "") |\n"
            }
        }
        return text
    }

    /// The flags with their meaning, a line or more each, for help texts.
    package static var flags: String {
        Setting.groups.map { group in
            let lines = group.settings.filter { $0.flag != nil }.map { setting in
                let shown = setting.defaultValue.map { " (default: \($0))" } ?? ""
                return "  \(setting.flags.joined(separator: ", "))\n      \(setting.meaning)\(shown)"
            }
            return group.title + ":\n" + lines.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}

extension Setting {
    /// What a value must be, its flag, its other names.
    fileprivate var facts: String {
        var facts = expected.sentence
        if let flag { facts += " Flag: \(flag)." }
        if !aliases.isEmpty { facts += " Also: \(aliases.joined(separator: ", "))." }
        if isSecret { facts += " Secret: never shown, no flag." }
        return facts
    }
}

extension String {
    /// With a capital and a full stop.
    fileprivate var sentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
