import CoreMetrics
import InMemoryTracing
import MetricsTestKit
import ServerTestSupport
import Testing
import Tracing

@testable import TriageLLM

/// Metrics and tracing are global to the process: bootstrapped once here, and told apart by the model's name.
enum Observed {
    static let metrics: TestMetrics = {
        let metrics = TestMetrics()
        MetricsSystem.bootstrap(metrics)
        return metrics
    }()
    static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()
}

struct ObservationTests {
    @Test func `a call is one span with the conventions' attributes, and counted; the ticket is in neither`()
        async throws
    {
        let (metrics, tracer) = (Observed.metrics, Observed.tracer)
        try await ScriptedServer.run({ request in
            request.number == 0 ? [.answer(500, "")] : [.chat("xyzzy out")]
        }) {
            server in
            var options = options(server) { $0.prices = PriceTable(["*": .init(input: 10, output: 25)]) }
            options.model = "observed"
            options.budget.daily = 1
            let client = try LLMClient.http(options)
            _ = try await client.complete(ChatRequest([.init(.user, "xyzzy in")]))
            _ = await failure { () throws(LLMError) in
                try await LLMClient.disabled.complete(ChatRequest([.init(.user, "xyzzy")]))
            }
            await client.shutdown()
        }
        let spans = tracer.finishedSpans.filter { $0.operationName == "chat observed" }
        #expect(spans.count == 1)
        let attributes = try #require(spans.first).attributes
        #expect(attributes.get("gen_ai.operation.name") == .string("chat"))
        #expect(attributes.get("gen_ai.request.model") == .string("observed"))
        #expect(attributes.get("gen_ai.response.model") == .string("scripted"))
        #expect(
            attributes.get("gen_ai.usage.input_tokens") == .int64(100)
                || attributes.get("gen_ai.usage.input_tokens") == .int(100))
        // Langfuse reads the one, LangSmith the others.
        #expect(attributes.get("gen_ai.usage.cost") == .double(0.0015))
        #expect(attributes.get("langsmith.span.kind") == .string("llm"))
        #expect(
            attributes.get("langsmith.usage_metadata")
                == .string(
                    #"{"input_tokens":100,"output_tokens":20,"total_tokens":120,"total_cost":0.0015}"#))
        #expect(
            attributes.get("triage.llm.retries") == .int(1)
                || attributes.get("triage.llm.retries") == .int64(1))
        #expect(spans.allSatisfy { $0.kind == .client })
        #expect(!"\(spans)".contains("xyzzy"))
        let calls = try metrics.expectCounter(
            "triage_llm_calls_total", [("model", "observed"), ("outcome", "ok")])
        #expect(calls.values == [1])
        let tokens = try metrics.expectCounter(
            "triage_llm_tokens_total", [("model", "observed"), ("kind", "output")])
        #expect(tokens.values == [20])
        _ = try metrics.expectTimer("triage_llm_duration_seconds", [("model", "observed")])
        _ = try metrics.expectMeter("triage_llm_budget_remaining", [("window", "daily")])
    }
}
