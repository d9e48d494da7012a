import TriageText

/// Tokens stand where they are said to, and scratch memory leaves no trace.
enum TokenProperties {
    /// The first three bytes choose options and where the subject ends.
    static func check(_ input: [UInt8], _ check: inout Check) {
        guard input.count >= 3 else { return }
        let text = Array(input.dropFirst(3))
        let cut = text.isEmpty ? 0 : Int(input[2]) * text.count / 256
        let (subject, body) = (Array(text[..<cut]), Array(text[cut...]))
        let shortest = 1 + Int(input[0] & 7)
        let options = NGramOptions(
            minimumRun: shortest, maximumRun: min(8, shortest + Int(input[0] >> 3 & 7)),
            wordRun: Int(input[1] % 3), subjectCopies: input[1] & 0x80 != 0)
        checkNGrams(subject, body, options, &check)
        checkPieces(text, &check)
        checkVocabulary(text, &check)
    }

    private static func checkNGrams(
        _ subject: [UInt8], _ body: [UInt8], _ options: NGramOptions, _ check: inout Check
    ) {
        var words = Words()
        words.scan(subject: subject, body: body)
        // Dirty from another text, then used again.
        var usedWords = Words()
        usedWords.scan(subject: body.reversed(), body: subject)
        var used = NGrams(recordingOrigins: true)
        used.make(from: usedWords, options: options)
        usedWords.scan(subject: subject, body: body)
        used.make(from: usedWords, options: options)
        check.that(words.list == usedWords.list, "used scratch changes words")
        var fresh = NGrams(recordingOrigins: true)
        var plain = NGrams()
        fresh.make(from: words, options: options)
        plain.make(from: words, options: options)
        check.that(
            fresh.words == plain.words && fresh.characters == plain.characters, "origins change n-grams")
        check.that(
            fresh.words == used.words && fresh.characters == used.characters, "used scratch changes n-grams")
        check.that(
            fresh.wordSpansTwo == used.wordSpansTwo && fresh.wordOrigins == used.wordOrigins
                && fresh.characterOrigins == used.characterOrigins, "used scratch changes origins")
        check.that(
            fresh.wordOrigins.count == fresh.words.count && fresh.wordSpansTwo.count == fresh.words.count
                && fresh.characterOrigins.count == fresh.characters.count, "an n-gram without an origin")
        let tokens = words.list
        for (origin, spansTwo) in zip(fresh.wordOrigins, fresh.wordSpansTwo) {
            check.that(
                origin >= 0 && Int(origin) + (spansTwo ? 1 : 0) < tokens.count,
                "a word's origin out of bounds")
        }
        check.that(
            fresh.characterOrigins.allSatisfy { tokens.indices.contains(Int($0)) },
            "a run's origin out of bounds")
        var end: (field: UInt8, byte: Int32) = (0, 0)
        for (index, token) in tokens.enumerated() {
            if token.field != end.field { end = (token.field, 0) }
            let count = token.field == 0 ? subject.count : body.count
            check.that(
                token.range.lowerBound >= end.byte && !token.range.isEmpty
                    && Int(token.range.upperBound) <= count,
                "token \(index) overlaps or lies outside")
            check.that(
                words.place(field: token.field, at: token.range.lowerBound) == index,
                "token \(index) is not found")
            end.byte = token.range.upperBound
        }
        let phrase = words.list.filter { $0.field == 1 && !$0.isSymbol }.map(\.hash)
        check.that(phrase == Words(body).phrase, "a subject changes the body's phrase")
    }

    private static func checkPieces(_ text: [UInt8], _ check: inout Check) {
        guard let tokenizer = SmallVocabulary.tokenizer else { return check.that(false, "no vocabulary") }
        var fresh = WordPiece.Pieces()
        tokenizer.append(text, to: &fresh)
        var used = WordPiece.Pieces()
        tokenizer.append(text.reversed(), to: &used)
        used.removeAll()
        tokenizer.append(text, to: &used)
        check.that(fresh.ids == used.ids && fresh.origins == used.origins, "used scratch changes pieces")
        check.that(fresh.ids.count == fresh.origins.count, "a piece without an origin")
        check.that(fresh.ids.allSatisfy { $0 < UInt32(tokenizer.count) }, "a piece of no row")
        var last: Int32 = 0
        for origin in fresh.origins {
            check.that(origin >= last && Int(origin) < text.count, "an origin goes back or lies outside")
            last = origin
        }
    }

    /// Any bytes as a vocabulary: refused, or usable.
    private static func checkVocabulary(_ text: [UInt8], _ check: inout Check) {
        guard let tokenizer = try? WordPiece(vocabulary: text) else { return }
        var pieces = WordPiece.Pieces()
        tokenizer.append(text, to: &pieces)
        tokenizer.append(Array("Passwörter can't log-in, 42 Ω ≠ 退款".utf8), to: &pieces)
        check.that(pieces.ids.allSatisfy { $0 < UInt32(tokenizer.count) }, "a piece of no row")
    }
}

/// Letters, digits and a few words.
enum SmallVocabulary {
    static let text: String = {
        var pieces = [
            "[UNK]", "password", "pass", "##word", "log", "##in", "!", "?", ",", ".", "'", "=", "退",
            "款", "ω",
        ]
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789" { pieces += ["\(letter)", "##\(letter)"] }
        return pieces.joined(separator: "\n") + "\n"
    }()

    static let tokenizer = try? WordPiece(vocabulary: Array(text.utf8))
}
