/// What was found for each set of names that rows have, so that it is found once.
///
/// Rows of JSON mostly have few sets of names: those of one export differ only in what is missing.
package struct NameSets<Value> {
    private typealias Entry = (names: Set<String>, value: Value)

    /// The entries by `mark`; names are compared too, since two sets may have one mark.
    private var entries: [UInt64: Entry] = [:]
    private var last: Entry?
    /// Rows whose names are data must not fill the memory.
    private static var maximumSets: Int { 512 }

    package init() {}

    package mutating func removeAll() { self = NameSets() }

    /// The value for the names of `fields`, where they were seen before.
    package mutating func value(of fields: [String: JSONValue]) -> Value? {
        if let last, NameSets.isEqual(last.names, fields) { return last.value }
        guard let known = entries[NameSets.mark(fields)], NameSets.isEqual(known.names, fields) else {
            return nil
        }
        last = known
        return known.value
    }

    /// Keeps the value for the names of `fields`.
    package mutating func keep(_ value: Value, of fields: [String: JSONValue]) {
        if entries.count == NameSets.maximumSets { entries = [:] }
        let entry = (Set(fields.keys), value)
        entries[NameSets.mark(fields)] = entry
        last = entry
    }

    private static func isEqual(_ names: Set<String>, _ fields: [String: JSONValue]) -> Bool {
        names.count == fields.count && fields.keys.allSatisfy(names.contains)
    }

    /// A sum over the names, so that their order does not matter.
    private static func mark(_ fields: [String: JSONValue]) -> UInt64 {
        fields.keys.reduce(0) { sum, name in
            // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
            sum &+ name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
    }
}

extension NameSets: Sendable where Value: Sendable {}
