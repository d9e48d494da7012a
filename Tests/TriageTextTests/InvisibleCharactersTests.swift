import Testing
import TriageText

struct InvisibleCharactersTests {
    private func clean(_ text: String) -> String { Cleaner().clean(text).text.string }

    @Test(arguments: [
        "\u{AD}", "\u{34F}", "\u{61C}", "\u{180E}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}",
        "\u{200F}",
        "\u{202A}", "\u{202E}", "\u{2060}", "\u{2064}", "\u{2066}", "\u{2069}", "\u{FE00}", "\u{FE0F}",
        "\u{FEFF}",
        "\u{FFF9}", "\u{E0041}", "\u{E0100}", "\u{200B}\u{AD}\u{FEFF}", "&shy;", "&#173;", "&#x200b;",
        "&#8203;",
        "&zwnj;", "&zwj;", "&lrm;", "&#65279;",
    ])
    func `an invisible character does not split a word`(character: String) {
        let isEntity = character.hasPrefix("&")
        let (open, close) = isEntity ? ("<p>", "</p>") : ("", "")
        let cleaned = clean("\(open)The dis\(character)play cra\(character)cked\(close)")
        #expect(cleaned.split(separator: "\n") == ["The display cracked"])
    }

    @Test(arguments: [
        ("a\u{A0}b", "a b"), ("a\u{3000}b", "a b"), ("a\u{2009}b\u{202F}c", "a b c"),
        ("a\u{2028}b\u{2029}c", "a\nb\nc"),
        ("a\u{85}b", "a\nb"), ("see\u{FFFC}here", "see here"), ("a\u{2800}b\u{3164}c", "a b c"),
        ("\u{FEFF}first", "first"), ("1\u{FE0F}\u{20E3} red \u{2764}\u{FE0F}", "1\u{20E3} red \u{2764}"),
    ])
    func `spaces and line ends become those of ASCII`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: [
        "می\u{200C}خواهم", "क्\u{200D}ष", "ශ්\u{200D}රී", "അവന്\u{200D}", "র\u{200D}্য",
        "👩\u{200D}💻 types", "🏳\u{200D}🌈", "👨\u{200D}👩\u{200D}👧",
    ])
    func `joiners that belong to the spelling stay`(text: String) {
        #expect(clean(text) == text)
        #expect(Cleaner().clean(text).text.isIdentity)
    }

    @Test(arguments: [
        ("bre\u{200D}ach", "breach"), ("па\u{200C}роль", "пароль"), ("密\u{200D}码", "密码"),
        ("\u{200D}a\u{200C}", "a"),
        ("می\u{200C} خواهم", "می خواهم"), ("سلا\u{200D}م", "سلام"), ("💻\u{200D}a", "💻a"),
    ])
    func `joiners that hide in a word go`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: [
        ("Geru\u{308}cht", "Gerücht"), ("contrasen\u{303}a", "contraseña"), ("й и\u{306}", "й й"),
        ("ガ カ\u{3099}", "ガ ガ"),
        ("\u{1112}\u{1161}\u{11AB}글", "한글"), ("e\u{302}\u{301}", "\u{1EBF}"), ("\u{301}a", "\u{301}a"),
        ("x\u{301}\u{301}", "x\u{301}\u{301}"),
    ])
    func `letters and their marks become one character where there is one`(text: String, expected: String) {
        #expect(Array(clean(text).utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        "pass\u{200B}word: hun\u{AD}ter2Hunter", "pass\u{AD}word: hunter2Hunter",
        "contrasen\u{303}a: hunter2Hunter",
        "mail ann@ex\u{200B}ample.org", "card 4111\u{2060}1111\u{2060}1111\u{2060}1111",
        "call +49\u{2009}30\u{2009}1234567",
    ])
    func `the masker reads the text without them`(text: String) {
        let cleaned = Cleaner().clean(text).text
        #expect(!Masker().mask(cleaned.bytes).spans.isEmpty)
    }

    @Test func `the map leads back to the original`() {
        let text = "Das Pass\u{AD}wort"
        let cleaned = Cleaner().clean(text).text
        #expect(cleaned.string == "Das Passwort")
        #expect(cleaned.sourceRange(of: 4..<12) == 4..<14)
    }

    @Test(arguments: 0..<200)
    func `invisible characters anywhere change nothing`(seed: Int) {
        var random = RandomText(seed: UInt64(seed))
        let plain = String(decoding: random.pieces(30), as: UTF8.self).unicodeScalars
        let hidden = Array("\u{AD}\u{200B}\u{200E}\u{2060}\u{FEFF}\u{E0041}".unicodeScalars)
        let isAlone = plain.allSatisfy { $0.value < 0x300 }
        guard isAlone else { return }
        var text = String.UnicodeScalarView()
        for scalar in plain {
            text.append(scalar)
            if random.next(4) == 0 { text.append(hidden[random.next(hidden.count)]) }
        }
        #expect(clean(String(text)) == clean(String(plain)))
    }
}
