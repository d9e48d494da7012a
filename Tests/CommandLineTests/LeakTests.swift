import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ServerTestSupport
import Testing
import TriageData
import TriageTickets

/// What a ticket says is in no log, metric, trace or error, however the service is asked and however it fails.
@Suite(.timeLimit(.minutes(5)))
struct LeakTests {
    private static let word = Program.secret
    private static let mail = "\(word)@mail.example"
    private static let key = "sk-\(word)-9f8e7d6c5b4a39281706f5e4d3c2b1a0"
    private static let text = "My \(word) is locked, write to \(mail), the key is \(key)"
    private static let ticket =
        #"{"id":"\#(word)-1","subject":"\#(word)","body":"\#(text)","requester":"\#(mail)"}"#

    private struct Ask {
        var method = "POST"
        var path: String
        var body = ""
        var headers: [(String, String)] = []
    }

    /// Requests that are answered, and requests that are not understood.
    private static let asks: [Ask] =
        ["/v1/triage", "/v1/triage?explain=true", "/v1/explain", "/v1/tickets", "/v1/feedback", "/triage"]
        .flatMap {
            path in
            [
                Ask(path: path, body: ticket), Ask(path: path, body: #"{"description":"\#(text)"}"#),
                Ask(path: path, body: #"{"body":"\#(text)"#), Ask(path: path, body: text),
                Ask(path: path, body: #"{"body":{"\#(word)":"\#(text)"},"\#(word)":1}"#),
                Ask(path: path, body: #"["\#(text)"]"#), Ask(path: path, body: #"{"text":"\#(word)\ud800"}"#),
                Ask(path: path + "?names=\(word)&explain=\(word)", body: ticket),
                Ask(method: "GET", path: path, headers: [("X-Note", text)]),
            ]
        } + [
            Ask(path: "/v1/triage/batch", body: "\(ticket)\n{\"body\":\n\(text)\n[\"\(word)\"]\n"),
            Ask(method: "GET", path: "/v1/search?q=\(word)%20\(key)&limit=\(word)"),
            Ask(method: "GET", path: "/v1/search?q=\(word)&k=3"),
            Ask(method: "GET", path: "/v1/decisions/\(word)"),
            Ask(method: "GET", path: "/v1/tickets/\(word)"),
            Ask(method: "GET", path: "/\(word)/%00%ff?\(word)=\(key)"),
            Ask(method: "XYZZY", path: "/v1/triage"),
            Ask(path: "/v1/triage/\(word)", body: ticket), Ask(path: "/ui", body: "text=\(word)"),
            Ask(
                path: "/v1/triage", body: ticket,
                headers: [
                    ("Authorization", "Bearer \(key)"), ("X-API-Key", key), ("Cookie", "session=\(key)"),
                    ("User-Agent", text), ("Referer", "https://desk.example/?q=\(word)"),
                    ("X-Request-Id", "\(word) \(mail)"), ("X-Forwarded-For", word), ("Accept", word),
                    ("traceparent", "00-\(word)-01"), ("tracestate", "\(word)"), ("baggage", "user=\(mail)"),
                    ("Content-Type", "text/\(word)"), ("Idempotency-Key", "\(word) \(word)"),
                ]),
            Ask(
                path: "/v1/tickets", body: ticket,
                headers: [
                    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                    ("tracestate", "\(word)"), ("Idempotency-Key", key),
                ]),
        ]

    @Test func `planted secrets are in no log, metric, trace or error of the service`() async throws {
        let workspace = try Workspace()
        let collector = Collector()
        try await collector.serving { base in
            let service = try Service(
                workspace,
                [
                    "--store", workspace.file("store"), "--log-level", "trace", "--otlp-endpoint", base,
                    "--otlp-metrics", "--otlp-logs", "--otlp-metric-interval", "1s",
                    "--limits-rate-per-address", "0", "--model", "\(root)/models/starter", "--kb",
                    "\(root)/kb",
                ], keeps: true)
            let url = "http://127.0.0.1:\(service.port)"
            var errors = 0
            for ask in Self.asks {
                let (status, body) = try await send(ask, to: url)
                #expect(status < 500, "\(ask.method) \(ask.path)")
                guard status >= 400 else { continue }
                errors += 1
                #expect(!leaks(body), "\(ask.method) \(ask.path): \(body)")
            }
            #expect(errors > Self.asks.count / 3)
            // The secrets do arrive: an answer that is no error echoes the id.
            #expect(leaks(try await send(Ask(path: "/v1/triage", body: Self.ticket), to: url).body))
            let batch = try await send(
                Self.asks.first { $0.path == "/v1/triage/batch" } ?? Ask(path: "/"), to: url)
            let faults = batch.body.split(separator: "\n").compactMap {
                JSONValue(parsing: $0.utf8)?["error"]
            }
            #expect(faults.count >= 2)
            #expect(!leaks("\(faults)"))
            speakNonsense(to: service.port)
            let metrics = try await send(Ask(method: "GET", path: "/metrics"), to: url)
            #expect(metrics.body.contains("triage_decisions_total{"))
            #expect(!leaks(metrics.body))
            let asked = Self.asks.count
            #expect(await ServerTestSupport.eventually { collector.spans.count >= asked })
            service.signal(SIGTERM)
            #expect(service.end() == 0)
            let log = service.said.split(separator: "\n")
            #expect(log.count { $0.contains(#""message":"request""#) } > asked)
            for line in log where leaks(String(line)) { Issue.record("the log: \(line)") }
        }
        #expect(Set(collector.requests.map(\.path)) == ["/v1/logs", "/v1/metrics", "/v1/traces"])
        for request in collector.requests {
            #expect(!leaks(request.text) && !leaks("\(request.headers)"))
        }
    }

    @Test(arguments: [
        ("rows.jsonl", "{\"body\":\n\(text)\n[\"\(word)\"]\n{\"body\":[\"\(word)\"]}\n"),
        ("rows.csv", "subject,body\n\(word),\"\(text)\n"),
        ("rows.csv", "subject,body\n\(word),\(word),\(text)\n"),
        ("rows.json", "[\(ticket),{\"body\":\"\(text)\""), ("rows.jsonl", "\u{0}\(text)"),
    ])
    func `planted secrets are in no message of the command line`(name: String, content: String) throws {
        let workspace = try Workspace()
        try workspace.write(name, content)
        for words in [
            ["classify", "--json", "--input", name], ["evaluate", "--data", name, "--label", "category"],
        ] {
            let outcome = try workspace.run(words + ["--model", "\(root)/models/starter"])
            #expect(outcome.status != 0, "\(words)")
            #expect(!leaks(outcome.errors), "\(words): \(outcome.errors)")
        }
    }

    // MARK: - The service

    private func send(_ ask: Ask, to url: String) async throws -> (status: Int, body: String) {
        var request = HTTPClientRequest(url: url + ask.path)
        request.method = .init(rawValue: ask.method)
        for (name, value) in ask.headers { request.headers.add(name: name, value: value) }
        if !ask.body.isEmpty { request.body = .bytes(ByteBuffer(string: ask.body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 24)
        return (Int(response.status.code), String(buffer: body))
    }

    /// Bytes that are no HTTP.
    private func speakNonsense(to port: UInt16) {
        for line in ["\(Self.word) / HTTP/1.1\r\n\r\n", "GET /\(Self.word) HTTP/9\r\n\(Self.word)\r\n\r\n"] {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            let connected = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            #expect(connected == 0)
            _ = line.withCString { Foundation.send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            #expect(!leaks(String(decoding: bytes[..<max(0, count)], as: UTF8.self)))
        }
    }

    private func leaks(_ text: String) -> Bool { text.lowercased().contains(Self.word) }

    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
}
