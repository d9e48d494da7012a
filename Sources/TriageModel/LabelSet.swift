/// The labels of one field, in a fixed order: a closed set.
package struct LabelSet: Sendable, Equatable {
    /// The labels, sorted by Unicode scalars.
    package let names: [String]
    private let indices: [String: Int]

    /// The distinct `names`, sorted.
    package init(_ names: some Sequence<String>) {
        self.names = Set(names).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        indices = Dictionary(uniqueKeysWithValues: self.names.enumerated().map { ($1, $0) })
    }

    package var count: Int { names.count }

    /// The place of a label, nil when it is not one of them.
    package func index(of name: String) -> Int? { indices[name] }

    /// The label at a place.
    package subscript(index: Int) -> String { names[index] }
}
