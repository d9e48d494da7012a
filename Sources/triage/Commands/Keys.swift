#if Service
package import ArgumentParser
import TriageData
package import TriageServer

/// `triage keys`: the API keys of the service.
struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, list and revoke the API keys of triage serve.",
        discussion: """
            The file holds hashes only; a key is shown once, when it is made. A service that uses the file follows its \
            changes within a second. Two keys of one name may be valid at a time: make the new one, give it to the \
            caller, revoke the old one.
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and print it, which happens only once.")
        @OptionGroup var file: File
        @Option(help: "The key's owner.") var name: String
        @Option(
            help: "What the key allows: triage, feedback, audit, models, admin, metrics. Repeat it for more.")
        var scope: [Scope] = []
        @Option(help: "The scopes of a kind of person: agent, lead, auditor, admin.") var role: Role?
        @Option(
            help: ArgumentHelp(
                "When it ends: hours, days or weeks, such as 90d, or never.", valueName: "time"))
        var expires = "365d"
        @Option(help: "A remark for the list of keys.") var note: String?

        private var scopes: Set<Scope> { (role?.scopes ?? []).union(scope) }

        func validate() throws {
            guard !scopes.isEmpty else { throw ValidationError("Give --role, or --scope at least once.") }
            guard !name.isEmpty else { throw ValidationError("--name is empty; name the key's owner.") }
        }

        func run() throws {
            try reportingErrors {
                let key = try KeyFile.create(
                    in: file.keys, name: name, scopes: scopes, lifetime: KeyFile.lifetime(expires),
                    note: note)
                print(key)
                Terminal.say("\(file.keys.shown): key for \(name.shown) added; it is not shown again")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys: all but the keys themselves.")
        @OptionGroup var file: File
        @Flag(help: "JSON Lines, one object a key.") var json = false

        func run() throws {
            try reportingErrors {
                let now = Timestamp.now
                for key in try KeyFile(path: file.keys).keys {
                    var writer = JSONWriter()
                    key.write(to: &writer, listedAt: now)
                    print(json ? writer.text : key.line(at: now).shown)
                }
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a key, by its id.")
        @OptionGroup var file: File
        @Argument(help: "The key's id, as list shows it.") var id: String

        func run() throws {
            try reportingErrors {
                try KeyFile.revoke(id: id, in: file.keys)
                Terminal.say("\(file.keys.shown): key \(id.shown) revoked")
            }
        }
    }

    /// The key file.
    struct File: ParsableArguments {
        @Option(help: ArgumentHelp("The key file.", valueName: "file")) var keys: String
    }
}

extension Scope: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}
#endif
