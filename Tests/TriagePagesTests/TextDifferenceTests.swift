import Testing

@testable import TriagePages

struct TextDifferenceTests {
    @Test(arguments: [
        ("", ""), ("a b c", "a b c"), ("a b c", "a x c"), ("", "new text"), ("gone", ""), ("a a b", "a b b"),
        ("one\ntwo", "one\n\ntwo three"), ("  lead", "lead"), ("é è", "è é"),
    ])
    func `both texts can be read from the pieces`(old: String, new: String) {
        let pieces = TextDifference(from: old, to: new).pieces
        let before = pieces.map { if case .added = $0 { "" } else { $0.text } }.joined()
        let after = pieces.map { if case .removed = $0 { "" } else { $0.text } }.joined()
        #expect(before == old && after == new)
    }

    @Test func `words that stay are not marked`() {
        let difference = TextDifference(
            from: "Please call the desk today.", to: "Please mail the desk <now>.")
        #expect(difference.pieces.first == .kept("Please "))
        #expect(
            difference.html.markup
                == "Please <del>call </del><ins>mail </ins>the desk <del>today.</del><ins>&lt;now&gt;.</ins>")
    }

    @Test func `a text of many words is compared as a whole`() {
        let long = String(repeating: "word ", count: 5_000)
        #expect(TextDifference(from: long, to: long + "x").pieces == [.removed(long), .added(long + "x")])
        #expect(TextDifference(from: long, to: long).pieces == [.kept(long)])
    }
}

extension TextDifference.Piece {
    fileprivate var text: String {
        switch self {
        case .kept(let text), .removed(let text), .added(let text): text
        }
    }
}
