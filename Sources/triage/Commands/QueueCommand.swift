#if Service
import ArgumentParser
import TriageData
import TriageStore

/// `triage queue`: tickets that wait, and those that failed too often.
struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "List a store's waiting and dead tickets, and return dead ones to the queue.",
        subcommands: [List.self, Dead.self, Requeue.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List tickets as JSON Lines, oldest first; no text of theirs.")
        @OptionGroup var place: StorePath
        @Option(help: "waiting, leased, done or dead (default: all).", transform: QueueCommand.state)
        var state: TicketState?
        @OptionGroup var limit: Limit

        func run() throws { try limit.show(place, state) }
    }

    struct Dead: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the tickets that used up their attempts, as JSON Lines.")
        @OptionGroup var place: StorePath
        @OptionGroup var limit: Limit

        func run() throws { try limit.show(place, .dead) }
    }

    struct Requeue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Return dead tickets to the queue, with all their attempts.")
        @OptionGroup var place: StorePath
        @Flag(help: "All dead tickets.")
        var all = false
        @Option(help: ArgumentHelp("The person, for the ledger.", valueName: "name"))
        var by: String?
        @Argument(help: "The tickets' ids.")
        var ids: [String] = []

        func validate() throws {
            guard all != !ids.isEmpty else { throw ValidationError("Give ids, or --all.") }
        }

        func run() async throws {
            try await place.write { store in
                let count = try await store.requeue(all ? nil : ids, by: by)
                print("\(count.counted("ticket")) will be tried again")
            }
        }
    }

    @Sendable private static func state(_ text: String) throws -> TicketState {
        guard let state = TicketState(rawValue: text) else {
            throw ValidationError(
                "--state takes \(TicketState.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return state
    }

    /// How many tickets are listed.
    struct Limit: ParsableArguments {
        @Option(parsing: .unconditional, help: "The most tickets to list.")
        var limit = 1_000

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit takes a number from 1.") }
        }

        func show(_ place: StorePath, _ state: TicketState?) throws {
            try place.read { store in
                for ticket in try store.tickets(state, limit: limit) {
                    print(JSONWriter.line { ticket.write(to: &$0) })
                }
            }
        }
    }
}
#endif
