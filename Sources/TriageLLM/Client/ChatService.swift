internal import Synchronization
internal import Tracing
internal import TriageData
internal import TriageDrafts
internal import TriageTickets

/// The live client: cache, budget, gate and tries around one transport.
final class ChatService: Sendable {
    private let options: LLMOptions
    private let endpoint: Endpoint
    private let transport: ChatTransport
    private let gate: LLMGate
    private let budget: BudgetTracker
    private let metrics: LLMMetrics
    private let price: PriceTable.Price?
    private let totals = Mutex<[String: LLMStatus.Totals]>([:])
    /// Whether the server takes schemas; false after it refused one.
    private let takesSchema = Mutex(true)

    init(_ options: LLMOptions) throws(LLMError) {
        self.options = options
        guard !options.model.trimmed.isEmpty else {
            throw .badSetting(
                name: "llm.model", problem: "the model has no name; give it as the server knows it")
        }
        endpoint = try Endpoint(options.url, allowed: options.allowedHosts)
        price = options.prices.price(of: options.model)
        guard !options.budget.isLimited || price != nil else {
            throw .badSetting(
                name: "llm.daily-budget and llm.monthly-budget",
                problem: "the model \(options.model) has no price; give one, or a budget can never be kept")
        }
        try BudgetTracker.check(options.budget)
        metrics = LLMMetrics(model: options.model)
        transport = try ChatTransport(endpoint, options)
        gate = LLMGate(options.gate, options.retries, metrics)
        budget = BudgetTracker(options.budget)
    }

    var refusal: LLMError? {
        gate.isPassing ? budget.spentWindow.map { .overBudget(window: $0) } : .breakerOpen
    }

    /// Whether a connection was ever asked for.
    var isConnected: Bool { transport.isUsed }

    func shutdown() async { await transport.shutdown() }

    func status() async -> LLMStatus {
        var status = LLMStatus()
        status.models = totals.withLock { $0 }
        let remaining = await budget.remaining()
        status.dailyRemaining = remaining[.daily]
        status.monthlyRemaining = remaining[.monthly]
        status.budgets[.daily] = options.budget.daily
        status.budgets[.monthly] = options.budget.monthly
        status.isBreakerOpen = await gate.isOpen
        return status
    }

    /// Answers a chat: one span, one count, one deadline.
    func complete(
        _ request: ChatRequest, onText: (@Sendable (String) async -> Void)? = nil
    ) async throws(LLMError) -> ChatReply {
        let start = ContinuousClock.now
        let result: Result<ChatReply, LLMError> = await withSpan("chat \(options.model)", ofKind: .client) {
            span in
            describe(request, isStream: onText != nil, span)
            do throws(LLMError) {
                let reply = try await answer(request, start, onText)
                describe(reply, span)
                return .success(reply)
            } catch {
                span.attributes["error.type"] = error.code
                span.setStatus(.init(code: .error))
                return .failure(error)
            }
        }
        let seconds = start.duration(to: .now) / .seconds(1)
        switch result {
        case .success(let reply):
            metrics.call(reply.isCached ? "cached" : "ok", seconds: seconds)
            return reply
        case .failure(let error):
            metrics.call(error.code, seconds: seconds)
            throw error
        }
    }

    // MARK: - One call

    private func answer(
        _ request: ChatRequest, _ start: ContinuousClock.Instant,
        _ onText: (@Sendable (String) async -> Void)?
    ) async throws(LLMError) -> ChatReply {
        let name = request.fingerprint(model: options.model)
        if request.mayUseCache, let cached = await cached(name) {
            await onText?(cached.text)
            return cached
        }
        let worst = worstCase(request)
        let limit = min(options.deadline, request.deadline ?? options.deadline)
        let reservation: BudgetTracker.Reservation
        do { reservation = try await budget.reserve(worst, until: start + limit) } catch {
            metrics.budget(await budget.remaining())
            throw error
        }
        var reply: ChatReply
        let admission = Admission()
        do throws(LLMError) {
            reply = try await within(limit) { () throws(LLMError) in
                try await self.tries(request, until: start + limit, onText, admission)
            }
        } catch {
            // What a broken call cost is unknown: a prompt that may have been read is paid for.
            let isFree = !error.isServersFault || error.isUnread || !admission.isGranted
            try await budget.settle(reservation, cost: isFree ? 0 : inputCost(request))
            throw error
        }
        reply.seconds = start.duration(to: .now) / .seconds(1)
        reply.cost = price?.cost(reply.usage)
        try await budget.settle(reservation, cost: reply.cost ?? 0)
        await count(reply)
        if request.mayUseCache { await keep(reply, as: name) }
        return reply
    }

