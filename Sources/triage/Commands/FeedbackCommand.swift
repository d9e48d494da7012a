#if Service
import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriageStore
import TriageTickets

/// `triage feedback`: corrections by people.
struct FeedbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback",
        abstract: "Correct decisions of a store, list and undo corrections, export them as training rows.",
        subcommands: [Add.self, Import.self, List.self, Export.self, Undo.self, Clear.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record the right label; the decided label confirms it.")
        @OptionGroup var place: StorePath
        @Option(help: ArgumentHelp("The decision's id.", valueName: "id"))
        var decision: String?
        @Option(help: ArgumentHelp("The ticket's id, for its newest decision.", valueName: "id"))
        var ticket: String?
        @Option(help: ArgumentHelp("The field, such as category.", valueName: "name"))
        var field: String
        @Option(help: ArgumentHelp("The label that is right.", valueName: "label"))
        var label: String
        @OptionGroup var author: Author
        @Option(help: ArgumentHelp("A remark; it is masked.", valueName: "text"))
        var note: String?
        @Option(
            help: ArgumentHelp(
                "The model whose labels count (default: the starter model, if it decided).", valueName: "dir")
        )
        var model: String?
        @Flag(help: "Accept a label that the field does not have yet.")
        var newLabel = false

        func validate() throws {
            guard (decision == nil) != (ticket == nil) else {
                throw ValidationError("Give --decision or --ticket.")
            }
        }

        func run() async throws {
            try await place.write { store in
                let label = try knownLabel(store)
                let stored = try await store.addFeedback(
                    NewFeedback(
                        decision.map { .decision($0) } ?? .ticket(ticket ?? ""), field: field, label: label,
                        by: author.by, note: note, expecting: author.expecting))
                print(stored.line)
            }
        }

        /// The label in the spelling of the decision or of the model.
        private func knownLabel(_ store: TicketStore) throws -> String {
            let found = try decision.map { try store.decision($0) } ?? store.decision(ofTicket: ticket ?? "")
            return try KnownLabels(model: model, takesNew: newLabel).label(label, of: field, found)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List corrections and confirmations as JSON Lines, undone ones too.")
        @OptionGroup var place: StorePath
        @Option(help: ArgumentHelp("Only those on this decision.", valueName: "id"))
        var decision: String?

        func run() throws {
            try place.read { store in
                if let decision {
                    guard let found = try store.feedback(onDecision: decision) else {
                        throw StoreError.notFound(kind: "decision", id: decision)
                    }
                    found.forEach { print($0.line) }
                } else {
                    try store.forEachFeedback { print($0.line) }
                }
            }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write labelled rows for `triage train`: masked text and the final labels.")
        @OptionGroup var place: StorePath
        @Option(help: ArgumentHelp("Where rows go (default: standard output).", valueName: "file"))
        var output: String?

        func run() throws {
            try place.read { store in
                let export = try store.exportFeedback()
                let sink = try LineOutput(path: output)
                try sink.write(export.lines)
                try sink.finish()
                Terminal.say(
                    "triage: \(export.rows.counted("row")), \(export.corrected) of the labels corrected, "
                        + "\(export.withoutText) more whose text has expired")
            }
        }
    }

    struct Undo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Undo a correction; earlier feedback on the field counts again.")
        @OptionGroup var place: StorePath
        @OptionGroup var author: Author
        @Argument(help: "The correction's id.")
        var id: String

        func run() async throws {
            try await place.write { store in
                print(try await store.undoFeedback(id, by: author.by, expecting: author.expecting).line)
            }
        }
    }

    /// Who changes something, and from which version.
    struct Author: ParsableArguments {
        @Option(help: ArgumentHelp("Who corrects, for the ledger.", valueName: "name"))
        var by: String?
        @Option(
            help: ArgumentHelp(
                "The version that the decision must have; with another version nothing changes.",
                valueName: "n"))
        var expecting: Int?
    }
}

extension Feedback {
    fileprivate var line: String { JSONWriter.line { write(to: &$0) } }
}
#endif
