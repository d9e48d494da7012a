internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization
internal import TriageData

/// Sends requests of OTLP over HTTP for one signal, and retries what fails for a while.
///
/// A request that fails temporarily is retried after the collector's `Retry-After`, or after growing pauses. Spans are
/// JSON, metrics and logs are Protocol Buffers.
final class CollectorClient: Sendable {
    /// How a request ended.
    enum Outcome: Equatable {
        /// It was accepted, but for so many of its items.
        case sent(rejected: Int)
        case failed(reason: String)
    }

    private enum Attempt {
        case done(rejected: Int)
        case later(after: Duration?, why: String)
        case never(why: String)
    }

    private let options: CollectorOptions
    private let signal: CollectorSignal
    private let firstPause: Duration
    private let attempts: Int
    /// Why the last request failed; nil when it did not.
    private let problem = Mutex<String?>(nil)
    private let client: HTTPClient

    /// - Throws: `TelemetryError` when the file of certificates cannot be read.
    init(
        _ options: CollectorOptions, _ signal: CollectorSignal, firstPause: Duration, attempts: Int
    ) throws(TelemetryError) {
        self.options = options
        self.signal = signal
        self.firstPause = firstPause
        self.attempts = attempts
        client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: try Self.configuration(options))
    }

    func send(_ body: [UInt8]) async -> Outcome {
        var pause = firstPause
        var attempt = 1
        while true {
            switch await post(body) {
            case .done(let rejected): return .sent(rejected: rejected)
            case .never(let why): return .failed(reason: why)
            case .later(let after, let why):
                guard attempt < attempts else { return .failed(reason: why) }
                // Jitter, so that many instances do not retry at once.
                let wait = after ?? pause * Double.random(in: 0.5...1)
                guard (try? await Task.sleep(for: wait)) != nil else { return .failed(reason: why) }
                pause *= 2
                attempt += 1
            }
        }
    }

    /// Notes why a request failed, nil when it did not, and returns whether that is another outcome than before: the log has a
    /// line for each change, not for each request.
    func isChange(to reason: String?) -> Bool {
        problem.withLock { problem in
            defer { problem = reason }
            return problem != reason
        }
    }

    func shutdown() async { try? await client.shutdown() }

    // A client that never ran was not shut down, and the library does not accept that.
    deinit { client.shutdown { _ in } }

    private func post(_ body: [UInt8]) async -> Attempt {
        var request = HTTPClientRequest(url: options.url(for: signal))
        request.method = .POST
        do throws(TelemetryError) {
            for header in try options.headers() {
                request.headers.add(name: header.name, value: header.value)
            }
        } catch {
            return .never(why: error.safeDescription)
        }
        request.headers.replaceOrAdd(name: "Content-Type", value: signal.contentType)
        request.headers.replaceOrAdd(name: "User-Agent", value: "ticket-triage")
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(request, timeout: .init(options.timeout))
            let status = Int(response.status.code)
            switch status {
            case 200..<300:
                let answer = try? await response.body.collect(upTo: 65_536)
                return .done(rejected: answer.map { signal.rejected($0.readableBytesView) } ?? 0)
            case 429, 502, 503, 504:
                let asked = response.headers.first(name: "Retry-After").flatMap { Int($0) }
                let after = asked.flatMap { (0...60).contains($0) ? Duration.seconds($0) : nil }
                return .later(after: after, why: "status \(status)")
            default:
                return .never(why: "status \(status)")
            }
        } catch let error as HTTPClientError {
            return .later(after: nil, why: error.shortDescription)
        } catch is CancellationError {
            return .never(why: "the service ended first")
        } catch {
            return .later(after: nil, why: String(reflecting: type(of: error)))
        }
    }

    private static func configuration(
        _ options: CollectorOptions
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
        // The client has its own retries.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Exporting spans must not create spans.
        configuration.tracing.tracer = nil
        return configuration
    }
}

extension CollectorSignal {
    fileprivate var contentType: String { self == .traces ? "application/json" : "application/x-protobuf" }

    /// How many items the collector rejected, by the partial success of its answer.
    fileprivate func rejected(_ answer: some Collection<UInt8>) -> Int {
        if self == .traces {
            let success = JSONValue(parsing: answer)?["partialSuccess"]
            return success?["rejectedSpans"]?.text.flatMap { Int($0) } ?? 0
        }
        for case (1, .data(let success)) in ProtobufReader(answer) {
            for case (1, .varint(let count)) in ProtobufReader(success) { return Int(clamping: count) }
        }
        return 0
    }
}
