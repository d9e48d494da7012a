internal import TriageText

/// Groups of words that occur close together: `rauch|feuer* + serverraum|lager`, a line of a floor's `patterns`.
package struct FloorPattern: Sendable, Equatable {
    /// The most parts of a pattern.
    static let maximumParts = 5
    /// The most alternatives of a part, with those that its parentheses stand for.
    static let maximumAlternatives = 500
    /// The most other words that a pattern may allow.
    static let maximumGap = 20

    /// A word of an alternative.
    struct Word: Sendable, Equatable {
        /// The hash of the whole word; for a beginning such as `smok*`, of its first three letters.
        var hash: UInt64
        /// The hash of what a word must begin with; 0 for a whole word.
        var start: UInt64 = 0
        /// The letters of a beginning, at most eight; 0 for a whole word.
        var letters: UInt64 = 0
        /// The bytes of what a word must begin with.
        var length: UInt8 = 0
        /// How many bytes it has as it is written, at most 255.
        var size: UInt8 = 0
    }

    /// Alternatives: a part of what was read in one go.
    struct Phrases: Sendable, Equatable {
        /// The words of all.
        var words: ArraySlice<Word> = []
        /// By alternative, the end of its words, counted from the first one's start.
        var ends: ArraySlice<Int32> = []
    }

    /// A list under `words:`, which patterns use as `<name>`.
    struct List: Sendable, Equatable {
        var name: String
        var phrases: Phrases
    }

    /// Alternatives of which one must occur: its own and those of lists.
    struct Part: Sendable, Equatable {
        var own = Phrases()
        var lists: [List] = []
    }

    /// What is wrong with a pattern, for an error that names the line.
    struct Problem: Error {
        var text: String
    }

    /// As it is written.
    let text: String
    let parts: [Part]
    /// The most other words that it allows; nil for what is usual.
    let maximumGap: Int?

    init(text: String, parts: [Part], maximumGap: Int?) {
        (self.text, self.parts, self.maximumGap) = (text, parts, maximumGap)
    }

    /// Reads a pattern; a number behind `~` at its end is the most other words.
    init(_ text: String, lists: Lists) throws(Problem) {
        var reader = FloorPatternReader(text, lists)
        self = try reader.pattern()
    }

    /// Reads a list's alternatives.
    static func phrases(_ text: String) throws(Problem) -> Phrases {
        let pattern = try FloorPattern(text, lists: Lists())
        guard pattern.parts.count == 1, pattern.maximumGap == nil else {
            throw Problem(text: "has a + or a ~, which only patterns have")
        }
        return pattern.parts[0].own
    }
}

extension FloorPattern.Phrases {
    /// Calls `body` with each alternative.
    func forEach(_ body: (ArraySlice<FloorPattern.Word>) -> Void) {
        var start = words.startIndex
        for end in ends {
            let next = words.startIndex + Int(end)
            body(words[start..<next])
            start = next
        }
    }
}

extension FloorPattern {
    /// The lists that patterns may use.
    struct Lists {
        private var byName: [UInt64: List] = [:]

        init() {}

        mutating func add(_ list: List) {
            let name = PlainWords(list.name, keepingSymbols: true)
            byName[name.list.reduce(0) { StableHash.pair($0, $1.hash) }] = list
        }

        subscript(key: UInt64) -> List? { byName[key] }
    }
}
