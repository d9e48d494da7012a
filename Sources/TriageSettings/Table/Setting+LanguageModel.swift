internal import Configuration
internal import TriageLLM

extension Setting {
    /// How a language model is reached: the flags of every command that uses one.
    package static let llmConnection: [Setting] =
        [
            Setting(
                "llm.url", \.llm.url, schemes: ["http", "https"],
                "The address of a server with the chat-completions protocol, as http://127.0.0.1:8000/v1. Without it no "
                    + "model is used and no connection is opened, even with a key."),
            Setting(
                "llm.model", \.llm.model, "The model, as the server names it.", aliases: ["OPENAI_MODEL"]),
        ]
        + secret(
            "llm.key", \.llm.key,
            "The API key for the server of llm.url. A key without an address opens no connection.",
            aliases: ["OPENAI_API_KEY"])
        + [
            Setting(
                "llm.hosts", \.llm.hosts,
                "Hosts that masked tickets may be sent to, besides loopback and private addresses.",
                flagAliases: ["--llm-allow-host"]),
            Setting(
                "llm.ca", \.llm.ca,
                "A PEM file of certificate authorities to trust for the server, instead of the system's."),
            Setting(
                "llm.timeout", \.llm.timeout, in: .milliseconds(1)...Duration.seconds(3600),
                "The time for one call, retries included."),
            Setting(
                "llm.retries", \.llm.retries, in: 0...10,
                "How often a call is repeated after a temporary failure."),
            Setting("llm.concurrency", \.llm.concurrency, in: 1...256, "The most calls under way at a time."),
            Setting(
                "llm.cache", \.llm.cache, in: .zero...Duration.seconds(86_400),
                "How long replies are cached; 0 for no cache. With redis.url the cache is in Redis: identifiers are "
                    + "masked there, the rest is readable."),
            Setting(
                "llm.price", \.llm.price,
                "The price of a million tokens of prompt and of reply, as 0.15,0.6; it comes before llm.prices."
            ),
            Setting(
                "llm.prices", \.llm.prices,
                "A JSON file of prices by model: {\"name\": {\"input\": 0.15, \"output\": 0.6}}."),
            Setting(
                "llm.daily-budget", \.llm.dailyBudget, in: 0...1e9,
                "The most that the calls of one day (UTC) may cost, in the currency of the prices.",
                flagAliases: ["--llm-budget-daily"]),
            Setting(
                "llm.monthly-budget", \.llm.monthlyBudget, in: 0...1e9,
                "The most that the calls of one month (UTC) may cost.", flagAliases: ["--llm-budget-monthly"]),
            Setting(
                "llm.budget-file", \.llm.budgetFile,
                "The file that keeps what was spent over restarts; without it the service uses spending.json in its store, "
                    + "and other commands count in memory."),
        ]

    /// What a language model does to decisions: flags of `classify` and the service.
    package static let llmDecisions: [Setting] = [
        Setting(
            "llm.fields", \.llm.fields,
            "The bundle's fields in which the model chooses the label. Without it the model chooses category and severity "
                + "in classify, and only writes drafts in the service."),
        Setting(
            "llm.below", \.llm.below,
            "Use the model only where the engine's probability is below this, as 0.6; without it for every ticket.",
            expected: "a number above 0, up to 1",
            accepts: { $0.map { $0 > 0 && $0 <= 1 } ?? true }),
        Setting(
            "llm.decision-timeout", \.llm.decisionTimeout,
            in: .milliseconds(1)...Duration.seconds(3600),
            "The time for the model's part in one decision; after it the engine's decision is returned."),
    ]
}

extension PriceTable.Price: SettingType {
    static let expected = "two prices of 0 or more, such as 0.15,0.6"
    static let valueName = "in,out"
    static let configType = String.configType

    init?(content: ConfigContent) {
        let parts = String(content: content)?.split(separator: ",", omittingEmptySubsequences: false)
        guard let prices = parts?.map({ Double($0.trimmed) }), prices.count == 2,
            let input = prices[0], let output = prices[1], min(input, output) >= 0, (input + output).isFinite
        else { return nil }
        self.init(input: input, output: output)
    }

    var written: String? { [input, output].compactMap(\.written).joined(separator: ",") }
}
