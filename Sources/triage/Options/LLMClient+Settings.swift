#if Service
import TriageEngine
import TriageLLM
import TriageSettings

extension LLMClient {
    /// The language model that settings name; the disabled one where they give no address, whatever else they say.
    ///
    /// - Parameters:
    ///   - settings: The service's settings.
    ///   - replies: Where replies are kept; nil keeps them in memory.
    /// - Returns: The client.
    /// - Throws: `LLMError` when the settings cannot be used.
    static func settings(
        _ settings: ServiceSettings, replies: (any ReplyCache)?
    ) throws(LLMError) -> LLMClient {
        let (llm, store) = (settings.llm, settings.store)
        guard let url = llm.url, let model = llm.model else { return .disabled }
        var options = LLMOptions(url: url, model: model)
        options.allowedHosts = Set(llm.hosts.map { $0.lowercased() })
        options.key = { () throws(LLMError) in llm.key?.current }
        options.authorities = llm.ca
        options.deadline = llm.timeout
        options.retries.most = llm.retries
        options.gate.concurrency = llm.concurrency
        options.gate.queue = max(16, 4 * llm.concurrency)
        // Tickets of the queue wait for the model beside requests, each for as long as a decision may take.
        if !llm.fields.isEmpty, !store.isStateless { options.gate.queue += settings.queue.workers }
        if let replies { options.cache = replies }
        options.cacheLifetime = llm.cache
        if llm.cache == .zero { options.cache = nil }
        if let prices = llm.prices { options.prices = try PriceTable(file: prices) }
        options.budget = BudgetOptions(
            daily: llm.dailyBudget, monthly: llm.monthlyBudget,
            file: store.isStateless ? nil : "\(store.folder)/spending.json")
        return try .http(options)
    }
}

extension LLMDecider {
    /// What lets the model choose labels as settings say; nil where they name no fields.
    ///
    /// - Throws: `LLMError.badSetting` when the bundle has not all of the fields.
    static func settings(
        _ llm: ServiceSettings.LanguageModel, _ client: LLMClient, for snapshot: Snapshot
    ) throws(LLMError) -> LLMDecider? {
        guard client.model != nil, !llm.fields.isEmpty else { return nil }
        var options = Options()
        options.fields = llm.fields
        options.below = llm.below.map { Float($0) }
        options.deadline = llm.decisionTimeout
        options.concurrency = llm.concurrency
        return try LLMDecider(client, for: snapshot, options)
    }
}
#endif
