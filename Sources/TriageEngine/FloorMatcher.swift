internal import TriageText

/// Finds the safety floors that a ticket's words fire, in one walk over its words.
///
/// A filter with the rarest word of each phrase, or of each alternative of the rarest part of a pattern, leaves out most
/// tickets at once. Phrases and alternatives lie in one table by their first word. What is found goes to `FloorMentions`, which
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
        /// Whether a colon or a dash between two neighbours keeps them apart where it cancels.
        var endsAtPause = false
    }

    /// Words in order; its places are those of `phrases`, `uses` and `memberships`, -1 for none.
    private struct Phrase: Sendable {
        var words: Range<Int32>
        /// The next phrase with the same key.
        var next: Int32
        var firstUse: Int32 = -1
        /// The first list that holds it, whose uses are its own.
        var firstMembership: Int32 = -1
        /// Whether one of its uses is in the part that the filter looks for: without such a one nothing fires.
        var isAnchor = false
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
    /// By the place that `places` has for a first word, or the first two, the first of the phrases that begin so.
    private var firstPhrases: [Int32] = []
    private var places: UInt64HashTable
    /// One bit for each of 65,536 keys of phrases: almost every word of a ticket starts none.
    private var beginnings = [UInt64](repeating: 0, count: 1024)
    private var uses: [Use] = []
    private var memberships: [Membership] = []
    /// By list, its first use.
    private var lists: [Int32] = []
    /// A word, or two, of each phrase, and of each alternative of one part of each pattern, that fires a floor.
    private var filter = WordFilter()
    private(set) var patterns: [Pattern] = []
    private(set) var partCount = 0
    private let floorCount: Int

    init(_ floors: [Policy.Floor]) {
        floorCount = floors.count
        var size = FloorSize()
        for floor in floors { size.add(floor) }
        var index = FloorIndex(capacity: size.phrases)
        places = UInt64HashTable(capacity: size.phrases)
        words.reserveCapacity(size.words)
        phrases.reserveCapacity(size.phrases)
        uses.reserveCapacity(size.phrases)
        for (floor, entry) in floors.enumerated() {
            for phrase in entry.any { add(phrase, floor, cancels: false, &index) }
            for phrase in entry.unless { add(phrase, floor, cancels: true, &index) }
            for pattern in entry.patterns { add(pattern, floor, cancels: false, &index) }
            for pattern in entry.unlessPatterns { add(pattern, floor, cancels: true, &index) }
        }
        markAnchors(of: index.anchors)
    }

    /// The floors with a mention that nothing cancels, in the playbook's order.
    ///
    /// A mention does not reach from the subject into the body.
    func fired(by words: Words) -> [Int] {
        let (subject, body) = filter.fields(of: words)
        guard subject || body else { return [] }
        var fired = [Bool](repeating: false, count: floorCount)
        if subject { find(in: PlainWords(words, field: 0), &fired) }
        if body { find(in: PlainWords(words, field: 1), &fired) }
        return fired.indices.filter { fired[$0] }
    }

    private func find(in text: PlainWords, _ fired: inout [Bool]) {
        let found = occurrences(in: text)
        guard found.contains(where: { phrases[$0.phrase].isAnchor }) else { return }
        var mentions = FloorMentions(self, text: text)
        mentions.find(found, &fired)
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
    /// The lists that are in a part which the filter looks for.
    var anchors: Set<Int> = []
    /// By list, how many of 10,000 tickets its alternatives let pass the filter.
    var rates: [String: Int] = [:]

    init(capacity: Int) { phrases = UInt64HashTable(capacity: capacity) }

    mutating func rate(of part: FloorPattern.Part) -> Int {
        var rate = FloorAnchor.rate(of: part.own)
        for list in part.lists {
            let known = rates[list.name] ?? FloorAnchor.rate(of: list.phrases)
            rates[list.name] = known
            rate += known
        }
        return rate
    }
}

/// How many phrases and words the table holds at most.
private struct FloorSize {
    var phrases = 0
    var words = 0
    private var lists: Set<String> = []

    mutating func add(_ floor: Policy.Floor) {
        phrases += floor.any.count + floor.unless.count
        for pattern in floor.patterns { add(pattern) }
        for pattern in floor.unlessPatterns { add(pattern) }
    }

    private mutating func add(_ pattern: FloorPattern) {
        for part in pattern.parts {
            add(part.own)
            for list in part.lists where lists.insert(list.name).inserted { add(list.phrases) }
        }
    }

    private mutating func add(_ alternatives: FloorPattern.Phrases) {
        phrases += alternatives.ends.count
        words += alternatives.words.count
    }
}

/// What the filter looks for in place of a phrase: its rarest word, or two neighbours if they are rarer together.
private struct FloorAnchor {
    private(set) var first: FloorPattern.Word
    private(set) var second: FloorPattern.Word?
    /// How many of 10,000 tickets have it, about.
    private(set) var rate: Int

    init?(_ phrase: ArraySlice<FloorPattern.Word>) {
        guard let word = phrase.first else { return nil }
        (first, rate) = (word, FrequentWords.rate(of: word))
        var (previous, previousRate) = (word, rate)
        for word in phrase.dropFirst() {
            let wordRate = FrequentWords.rate(of: word)
            if wordRate < rate { (first, second, rate) = (word, nil, wordRate) }
            // Of ten tickets with the rarer word of two, one has both together.
            let pairRate = min(wordRate, previousRate) / 10
            if pairRate < rate, rate > 20, word.length == 0, previous.length == 0 {
                (first, second, rate) = (previous, word, pairRate)
            }
            (previous, previousRate) = (word, wordRate)
        }
    }

    static func rate(of alternatives: FloorPattern.Phrases) -> Int {
        var rate = 0
        alternatives.forEach { rate += FloorAnchor($0)?.rate ?? 0 }
        return rate
    }

    func insert(into filter: inout WordFilter) {
        if let second {
            filter.insert(first.hash, second.hash)
        } else if first.length == 0 {
            filter.insert(first.hash)
        } else {
            filter.insert(beginning: first.letters, count: min(8, Int(first.length)))
        }
    }
}

// MARK: - Phrases into the table

extension FloorMatcher {
    private mutating func add(_ text: String, _ floor: Int, cancels: Bool, _ index: inout FloorIndex) {
        let words = PlainWords(text).list.map {
            FloorPattern.Word(hash: $0.hash, size: UInt8(clamping: $0.length))
        }
        guard !words.isEmpty else { return }
        if !cancels { FloorAnchor(words[...])?.insert(into: &filter) }
        use(place(words[...], &index), Use(pattern: Int32(patterns.count), part: 0), isAnchor: !cancels)
        patterns.append(
            Pattern(floor: floor, cancels: cancels, firstPart: partCount, parts: 1, maximumGap: 0))
        partCount += 1
    }

    private mutating func add(_ entry: FloorPattern, _ floor: Int, cancels: Bool, _ index: inout FloorIndex) {
        let rarest = cancels ? -1 : insertRarest(of: entry.parts, &index)
        for (place, part) in entry.parts.enumerated() {
            add(
                part, Use(pattern: Int32(patterns.count), part: Int32(place)), isAnchor: place == rarest,
                &index)
        }
        patterns.append(
            Pattern(
                floor: floor, cancels: cancels, firstPart: partCount, parts: entry.parts.count,
                maximumGap: entry.maximumGap ?? (cancels ? 1 : 5), endsAtPause: entry.maximumGap == nil))
        partCount += entry.parts.count
    }

    private mutating func add(
        _ part: FloorPattern.Part, _ newUse: Use, isAnchor: Bool, _ index: inout FloorIndex
    ) {
        part.own.forEach { use(place($0, &index), newUse, isAnchor: isAnchor) }
        for list in part.lists {
            let place = place(list, &index)
            if isAnchor { index.anchors.insert(place) }
            var newUse = newUse
            newUse.next = lists[place]
            lists[place] = Int32(uses.count)
            uses.append(newUse)
        }
    }

    private mutating func markAnchors(of lists: Set<Int>) {
        for phrase in phrases.indices {
            var place = phrases[phrase].firstMembership
            while place >= 0 {
                let membership = memberships[Int(place)]
                if lists.contains(membership.list) { phrases[phrase].isAnchor = true }
                place = membership.next
            }
        }
    }

    /// Adds to the filter the part that the fewest tickets have; gives its place.
    private mutating func insertRarest(of parts: [FloorPattern.Part], _ index: inout FloorIndex) -> Int {
        var rarest = 0
        if parts.count > 1 {
            var least = Int.max
            for (place, part) in parts.enumerated() {
                let rate = index.rate(of: part)
                if rate < least { (rarest, least) = (place, rate) }
            }
        }
        parts[rarest].own.forEach { FloorAnchor($0)?.insert(into: &filter) }
        for list in parts[rarest].lists {
            list.phrases.forEach { FloorAnchor($0)?.insert(into: &filter) }
        }
        return rarest
    }

    /// The place of a list, which is added if it is new.
    private mutating func place(_ list: FloorPattern.List, _ index: inout FloorIndex) -> Int {
        if let place = index.lists[list.name] { return place }
        let place = lists.count
        index.lists[list.name] = place
        lists.append(-1)
        list.phrases.forEach {
            let phrase = self.place($0, &index)
            memberships.append(Membership(list: place, next: phrases[phrase].firstMembership))
            phrases[phrase].firstMembership = Int32(memberships.count - 1)
        }
        return place
    }

    private mutating func use(_ phrase: Int, _ newUse: Use, isAnchor: Bool) {
        if isAnchor { phrases[phrase].isAnchor = true }
        var newUse = newUse
        newUse.next = phrases[phrase].firstUse
        phrases[phrase].firstUse = Int32(uses.count)
        uses.append(newUse)
    }

    /// What phrases are found by: their first two words where both are whole, for many begin with a frequent word; else
    /// the first one.
    private static func firstKey(of phrase: ArraySlice<FloorPattern.Word>) -> UInt64 {
        let first = phrase[phrase.startIndex]
        guard phrase.count > 1, first.length == 0 else { return first.hash }
        let second = phrase[phrase.startIndex + 1]
        return second.length == 0 ? StableHash.pair(first.hash, second.hash) : first.hash
    }

    /// The place of a phrase, which is added if it is new.
    private mutating func place(_ phrase: ArraySlice<FloorPattern.Word>, _ index: inout FloorIndex) -> Int {
        var key: UInt64 = 0
        for word in phrase { key = StableHash.pair(key, word.length == 0 ? word.hash : ~word.start) }
        let place = phrases.count
        let known = Int(index.phrases.value(of: key, orInsert: UInt32(place)))
        guard known == place else { return known }
        let first = FloorMatcher.firstKey(of: phrase)
        let group = Int(places.value(of: first, orInsert: UInt32(firstPhrases.count)))
        if group == firstPhrases.count { firstPhrases.append(-1) }
        beginnings[Int(first >> 54)] |= 1 << (first >> 48 & 63)
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
            guard start + 1 < text.list.count else { break }
            let pair = StableHash.pair(word.hash, text.list[start + 1].hash)
            if mayBegin(pair) { add(pair, at: start, in: text, to: &found) }
        }
        return found
    }

    private func mayBegin(_ hash: UInt64) -> Bool {
        beginnings[Int(hash >> 54)] & 1 << (hash >> 48 & 63) != 0
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
            guard matches(words[Int(range.lowerBound) + offset], text.list[start + offset], text) else {
                return false
            }
        }
        return true
    }

    private func matches(_ wanted: FloorPattern.Word, _ word: PlainWords.Word, _ text: PlainWords) -> Bool {
        guard wanted.length > 0 else { return word.hash == wanted.hash }
        let length = Int(wanted.length)
        let first: UInt64 = length < 8 ? 1 << UInt64(8 * length) - 1 : .max
        guard (word.firstLetters ^ wanted.letters) & first == 0, word.length >= length else { return false }
        return length <= 8 || text.hash(of: word, length: length) == wanted.start
    }
}
