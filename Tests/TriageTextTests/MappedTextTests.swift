import Testing
import TriageText

struct MappedTextTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `without edits the text is its own original`() {
        let text = Rewriter(bytes("abc")).finish()
        #expect(text == MappedText(bytes("abc")))
        #expect(text.isIdentity)
        #expect(text.sourceRange(of: 1..<2) == 1..<2)
    }

    @Test func `ranges lead back over replaced and dropped text`() {
        // original "ab12cd--ef": "12" becomes "[NUM]", "--" goes
        var rewriter = Rewriter(bytes("ab12cd--ef"))
        rewriter.replace(2..<4, with: "[NUM]")
        rewriter.drop(6..<8)
        let text = rewriter.finish()
        #expect(text.string == "ab[NUM]cdef")
        #expect(text.sourceRange(of: 0..<2) == 0..<2)
        #expect(text.sourceRange(of: 3..<4) == 2..<4)
        #expect(text.sourceRange(of: 1..<3) == 1..<4)
        #expect(text.sourceRange(of: 7..<9) == 4..<6)
        #expect(text.sourceRange(of: 8..<10) == 5..<9)
        #expect(text.sourceRange(of: 9..<11) == 8..<10)
        #expect(text.sourceRange(of: 0..<11) == 0..<10)
        #expect(text.sourceRange(of: 4..<4) == 2..<4)
        #expect(text.sourceRange(of: 2..<2) == 2..<2)
    }

    @Test func `ranges outside the text are moved to its ends`() {
        var rewriter = Rewriter(bytes("abc"))
        rewriter.drop(0..<1)
        let text = rewriter.finish()
        #expect(text.sourceRange(of: -5..<99) == 1..<3)
        #expect(MappedText([]).sourceRange(of: 3..<9) == 0..<0)
    }

    @Test func `edits that overlap or leave the text are cut to what is left`() {
        var rewriter = Rewriter(bytes("abcdef"))
        rewriter.replace(1..<3, with: "X")
        rewriter.replace(2..<4, with: "Y")
        rewriter.drop(5..<50)
        #expect(rewriter.finish().string == "aXYe")
    }

    @Test func `two rewritings make one map`() {
        var first = Rewriter(bytes("aa1bb22cc"))
        first.replace(2..<3, with: "[ONE]")
        first.drop(5..<7)
        let once = first.finish()
        #expect(once.string == "aa[ONE]bbcc")
        var second = Rewriter(once.bytes)
        second.replace(1..<3, with: "?")  // "a[" touches the placeholder
        second.drop(8..<10)  // "bc"
        let both = once.mapped(by: second.finish())
        #expect(both.string == "a?ONE]bc")
        #expect(both.sourceRange(of: 0..<1) == 0..<1)
        #expect(both.sourceRange(of: 1..<2) == 1..<3)
        #expect(both.sourceRange(of: 3..<4) == 1..<3)
        #expect(both.sourceRange(of: 6..<7) == 3..<4)
        #expect(both.sourceRange(of: 7..<8) == 8..<9)
    }

    @Test func `the identity changes nothing on either side`() {
        var rewriter = Rewriter(bytes("abc"))
        rewriter.replace(0..<1, with: "xyz")
        let text = rewriter.finish()
        #expect(text.mapped(by: MappedText(text.bytes)) == text)
        #expect(MappedText(bytes("abc")).mapped(by: text) == text)
    }

    @Test(arguments: 0..<200)
    func `a composed map agrees with going back step by step`(seed: Int) {
        var random = RandomText(seed: UInt64(seed))
        let source = random.bytes(60)
        let once = edited(source, &random)
        let twice = edited(once.bytes, &random)
        let both = once.mapped(by: twice)
        #expect(both.bytes == twice.bytes)
        #expect(both.sourceCount == source.count)
        var previous = 0
        for index in both.bytes.indices {
            let range = both.sourceRange(of: index..<index + 1)
            let steps = once.sourceRange(of: twice.sourceRange(of: index..<index + 1))
            #expect(range.lowerBound <= steps.lowerBound && range.upperBound >= steps.upperBound)
            #expect(range.lowerBound >= previous)
            previous = range.lowerBound
            if range.count == 1, steps == range { continue }
            #expect(!range.isEmpty)
        }
        #expect(both.sourceRange(of: 0..<both.bytes.count).upperBound <= source.count)
    }

    private func edited(_ bytes: [UInt8], _ random: inout RandomText) -> MappedText {
        var rewriter = Rewriter(bytes)
        var position = 0
        while position < bytes.count {
            let length = 1 + random.next(6)
            let range = position..<min(bytes.count, position + length)
            switch random.next(4) {
            case 0: rewriter.replace(range, with: "[XYZ]")
            case 1: rewriter.drop(range)
            default: break
            }
            position += length
        }
        return rewriter.finish()
    }
}
