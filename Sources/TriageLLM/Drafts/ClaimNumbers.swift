/// A number as it is written somewhere, and what it counts.
struct WrittenNumber: Equatable {
    /// The values it may mean, in canonical form: "1234", "0.5", or the parts of a date or time.
    var readings: Set<String>
    /// Its parts alone, where it may as well be several numbers.
    var parts: [String]
    /// What a source that writes it also says: day, month and year of a date, hour and minute of a time.
    var pieces: [String]
    /// What it counts, such as "day" or "EUR"; empty when nothing known.
    var units: [String]
    var range: Range<Int>
}

/// Finds the numbers of a text, in digits and in words, with their units.
struct NumberScanner {
    private let scalars: [Unicode.Scalar]

    init(_ text: ClaimText) { scalars = text.scalars }

    /// All numbers in digits; those that number the lines of a list, counting up from 1, are left out.
    func digits(withoutListMarks: Bool) -> [WrittenNumber] {
        var found: [WrittenNumber] = []
        var listMark = 0
        var place = 0
        while place < scalars.count {
            guard scalars[place].isPlainDigit else {
                place += 1
                continue
            }
            let token = token(at: place)
            if withoutListMarks, isListMark(token, after: listMark) {
                listMark += 1
            } else {
                let (readings, parts) = NumberScanner.read(token)
                let isSequence = !Set(token.separators).isSubset(of: [".", ",", "'", " "])
                found.append(
                    WrittenNumber(
                        readings: readings, parts: parts,
                        pieces: isSequence ? token.groups.map(NumberScanner.stripped) : [],
                        units: units(around: token.range),
                        range: token.range))
            }
            place = token.range.upperBound
        }
        return found
    }

    // MARK: - Tokens

    /// Runs of digits and what stands between them.
    private struct Token {
        var groups: [String]
        var separators: [Unicode.Scalar]
        var range: Range<Int>
    }

    private func token(at start: Int) -> Token {
        var groups: [String] = []
        var separators: [Unicode.Scalar] = []
        var place = start
        while true {
            let end = endOfDigits(place)
            groups.append(ClaimText.string(scalars[place..<end]))
            place = end
            guard place + 1 < scalars.count, scalars[place + 1].isPlainDigit,
                joins(at: place, groups, separators)
            else { break }
            separators.append(scalars[place])
            place += 1
        }
        return Token(groups: groups, separators: separators, range: start..<place)
    }

    /// Whether the scalar between two runs of digits makes them one number.
    private func joins(at place: Int, _ groups: [String], _ separators: [Unicode.Scalar]) -> Bool {
        switch scalars[place] {
        case ".", ",", "'", ":", "/": return true
        case " ":
            // Groups of three, as in 12 500.
            let onlySpaces = separators.allSatisfy { $0 == " " }
            return onlySpaces && groups[0].count <= 3 && endOfDigits(place + 1) - place == 4
        case "-":
            let year = groups.count == 1 && groups[0].count == 4 || separators == ["-"]
            return year && endOfDigits(place + 1) - place <= 3
        default: return false
        }
    }

    private func endOfDigits(_ start: Int) -> Int {
        var end = start
        while end < scalars.count, scalars[end].isPlainDigit { end += 1 }
        return end
    }

    private func isListMark(_ token: Token, after last: Int) -> Bool {
        guard token.groups.count == 1, Int(token.groups[0]) == last + 1, last < 30 else { return false }
        let end = token.range.upperBound
        guard end + 1 < scalars.count, [".", ")"].contains(scalars[end]), scalars[end + 1] == " " else {
            return false
        }
        var before = token.range.lowerBound
        while before > 0, scalars[before - 1] == " " { before -= 1 }
        return before == 0 || scalars[before - 1] == "\n"
    }

    // MARK: - Values

