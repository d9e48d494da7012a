internal import Metrics
internal import NIOCore
internal import Synchronization

/// Limits requests and body bytes, for each key, and for each address when a request has no valid key.
///
/// With Redis, processes share the buckets. While it is disconnected each process counts alone, which allows more.
package struct RequestLimiter: Sendable {
    private let keyLimit: RateLimit?
    private let addressLimit: RateLimit?
    private let keyBytes: RateLimit?
    private let addressBytes: RateLimit?
    private let shared: SharedBuckets?
    private let local: BucketTable
    private let counters = Counters()

    /// A limiter; a nil limit leaves that kind of caller unlimited.
    ///
    /// `keyBytes` and `addressBytes` are in kilobytes. `capacity` is the number of callers that this process
    /// distinguishes, with 16 bytes each.
    package init(
        keyLimit: RateLimit?, addressLimit: RateLimit?, keyBytes: RateLimit? = nil,
        addressBytes: RateLimit? = nil, shared: SharedBuckets? = nil, capacity: Int = 65_536
    ) {
        self.keyLimit = keyLimit
        self.addressLimit = addressLimit
        self.keyBytes = keyBytes
        self.addressBytes = addressBytes
        self.shared = shared
        local = BucketTable(capacity: capacity)
    }

    /// Takes a token; nil for an unlimited caller.
    func take(_ caller: LimitedCaller) async -> RateDecision? {
        guard let limit = limit(of: caller) else { return nil }
        if let shared, let decision = try? await shared.take(caller, limit) {
            counters.count(decision, isShared: true)
            return decision
        }
        let decision = local.take(caller, limit)
        counters.count(decision, isShared: false)
        return decision
    }

    /// The bucket of a caller's kilobytes; nil for an unlimited caller.
    func byteLimit(of caller: LimitedCaller) -> RateLimit? {
        if case .key = caller { keyBytes } else { addressBytes }
    }

    /// Takes kilobytes of a body; nil for an unlimited caller.
    ///
    /// More than a full bucket holds is never allowed, because waiting cannot help.
    func takeBytes(_ caller: LimitedCaller, kilobytes: Int) async -> RateDecision? {
        guard let limit = byteLimit(of: caller) else { return nil }
        guard kilobytes <= limit.quota else {
            return RateDecision(limit: limit, cost: kilobytes, isAllowed: false, untilFull: 0)
        }
        if let shared, let decision = try? await shared.take(.bytes(caller), limit, cost: kilobytes) {
            return decision
        }
        return local.take(.bytes(caller), limit, cost: kilobytes)
    }

    private func limit(of caller: LimitedCaller) -> RateLimit? {
        if case .key = caller { keyLimit } else { addressLimit }
    }

    private struct Counters: Sendable {
        private let counters = ["local", "redis"].map { backend in
            ["limited", "allowed"].map { outcome in
                Counter(
                    label: "triage_limiter_total", dimensions: [("outcome", outcome), ("backend", backend)])
            }
        }

        func count(_ decision: RateDecision, isShared: Bool) {
            counters[isShared ? 1 : 0][decision.isAllowed ? 1 : 0].increment()
        }
    }
}

/// Counts the bytes of one body as they arrive, and waits while the sender's bucket is empty.
final class ByteMeter: Sendable {
    private let limiter: RequestLimiter
    private let caller: LimitedCaller
    /// The most kilobytes that can be taken at once.
    private let quota: Int
    /// Bytes that do not yet make a kilobyte.
    private let rest = Mutex(0)

    /// Nil for an unlimited caller.
    init?(_ limiter: RequestLimiter, _ caller: LimitedCaller) {
        guard let limit = limiter.byteLimit(of: caller) else { return nil }
        (self.limiter, self.caller, quota) = (limiter, caller, limit.quota)
    }

    /// Returns the piece once its sender was allowed to send it.
    func pass(_ piece: ByteBuffer) async -> ByteBuffer {
        var kilobytes = rest.withLock { rest in
            rest += piece.readableBytes
            defer { rest %= 1024 }
            return rest / 1024
        }
        while kilobytes > 0 {
            let portion = min(kilobytes, quota)
            guard let decision = await limiter.takeBytes(caller, kilobytes: portion), !decision.isAllowed
            else {
                kilobytes -= portion
                continue
            }
            do { try await Task.sleep(for: .microseconds(decision.untilNext)) } catch { break }
        }
        return piece
    }
}
