import TriageLLM
import TriageSettings

extension LLMClient {
    /// The language model that settings name; the disabled one where they give no address, whatever else they say.
    ///
    /// - Parameters:
    ///   - settings: What the settings say of it.
    ///   - spending: Where spending is written down; nil keeps it in memory.
    /// - Returns: The client.
    /// - Throws: `LLMError` when the settings cannot be used.
    static func settings(
        _ settings: ServiceSettings.LanguageModel, spending: String?
    ) throws(LLMError) -> LLMClient {
        guard let url = settings.url, let model = settings.model else { return .disabled }
        var options = LLMOptions(url: url, model: model)
        options.allowedHosts = Set(settings.hosts.map { $0.lowercased() })
        options.key = { () throws(LLMError) in settings.key?.current }
        options.authorities = settings.ca
        options.deadline = settings.timeout
        options.retries.most = settings.retries
        options.gate.concurrency = settings.concurrency
        options.cacheLifetime = settings.cache
        if settings.cache == .zero { options.cache = nil }
        if let prices = settings.prices { options.prices = try PriceTable(file: prices) }
        options.budget = BudgetOptions(
            daily: settings.dailyBudget, monthly: settings.monthlyBudget, file: spending)
        return try .http(options)
    }
}
