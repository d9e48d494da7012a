internal import AsyncHTTPClient
package import CoreMetrics
package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
package import ServiceLifecycle
internal import Synchronization
internal import TriageData

/// Sends finished spans to an OpenTelemetry collector, as OTLP over HTTP in JSON.
///
/// Spans wait in a bounded queue and are sent in batches. A request that fails temporarily is retried, after the
/// collector's `Retry-After` or after growing pauses. Spans that cannot be sent are dropped, counted in
/// `triage_spans_total` and logged. Requests of the service never wait for the exporter.
package final class SpanExporter: Service {
    /// Queue, batches and retries; the defaults are OpenTelemetry's.
    package struct Pace: Sendable {
        /// Spans that may wait.
        package var queue = 2048
        /// Spans of one request.
        package var batch = 512
        /// The longest wait for a batch to fill.
        package var delay: Duration = .seconds(5)
        /// The pause before the first retry; it doubles with each further one.
        package var firstPause: Duration = .seconds(1)
        /// Tries of one request.
        package var attempts = 5
        /// The time to send the queue when the service ends.
        package var shutdownTimeout: Duration = .seconds(5)

        package init() {}
    }

    private let options: TraceOptions
    private let pace: Pace
    private let logger: Logger
    private let queue: SpanQueue
    private let client: HTTPClient
    private let wake: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let exported: Counter
    private let dropped: Counter
    private let failed: Counter

    /// An exporter that sends while `run()` runs; run it once.
    ///
    /// `metrics` counts the spans; nil for the process's own metrics.
    ///
    /// - Throws: `TelemetryError` when the file of certificates cannot be read.
    package init(
        _ options: TraceOptions, pace: Pace = Pace(), logger: Logger,
        metrics: (any MetricsFactory)? = nil
    ) throws(TelemetryError) {
        self.options = options
        self.pace = pace
        self.logger = logger
        queue = SpanQueue(limit: pace.queue)
        (wake, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let factory = metrics ?? MetricsSystem.factory
        func counter(_ outcome: String) -> Counter {
            Counter(label: "triage_spans_total", dimensions: [("outcome", outcome)], factory: factory)
        }
        exported = counter("exported")
        dropped = counter("dropped")
        failed = counter("failed")
        client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: try Self.configuration(options))
    }

    /// Queues a span for export, or drops it; never waits.
    func export(_ span: FinishedSpan) {
        guard let count = queue.append(span) else { return dropped.increment() }
        if count >= pace.batch { waker.yield() }
    }

    /// Sends until the service shuts down, and then what is left in the queue.
    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [waker, pace] in
                while (try? await Task.sleep(for: pace.delay)) != nil { waker.yield() }
            }
            await withTaskCancellationOrGracefulShutdownHandler {
                for await _ in wake { await sendBatches() }
            } onCancelOrGracefulShutdown: { [waker] in
                waker.finish()
            }
            group.cancelAll()
        }
        await flushAtShutdown()
        try? await client.shutdown()
    }

    private func flushAtShutdown() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.sendBatches() }
            group.addTask { try? await Task.sleep(for: self.pace.shutdownTimeout) }
            await group.next()
            group.cancelAll()
        }
        let left = queue.take(.max).count
        if left > 0 { dropped.increment(by: left) }
    }

    private func sendBatches() async {
        while case let batch = queue.take(pace.batch), !batch.isEmpty { await send(batch) }
    }
}

// MARK: - One request

extension SpanExporter {
    private enum Outcome {
        case done(rejected: Int)
        case later(after: Duration?, why: String)
        case never(why: String)
    }

    private func send(_ batch: [FinishedSpan]) async {
        let body = SpanEncoder.request(batch, resource: options.resource)
        var pause = pace.firstPause
        var reason = ""
        for attempt in 1...pace.attempts {
            switch await post(body) {
            case .done(let rejected):
                exported.increment(by: max(0, batch.count - rejected))
                if rejected > 0 { failed.increment(by: rejected) }
                return
            case .never(let why):
                reason = why
            case .later(let after, let why):
                reason = why
                guard attempt < pace.attempts else { break }
                // Jitter, so that many instances do not retry at once.
                let wait = after ?? pause * Double.random(in: 0.5...1)
                if (try? await Task.sleep(for: wait)) != nil {
                    pause *= 2
                    continue
                }
            }
            break
        }
        failed.increment(by: batch.count)
        logger.warning(
            "spans could not be sent to the collector",
            metadata: ["spans": .stringConvertible(batch.count), "reason": .string(reason)])
    }

    private func post(_ body: [UInt8]) async -> Outcome {
        var request = HTTPClientRequest(url: options.url)
        request.method = .POST
        do throws(TelemetryError) {
            for header in try options.headers() {
                request.headers.add(name: header.name, value: header.value)
            }
        } catch {
            return .never(why: error.safeDescription)
        }
        request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        request.headers.replaceOrAdd(name: "User-Agent", value: "ticket-triage")
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(request, timeout: .init(options.timeout))
            let status = Int(response.status.code)
            switch status {
            case 200..<300:
                return .done(rejected: await rejected(response))
            case 429, 502, 503, 504:
                let asked = response.headers.first(name: "Retry-After").flatMap { Int($0) }
                let after = asked.flatMap { (0...60).contains($0) ? Duration.seconds($0) : nil }
                return .later(after: after, why: "status \(status)")
            default:
                return .never(why: "status \(status)")
            }
        } catch let error as HTTPClientError {
            return .later(after: nil, why: error.shortDescription)
        } catch {
            return .later(after: nil, why: String(reflecting: type(of: error)))
        }
    }

    /// How many spans the collector rejected, by its partial success.
    private func rejected(_ response: HTTPClientResponse) async -> Int {
        guard let body = try? await response.body.collect(upTo: 65_536),
            let answer = JSONValue(parsing: body.readableBytesView)
        else { return 0 }
        return answer["partialSuccess"]?["rejectedSpans"]?.text.flatMap { Int($0) } ?? 0
    }

    private static func configuration(
        _ options: TraceOptions
    ) throws(TelemetryError) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let path = options.certificates {
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
            } catch {
                throw .badCertificates(path: path)
            }
        }
        // A redirect would send the collector's key to another server.
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.timeout.connect = .init(options.timeout)
        // The exporter has its own retries.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Exporting spans must not create spans.
        configuration.tracing.tracer = nil
        return configuration
    }
}

/// A bounded queue of spans waiting for export; a full queue rejects further spans.
final class SpanQueue: Sendable {
    private let limit: Int
    private let waiting = Mutex<[FinishedSpan]>([])

    init(limit: Int) { self.limit = limit }

    /// Appends a span and returns how many wait; nil when the queue is full.
    func append(_ span: FinishedSpan) -> Int? {
        waiting.withLock { waiting in
            guard waiting.count < limit else { return nil }
            waiting.append(span)
            return waiting.count
        }
    }

    /// Removes the oldest spans, at most `count`.
    func take(_ count: Int) -> [FinishedSpan] {
        waiting.withLock { waiting in
            let taken = Array(waiting.prefix(count))
            waiting.removeFirst(taken.count)
            return taken
        }
    }
}
