internal import TriageText

/// Finds the safety floors that a ticket's words fire, in one walk over its words.
///
/// A filter with the rarest word of each phrase, or of each alternative of one part of a pattern, leaves out many tickets
/// at once. Phrases and alternatives lie in one table by their first word. What is found goes to `FloorMentions`, which
/// puts parts together and leaves out what an ordinary use cancels.
struct FloorMatcher: Sendable {
    /// Where a phrase serves: as a part of a pattern.
    struct Use: Sendable {
        var pattern: Int32
        var part: Int32
        /// The next use of the same phrase or list; -1 for none.
        fileprivate var next: Int32 = -1
    }

    /// A phrase of `any` or `unless`, or a pattern.
    struct Pattern: Sendable {
        var floor: Int
        var cancels: Bool
        /// The place of its first part among all parts.
        var firstPart: Int
        var parts: Int
        /// The most other words: among all parts, or between two neighbours where it cancels.
        var maximumGap: Int
    }

    /// Words in order; its places are those of `phrases`, `uses` and `memberships`, -1 for none.
    private struct Phrase: Sendable {
        var words: Range<Int32>
        /// The next phrase with the same first word.
        var next: Int32
        var firstUse: Int32 = -1
        /// The first list that holds it, whose uses are its own.
        var firstMembership: Int32 = -1
    }

    private struct Membership: Sendable {
        var list: Int
        var next: Int32
    }

    /// A phrase found in a text, with the range of its words.
    struct Occurrence {
        var phrase: Int
        var range: Range<Int>
    }

    /// The words of all phrases, one phrase after the other.
    private var words: [FloorPattern.Word] = []
    private var phrases: [Phrase] = []
    /// By the place that `places` has for a first word, the first of the phrases that begin so.
    private var firstPhrases: [Int32] = []
    private var places: UInt64HashTable
    /// One bit for each of 16,384 hashes of a phrase's first word: almost every word of a ticket starts none.
    private var firstWords = [UInt64](repeating: 0, count: 256)
    private var uses: [Use] = []
    private var memberships: [Membership] = []
    /// By list, its first use.
    private var lists: [Int32] = []
    /// A word of each phrase, and of each alternative of one part of each pattern, that fires a floor.
    private var filter = WordFilter()
    private(set) var patterns: [Pattern] = []
    private(set) var partCount = 0
    private let floorCount: Int

    init(_ floors: [Policy.Floor]) {
        floorCount = floors.count
        let capacity = FloorIndex.mostPhrases(of: floors)
        var index = FloorIndex(capacity: capacity)
        places = UInt64HashTable(capacity: capacity)
        for (floor, entry) in floors.enumerated() {
            for phrase in entry.any { add(phrase, floor, cancels: false, &index) }
            for phrase in entry.unless { add(phrase, floor, cancels: true, &index) }
            for pattern in entry.patterns { add(pattern, floor, cancels: false, &index) }
            for pattern in entry.unlessPatterns { add(pattern, floor, cancels: true, &index) }
        }
    }

    /// The floors with a mention that nothing cancels, in the playbook's order.
    ///
    /// A mention does not reach from the subject into the body.
    func fired(by words: Words) -> [Int] {
        guard filter.mayOccur(in: words) else { return [] }
        var fired = [Bool](repeating: false, count: floorCount)
        for field in UInt8(0)...1 {
            let text = PlainWords(words, field: field)
            let found = occurrences(in: text)
            guard !found.isEmpty else { continue }
            var mentions = FloorMentions(self, text: text)
            mentions.find(found, &fired)
        }
        return fired.indices.filter { fired[$0] }
    }

    /// Calls `body` with each use of a phrase.
    func forEachUse(of phrase: Int, _ body: (Use) -> Void) {
        forEachUse(from: phrases[phrase].firstUse, body)
        var place = phrases[phrase].firstMembership
        while place >= 0 {
            forEachUse(from: lists[memberships[Int(place)].list], body)
            place = memberships[Int(place)].next
        }
    }

    private func forEachUse(from first: Int32, _ body: (Use) -> Void) {
        var place = first
        while place >= 0 {
            body(uses[Int(place)])
            place = uses[Int(place)].next
        }
    }
}

