package import TriageEvaluation

/// The engine and LLM mode measured on the same tickets, ready to be written as JSON, Markdown, HTML or for a terminal.
package struct LLMComparison: Sendable {
    package struct Options: Sendable {
        package var bundleName = ""
        package var bundleSHA256 = ""
        package var modelName = ""
        package var dataFiles: [String] = []
        /// Rows of the data, bad ones left out.
        package var rows = 0
        package var badRows = 0
        /// Rows without text, which nobody can judge.
        package var emptyRows = 0
        /// Rows with no label that the bundle has, in any of the fields.
        package var unusableRows = 0
        /// The rows that the bundle was trained on; nil when that was not looked for.
        package var seenRows: SeenRows?
        /// Tickets that were to be asked about, after a limit.
        package var wantedTickets = 0
        package var concurrency = 1
        /// The price of a million tokens of prompt and of reply; nil when it is not known.
        package var price: (input: Double, output: Double)?
        /// What a wrong answer and triage by hand cost people.
        package var costs = Costs()
        /// A sentence of the user's own, such as what the run is for.
        package var note: String?

        package init() {}
    }

    package let options: Options
    /// By field.
    package let fields: [FieldComparison]
    package let calls: [ModelCall]
    /// Time; nil without tickets.
    package let latency: LatencyComparison?

    /// Compares fields with answers; others are left out.
    package init(_ fields: [PairedField], _ calls: [ModelCall], _ options: Options) {
        self.options = options
        self.calls = calls
        self.fields = fields.filter { !$0.answers.isEmpty }.map(FieldComparison.init)
        latency = LatencyComparison(calls)
    }

    /// Calls that gave no answer, by code, the most frequent first.
    package var failures: [(code: String, count: Int)] {
        Dictionary(grouping: calls.compactMap(\.failure)) { $0 }.map { ($0.key, $0.value.count) }
            .sorted { ($1.count, $0.code) < ($0.count, $1.code) }
    }

    /// Whether some tokens are estimated.
    package var isEstimated: Bool { calls.contains(where: \.isEstimated) }

    /// Tokens of prompts in one ticket, on average.
    package var inputTokensEach: Double { mean(\.inputTokens) }

    /// Tokens of replies in one ticket, on average.
    package var outputTokensEach: Double { mean(\.outputTokens) }

    /// What 1,000 tickets cost if all go to the model; nil without a price.
    package var costPer1000: Double? {
        options.price.map { (inputTokensEach * $0.input + outputTokensEach * $0.output) / 1000 }
    }

    private func mean(_ count: KeyPath<ModelCall, Int>) -> Double {
        Double(calls.reduce(0) { $0 + $1[keyPath: count] }) / Double(max(calls.count, 1))
    }
}
