/// Finds what a text says in words: numbers with a unit, days, promises.
struct ClaimWordScanner {
    private struct Word {
        var text: String
        var range: Range<Int>
    }

    private let scanner: NumberScanner
    private let scalars: [Unicode.Scalar]
    private let text: String
    private let words: [Word]

    init(_ folded: ClaimText) {
        scanner = NumberScanner(folded)
        scalars = folded.scalars
        text = folded.string
        words = ClaimWordScanner.words(folded.scalars)
    }

    private static func words(_ scalars: [Unicode.Scalar]) -> [Word] {
        var words: [Word] = []
        var place = 0
        while place < scalars.count {
            guard scalars[place].isLetter else {
                place += 1
                continue
            }
            var end = place
            while end < scalars.count, scalars[end].isLetter || isInside(scalars, end) { end += 1 }
            words.append(Word(text: ClaimText.string(scalars[place..<end]), range: place..<end))
            place = end
        }
        return words
    }

    private static func isInside(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        scalars[place] == "'" && place + 1 < scalars.count && scalars[place + 1].isLetter
    }

    // MARK: - Numbers

    /// Numbers in words that count something known.
    ///
    /// An article counts as one before a unit; with `onlyWithDeadline`, only after a word such as "within".
    func numbers(onlyWithDeadline: Bool) -> [WrittenNumber] {
        var found: [WrittenNumber] = []
        var place = 0
        while place < words.count {
            let (value, end) = number(at: place)
            if let value {
                let last = words[end - 1].range.upperBound
                let isArticle = end == place + 1 && ClaimWords.articles.contains(words[place].text)
                let units = scanner.unitsAfter(last)
                if !units.isEmpty, !isArticle || !onlyWithDeadline || hasDeadline(before: place) {
                    found.append(written(value, units, words[place].range.lowerBound..<last))
                }
            }
            place = max(place + 1, end)
        }
        return found
    }

    private func hasDeadline(before place: Int) -> Bool {
        place > 0 && ClaimWords.deadlines.contains(words[place - 1].text)
    }

    private func written(_ value: Double, _ units: [String], _ range: Range<Int>) -> WrittenNumber {
        let text = value == value.rounded() ? String(Int(value)) : String(value)
        return WrittenNumber(readings: [text], parts: [], pieces: [], units: units, range: range)
    }

    /// The value of number words from `place` on, and where they end: tens and ones are added, hundreds multiplied.
    private func number(at place: Int) -> (value: Double?, end: Int) {
        var (sum, current) = (0.0, 0.0)
        var end = place
        while end < words.count, end - place < 6 {
            let word = words[end].text
            if end > place, !isAdjacent(end) { break }
            if let value = value(of: word, isFirst: end == place) {
                switch value {
                case 1000: (sum, current) = (sum + max(current, 1) * 1000, 0)
                case 100: current = max(current, 1) * 100
                default:
                    // A second number that does not continue the first begins another.
                    if current > 0, current.truncatingRemainder(dividingBy: value < 10 ? 10 : 100) != 0 {
                        return (sum + current, end)
                    }
                    current += value
                }
                end += 1
            } else if end > place, word == "and", end + 1 < words.count,
                value(of: words[end + 1].text, isFirst: false) != nil
            {
                end += 1
            } else {
                break
            }
        }
        return end == place ? (nil, place + 1) : (sum + current, end)
    }

    private func value(of word: String, isFirst: Bool) -> Double? {
        if isFirst, ClaimWords.articles.contains(word) { return 1 }
        return ClaimWords.numbers[word]
    }

    private func isAdjacent(_ place: Int) -> Bool {
        let between = scalars[words[place - 1].range.upperBound..<words[place].range.lowerBound]
        return between.allSatisfy { $0 == " " || $0 == "-" }
    }

    // MARK: - Days and promises

    /// The days that are named.
    var dates: Set<String> {
        var found: Set<String> = []
        for (place, word) in words.enumerated() {
            guard let day = ClaimWords.days[word.text], isDay(word, at: place) else { continue }
            found.insert(day)
        }
        for (phrase, day) in ClaimWords.dayPhrases where text.contains(phrase) { found.insert(day) }
        return found
    }

    private func isDay(_ word: Word, at place: Int) -> Bool {
        let before = place > 0 ? words[place - 1].text : ""
        if ["morgen", "mañana"].contains(word.text) { return !ClaimWords.beforeMorning.contains(before) }
        guard ClaimWords.ambiguousDays.contains(word.text) else { return true }
        return ClaimWords.beforeMonths.contains(before) || touchesDigit(word.range)
    }

    private func touchesDigit(_ range: Range<Int>) -> Bool {
        let before = scalars[max(0, range.lowerBound - 3)..<range.lowerBound]
        let after = scalars[range.upperBound..<min(scalars.count, range.upperBound + 3)]
        return before.contains { $0.isPlainDigit } || after.contains { $0.isPlainDigit }
    }

    /// The kinds of promises that are named.
    var promises: Set<String> {
        var found: Set<String> = []
        for word in words {
            for (stem, kind) in ClaimWords.promiseStems where word.text.hasPrefix(stem) { found.insert(kind) }
        }
        for (phrase, kind) in ClaimWords.promisePhrases where text.contains(phrase) { found.insert(kind) }
        return found
    }
}