    private func tries(
        _ request: ChatRequest, until end: ContinuousClock.Instant,
        _ onText: (@Sendable (String) async -> Void)?, _ admission: Admission
    ) async throws(LLMError) -> ChatReply {
        var retries = 0
        while true {
            let permit = try await gate.acquire()
            admission.grant()
            let note = AttemptNotes()
            do throws(LLMError) {
                let answer = try await attempt(request, until: end, onText, note)
                await gate.release(permit, .healthy)
                let usage = answer.usage ?? request.estimatedUsage(answer.text)
                return ChatReply(
                    text: answer.text, model: answer.model, finishReason: answer.finishReason, usage: usage,
                    retries: retries)
            } catch {
                // Cancelled because the time is over is the server's fault too.
                let isLate = error == .cancelled && ContinuousClock.now >= end
                await gate.release(permit, error.isServersFault || isLate ? .faulty : .unknown)
                // What was shown already cannot be taken back: a stream is not begun twice.
                guard error.isTransient, !note.hasBegun, retries < options.retries.maximumRetries,
                    let pause = options.retries.pause(attempt: retries, asked: note.asked),
                    ContinuousClock.now + pause < end, await gate.takeRetry()
                else { throw error }
                retries += 1
                do { try await Task.sleep(for: pause) } catch { throw LLMError.cancelled }
            }
        }
    }

    /// Asks the server once; without the schema when it refuses that.
    private func attempt(
        _ request: ChatRequest, until end: ContinuousClock.Instant,
        _ onText: (@Sendable (String) async -> Void)?, _ note: AttemptNotes
    ) async throws(LLMError) -> ChatCodec.Answer {
        let withSchema = request.schema != nil && takesSchema.withLock { $0 }
        do throws(LLMError) {
            return try await exchange(request, withSchema, until: end, onText, note)
        } catch {
            guard withSchema, error == .badStatus(400) || error == .badStatus(422) else { throw error }
            takesSchema.withLock { $0 = false }
            return try await exchange(request, false, until: end, onText, note)
        }
    }

    private func exchange(
        _ request: ChatRequest, _ withSchema: Bool, until end: ContinuousClock.Instant,
        _ onText: (@Sendable (String) async -> Void)?, _ note: AttemptNotes
    ) async throws(LLMError) -> ChatCodec.Answer {
        let body = ChatCodec.body(
            request, model: options.model, isStream: onText != nil, withSchema: withSchema)
        let left = ContinuousClock.now.duration(to: end) / .seconds(1)
        var reader = AnswerReader(isStream: onText != nil)
        let head = try await transport.send(
            body, key: try options.key(), seconds: left, isStream: onText != nil
        ) { bytes in
            for piece in try reader.take(bytes) {
                note.hasBegun = true
                await onText?(piece)
            }
        }
        if (300...399).contains(head.status) { throw .redirected }
        guard head.status == 200 else {
            note.asked = head.retryAfter.flatMap { RetryAfter.pause($0, now: Timestamp.now.seconds) }
            throw .badStatus(head.status)
        }
        let (answer, rest) = try reader.finish()
        if let rest { await onText?(rest) }
        return answer
    }

    // MARK: - Cost

    private func count(_ reply: ChatReply) async {
        totals.withLock { totals in
            totals[options.model, default: .init()].calls += 1
            totals[options.model, default: .init()].inputTokens += reply.usage.input
            totals[options.model, default: .init()].outputTokens += reply.usage.output
            totals[options.model, default: .init()].cost += reply.cost ?? 0
        }
        metrics.used(reply.usage, cost: reply.cost)
        metrics.budget(await budget.remaining())
    }

    private func inputCost(_ request: ChatRequest) -> Double { price?.cost(request.estimatedUsage("")) ?? 0 }

    /// The most that a call can cost: no token is less than a byte, and a chat's template adds some.
    private func worstCase(_ request: ChatRequest) -> Double {
        let bytes = request.messages.reduce(0) { $0 + $1.content.utf8.count + 16 }
        return price?.cost(TokenUsage(input: bytes + 100, output: request.maximumTokens)) ?? 0
    }

    // MARK: - Cache

    private func cached(_ name: String) async -> ChatReply? {
        guard let bytes = await options.cache?.value(of: name), let value = JSONValue(parsing: bytes),
            case .string(let text)? = value["text"]
        else { return nil }
        return ChatReply(
            text: text, model: value["model"]?.text, finishReason: value["finish_reason"]?.text,
            isCached: true)
    }

