internal import TriageData

/// Ids of decisions, tickets and corrections: UUIDs of version 7 (RFC 9562), which sort by their time.
package enum RecordID {
    /// A new id, made at `milliseconds` since 1970.
    package static func make(at milliseconds: Int64 = StoreClock.system.now()) -> String {
        var generator = SystemRandomNumberGenerator()
        return text(milliseconds, 0x7000 | generator.next() & 0x0FFF, generator.next() >> 2)
    }

    /// The smallest id that is made at `milliseconds` or later.
    package static func first(at milliseconds: Int64) -> String { text(max(0, milliseconds), 0x7000, 0) }

    private static func text(_ milliseconds: Int64, _ version: UInt64, _ random: UInt64) -> String {
        let time = UInt64(bitPattern: milliseconds) & 0xFFFF_FFFF_FFFF
        let high = time << 16 | version
        let low = 0x8000_0000_0000_0000 | random
        return String(unsafeUninitializedCapacity: 36) { text in
            var place = 0
            for number in 0..<32 {
                if number == 8 || number == 12 || number == 16 || number == 20 {
                    text[place] = 0x2D
                    place += 1
                }
                let half = number < 16 ? high : low
                text[place] = Hexadecimal.digit(UInt8(half >> UInt64(60 - 4 * (number % 16)) & 15))
                place += 1
            }
            return place
        }
    }
}
