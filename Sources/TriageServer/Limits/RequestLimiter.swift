internal import Metrics

/// How many requests, and how many bytes in them, a caller may send: buckets for each key, and for each address where a
/// request has no good key.
///
/// With Redis the buckets are shared; while it is away each process counts for itself, which allows more, never less.
package struct RequestLimiter: Sendable {
    private let keyLimit: RateLimit?
    private let addressLimit: RateLimit?
    private let keyBytes: RateLimit?
    private let addressBytes: RateLimit?
    private let shared: SharedBuckets?
    private let local: BucketTable
    private let counters = Counters()

    /// A limiter; nil leaves that kind of caller unlimited.
    ///
    /// - Parameters:
    ///   - keyLimit: What one key may send.
    ///   - addressLimit: What one address may send without a good key: open pages, wrong keys, a service without keys.
    ///   - keyBytes: The kilobytes of bodies that one key may send.
    ///   - addressBytes: The kilobytes of bodies that one address may send without a good key.
    ///   - shared: Buckets in Redis; nil for this process's own only.
    ///   - capacity: Callers this process can tell apart at once; 16 bytes each.
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

    /// Takes a token; nil when this kind of caller is unlimited.
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

    /// Takes kilobytes of a body; nil when this kind of caller may send any number.
    func takeBytes(_ caller: LimitedCaller, kilobytes: Int) async -> RateDecision? {
        guard let limit = if case .key = caller { keyBytes } else { addressBytes } else { return nil }
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