/// What is known while the table is made: phrases by their words, lists by their names.
private struct FloorIndex {
    var phrases: UInt64HashTable
    var lists: [String: Int] = [:]

    init(capacity: Int) { phrases = UInt64HashTable(capacity: capacity) }

    static func mostPhrases(of floors: [Policy.Floor]) -> Int {
        var count = 0
        var lists: [String: Int] = [:]
        for floor in floors {
            count += floor.any.count + floor.unless.count
            for part in floor.patterns.lazy.flatMap(\.parts) { add(part) }
            for part in floor.unlessPatterns.lazy.flatMap(\.parts) { add(part) }
        }
        func add(_ part: FloorPattern.Part) {
            count += part.own.ends.count
            for list in part.lists { lists[list.name] = list.phrases.ends.count }
        }
        return count + lists.values.reduce(0, +)
    }
}

extension FloorPattern.Word {
    /// Words of support tickets that are more frequent than their length suggests.
    private static let frequent = Set(
        PlainWords(
            "access account has have been sent take there with not link work working out are all "
                + "cannot can't does don't doesn't into want wants going wrong error still back today "
                + "payment users password server system environment complete personal service network "
                + "data file files email user customers customer login for at of us to in is on the a "
                + "an i my and or do be was were one no other able lost gone myself person machine "
                + "connect open backup laptop monitor order orders phone today administrator extension "
                + "virtual"
        ).list.map(\.hash))

    /// A guess at how rare it is: its length.
    fileprivate var rarity: Int { length == 0 && Self.frequent.contains(hash) ? 1 : 8 * size }
}

extension FloorPattern.Part {
    /// Calls `body` with each alternative, those of lists too.
    fileprivate func forEachPhrase(_ body: (ArraySlice<FloorPattern.Word>) -> Void) {
        for phrases in [own] + lists.map(\.phrases) {
            var start = 0
            for end in phrases.ends {
                body(phrases.words[start..<end])
                start = end
            }
        }
    }

    /// How rare its most frequent alternative is.
    fileprivate var leastRarity: Int {
        var least = Int.max
        forEachPhrase { phrase in least = min(least, phrase.reduce(0) { max($0, $1.rarity) }) }
        return least
    }
}

// MARK: - Phrases into the table

extension FloorMatcher {
    private mutating func add(_ text: String, _ floor: Int, cancels: Bool, _ index: inout FloorIndex) {
        let words = PlainWords(text).list.map { FloorPattern.Word(hash: $0.hash, size: $0.length) }
        guard !words.isEmpty else { return }
        if !cancels { insertIntoFilter(words[...]) }
        use(place(words[...], &index), Use(pattern: Int32(patterns.count), part: 0))
        patterns.append(
            Pattern(floor: floor, cancels: cancels, firstPart: partCount, parts: 1, maximumGap: 0))
        partCount += 1
    }

    private mutating func add(_ entry: FloorPattern, _ floor: Int, cancels: Bool, _ index: inout FloorIndex) {
        if !cancels, let rarest = entry.parts.max(by: { $0.leastRarity < $1.leastRarity }) {
            rarest.forEachPhrase { insertIntoFilter($0) }
        }
        for (place, part) in entry.parts.enumerated() {
            add(part, Use(pattern: Int32(patterns.count), part: Int32(place)), &index)
        }
        patterns.append(
            Pattern(
                floor: floor, cancels: cancels, firstPart: partCount, parts: entry.parts.count,
                maximumGap: entry.maximumGap ?? (cancels ? 1 : 5)))
        partCount += entry.parts.count
    }

    private mutating func add(_ part: FloorPattern.Part, _ newUse: Use, _ index: inout FloorIndex) {
        forEach(part.own, &index) { $0.use($1, newUse) }
        for list in part.lists {
            let place = place(list, &index)
            var newUse = newUse
            newUse.next = lists[place]
            lists[place] = Int32(uses.count)
            uses.append(newUse)
        }
    }

