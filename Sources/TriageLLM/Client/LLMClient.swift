/// A language model that answers chats, or none: a value of closures, so that no other code
/// distinguishes tests, recordings and the live client.
package struct LLMClient: Sendable {
    /// The model asked for, as it is named in metrics; nil when there is none.
    package var model: String?
    /// Why a call made now would not even be tried: there is no model, the breaker is open, or a budget was just found
    /// used up; nil when it would be.
    ///
    /// It costs no suspension, so that a dead server costs a decision nothing.
    package var refusal: @Sendable () -> LLMError?
    /// Asks for a whole reply.
    package var complete: @Sendable (ChatRequest) async throws(LLMError) -> ChatReply
    /// Asks for a reply that arrives in pieces; `onText` gets them in order, each once, before the call returns.
    package var stream:
        @Sendable (ChatRequest, _ onText: @escaping @Sendable (String) async -> Void) async throws(LLMError)
            ->
            ChatReply
    /// What was spent and called so far.
    package var status: @Sendable () async -> LLMStatus
    /// Closes connections; the client answers no more.
    package var shutdown: @Sendable () async -> Void

    /// A client of the given closures; what is left out belongs to one that is always available and holds nothing.
    package init(
        model: String?, refusal: @escaping @Sendable () -> LLMError? = { nil },
        complete: @escaping @Sendable (ChatRequest) async throws(LLMError) -> ChatReply,
        stream: (
            @Sendable (ChatRequest, @escaping @Sendable (String) async -> Void) async throws(LLMError) ->
                ChatReply
        )? = nil,
        status: @escaping @Sendable () async -> LLMStatus = { LLMStatus() },
        shutdown: @escaping @Sendable () async -> Void = {}
    ) {
        self.model = model
        self.refusal = refusal
        self.complete = complete
        if let stream {
            self.stream = stream
        } else {
            self.stream = { (request, onText) async throws(LLMError) in
                let reply = try await complete(request)
                await onText(reply.text)
                return reply
            }
        }
        self.status = status
        self.shutdown = shutdown
    }

    /// No model: every call is refused at once, and no connection is opened.
    package static let disabled = LLMClient(
        model: nil, refusal: { .disabled },
        complete: { (_) async throws(LLMError) in throw LLMError.disabled })

    /// A server with the chat-completions protocol (llama.cpp, vLLM, Ollama and others).
    ///
    /// No connection is opened, and no memory for one taken, before the first call.
    ///
    /// - Throws: `LLMError.badSetting` when an option cannot be used, `LLMError.data` when a file cannot be read.
    package static func http(_ options: LLMOptions) throws(LLMError) -> LLMClient {
        let service = try ChatService(options)
        return LLMClient(
            model: options.model, refusal: { service.refusal },
            complete: { (request) async throws(LLMError) in try await service.complete(request) },
            stream: { (request, onText) async throws(LLMError) in
                try await service.complete(request, onText: onText)
            },
            status: { await service.status() }, shutdown: { await service.shutdown() })
    }

    /// Runs `work`, and closes the client's connections after it in any case.
    package func closing(_ work: () async throws -> Void) async throws {
        do { try await work() } catch {
            await shutdown()
            throw error
        }
        await shutdown()
    }
}

/// What a client has done since it was made, and what it may still spend.
package struct LLMStatus: Sendable, Equatable {
    package struct Totals: Sendable, Equatable {
        /// Answered calls, those from the cache left out.
        package var calls = 0
        package var inputTokens = 0
        package var outputTokens = 0
        /// What they cost, in the price table's currency.
        package var cost = 0.0

        package init() {}
    }

    package var models: [String: Totals] = [:]
    /// What is left of today's budget; nil without one.
    package var dailyRemaining: Double?
    /// What is left of this month's budget; nil without one.
    package var monthlyRemaining: Double?
    /// The budgets themselves, by window; only windows that have one.
    package var budgets: [BudgetWindow: Double] = [:]
    /// Whether the breaker lets no call through.
    package var isBreakerOpen = false

    package init() {}
}
