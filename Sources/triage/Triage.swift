import ArgumentParser

/// `triage`: reads support tickets and says what they are, how bad, whether known, and why.
@main
struct Triage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "triage",
        abstract:
            "Triage support tickets: category, severity, known issue, next action, and why. No network.",
        discussion: """
            Exit codes: 0 fine, 1 failed, 64 usage, 65 bad data (some rows failed; of train: nothing to train on), \
            66 no input, 69 something needed is missing, 73 cannot write, 74 input or output failed, 78 configuration.
            """,
        version: "0.1.0",
        subcommands: [
            Classify.self, Explain.self, Search.self, Train.self, Audit.self, Evaluate.self, Models.self,
            Bench.self,
            Doctor.self,
        ] + service)

    #if Service
    private static let service: [any ParsableCommand.Type] = [
        DraftCommand.self, Compare.self, Serve.self, Health.self, Keys.self, Ledger.self,
        FeedbackCommand.self,
        QueueCommand.self, StoreCommand.self, Forget.self,
    ]
    #else
    private static let service: [any ParsableCommand.Type] = []
    #endif
}
