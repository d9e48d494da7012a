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
        RepeatedParagraphs(key: key).adding(contents: texts.map { read($0).content })
    }

    /// The texts that cleaning sets aside as boilerplate.
    private func found(_ repeated: RepeatedParagraphs, in text: String) -> [String] {
        Cleaner(repeated: repeated).clean(text).setAside.filter { $0.kind == .boilerplate }
            .map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) }
            .map { $0.split(separator: "\n").joined(separator: "\n") }
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

    @Test func `new paragraphs push old ones out when there are too many`() {
        let most = RepeatedParagraphs.maximumCount
        let old = RepeatedParagraphs(key: 3).adding(contents: 0..<UInt64(most))
        #expect(old.hashes.count == most)
        let new = old.adding(contents: [5_000, 6_000])
        #expect(new.hashes.count == most && new.contains(content: 5_000) && new.contains(content: 6_000))
        #expect(new.hashes.intersection(old.hashes).count == most - 2 && new.key == 3)
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
        ("Thank you for your prompt help in this urgent matter", false),
        ("Mit freundlichen Grüßen", false), ("请尽快处理，谢谢！", false),
        ("____ * _ * ____ 1 2 3 4 5 6 7 8 9 10 11", false),
        ("This mail was sent from the shared inbox of the north office", true),
        ("本邮件及其附件仅供指定收件人使用，如误收请立即删除。", true),
        (
            "อีเมลฉบับนี้และไฟล์แนบใช้สำหรับผู้รับที่ระบุเท่านั้นหากได้รับโดยไม่ได้ตั้งใจโปรดลบทิ้งทันทีและแจ้งผู้ส่งให้ทราบ ห้ามเปิดเผยหรือคัดลอกข้อความนี้โดยไม่ได้รับอนุญาต",
            true
        ),
    ])
    func `greetings and thanks are too short`(text: String, isLong: Bool) {
        #expect(read(text).isLong == isLong)
    }

    private static let inbox = "This parcel of words came out of the shared tray of the north office."

    @Test func `a learned paragraph is set aside at the ends of an author's words`() {
        let banner = "Letters from houses that are not ours carry this line at the top."
        let repeated = learned(Self.inbox, banner)
        let ticket = "My screen is black.\n\nIt was fine yesterday."
        #expect(found(repeated, in: "\(banner)\n\n\(ticket)\n\n\(Self.inbox)\n") == [banner, Self.inbox])
        #expect(found(repeated, in: "\(banner)\n=====\n\(ticket)\n____\n\(Self.inbox)").count == 2)
        #expect(found(repeated, in: ticket).isEmpty)
        #expect(found(RepeatedParagraphs(), in: "\(ticket)\n\n\(Self.inbox)").isEmpty)
    }

    @Test func `what stands in the middle stays, and so does a text of nothing else`() {
        let repeated = learned(Self.inbox)
        #expect(found(repeated, in: "Who wrote this?\n\n\(Self.inbox)\n\nI find it odd.").isEmpty)
        #expect(found(repeated, in: Self.inbox).isEmpty)
    }
}