    private func keep(_ reply: ChatReply, as name: String) async {
        guard let cache = options.cache else { return }
        var json = JSONWriter()
        json.object { json in
            json.string("text", reply.text)
            json.string("model", reply.model)
            json.string("finish_reason", reply.finishReason)
        }
        await cache.keep(json.bytes, as: name, for: options.cacheLifetime)
    }

    // MARK: - Span

    /// The attributes of OpenTelemetry's generative-AI conventions; neither prompt nor reply is among them.
    private func describe(_ request: ChatRequest, isStream: Bool, _ span: any Span) {
        span.attributes["gen_ai.operation.name"] = "chat"
        span.attributes["gen_ai.provider.name"] = "openai_compatible"
        span.attributes["gen_ai.request.model"] = options.model
        span.attributes["gen_ai.request.max_tokens"] = request.maximumTokens
        span.attributes["gen_ai.request.temperature"] = request.temperature
        span.attributes["gen_ai.request.seed"] = request.seed
        span.attributes["gen_ai.output.type"] = request.schema == nil ? "text" : "json"
        span.attributes["server.address"] = endpoint.host
        span.attributes["server.port"] = endpoint.port
        span.attributes["triage.llm.stream"] = isStream
    }

    private func describe(_ reply: ChatReply, _ span: any Span) {
        if let model = reply.model { span.attributes["gen_ai.response.model"] = model }
        if let reason = reply.finishReason { span.attributes["gen_ai.response.finish_reasons"] = [reason] }
        span.attributes["gen_ai.usage.input_tokens"] = reply.usage.input
        span.attributes["gen_ai.usage.output_tokens"] = reply.usage.output
        span.attributes["triage.llm.usage_estimated"] = reply.usage.isEstimated
        span.attributes["triage.llm.cached"] = reply.isCached
        span.attributes["triage.llm.retries"] = reply.retries
        span.attributes["triage.llm.seconds"] = reply.seconds
        if let cost = reply.cost { span.attributes["triage.llm.cost"] = cost }
        describeCost(reply, span)
    }

    /// The attributes in which Langfuse and LangSmith read tokens and cost.
    ///
    /// Sources: https://langfuse.com/integrations/native/opentelemetry (`gen_ai.usage.cost`) and
    /// https://docs.langchain.com/langsmith/trace-with-opentelemetry (`langsmith.span.kind`); for `langsmith.usage_metadata`
    /// the Go client of LangSmith and the schema at https://docs.langchain.com/langsmith/cost-tracking.
    private func describeCost(_ reply: ChatReply, _ span: any Span) {
        span.attributes["langsmith.span.kind"] = "llm"
        if let cost = reply.cost { span.attributes["gen_ai.usage.cost"] = cost }
        span.attributes["langsmith.usage_metadata"] = JSONWriter.line { json in
            json.integer("input_tokens", reply.usage.input)
            json.integer("output_tokens", reply.usage.output)
            json.integer("total_tokens", reply.usage.input + reply.usage.output)
            if let cost = reply.cost {
                json.key("total_cost")
                json.number(cost)
            }
        }
    }
}

extension LLMError {
    /// Whether the server cannot have read the prompt, or said that it would not.
    fileprivate var isUnread: Bool {
        switch self {
        case .unreachable, .badStatus, .redirected: true
        default: false
        }
    }
}

/// What one attempt leaves behind besides its answer; only that attempt's task touches it.
private final class AttemptNotes {
    /// The pause that the server asked for.
    var asked: Duration?
    /// Whether text was handed on already.
    var hasBegun = false
}

/// Whether a call got beyond the gate: before that nothing is sent, and nothing costs.
private final class Admission: Sendable {
    private let state = Mutex(false)

    var isGranted: Bool { state.withLock { $0 } }

    func grant() { state.withLock { $0 = true } }
}

/// Runs `work` and gives up after `limit`; what runs is cancelled then.
func within<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws(LLMError) -> Value
) async throws(LLMError) -> Value {
    let result = await withTaskGroup(of: Result<Value, LLMError>?.self) { group in
        group.addTask {
            do throws(LLMError) { return .success(try await work()) } catch { return .failure(error) }
        }
        group.addTask {
            // Nil: the time is over, or the work was faster.
            try? await Task.sleep(for: limit)
            return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        return first
    }
    if let result { return try result.get() }
    throw Task.isCancelled ? .cancelled : .timedOut(seconds: limit / .seconds(1))
}
