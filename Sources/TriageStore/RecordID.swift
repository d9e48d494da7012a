/// Ids of decisions, tickets and corrections: UUIDs of version 7 (RFC 9562), which sort by their time.
public enum RecordID {
    /// A new id, made at `milliseconds` since 1970.
    public static func make(at milliseconds: Int64 = StoreClock.system.now()) -> String {
        var generator = SystemRandomNumberGenerator()
        let time = UInt64(bitPattern: milliseconds) & 0xFFFF_FFFF_FFFF
        let high = time << 16 | 0x7000 | generator.next() & 0x0FFF
        let low = 0x8000_0000_0000_0000 | generator.next() >> 2
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for place in 0..<32 {
            if [8, 12, 16, 20].contains(place) { text.append(0x2D) }
            let half = place < 16 ? high : low
            let digit = UInt8(half >> UInt64(60 - 4 * (place % 16)) & 15)
            text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
