internal import Synchronization

/// The buckets of this process, in memory of fixed size.
///
/// A caller's bucket may be in any of eight slots. When all are taken, the fullest bucket is replaced: a full
/// one holds no information, and one that was just emptied is never lost.
final class BucketTable: Sendable {
    private static let ways = 8

    private struct Slot {
        var identity: UInt64 = 0
        var fullAt: Int64 = .min
    }

    private let sets: UInt64
    private let slots: Mutex<[Slot]>
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now

    /// A table for about so many callers, with 16 bytes each.
    init(capacity: Int = 65_536) {
        let sets = max(1, (capacity + Self.ways - 1) / Self.ways)
        self.sets = UInt64(sets)
        slots = Mutex(Array(repeating: Slot(), count: sets * Self.ways))
    }

    func take(_ caller: LimitedCaller, _ limit: RateLimit, cost: Int = 1) -> RateDecision {
        take(caller, limit, cost: cost, now: (clock.now - start).microseconds)
    }

    func take(_ caller: LimitedCaller, _ limit: RateLimit, cost: Int = 1, now: Int64) -> RateDecision {
        // Hasher's seed differs for each process, so nobody outside can choose callers that share a set.
        var hasher = Hasher()
        hasher.combine(caller)
        let identity = UInt64(bitPattern: Int64(hasher.finalize())) | 1
        let first = Int(identity.multipliedFullWidth(by: sets).high) * Self.ways
        return slots.withLock { slots in
            var (place, fullest) = (first, Int64.max)
            for index in first..<first + Self.ways {
                if slots[index].identity == identity {
                    return TokenBucket.take(&slots[index].fullAt, now: now, limit, cost: cost)
                }
                if slots[index].fullAt < fullest { (place, fullest) = (index, slots[index].fullAt) }
            }
            slots[place] = Slot(identity: identity, fullAt: now)
            return TokenBucket.take(&slots[place].fullAt, now: now, limit, cost: cost)
        }
    }
}

/// The owner of a bucket.
indirect enum LimitedCaller: Hashable, Sendable {
    /// A key's id.
    case key(String)
    /// An address, or a subscriber's network.
    case address(IPAddress)
    /// A caller without an address, such as on a Unix socket.
    case local
    /// The bucket of a caller's bytes, beside that of its requests.
    case bytes(LimitedCaller)

    /// A name that is equal on every server.
    var name: String {
        switch self {
        case .key(let id): "key:\(id)"
        case .address(let address): "address:\(address)"
        case .local: "local"
        case .bytes(let caller): "bytes:\(caller.name)"
        }
    }
}
