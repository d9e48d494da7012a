/// A map from 64-bit keys to 32-bit values for lookups on the decision path: open addressing in one array, so that a
/// lookup costs one miss of the cache, and no keyed hash, since keys come from `StableHash` or from files of our own.
package struct UInt64HashTable: Sendable {
    private struct Slot {
        var key: UInt64 = 0
        /// The value + 1; 0 in a free slot.
        var value: UInt32 = 0
    }

    private var slots: [Slot]
    private let shift: UInt64
    /// How many keys there are.
    package private(set) var count = 0

    /// An empty map for at most `capacity` keys.
    package init(capacity: Int) {
        var bits: UInt64 = 4
        while 1 << bits < 2 * capacity { bits += 1 }
        slots = [Slot](repeating: Slot(), count: 1 << bits)
        shift = 64 - bits
    }

    /// The value of a key; nil when it has none.
    package subscript(key: UInt64) -> UInt32? {
        let slot = slots[place(of: key)]
        return slot.value == 0 ? nil : slot.value - 1
    }

    /// Gives a key its value, below `UInt32.max`; returns false, and changes nothing, when it has one.
    package mutating func insert(_ key: UInt64, _ value: UInt32 = 0) -> Bool {
        let place = place(of: key)
        guard slots[place].value == 0 else { return false }
        precondition(2 * count < slots.count, "more keys than the map was made for")
        slots[place] = Slot(key: key, value: value + 1)
        count += 1
        return true
    }

    /// The value of a key, which gets `value`, below `UInt32.max`, when it has none.
    package mutating func value(of key: UInt64, orInsert value: UInt32) -> UInt32 {
        let place = place(of: key)
        guard slots[place].value == 0 else { return slots[place].value - 1 }
        precondition(2 * count < slots.count, "more keys than the map was made for")
        slots[place] = Slot(key: key, value: value + 1)
        count += 1
        return value
    }

    /// The slot that has the key, else the free one where it belongs.
    private func place(of key: UInt64) -> Int {
        let slots = slots.span
        var place = Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while true {
            let slot = slots[place]
            if slot.value == 0 || slot.key == key { return place }
            place = (place + 1) & (slots.count - 1)
        }
    }
}
