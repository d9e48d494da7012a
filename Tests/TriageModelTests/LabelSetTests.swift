import Testing

@testable import TriageModel

struct LabelSetTests {
    @Test func `labels are distinct and sorted by Unicode scalars, each at its place`() {
        let labels = LabelSet(["b", "ä", "a", "Z", "a", "\u{1F525}", "\u{FF21}", "10", "9", ""])
        #expect(labels.names == ["", "10", "9", "Z", "a", "b", "ä", "\u{FF21}", "\u{1F525}"])
        #expect(labels.count == 9)
        for (place, name) in labels.names.enumerated() {
            #expect(labels.index(of: name) == place && labels[place] == name)
        }
        #expect(labels.index(of: "A") == nil && LabelSet([]).count == 0)
    }

    @Test func `the order of the given names does not matter`() {
        #expect(LabelSet(["a", "b"]) == LabelSet(["b", "a", "b"]))
        #expect(LabelSet(["a", "b"]) != LabelSet(["a"]))
    }
}
