/// The engine and LLM mode measured on the same tickets, ready to be written as JSON, Markdown, HTML or for a terminal.
public struct LLMComparison: Sendable {
    /// What stands beside the figures.
    public struct Options: Sendable {
        /// The bundle's name.
        public var bundleName = ""
        /// The bundle's identity.
        public var bundleSHA256 = ""
        /// The language model's name.
        public var modelName = ""
        /// Names of the data files.
        public var dataFiles: [String] = []
        /// Rows of the data, bad ones left out.
        public var rows = 0
        /// Rows that could not be read.
        public var badRows = 0
        /// Rows without text, which nobody can judge.
        public var emptyRows = 0
        /// Rows with no label that the bundle has, in any of the fields.
        public var unusableRows = 0
        /// Tickets that were to be asked about, after a limit.
        public var wantedTickets = 0
        /// Calls under way at once.
        public var concurrency = 1
        /// The price of a million tokens of prompt and of reply; nil when it is not known.
        public var price: (input: Double, output: Double)?
        /// A sentence of the user's own, such as what the run is for.
        public var note: String?

        /// Nothing yet.
        public init() {}
    }

    /// What stands beside the figures.
    public let options: Options
    /// By field.
    public let fields: [FieldComparison]
    /// A call a ticket.
    public let calls: [ModelCall]
    /// Time; nil without tickets.
    public let latency: LatencyComparison?

    /// Compares fields with answers; others are left out.
    public init(_ fields: [PairedField], _ calls: [ModelCall], _ options: Options) {
        self.options = options
        self.calls = calls
        self.fields = fields.filter { !$0.answers.isEmpty }.map(FieldComparison.init)
        latency = LatencyComparison(calls)
    }

    /// Calls that gave no answer, by code, the most frequent first.
    public var failures: [(code: String, count: Int)] {
        Dictionary(grouping: calls.compactMap(\.failure)) { $0 }.map { ($0.key, $0.value.count) }
            .sorted { ($1.count, $0.code) < ($0.count, $1.code) }
    }

    /// Whether some tokens are estimated.
    public var isEstimated: Bool { calls.contains(where: \.isEstimated) }

    /// Tokens of prompts in one ticket, on average.
    public var inputTokensEach: Double { mean(\.inputTokens) }

    /// Tokens of replies in one ticket, on average.
    public var outputTokensEach: Double { mean(\.outputTokens) }

    /// What 1,000 tickets cost if all go to the model; nil without a price.
    public var costPer1000: Double? {
        options.price.map { (inputTokensEach * $0.input + outputTokensEach * $0.output) / 1000 }
    }

    private func mean(_ count: KeyPath<ModelCall, Int>) -> Double {
        Double(calls.reduce(0) { $0 + $1[keyPath: count] }) / Double(max(calls.count, 1))
    }
}