    private static func read(_ token: Token) -> (readings: Set<String>, parts: [String]) {
        let groups = token.groups.map(stripped)
        let kinds = Set(token.separators)
        if kinds.isEmpty { return ([groups[0]], []) }
        if kinds == [" "] { return ([stripped(token.groups.joined())], groups) }
        guard kinds.isSubset(of: [".", ",", "'", " "]) else { return (sequence(groups), []) }
        let last = token.separators.last ?? "."
        let head = token.groups.dropLast()
        let headIsGrouped = isGrouped(Array(head))
        if token.separators.count == 1 {
            var readings: Set<String> = last == "'" ? [] : [decimal(token.groups[0], token.groups[1])]
            if isGrouped(token.groups), token.groups[0] != "0" {
                readings.insert(stripped(token.groups.joined()))
            }
            return (readings.isEmpty ? sequence(groups) : readings, [])
        }
        if kinds.count == 1 {
            return isGrouped(token.groups)
                ? ([stripped(token.groups.joined())], []) : (sequence(groups), [])
        }
        let lastIsOnce = token.separators.count { $0 == last } == 1
        if lastIsOnce, headIsGrouped, last == "." || last == "," {
            return ([decimal(head.joined(), token.groups[token.groups.count - 1])], [])
        }
        return (sequence(groups), [])
    }

    /// Groups of three after a first of one to three; Indian groups of two before the last.
    private static func isGrouped(_ groups: [String]) -> Bool {
        guard let last = groups.last, groups.count > 1 else { return groups.count == 1 }
        return (1...3).contains(groups[0].count) && last.count == 3
            && groups.dropFirst().dropLast().allSatisfy { $0.count == 3 || $0.count == 2 }
    }

    /// A date in any order of its parts; else parts as they stand.
    private static func sequence(_ groups: [String]) -> Set<String> {
        let isDate = groups.count == 3 && groups.contains { $0.count == 4 }
        return [(isDate ? groups.sorted() : groups).joined(separator: "|")]
    }

    static func stripped(_ digits: String) -> String {
        let rest = digits.drop { $0 == "0" }
        return rest.isEmpty ? "0" : String(rest)
    }

    private static func decimal(_ whole: String, _ fraction: String) -> String {
        var fraction = fraction
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? stripped(whole) : "\(stripped(whole)).\(fraction)"
    }

    // MARK: - Units

    /// What stands right before, or after at most two words such as "working".
    func units(around range: Range<Int>) -> [String] {
        var units = unitsAfter(range.upperBound)
        if let before = unitBefore(range.lowerBound), !units.contains(before) { units.append(before) }
        return units
    }

    func unitsAfter(_ start: Int) -> [String] {
        var units: [String] = []
        var place = start
        for _ in 0..<4 {
            while place < scalars.count, [" ", "-", "("].contains(scalars[place]) { place += 1 }
            guard place < scalars.count else { break }
            if let symbol = ClaimWords.symbols[scalars[place]] {
                units.append(symbol)
                break
            }
            if scalars[place].isIdeograph {
                let rest = scalars[place...]
                if let unit = ClaimWords.ideographs.first(where: { rest.starts(with: $0.text.unicodeScalars) }
                ) {
                    units.append(unit.unit)
                }
                break
            }
            var end = place
            while end < scalars.count, scalars[end].isLetter || scalars[end] == "'" { end += 1 }
            guard end > place else { break }
            let word = ClaimText.string(scalars[place..<end])
            place = end
            if let unit = ClaimWords.unit(word) {
                units.append(unit)
                guard unit.hasPrefix("×") else { break }
            } else if !ClaimWords.between.contains(word) {
                break
            }
        }
        return units
    }

    private func unitBefore(_ start: Int) -> String? {
        var place = start
        while place > 0, scalars[place - 1] == " " { place -= 1 }
        guard place > 0 else { return nil }
        if let symbol = ClaimWords.symbols[scalars[place - 1]] { return symbol == "percent" ? nil : symbol }
        var first = place
        while first > 0, scalars[first - 1].isLetter { first -= 1 }
        let word = ClaimText.string(scalars[first..<place])
        return ClaimWords.currencies[word]
    }
}
