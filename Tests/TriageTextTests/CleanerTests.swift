import Testing

@testable import TriageText

struct CleanerTests {
    private let cleaner = Cleaner()

    private func clean(_ text: String) -> String {
        let cleaned = cleaner.clean(text).text.string
        return cleaned.split(separator: "\n", omittingEmptySubsequences: true)
            .map { $0.drop(while: { $0 == " " }) }.filter { !$0.isEmpty }.joined(separator: "|")
    }

    // MARK: - Repair

    @Test(arguments: [
        ("plain", "plain"), ("é日本🙂", "é日本🙂"), ("a\r\nb\rc", "a\nb\nc"),
        ("a\u{0}b\u{1B}c\u{7F}\td", "a b c \td"),
    ])
    func `control characters and line ends are put in order`(text: String, expected: String) {
        #expect(cleaner.clean(text).text.string == expected)
    }

    @Test(
        arguments: [
            [0x61, 0xFF, 0x62], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0xAF],
            [0x80, 0x80],
            [0xF5, 0x41], [0xE0, 0x80, 0x41], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x41],
        ] as [[UInt8]])
    func `ill-formed bytes are repaired as the standard library does`(bytes: [UInt8]) {
        let text = cleaner.clean(bytes).text
        #expect(text.bytes == Array(String(decoding: bytes, as: UTF8.self).utf8))
    }

    @Test func `text in order comes back untouched`() {
        #expect(cleaner.clean("My laptop does not start.\nWhat now?").text.isIdentity)
    }

    // MARK: - HTML

    @Test(arguments: [
        ("<p>Hello<br>world &amp; all</p>", "Hello|world & all"),
        ("<html><head><title>x</title><style>p{}</style></head><body>Hi <b>you</b></body></html>", "Hi you"),
        ("<div>one</div><div>two</div><script>if (a < b) {}</script>", "one|two"),
        ("<p>a &lt; b &#65;&#x42; &euro;5 &nosuch; AT&T</p>", "a < b AB €5 &nosuch; AT&T"),
        ("<p>x<!-- hidden <b> -->y</p>", "xy"),
        ("<!DOCTYPE html><html><body><p title=\"a > b\">text</p></body></html>", "text"),
        ("<p>List<String> &amp; <insert name></p>", "List<String> & <insert name>"),
        ("first line<br/>second line<br/>", "first line|second line"),
        ("<p class=x>Hi<o:p></o:p></p>", "Hi"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a  b "),
        ("<p>Tray is <b>empty<p>Drum is worn", "Tray is empty|Drum is worn"),
        ("<li>first fault<li>second fault", "first fault|second fault"),
    ])
    func `HTML becomes text`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: [
        "if a < b and c > d then", "List<String> and Map<Int, Int>", "Dear <insert name>, hello", "a <b",
        "x <- y", "5 < 6 &amp; 7",
        "The `<div>` and `</div>` are missing", "I <3 this", "<", "<<<>>>", "</", "<a",
        "press <enter> or <tab>", "<p",
        "<p> and <b> are shown as text", "<p>Hello", "<p>`x`<p>y",
    ])
    func `other angle brackets survive`(text: String) {
        #expect(cleaner.clean(text).text.string == text)
    }

    // MARK: - Options and properties

    @Test func `each part can be left in`() {
        let quote = "My screen is black.\n\nOn Mon, 1 May 2023 at 10:00, Bob <b@x.org> wrote:\n> Try now."
        let signature = "My screen is black.\n\nKind regards\nBob Miller\nAcme Ltd"
        let markup = "<p>My screen is black</p>"
        let keep = Cleaner(Cleaner.Options(html: false, quotes: false, signatures: false))
        for text in [quote, signature, markup] { #expect(keep.clean(text).text.isIdentity) }
        let cases: [(text: String, others: Cleaner.Options, own: Cleaner.Options)] = [
            (markup, .init(quotes: false, signatures: false), .init(html: false)),
            (quote, .init(html: false, signatures: false), .init(quotes: false)),
            (signature, .init(html: false, quotes: false), .init(signatures: false)),
        ]
        for part in cases {
            #expect(!Cleaner(part.others).clean(part.text).text.isIdentity, "\(part.text)")
            #expect(Cleaner(part.own).clean(part.text).text.isIdentity, "\(part.text)")
        }
    }

    /// Each byte of the original but white space is in the text that is read or in a part that is set aside.
    @Test(arguments: 0..<300)
    func `no text disappears without being set aside`(seed: Int) {
        var random = RandomText(seed: UInt64(seed))
        // Damage, invisible characters and encoded data are no text.
        var bytes = random.pieces(60)
        while case let repaired = UTF8Repair.repair(bytes), !repaired.isIdentity { bytes = repaired.bytes }
        let cleaned = Cleaner(Cleaner.Options(html: false)).clean(bytes)
        var isCovered = [Bool](repeating: false, count: bytes.count)
        for offset in cleaned.text.bytes.indices {
            for index in cleaned.text.sourceRange(of: offset..<offset + 1) { isCovered[index] = true }
        }
        var last = 0
        for part in cleaned.setAside {
            #expect(part.range.lowerBound >= last)
            last = part.range.upperBound
            for index in part.range { isCovered[index] = true }
        }
        #expect(bytes.indices.allSatisfy { isCovered[$0] || bytes[$0] <= 0x20 })
    }

    @Test(arguments: 0..<300)
    func `any bytes give valid text with a map inside the original`(seed: Int) {
        var random = RandomText(seed: UInt64(seed))
        let bytes = seed % 2 == 0 ? random.bytes(200) : random.pieces(40)
        let cleaned = cleaner.clean(bytes)
        #expect(Array(cleaned.text.string.utf8) == cleaned.text.bytes)
        #expect(cleaned.text.sourceCount == bytes.count)
        #expect(
            cleaned.setAside.allSatisfy { $0.range.lowerBound >= 0 && $0.range.upperBound <= bytes.count })
        let hadContent = !bytes.allSatisfy { $0 <= 0x20 || $0 == 0x7F }
        if hadContent { #expect(!cleaned.text.bytes.allSatisfy { $0 == 0x20 || $0 &- 9 < 5 }) }
    }
}
