import Testing
import TriageText

struct RepeatedParagraphsTests {
    private static let footer = """
        Grunwald & Söhne prints on recycled paper. Call the front desk on 030 555 12 34 before 18:00 if this note was
        not meant for you.
        """

    private func read(_ text: String) -> ParagraphReader.Paragraph {
        var reader = ParagraphReader()
        let bytes = Array(text.utf8)
        return reader.read(bytes, bytes.indices)
    }

    private func learned(_ texts: String..., key: UInt64 = 7) -> RepeatedParagraphs {
        RepeatedParagraphs(key: key, contents: texts.map { read($0).content })
    }

    private func found(_ repeated: RepeatedParagraphs, in text: String) -> [String] {
        let bytes = Array(text.utf8)
        return repeated.ranges(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(arguments: [
        "GRUNWALD & SÖHNE prints on recycled paper. Call the front desk on 030 555 12 34 before 18:00 if this note was not meant for you.",
        "  Grunwald & So\u{308}hne\u{A0}prints on recycled paper.\n  Call the front desk on 030 555 12 34 before 18:00\n  if this note was not meant for you.  ",
        "*Grunwald & Söhne* prints on re\u{AD}cycled pa\u{200B}per – call the front desk on 040/98765 before 9:30, if this note was not meant for you!",
        "Grunwald & Söhne prints on recycled paper. Call the front desk on ٠٣٠ before ١٨:٠٠ if this note was not meant for you.",
    ])
    func `layout, case, symbols and digits make no difference`(text: String) {
        let bytes = Array(text.utf8)
        #expect(learned(Self.footer).contains(bytes, bytes.indices))
    }

    @Test(arguments: [
        "Grunwald & Söhne prints on recycled paper. Call the front desk on 030 555 12 34 before 18:00 if this note was meant for you.",
        "Grunwald & Söhne prints on paper recycled. Call the front desk on 030 555 12 34 before 18:00 if this note was not meant for you.",
        "Grunwald & Söhne prints on recycled paper. Call the front desk before 18:00 if this note was not meant for you.",
        "",
    ])
    func `another word, order or a missing number does`(text: String) {
        let bytes = Array(text.utf8)
        #expect(!learned(Self.footer).contains(bytes, bytes.indices))
    }

    @Test func `hashes of two keys differ`() {
        let (one, other) = (learned(Self.footer, key: 1), learned(Self.footer, key: 2))
        #expect(one.hashes.isDisjoint(with: other.hashes))
        #expect(RepeatedParagraphs().isEmpty && !one.isEmpty)
    }

    @Test(arguments: [
        ("one\ntwo\n\nthree", ["one\ntwo", "three"]), ("\n \n\t one \n", ["one"]), ("", []), ("\n\n", []),
        ("one\n\u{A0}\u{200B}\ntwo", ["one", "two"]), ("one\n____________\ntwo", ["one", "two"]),
        ("one\n————\ntwo\n* * *\nthree", ["one", "two", "three"]), ("一\n。\n二", ["一", "二"]),
        ("a\n- b\n- c", ["a\n- b\n- c"]),
    ])
    func `a paragraph is the lines between lines without a letter or digit`(text: String, expected: [String])
    {
        let bytes = Array(text.utf8)
        let paragraphs = ParagraphReader.paragraphs(of: bytes)
        #expect(paragraphs.map { String(decoding: bytes[$0], as: UTF8.self) } == expected)
    }

    @Test(arguments: [
        (0, []), (1, [0]), (4, [0, 1, 2, 3]), (9, Array(0..<9)), (12, [0, 1, 2, 6, 7, 8, 9, 10, 11]),
    ])
    func `banners and footers are looked for near the ends`(count: Int, expected: [Int]) {
        #expect(ParagraphReader.nearEnds(count) == expected)
    }

    @Test(arguments: [
        ("Thank you for your prompt attention to this matter", false),
        ("Mit freundlichen Grüßen", false), ("请尽快处理，谢谢！", false),
        ("____ * _ * ____ 1 2 3 4 5 6 7 8 9 10 11", false),
        ("This mail was sent from the shared inbox of the north office", true),
        ("本邮件及其附件仅供指定收件人使用，如误收请立即删除。", true),
        ("อีเมลฉบับนี้และไฟล์แนบใช้สำหรับผู้รับที่ระบุเท่านั้นหากได้รับโดยไม่ได้ตั้งใจโปรดลบทิ้งทันทีและแจ้งผู้ส่งให้ทราบ", true),
    ])
    func `greetings and thanks are too short`(text: String, isLong: Bool) {
        #expect(read(text).isLong == isLong)
    }

    @Test func `a learned paragraph is found near the ends of a text`() {
        let footer = "This mail was sent from the shared inbox of the north office."
        let banner = "Mail from people who do not work here carries this line on top."
        let repeated = learned(footer, banner)
        let ticket = "My screen is black.\n\nIt was fine yesterday."
        #expect(found(repeated, in: "\(banner)\n\n\(ticket)\n\n--\n\(footer)\n") == [banner, footer])
        #expect(found(repeated, in: "\(ticket)\n\n\(footer)\n\nAnna") == [footer])
        #expect(found(repeated, in: ticket).isEmpty)
        #expect(found(RepeatedParagraphs(), in: "\(ticket)\n\n\(footer)").isEmpty)
    }

    @Test func `text in the middle and a text of nothing else stay`() {
        let footer = "This mail was sent from the shared inbox of the north office."
        let repeated = learned(footer)
        let lines = (1...8).map {
            "Step \(["one", "two", "three", "four", "five", "six", "seven", "eight"][$0 - 1])"
        }
        let text = (lines[..<4] + [footer] + lines[2...] + lines[4...]).joined(separator: "\n\n")
        #expect(found(repeated, in: text).isEmpty)
        #expect(found(repeated, in: footer).isEmpty)
        #expect(found(repeated, in: "\(footer)\n\n\(footer)").isEmpty)
    }
}
