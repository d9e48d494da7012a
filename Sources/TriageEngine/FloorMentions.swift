internal import TriageText

/// Puts the phrases found in one field together to mentions of floors.
///
/// The parts of a pattern that fires may come in any order, in one sentence, with few other words among them. Those of
/// one that cancels come in their order, with no mark that ends a clause, nor a colon or a dash where the pattern names no
/// gap ("No power: fire", but "Drill: fire"): what cancels must be close. A part that is
/// cancelled does not count.
struct FloorMentions {
    private let matcher: FloorMatcher
    private let text: PlainWords
    /// Where parts were seen.
    private var seen: [Range<Int>] = []
    /// By part, one more than the place in `seen` where it was seen last; 0 for not at all.
    private var latest: [Int32]
    /// By floor, what its cancelling patterns cover.
    private var cancelled: [Int: CancelledRanges] = [:]

    init(_ matcher: FloorMatcher, text: PlainWords) {
        (self.matcher, self.text) = (matcher, text)
        latest = Array(repeating: 0, count: matcher.partCount)
    }

    /// Marks the floors that a field's phrases fire.
    ///
    /// - Complexity: O(phrases found × patterns of each), and a sort of what is cancelled.
    mutating func find(_ found: [FloorMatcher.Occurrence], _ fired: inout [Bool]) {
        for occurrence in found {
            matcher.forEachUse(of: occurrence.phrase) { cancel(by: occurrence.range, $0) }
        }
        for floor in cancelled.keys { cancelled[floor]?.sort() }
        for occurrence in found {
            matcher.forEachUse(of: occurrence.phrase) { fire(by: occurrence.range, $0, &fired) }
        }
    }

    private mutating func see(_ range: Range<Int>, part: Int) {
        seen.append(range)
        latest[part] = Int32(seen.count)
    }

    private func place(of part: Int) -> Range<Int>? { latest[part] == 0 ? nil : seen[Int(latest[part]) - 1] }

    private mutating func cancel(by range: Range<Int>, _ use: FloorMatcher.Use) {
        let pattern = matcher.patterns[Int(use.pattern)]
        guard pattern.cancels else { return }
        let part = pattern.firstPart + Int(use.part)
        var range = range
        if use.part > 0 {
            guard let before = place(of: part - 1), isClose(before, range, pattern) else { return }
            range = before.lowerBound..<range.upperBound
        }
        see(range, part: part)
        if Int(use.part) == pattern.parts - 1 {
            cancelled[pattern.floor, default: CancelledRanges()].add(range, ifCovered: pattern.parts == 1)
        }
    }

    private func isClose(_ before: Range<Int>, _ after: Range<Int>, _ pattern: FloorMatcher.Pattern) -> Bool {
        let gap = after.lowerBound - before.upperBound
        guard gap >= 0, gap <= pattern.maximumGap else { return false }
        let (last, next) = (text.list[before.upperBound - 1], text.list[after.lowerBound])
        return last.clause == next.clause && (last.pause == next.pause || !pattern.endsAtPause)
    }

    private mutating func fire(by range: Range<Int>, _ use: FloorMatcher.Use, _ fired: inout [Bool]) {
        let pattern = matcher.patterns[Int(use.pattern)]
        guard !pattern.cancels, !fired[pattern.floor], cancelled[pattern.floor]?.contain(range) != true
        else { return }
        guard pattern.parts > 1 else { return fired[pattern.floor] = true }
        let part = pattern.firstPart + Int(use.part)
        // Of two alternatives that begin together the longer one leaves fewer other words.
        if let last = place(of: part), last.lowerBound == range.lowerBound, last.count > range.count {
            return
        }
        see(range, part: part)
        fired[pattern.floor] = isMention(pattern)
    }

    /// Whether the latest places of a pattern's parts are one mention.
    private func isMention(_ pattern: FloorMatcher.Pattern) -> Bool {
        let parts = pattern.firstPart..<pattern.firstPart + pattern.parts
        guard parts.allSatisfy({ latest[$0] != 0 }) else { return false }
        let places = parts.map { seen[Int(latest[$0]) - 1] }.sorted { $0.lowerBound < $1.lowerBound }
        var others = 0
        var end = places[0].upperBound
        for place in places {
            others += max(0, place.lowerBound - end)
            end = max(end, place.upperBound)
        }
        return others <= pattern.maximumGap
            && text.list[places[0].lowerBound].sentence == text.list[end - 1].sentence
    }
}

/// Ranges of words that cancel others: phrases those they cover, patterns of several parts those they touch.
struct CancelledRanges {
    private var covering = SortedRanges()
    private var touching = SortedRanges()

    mutating func add(_ range: Range<Int>, ifCovered: Bool) {
        if ifCovered { covering.add(range) } else { touching.add(range) }
    }

    /// To be called between the last `add` and the first `contain`.
    mutating func sort() {
        covering.sort()
        touching.sort()
    }

    /// - Complexity: O(log ranges).
    func contain(_ range: Range<Int>) -> Bool {
        covering.furthestEnd(from: range.lowerBound) >= range.upperBound
            || touching.furthestEnd(from: range.upperBound - 1) > range.lowerBound
    }
}

private struct SortedRanges {
    private var ranges: [Range<Int>] = []
    /// By place in `ranges`, the furthest end up to there.
    private var furthest: [Int] = []

    mutating func add(_ range: Range<Int>) { ranges.append(range) }

    mutating func sort() {
        ranges.sort { $0.lowerBound < $1.lowerBound }
        var end = 0
        furthest = ranges.map { range in
            end = max(end, range.upperBound)
            return end
        }
    }

    /// The furthest end of the ranges that begin at `start` or before.
    func furthestEnd(from start: Int) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].lowerBound <= start { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 0 : furthest[low - 1]
    }
}
