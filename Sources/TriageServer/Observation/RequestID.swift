internal import Synchronization

/// The id of a request: the caller's when it is sane, else one made here.
enum RequestID {
    /// At most 64 letters, digits, dots, dashes and underscores; anything else could be text that must not be logged.
    static func validated(_ given: String?) -> String? {
        guard let given, (1...64).contains(given.utf8.count) else { return nil }
        let isSane = given.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isSane ? given : nil
    }

    /// 32 hexadecimal digits: 16 that tell processes apart, 16 that count.
    static func generate() -> String {
        process + hexadecimal(next.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    private static let process = hexadecimal(UInt64.random(in: 0...UInt64.max))
    private static let next = Atomic<UInt64>(0)

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
