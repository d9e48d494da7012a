import Testing
import TriageText

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
    ])
    func `HTML becomes text`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: [
        "if a < b and c > d then", "List<String> and Map<Int, Int>", "Dear <insert name>, hello", "a <b",
        "x <- y", "5 < 6 &amp; 7",
        "The `<div>` and `</div>` are missing", "I <3 this", "<", "<<<>>>", "</", "<a",
        "press <enter> or <tab>", "<p",
    ])
    func `other angle brackets survive`(text: String) {
        #expect(cleaner.clean(text).text.string == text)
    }

    // MARK: - Quotes and forwards

    @Test(arguments: [
        (
            "It fails again.\n\nOn Mon, 1 May 2023 at 10:00, Bob <b@x.org> wrote:\n> Try now.\n> Bob",
            "It fails again."
        ),
        ("It fails again.\n\nOn Mon, 1 May 2023, Bob\n<b@x.org> wrote:\nTry now.", "It fails again."),
        ("Geht nicht.\n\nAm 01.05.2023 um 10:00 schrieb Bob:\n> Bitte testen.", "Geht nicht."),
        ("Ça échoue.\n\nLe 1 mai 2023 à 10:00, Bob a écrit :\n> Essayez.", "Ça échoue."),
        ("No funciona.\n\nEl 1 may 2023, Bob escribió:\n> Pruebe.", "No funciona."),
        ("Não funciona.\n\nEm 1 de mai de 2023, Bob escreveu:\n> Tente.", "Não funciona."),
        (
            "The printer still does not print anything at all today.\n\n-----Original Message-----\nFrom: Help\nSent: Monday\n"
                + "To: Ann\nSubject: RE: printer\n\nPlease restart.",
            "The printer still does not print anything at all today."
        ),
        (
            "Der Drucker druckt auch heute noch immer gar nichts mehr.\n\nVon: Hilfe\nGesendet: Montag\nAn: Ann\n"
                + "Betreff: AW: Drucker\n\nBitte neu starten.",
            "Der Drucker druckt auch heute noch immer gar nichts mehr."
        ),
    ])
    func `quoted replies go`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: [
        (
            "---------- Forwarded message ---------\nFrom: Ann <a@x.org>\nDate: Mon\nSubject: VPN\nTo: Help\n\nVPN is down.",
            "VPN is down."
        ),
        (
            "Please help\n\nBegin forwarded message:\n\nFrom: Ann\nSubject: VPN\nDate: Mon\n\nVPN is down.",
            "Please help|VPN is down."
        ),
        ("FYI\n\nFrom: Ann\nSent: Monday\nTo: Bob\nSubject: VPN\n\nVPN is down.", "FYI|VPN is down."),
        (
            "Zur Info\n\nVon: Ann\nGesendet: Montag\nAn: Bob\nBetreff: VPN\n\nVPN geht nicht.",
            "Zur Info|VPN geht nicht."
        ),
    ])
    func `forwarded text stays without its head`(text: String, expected: String) throws {
        #expect(clean(text) == expected)
        let heads = cleaner.clean(text).setAside
        let head = try #require(heads.first)
        #expect(heads.count == 1)
        #expect(head.kind == .quoted)
        #expect(Array(text.utf8)[head.range].elementsEqual(head.text))
    }

    @Test(arguments: [
        "From: Berlin\nTo: Paris\nDate: 3 May", ">>> import os\n>>> os.getcwd()", "->x",
        "On 3 May we wrote code:\nit failed",
        "# Report\n> TypeError: x is undefined", "```\n> npm run build\n```",
    ])
    func `what only resembles mail stays`(text: String) {
        #expect(cleaner.clean(text).text.string == text)
    }

    // MARK: - Signatures

    @Test(arguments: [
        ("Help me.\n-- \nBob\nAcme Ltd\n+1 212 555 0100", "Help me."),
        ("Help me.\n\nKind regards,\nBob", "Help me."),
        ("Hilfe bitte.\n\nMit freundlichen Grüßen\nBob Muster\nAcme GmbH", "Hilfe bitte."),
        ("Help.\n\nThanks!\nBob", "Help."),
        ("Help me.\n\nSent from my iPhone", "Help me."), ("Aidez-moi.\n\nCordialement,\nAnne", "Aidez-moi."),
        ("Help.\n\nBest regards, Bob Miller", "Help."),
        (
            "Help.\n\nKind regards\nBob\n\n---------- Forwarded message ---------\nFrom: Ann\nSubject: x\n\nIt broke.\n\nThanks\nAnn",
            "Help.|It broke."
        ),
    ])
    func `signatures go`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: [
        "Thanks\nThe application crashes since Monday, could anybody please have a look at it? It is very urgent for us all.",
        "Kind regards,\nBob", "Sent from my iPhone", "> only a quote", "-- \nBob",
        "Thanks for your help with the printer", "Help.\n\nThanks\n\n## Log\n\nerror 17",
    ])
    func `nothing is cut that leaves too little or holds the matter`(text: String) {
        #expect(cleaner.clean(text).text.string == text)
    }

    // MARK: - Options and properties

    @Test func `each cut can be switched off`() {
        let text = "<p>Hi</p>\n> quote\n\nThanks,\nBob"
        let keep = Cleaner(Cleaner.Options(html: false, quotes: false, signatures: false))
        #expect(keep.clean(text).text.isIdentity)
        let cuts: [(text: String, others: Cleaner.Options, own: Cleaner.Options)] = [
            ("<p>My screen is black</p>", .init(quotes: false, signatures: false), .init(html: false)),
            ("My screen is black\n> quote", .init(html: false, signatures: false), .init(quotes: false)),
            ("My screen is black\n\nThanks", .init(html: false, quotes: false), .init(signatures: false)),
        ]
        for cut in cuts {
            #expect(!Cleaner(cut.others).clean(cut.text).text.isIdentity, "\(cut.text)")
            #expect(Cleaner(cut.own).clean(cut.text).text.isIdentity, "\(cut.text)")
        }
    }

    @Test(arguments: 0..<300)
    func `any bytes give valid text with a map inside the original`(seed: Int) {
        var random = RandomText(seed: UInt64(seed))
        let bytes = seed % 2 == 0 ? random.bytes(200) : random.pieces(40)
        let cleaned = cleaner.clean(bytes)
        #expect(Array(cleaned.text.string.utf8) == cleaned.text.bytes)
        #expect(cleaned.text.sourceCount == bytes.count)
        #expect(cleaned.setAside.allSatisfy { $0.range.lowerBound >= 0 && $0.range.upperBound <= bytes.count })
        let hadContent = !bytes.allSatisfy { $0 <= 0x20 || $0 == 0x7F }
        if hadContent { #expect(!cleaned.text.bytes.allSatisfy { $0 == 0x20 || $0 &- 9 < 5 }) }
    }
}
