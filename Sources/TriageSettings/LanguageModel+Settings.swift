internal import TriageData
package import TriageEngine
package import TriageLLM

extension ServiceSettings.LanguageModel {
    /// The client that these settings describe; `.disabled` without an address or a model.
    ///
    /// - Parameters:
    ///   - replies: Where replies are cached; nil caches them in memory.
    ///   - waiting: Callers that wait for the model beside requests, such as the workers of a queue.
    /// - Returns: The client.
    /// - Throws: `LLMError` when the settings cannot be used.
    package func client(
        replies: (any ReplyCache)? = nil, waiting: Int = 0
    ) throws(LLMError) -> LLMClient {
        guard var options = try options() else { return .disabled }
        options.gate.queue += waiting
        if let replies, options.cache != nil { options.cache = replies }
        return try .http(options)
    }

    /// The client's options; nil without an address or a model.
    package func options() throws(LLMError) -> LLMOptions? {
        guard let url, let model else { return nil }
        var options = LLMOptions(url: url, model: model)
        options.allowedHosts = Set(hosts.map { $0.lowercased() })
        options.key = { [key] () throws(LLMError) in key?.current }
        options.authorities = ca
        options.deadline = timeout
        options.retries.maximumRetries = retries
        options.gate.concurrency = concurrency
        options.gate.queue = max(options.gate.queue, 4 * concurrency)
        options.cacheLifetime = cache
        if cache == .zero { options.cache = nil }
        options.prices = try priceTable(with: model)
        options.budget = BudgetOptions(daily: dailyBudget, monthly: monthlyBudget, file: budgetFile)
        return options
    }

    /// The prices of the table's file, with the price that was given for this model.
    package func priceTable(with model: String) throws(LLMError) -> PriceTable {
        var table = PriceTable()
        if let prices { table = try PriceTable(file: prices) }
        if let price { table.prices[model] = price }
        return table
    }

    /// How the model chooses labels.
    package var deciding: LLMDecider.Options {
        var options = LLMDecider.Options()
        options.fields = fields
        options.below = below.map { Float($0) }
        options.deadline = decisionTimeout
        options.concurrency = concurrency
        return options
    }
}

extension ServiceSettings {
    /// The service's client: it keeps its spending beside the store, and the queue's workers may wait for it.
    ///
    /// - Throws: `LLMError` when the settings cannot be used.
    package func languageModelClient(replies: (any ReplyCache)?) throws(LLMError) -> LLMClient {
        var llm = llm
        if !store.isStateless { llm.budgetFile = llm.budgetFile ?? "\(store.folder)/spending.json" }
        return try llm.client(
            replies: replies, waiting: llm.fields.isEmpty || store.isStateless ? 0 : queue.workers)
    }

    /// Refuses settings of the language model with which the service would not start.
    ///
    /// - Throws: `LLMError` with what is wrong.
    package func checkLanguageModel() throws(LLMError) {
        var settings = self
        // The service makes its store before it looks for a record of spending there.
        if !FileInput.exists(store.folder) { settings.store.isStateless = true }
        _ = try settings.languageModelClient(replies: nil)
    }

    /// What lets the model choose labels in the service; nil without a model or without `llm.fields`.
    ///
    /// - Throws: `LLMError.badSetting` when the bundle lacks one of the fields.
    package func languageModelDecider(
        _ client: LLMClient, for snapshot: Snapshot
    ) throws(LLMError) -> LLMDecider? {
        guard client.model != nil, !llm.fields.isEmpty else { return nil }
        return try LLMDecider(client, for: snapshot, llm.deciding)
    }
}
