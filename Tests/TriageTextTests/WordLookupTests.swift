import Testing

@testable import TriageText

/// The quick tests before words are looked up, and the reading of many bytes at once, against their plain forms.
struct WordLookupTests {
    private static let lines: [[UInt8]] = (0..<400).map { seed in
        var text = RandomText(seed: UInt64(seed))
        return seed.isMultiple(of: 4) ? text.bytes(60) : line(&text)
    }

    /// Words and parts of words, in all cases, with marks between them.
    private static func line(_ text: inout RandomText) -> [UInt8] {
        let parts = [
            "confidential", "confid", "this", "the", "thistle", "vat", "sent", "e-mail", "Écran",
            "vertraulich",
            "VAT", "über", "x", "7", "2024", "naïve", "PIN", "pin code", "passw", "password", "Kennwort",
            "clé api",
            "пароль", "日本", "Ж", "ß", "abcdefghijk", "-", "--", "“", "”", "\"", "«", "»", "\u{A0}", "…", ".",
            ",",
        ]
        let marks = [" ", " ", " ", "", "-", ".", "\t", "\n"]
        return (0..<12).flatMap { _ in
            let part = parts[text.next(parts.count)]
            let cased = text.next(3) == 0 ? part.uppercased() : part
            return Array((cased + marks[text.next(marks.count)]).utf8)
        }
    }

    // MARK: - Many bytes at once

    @Test(arguments: lines) func `letters end where the first other byte stands`(line: [UInt8]) {
        for start in line.indices {
            let end = line[start...].firstIndex { !ASCII.isLetter($0) } ?? line.count
            #expect(line.span.skipLetters(from: start) == end)
        }
    }

    @Test(arguments: lines) func `only printable bytes are passed over, up to seven too few`(line: [UInt8]) {
        for start in line.indices {
            let end = line[start...].firstIndex { $0 < 0x20 || $0 >= 0x7F } ?? line.count
            let found = line.skipPrintable(from: start)
            #expect(found <= end && (end - found < 8))
        }
    }

    @Test(arguments: lines) func `words are those that a plain reader finds`(line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        let bytes = Array(text.utf8)
        var reader = MailWords(bytes, bytes.indices)
        var words: [String] = []
        while let word = reader.next() {
            words.append(String(decoding: bytes[word.range], as: UTF8.self))
            #expect(word.hasHyphen == bytes[word.range].contains(ASCII.dash))
            #expect(word.hasDigit == bytes[word.range].contains(where: ASCII.isDigit))
        }
        #expect(words == plainWords(text))
    }

    private func plainWords(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var words: [String] = []
        var word = ""
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            let joins =
                scalar == "-" && !word.isEmpty && (!next.isASCII || next.properties.isAlphabetic)
            if isLetter(scalar) || joins {
                word.unicodeScalars.append(scalar)
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x80: scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        case 0x80..<0xC0, 0x2000..<0x2C00, 0x3000..<0x3040: false
        default: true
        }
    }

    // MARK: - Words

    private static let stems = [
        "confid", "this.", "vat.", "sent", "email", "ecran", "uber.", "abc", "vertraulich.",
    ]

    @Test(arguments: lines) func `a word shows what each stem that fits shows`(line: [UInt8]) {
        let rows = Self.stems.enumerated().map {
            (SafetyFeature(rawValue: 1 << UInt64($0.offset)), $0.element)
        }
        let table = StemTable<SafetyFeature>(rows)
        var reader = MailWords(line, line.indices)
        while let word = reader.next() {
            let parts = [line[word.range]] + line[word.range].split(separator: ASCII.dash)
            let fitting = rows.filter { row in parts.contains { fits(row.1, Array($0)) } }
            let expected = fitting.reduce(into: SafetyFeature()) { $0.formUnion($1.0) }
            #expect(table.features(line, word) == expected)
        }
    }

    private func fits(_ stem: String, _ word: [UInt8]) -> Bool {
        let letters = MailLetter.plain(word)
        let isWhole = stem.hasSuffix(".")
        let wanted = Array((isWhole ? stem.dropLast() : stem[...]).utf8)
        return isWhole ? letters == wanted : letters.starts(with: wanted)
    }

    @Test(arguments: lines) func `a set of words holds its words in any case and no others`(line: [UInt8]) {
        let words = ["x", "pin", "vat", "this", "password", "confidential", "über"]
        let set = KeywordSet(words.joined(separator: " "))
        for start in line.indices {
            for end in start..<min(line.count, start + 14) {
                let text = line[start..<end].map(ASCII.lower)
                let isWord = words.contains {
                    Array($0.utf8) == text || $0 == "über" && Array("Über".utf8) == text
                }
                #expect(set.contains(line, start..<end) == isWord)
            }
        }
    }

    @Test(arguments: lines) func `no name of a secret is missed`(line: [UInt8]) {
        for end in line.indices {
            for phrases in [SecretWords.names, SecretWords.codeNames]
            where phrases.start(in: line, endingAt: end, to: 0) != nil {
                #expect(SecretWords.endings.mayMatch(line, endingAt: end))
            }
            for start in 0..<end where SecretWords.codes.contains(line, start..<end) {
                #expect(SecretWords.endings.mayMatch(line, endingAt: end))
            }
        }
    }

    @Test func `words before numbers are compared without accents in every script below U+0600`() {
        for value in UInt32(0x80)..<0x600 {
            guard let scalar = Unicode.Scalar(value), Scalars.decomposed(scalar).count > 1 else { continue }
            let (word, base) = (Array("ab\(scalar)".utf8), Array("ab\(Scalars.decomposed(scalar)[0])".utf8))
            #expect(WordHashes(word, word.indices).whole == WordHashes(base, base.indices).whole)
        }
    }
}
