internal import TriageTickets

/// The labels of one field, in a fixed order: a closed set.
package struct LabelSet: Sendable, Equatable {
    /// The labels, sorted by Unicode scalars.
    package let names: [String]
    private let indices: [String: Int]
    /// The places of labels that are not spelled as labels are read today: bundles of earlier versions have some.
    private let readings: [String: Int]
    /// With joined forms the place of each form; nil otherwise.
    private let forms: [String: Int]?

    /// The distinct `names`, sorted; with `joinsForms`, other forms of a name stand for it (`LabelText.form`).
    package init(_ names: some Sequence<String>, joinsForms: Bool = false) {
        let sorted = Set(names).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        let places = sorted.enumerated()
        self.names = sorted
        indices = Dictionary(uniqueKeysWithValues: places.map { ($1, $0) })
        readings = Dictionary(places.map { (LabelText.read($1), $0) }) { first, _ in first }
            .filter { $0.key != sorted[$0.value] }
        forms =
            joinsForms ? Dictionary(places.map { (LabelText.form(of: $1), $0) }) { first, _ in first } : nil
    }

    package var count: Int { names.count }

    /// The place of a label, nil when it is not one of them.
    package func index(of name: String) -> Int? { indices[name] }

    /// The place of a label as a file or a person spells it, nil when it is not one of them.
    package func index(reading text: String) -> Int? {
        if let place = indices[text] { return place }
        let label = LabelText.read(text)
        guard !label.isEmpty else { return nil }
        return indices[label] ?? readings[label] ?? forms?[LabelText.form(of: label)]
    }

    /// The set's own spelling of a label; of a label that it does not have, the label as it is read.
    package func spelling(of text: String) -> String {
        index(reading: text).map { names[$0] } ?? LabelText.read(text)
    }

    /// Whether two texts are one label.
    package func areEqual(_ first: String, _ second: String) -> Bool {
        let (first, second) = (spelling(of: first), spelling(of: second))
        return first == second || forms != nil && LabelText.form(of: first) == LabelText.form(of: second)
    }

    /// The label at a place.
    package subscript(index: Int) -> String { names[index] }
}
