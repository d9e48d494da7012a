internal import Foundation
package import HTTPTypes
internal import Hummingbird
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
package import NIOSSL
internal import ServiceLifecycle
internal import Synchronization
package import TriageData

/// An OpenTelemetry collector on loopback that answers as it is told and keeps what it was sent.
package final class Collector: Sendable {
    /// How one request is answered.
    package struct Reply: Sendable {
        var status: HTTPResponse.Status
        var body: String
        var headers: HTTPFields
        var wait: Duration

        /// An answer.
        package init(
            status: HTTPResponse.Status = .ok, body: String = "{}", headers: HTTPFields = [:],
            wait: Duration = .zero
        ) {
            (self.status, self.body, self.headers, self.wait) = (status, body, headers, wait)
        }
    }

    /// What one request held.
    package struct Received: Sendable {
        /// Its path.
        package let path: String
        /// Its headers.
        package let headers: HTTPFields
        /// Its body.
        package let body: JSONValue?
        /// The same as text.
        package let text: String
        /// The same as it came.
        package let bytes: [UInt8]
    }

    private let script: Mutex<[Reply]>
    private let kept = Mutex<[Received]>([])

    /// Answers with `script`, one reply a request, then 200.
    package init(_ script: [Reply] = []) { self.script = Mutex(script) }

    /// What came, in order.
    package var requests: [Received] { kept.withLock { $0 } }

    /// The spans of all requests.
    package var spans: [JSONValue] {
        requests.flatMap { $0.body?["resourceSpans"]?.elements ?? [] }
            .flatMap { $0["scopeSpans"]?.elements ?? [] }.flatMap { $0["spans"]?.elements ?? [] }
    }

    /// Runs the collector while `body` runs with its base URL.
    package func serving(
        _ tls: TLSConfiguration? = nil, _ body: @Sendable @escaping (String) async throws -> Void
    )
        async throws
    {
        var logger = Logger(label: "collector")
        logger.logLevel = .critical
        let ports = AsyncStream<Int>.makeStream()
        let started: @Sendable (any Channel) async -> Void = {
            ports.continuation.yield($0.localAddress?.port ?? 0)
        }
        let responder = CallbackResponder<BasicRequestContext> { request, _ in try await self.answer(request)
        }
        let configuration = ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        let application = Application(
            responder: responder,
            server: tls == nil ? .http1() : try .tls(tlsConfiguration: tls ?? .clientDefault),
            configuration: configuration, onServerRunning: started, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let services = ServiceGroup(
                configuration: .init(services: [application], logger: logger))
            group.addTask { try await services.run() }
            for await port in ports.stream {
                try await body("\(tls == nil ? "http" : "https")://127.0.0.1:\(port)")
                break
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    private func answer(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 24)
        let reply = script.withLock { $0.isEmpty ? Reply() : $0.removeFirst() }
        if reply.wait > .zero { try await Task.sleep(for: reply.wait) }
        kept.withLock {
            $0.append(
                Received(
                    path: request.uri.path, headers: request.headers,
                    body: JSONValue(parsing: body.readableBytesView), text: String(buffer: body),
                    bytes: Array(body.readableBytesView)))
        }
        return Response(
            status: reply.status, headers: reply.headers,
            body: .init(byteBuffer: ByteBuffer(string: reply.body)))
    }
}

/// Waits until `condition` holds, at most ten seconds.
package func eventually(_ condition: () async -> Bool) async -> Bool {
    for _ in 0..<1000 {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}