    /// Adds the longest word of a phrase to the filter: it is the rarest one more often than not.
    private mutating func insertIntoFilter(_ phrase: ArraySlice<FloorPattern.Word>) {
        guard let word = phrase.max(by: { $0.rarity < $1.rarity }) else { return }
        if word.length == 0 {
            filter.insert(word.hash)
        } else {
            filter.insert(beginning: word.letters, count: min(8, Int(word.length)))
        }
    }

    /// The place of a list, which is added if it is new.
    private mutating func place(_ list: FloorPattern.List, _ index: inout FloorIndex) -> Int {
        if let place = index.lists[list.name] { return place }
        let place = lists.count
        index.lists[list.name] = place
        lists.append(-1)
        forEach(list.phrases, &index) { matcher, phrase in
            let membership = Membership(list: place, next: matcher.phrases[phrase].firstMembership)
            matcher.phrases[phrase].firstMembership = Int32(matcher.memberships.count)
            matcher.memberships.append(membership)
        }
        return place
    }

    private mutating func use(_ phrase: Int, _ newUse: Use) {
        var newUse = newUse
        newUse.next = phrases[phrase].firstUse
        phrases[phrase].firstUse = Int32(uses.count)
        uses.append(newUse)
    }

    private mutating func forEach(
        _ alternatives: FloorPattern.Phrases, _ index: inout FloorIndex, _ body: (inout Self, Int) -> Void
    ) {
        var start = 0
        for end in alternatives.ends {
            body(&self, place(alternatives.words[start..<end], &index))
            start = end
        }
    }

    /// The place of a phrase, which is added if it is new.
    private mutating func place(_ phrase: ArraySlice<FloorPattern.Word>, _ index: inout FloorIndex) -> Int {
        var key: UInt64 = 0
        for word in phrase { key = StableHash.pair(key, word.length == 0 ? word.hash : ~word.start) }
        if let known = index.phrases[key] { return Int(known) }
        let place = phrases.count
        _ = index.phrases.insert(key, UInt32(place))
        let first = phrase[phrase.startIndex].hash
        if places.insert(first, UInt32(firstPhrases.count)) { firstPhrases.append(-1) }
        let group = Int(places[first] ?? 0)
        firstWords[Int(first >> 56)] |= 1 << (first >> 50 & 63)
        phrases.append(
            Phrase(words: Int32(words.count)..<Int32(words.count + phrase.count), next: firstPhrases[group]))
        firstPhrases[group] = Int32(place)
        words += phrase
        return place
    }
}

// MARK: - The walk over a text

extension FloorMatcher {
    private func occurrences(in text: PlainWords) -> [Occurrence] {
        var found: [Occurrence] = []
        for start in text.list.indices {
            let word = text.list[start]
            if mayBegin(word.hash) { add(word.hash, at: start, in: text, to: &found) }
            if mayBegin(word.beginning) { add(word.beginning, at: start, in: text, to: &found) }
        }
        return found
    }

    private func mayBegin(_ hash: UInt64) -> Bool {
        firstWords[Int(hash >> 56)] & 1 << (hash >> 50 & 63) != 0
    }

    private func add(_ hash: UInt64, at start: Int, in text: PlainWords, to found: inout [Occurrence]) {
        guard let group = places[hash] else { return }
        var phrase = firstPhrases[Int(group)]
        while phrase >= 0 {
            let range = phrases[Int(phrase)].words
            if matches(range, text, at: start) {
                found.append(Occurrence(phrase: Int(phrase), range: start..<start + range.count))
            }
            phrase = phrases[Int(phrase)].next
        }
    }

    private func matches(_ range: Range<Int32>, _ text: PlainWords, at start: Int) -> Bool {
        guard start + range.count <= text.list.count else { return false }
        for offset in 0..<range.count {
            let wanted = words[Int(range.lowerBound) + offset]
            let word = text.list[start + offset]
            let hash = wanted.length == 0 ? word.hash : word.beginning
            guard hash == wanted.hash else { return false }
            guard wanted.length == 0 || text.hash(of: word, length: Int(wanted.length)) == wanted.start else {
                return false
            }
        }
        return true
    }
}
