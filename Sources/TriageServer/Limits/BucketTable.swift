internal import Synchronization

/// The buckets of this process, in memory of a fixed size.
///
/// A caller's bucket has its place in one of eight slots. When all eight are others', the one that is fullest gives way:
/// first those that are full and so say nothing, and never the one that was just emptied.
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

    /// A table for about so many callers at once; 16 bytes each.
    init(capacity: Int = 65_536) {
        let sets = max(1, (capacity + Self.ways - 1) / Self.ways)
        self.sets = UInt64(sets)
        slots = Mutex(Array(repeating: Slot(), count: sets * Self.ways))
    }

    /// Takes tokens from a caller's bucket.
    func take(_ caller: LimitedCaller, _ limit: RateLimit, cost: Int = 1) -> RateDecision {
        take(caller, limit, cost: cost, now: (clock.now - start).microseconds)
    }

    func take(_ caller: LimitedCaller, _ limit: RateLimit, cost: Int = 1, now: Int64) -> RateDecision {
        // Hasher's seed is this process's own: nobody outside can choose callers that share a set.
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

/// Whose bucket a request empties.
indirect enum LimitedCaller: Hashable, Sendable {
    /// A key, by its id.
    case key(String)
    /// An address, or the network that one subscriber has.
    case address(IPAddress)
    /// A caller on a socket that has no address, such as a Unix socket.
    case local
    /// The bucket for the bytes that a caller sends, beside that for its requests.
    case bytes(LimitedCaller)

    /// A name that is the same on every server.
    var name: String {
        switch self {
        case .key(let id): "key:\(id)"
        case .address(let address): "address:\(address)"
        case .local: "local"
        case .bytes(let caller): "bytes:\(caller.name)"
        }
    }
}
