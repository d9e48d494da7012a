internal import TriageLLM
internal import TriageRedis

/// A language model's replies in Redis, for several processes and past their restarts.
///
/// A Redis that is away, slow or refuses is a miss and nothing more: the model is asked. Values hold what masking left;
/// they are not encrypted.
struct RedisReplyCache: ReplyCache {
    /// The largest value that is kept or taken, in bytes.
    static let largest = 64 << 10

    let redis: RedisClient

    func value(of key: String) async -> [UInt8]? {
        guard case .bytes(let value)? = try? await redis.command(["GET", Self.name(key)]),
            value.count <= Self.largest
        else { return nil }
        return value
    }

    func keep(_ value: [UInt8], as key: String, for lifetime: Duration) async {
        let milliseconds = Int(lifetime / .milliseconds(1))
        guard value.count <= Self.largest, milliseconds > 0 else { return }
        let words = ["SET", Self.name(key)].map { Array($0.utf8) }
        let end = ["PX", String(milliseconds)].map { Array($0.utf8) }
        _ = try? await redis.command(words + [value] + end)
    }

    private static func name(_ key: String) -> String { "triage:reply:\(key)" }
}
