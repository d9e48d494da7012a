public import TriageLLM
public import TriageSettings

extension LLMOptions {
    /// What the service's settings say of the language model; nil when they name no server.
    ///
    /// - Parameters:
    ///   - settings: The settings.
    ///   - spending: Where spending is written down, beside the store as a rule; nil keeps it in memory.
    /// - Throws: `LLMError` when the table of prices cannot be used.
    public init?(_ settings: ServiceSettings.LanguageModel, spending: String?) throws(LLMError) {
        guard let url = settings.url, let model = settings.model else { return nil }
        self.init(url: url, model: model)
        allowedHosts = Set(settings.hosts.map { $0.lowercased() })
        authorities = settings.ca
        deadline = settings.timeout
        retries.most = settings.retries
        gate.concurrency = settings.concurrency
        cacheLifetime = settings.cache
        if settings.cache == .zero { cache = nil }
        if let prices = settings.prices { self.prices = try PriceTable(file: prices) }
        budget = BudgetOptions(
            daily: settings.dailyBudget, monthly: settings.monthlyBudget, file: spending)
        if let key = settings.key { self.key = { () throws(LLMError) in key.current } }
    }
}
