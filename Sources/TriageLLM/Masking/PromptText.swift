internal import TriageModel

/// Foreign text as a prompt may hold it: masked, without what only machines see, and cut.
enum PromptText {
    /// One field of a ticket's cleaned text.
    static func masked(_ cleaned: [UInt8], _ book: inout PlaceholderMap, maximumBytes: Int) -> String {
        own(String(decoding: cleaned, as: UTF8.self), &book, maximumBytes: maximumBytes)
    }

    /// Text of the site's own, such as an article: as it is, but masked, so that its addresses do not leave either.
    static func own(_ text: String, _ book: inout PlaceholderMap, maximumBytes: Int) -> String {
        cut(harmless(book.mask(visible(text))), maximumBytes)
    }

    /// Without controls, tags, direction marks and other scalars that nobody sees and some models read.
    static func visible(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where isVisible(scalar) { scalars.append(scalar) }
        return String(scalars)
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar == "\n" || scalar == "\t"
        // Joiners belong to the spelling of several scripts.
        case .format: scalar.value == 0x200C || scalar.value == 0x200D
        case .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }

    /// Marks of chat templates, which a server may take for its own, broken by a space after their first character.
    private static let templateMarks = [
        "<|", "|>", "<<SYS>>", "<</SYS>>", "[INST]", "[/INST]", "<start_of_turn>", "<end_of_turn>", "<s>",
        "</s>",
        "<think>", "</think>", "<tool_call>", "</tool_call>", "<bos>", "<eos>",
    ]

    private static func harmless(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x3C || $0 == 0x5B || $0 == 0x7C }) else { return text }
        var text = text
        for mark in templateMarks {
            var parts: [Substring] = []
            var rest = text[...]
            while let found = rest.firstRange(of: mark, ignoringCase: true) {
                parts.append(rest[..<found.lowerBound])
                parts.append(rest[found].prefix(1) + " " + rest[found].dropFirst())
                rest = rest[found.upperBound...]
            }
            if !parts.isEmpty { text = parts.joined() + rest }
        }
        return text
    }

    private static func cut(_ text: String, _ maximumBytes: Int) -> String {
        guard text.utf8.count > maximumBytes else { return text }
        var bytes = Array(text.utf8.prefix(maximumBytes))
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self) + " …"
    }
}

extension Substring {
    /// The first place of an ASCII phrase.
    func firstRange(of phrase: String, ignoringCase: Bool) -> Range<Index>? {
        let phrase = Array(phrase.utf8.map { ignoringCase ? $0.lowerASCII : $0 })
        var place = utf8.startIndex
        while place != utf8.endIndex {
            var end = place
            var matched = 0
            while matched < phrase.count, end != utf8.endIndex,
                (ignoringCase ? utf8[end].lowerASCII : utf8[end]) == phrase[matched]
            {
                matched += 1
                end = utf8.index(after: end)
            }
            if matched == phrase.count { return place..<end }
            place = utf8.index(after: place)
        }
        return nil
    }
}

extension UInt8 {
    var lowerASCII: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

/// Marks where foreign text begins and ends in a prompt: a random word, drawn anew for each call, that the text does
/// not hold.
struct Fence: Sendable, Equatable {
    let word: String

    /// A fence that no text of `texts` holds.
    init(around texts: [String]) {
        var generator = SystemRandomNumberGenerator()
        var word = ""
        repeat {
            let value = UInt64.random(in: .min ... .max, using: &generator)
            word =
                "T" + String(repeating: "0", count: 16 - String(value, radix: 16).count)
                + String(value, radix: 16)
        } while texts.contains { $0[...].firstRange(of: word, ignoringCase: true) != nil }
        self.word = word
    }

    /// A fence that is the same for the same texts: a part of their hash.
    ///
    /// No author can write it into a text, since the hash changes with each word of the text.
    init(hashing texts: [String]) {
        var hash = Fingerprint()
        var word = ""
        repeat {
            for text in texts { hash.add(text) }
            word = "T" + hash.hexadecimal().prefix(16)
        } while texts.contains { $0[...].firstRange(of: word, ignoringCase: true) != nil }
        self.word = word
    }

    /// The text between two lines with the word.
    func around(_ text: String) -> String { "BEGIN \(word)\n\(text)\nEND \(word)" }
}
