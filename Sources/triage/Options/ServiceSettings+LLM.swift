import TriageLLM
import TriageSettings

extension ServiceSettings.LanguageModel {
    /// The client that the settings ask for; disabled without an address.
    ///
    /// - Parameter budgetFile: Where spending is written down, so that a restart does not forget it; nil for nowhere.
    /// - Returns: The client.
    /// - Throws: `LLMError` that names the setting.
    func client(budgetFile: String?) throws -> LLMClient {
        guard let url, let model else { return .disabled }
        var options = LLMOptions(url: url, model: model)
        options.allowedHosts = Set(hosts.map { $0.lowercased() })
        options.authorities = ca
        options.deadline = timeout
        options.retries.most = retries
        options.gate.concurrency = concurrency
        options.gate.queue = max(16, 4 * concurrency)
        options.cacheLifetime = cache
        if cache == .zero { options.cache = nil }
        if let prices { options.prices = try PriceTable(file: prices) }
        options.budget = BudgetOptions(daily: dailyBudget, monthly: monthlyBudget, file: budgetFile)
        if let key { options.key = { () throws(LLMError) in key.current } }
        return try .http(options)
    }
}
