import Testing

@testable import TriageText

struct UInt64HashTableTests {
    /// Keys that land in few slots, zero and the largest among them.
    private static let keys: [UInt64] = [0, .max] + (1...500).flatMap { [$0, $0 << 32, $0 << 60 | 7] }

    @Test func `it answers as a dictionary does`() {
        var map = UInt64HashTable(capacity: Self.keys.count)
        var dictionary: [UInt64: UInt32] = [:]
        for (number, key) in Self.keys.enumerated() {
            let isNew = dictionary[key] == nil
            #expect(map.insert(key, UInt32(number)) == isNew)
            if isNew { dictionary[key] = UInt32(number) }
        }
        #expect(map.count == dictionary.count)
        for key in Self.keys + (501...2000).map({ $0 << 32 }) { #expect(map[key] == dictionary[key]) }
    }
}
