import Testing
import TriageNumerics
import TriageText

@testable import TriageModel

struct TrainedTextsTests {
    private func content(_ subject: String, _ body: String = "") -> UInt64? {
        var words = Words()
        words.scan(subject: Array(subject.utf8), body: Array(body.utf8))
        return TrainedTexts.content(of: words)
    }

    private func texts(_ rows: [String]) -> TrainedTexts { TrainedTexts(contents: rows.map { content($0) }) }

    @Test(arguments: [
        ("Login fails", "since Monday, 9 am."), ("login   FAILS\r\nsince monday 9 am", ""),
        ("", "Login fails – since Monday: 9 am!"), ("Login", "fails since\tMonday 9 am"),
    ])
    func `case, symbols, spaces and the border between subject and body do not count`(
        subject: String, body: String
    ) throws {
        let known = texts(["Login fails since Monday 9 am", "another"])
        #expect(known.contains(try #require(content(subject, body))))
    }

    @Test(arguments: ["Login fails since Monday 8 am", "Monday 9 am login fails since", "Login fails", "x"])
    func `other words, another order or another number are another text`(text: String) throws {
        let known = texts(["Login fails since Monday 9 am", "another"])
        #expect(!known.contains(try #require(content(text))))
    }

    @Test func `a text without a word has no hash`() {
        #expect(content(" ", "?!") == nil)
        #expect(texts(["", "--", "word"]).count == 1)
        #expect(!texts([]).contains(7))
    }

    @Test func `every row of many is found, and hardly any other text`() throws {
        let known = texts((0..<50_000).map { "ticket number \($0)" })
        for row in stride(from: 0, to: 50_000, by: 7) {
            #expect(known.contains(try #require(content("ticket number \(row)"))))
        }
        // 50,000 of 2^32 hashes: 1.2 false hits are expected among 100,000 texts.
        let falseHits = (0..<100_000).count { content("query number \($0)").map(known.contains) ?? false }
        #expect(falseHits <= 8)
    }

    @Test func `tensors keep the hashes, 4 bytes a row, and equal rows give equal bytes`() throws {
        func bytes() -> [UInt8] {
            var writer = SafeTensorsWriter()
            texts((0..<1000).map { "row \($0)" }).add(to: &writer)
            return writer.bytes()
        }
        #expect(bytes() == bytes() && bytes().count < 4 * 1000 + 400)
        let read = try #require(try TrainedTexts(SafeTensors(MappedBytes(copying: bytes()))))
        #expect(read.count == 1000)
        #expect(read.contains(try #require(content("row 999"))))
        #expect(!read.contains(try #require(content("row 1000"))))
        var empty = SafeTensorsWriter()
        empty.add("bias", [Float(0)], shape: [1])
        #expect(try TrainedTexts(SafeTensors(MappedBytes(copying: empty.bytes()))) == nil)
    }

    @Test func `the key depends on the texts: a hash of one site says nothing of another's`() throws {
        func bytes(_ rows: [String]) -> [UInt8] {
            var writer = SafeTensorsWriter()
            texts(rows).add(to: &writer)
            return writer.bytes()
        }
        let (one, two) = (bytes(["shared", "own"]), bytes(["shared", "other"]))
        let tail = { (bytes: [UInt8]) in Array(bytes.suffix(8)) }
        let hashes = { (bytes: [UInt8]) in
            Set(stride(from: 0, to: 8, by: 4).map { Array(tail(bytes)[$0..<$0 + 4]) })
        }
        #expect(hashes(one).isDisjoint(with: hashes(two)))
    }
}
