import Foundation
import HTTPTypes
import ServerTestSupport
import Testing
import TriageData

/// What a running service sends to a collector, and what its log looks like on platforms.
@Suite(.timeLimit(.minutes(4)))
struct TelemetryTests {
    private let workspace: Workspace
    private let places = [
        "--model", "\(ServeTests.root)/models/starter", "--kb", "none", "--language", "none",
    ]
    private static let ticket = #"{"body":"happy Friday xyzzy"}"#

    init() throws { workspace = try Workspace() }

    /// How a service of others is reached, by its own documentation, and what it reads the cost from.
    struct Destination: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let path: String
        let headers: String
        let expected: [String: String]
        let cost: @Sendable ([String: JSONValue]) -> Double?
    }

    static let destinations = [
        Destination(
            testDescription: "Langfuse", path: "/api/public/otel",
            headers: "Authorization=Basic%20cGs6c2s=,x-langfuse-ingestion-version=4",
            expected: ["Authorization": "Basic cGs6c2s=", "x-langfuse-ingestion-version": "4"],
            cost: { $0["gen_ai.usage.cost"]?["doubleValue"]?.double }),
        Destination(
            testDescription: "LangSmith", path: "/otel",
            headers: "x-api-key=lsv2_x,Langsmith-Project=desk",
            expected: ["x-api-key": "lsv2_x", "Langsmith-Project": "desk"],
            cost: { attributes in
                let usage = attributes["langsmith.usage_metadata"]?["stringValue"]?.text
                return usage.flatMap { JSONValue(parsing: $0.utf8) }?["total_cost"]?.double
            }),
    ]

    @Test(arguments: destinations)
    func `settings alone send a language model's calls and their cost to`(destination: Destination)
        async throws
    {
        let collector = Collector()
        try workspace.write("headers", destination.headers + "\n")
        try await collector.serving { [workspace, places] base in
            try await ScriptedServer.run({ _ in [.chat(#"{"category":"Support"}"#)] }) { model in
                let service = try Service(
                    workspace,
                    places + [
                        "--llm-url", model.url, "--llm-model", "m", "--llm-price", "10,25", "--llm-fields",
                        "category", "--otlp-endpoint", base + destination.path, "--otlp-headers-command",
                        "cat headers",
                    ])
                #expect(try service.ask("POST", "/v1/triage", Self.ticket).text.contains("Support"))
                service.signal(SIGTERM)
                #expect(service.end() == 0)
            }
        }
        let request = try #require(collector.requests.first)
        #expect(Set(collector.requests.map(\.path)) == [destination.path + "/v1/traces"])
        for (name, value) in destination.expected {
            #expect(HTTPField.Name(name).flatMap { request.headers[$0] } == value)
        }
        let spans = collector.spans
        let call = try #require(spans.first { $0["name"]?.text == "chat m" })
        let root = try #require(spans.first { $0["name"]?.text == "POST /v1/triage" })
        #expect(call["traceId"] == root["traceId"] && root["parentSpanId"] == nil)
        let attributes = Dictionary(
            uniqueKeysWithValues: (call["attributes"]?.elements ?? []).map {
                ($0["key"]?.text ?? "", $0["value"] ?? .null)
            })
        #expect(destination.cost(attributes) == 0.0015)
        #expect(attributes["gen_ai.operation.name"]?["stringValue"]?.text == "chat")
        #expect(attributes["gen_ai.request.model"]?["stringValue"]?.text == "m")
        #expect(attributes["gen_ai.usage.input_tokens"]?["intValue"]?.text == "100")
        #expect(attributes["gen_ai.usage.output_tokens"]?["intValue"]?.text == "20")
        // What such a service would show as the prompt and the reply stays here.
        #expect(
            !attributes.keys.contains { $0.hasPrefix("gen_ai.prompt") || $0.hasPrefix("gen_ai.completion") })
        #expect(!collector.requests.contains { $0.text.contains("xyzzy") })
    }

    @Test func `metrics and logs go only where a setting sends them`() async throws {
        let collector = Collector()
        try await collector.serving { [workspace, places] base in
            let service = try Service(
                workspace,
                places + [
                    "--otlp-endpoint", base, "--no-otlp-traces", "--otlp-metrics", "--otlp-metric-interval",
                    "1s", "--otlp-logs", "--log-format", "gcp", "--log-gcp-project", "desk-123",
                ])
            #expect(try service.ask("POST", "/v1/triage", Self.ticket).status == 200)
            #expect(await ServerTestSupport.eventually { collector.requests.count >= 2 })
            service.signal(SIGTERM)
            #expect(service.end() == 0)
            let lines = service.said.split(separator: "\n").compactMap { JSONValue(parsing: $0.utf8) }
            let request = try #require(lines.first { $0["message"]?.text == "request" })
            #expect(request["severity"]?.text == "INFO")
            #expect(request["httpRequest"]?["requestUrl"]?.text == "/v1/triage")
        }
        #expect(Set(collector.requests.map(\.path)) == ["/v1/logs", "/v1/metrics"])
        let all = collector.requests.map(\.text).joined()
        #expect(all.contains("triage_decisions_total") && all.contains("listening on"))
        #expect(!all.contains("xyzzy"))
    }

    @Test func `OpenTelemetry's variables choose what is sent`() throws {
        try workspace.write(
            ".env",
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9\nOTEL_TRACES_EXPORTER=none\nOTEL_METRICS_EXPORTER=otlp\n"
                + "OTEL_LOGS_EXPORTER=otlp,console\n")
        let some = try workspace.run(["doctor", "--airgap"])
        #expect(some.text.contains("http://127.0.0.1:9, for metrics, log lines  "), "\(some.text)")
        try workspace.write(
            ".env",
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9\nOTEL_TRACES_EXPORTER=none\n"
                + "OTEL_METRICS_EXPORTER=prometheus\n")
        #expect(
            try workspace.run(["doctor", "--airgap"]).text.contains("off, not set: no connection for spans"))
        try workspace.write(".env", "TRIAGE_OTLP_LOGS=maybe\n")
        let wrong = try workspace.run(["doctor", "--airgap"])
        #expect(wrong.status == 78 && wrong.text.contains("must be true or false"))
    }

    @Test func `doctor runs a secret's command and shows its name, never what it prints`() throws {
        try workspace.write("key", "hunter2\n")
        let flags = ["--llm-url", "http://127.0.0.1:9/v1", "--llm-model", "m", "--llm-key-command"]
        let good = try workspace.run(["doctor"] + places + flags + ["cat key"])
        #expect(good.text.contains("llm.key = (hidden, from the command cat)  [--llm-key-command]"))
        #expect(!good.text.contains("hunter2") && good.status == 0, "\(good.text)")
        let bad = try workspace.run(["doctor"] + places + flags + ["cat key absent"])
        #expect(bad.status == 78)
        #expect(
            bad.text.contains("--llm-key-command: the command cat ended with exit code 1; run it in a shell"))
        #expect(!bad.text.contains("hunter2"))
        let serve = try workspace.run(["serve", "--stateless", "--port", "0"] + places + flags + ["false"])
        #expect(serve.status == 78 && serve.errors.contains("the command false ended with exit code 1"))
    }
}
