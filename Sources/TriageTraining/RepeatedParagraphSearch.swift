import TriageModel
import TriageText
import TriageTickets

/// Finds the paragraphs of a training set that are boilerplate: what many requesters send without having written it.
///
/// A paragraph repeats for many reasons. Footers and banners come with any ticket, while alerts, forms, templates and
/// common requests come with some labels. So a paragraph is learned only if all of this holds:
///
/// - It is long and stands near an end of a text. In half of its rows at least, the text has words of its own beside it.
/// - These rows are one in a thousand and ten at least, of five requesters where requesters are known.
/// - The rest of these rows is different: there are half as many rests as rows, and five at least.
/// - Its numbers are the same in half of its rows: numbers that change are facts, such as a version.
/// - In no field do its rows have other labels than all rows have, but for what chance does to as many rows.
///
/// The last rule also protects emergencies that several people report in the same words. Footers that name one stay
/// learnable: training does not know the safety floors of the knowledge base that the bundle will decide with.
///
/// Memory: at most 32 bytes a long paragraph, while a set is read.
struct RepeatedParagraphSearch {
    /// A long paragraph near an end of a row's text.
    private struct Occurrence {
        let row: Int32
        /// Whether it is the whole text.
        let isAlone: Bool
        /// Whether the text has enough other words to be a ticket without it.
        let hasOwnWords: Bool
        let content: UInt64
        let numbers: UInt64
        /// A hash of the row's subject and other paragraphs.
        let rest: UInt64
    }

    /// In how many rows a paragraph must be: fewer cannot show that it goes with no label.
    private static let minimumRows = 10
    /// From how many requesters, and beside how many different texts, it must come.
    private static let minimumSources = TopFeatures.minimumSources
    /// Words that a text must have beside a paragraph.
    private static let minimumOwnWords = 3
    /// The largest distance, in total variation, between the labels of a paragraph's rows and those of all rows, beyond
    /// the distance that chance gives: no answer is more than ten points likelier, or less likely, beside it.
    private static let maximumDistance = 0.1

    private var occurrences: [Occurrence] = []
    /// Long paragraphs in the middle of texts, which nothing is learned from.
    private var inner: [(row: Int32, content: UInt64)] = []
    private var reader = ParagraphReader()

    /// Reads the cleaned text of a row, and returns whether it may lose a paragraph; rows come in order.
    mutating func add(_ text: TicketText.Fields, row: Int) -> Bool {
        let paragraphs = ParagraphReader.paragraphs(of: text.body)
        let read = paragraphs.map { reader.read(text.body, $0) }
        guard read.contains(where: \.isLong) else { return false }
        var rest = reader.read(text.subject, text.subject.indices).content
        for paragraph in read { rest &+= paragraph.content }
        let length = read.reduce(0) { $0 + $1.length }
        let ends = ParagraphReader.nearEnds(read.count)
        for place in ends where read[place].isLong {
            occurrences.append(
                Occurrence(
                    row: Int32(row), isAlone: read.count == 1,
                    hasOwnWords: length - read[place].length >= RepeatedParagraphSearch.minimumOwnWords,
                    content: read[place].content, numbers: read[place].numbers,
                    rest: rest &- read[place].content))
        }
        if ends.count < read.count {
            for place in Set(read.indices).subtracting(ends) where read[place].isLong {
                inner.append((Int32(row), read[place].content))
            }
        }
        return read.count > 1
    }

    /// The known paragraphs and those of the rows read that are boilerplate; of too many the most frequent.
    ///
    /// Without known ones the key is made from what was read, so that equal rows give equal bundles.
    func find(
        in examples: [TrainingExample], labelCounts: [Int], beside known: RepeatedParagraphs
    ) -> RepeatedParagraphs {
        let labels = LabelShares(examples, labelCounts)
        let hasRequesters = examples.contains { $0.group != nil }
        let minimum = max(RepeatedParagraphSearch.minimumRows, examples.count / 1000)
        let found = frequent(minimum: minimum)
            .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
            .lazy.filter { content, found in
                RepeatedParagraphSearch.areTickets(found.filter(\.hasOwnWords), minimum: minimum)
                    && 2 * found.count(where: \.hasOwnWords) >= found.count
                    && RepeatedParagraphSearch.haveSameNumbers(found)
                    && (!hasRequesters || RepeatedParagraphSearch.haveManyRequesters(found, examples))
                    && !labels.differ(in: found.map(\.row))
            }
            .prefix(RepeatedParagraphs.maximumCount)
        let key = occurrences.reduce(UInt64(examples.count)) { StableHash.pair($0, $1.content) }
        return (known.isEmpty ? RepeatedParagraphs(key: key) : known).adding(contents: found.map(\.key))
    }

    /// The rows whose text may lose one of these paragraphs, in order.
    ///
    /// Cleaning finds them at the end of each author's words, which may be in the middle of a long text.
    func rows(with repeated: RepeatedParagraphs) -> [Int] {
        guard !repeated.isEmpty else { return [] }
        var rows: Set<Int32> = []
        for occurrence in occurrences where !occurrence.isAlone {
            if repeated.contains(content: occurrence.content) { rows.insert(occurrence.row) }
        }
        for (row, content) in inner where repeated.contains(content: content) { rows.insert(row) }
        return rows.sorted().map { Int($0) }
    }

    /// The occurrences of each paragraph that is in so many rows, one a row, in row order.
    ///
    /// A table of small counters finds most of the rare ones first, so that only frequent paragraphs take memory.
    private func frequent(minimum: Int) -> [UInt64: [Occurrence]] {
        var bits: UInt64 = 10
        while 1 << bits < 2 * occurrences.count, bits < 24 { bits += 1 }
        func slot(_ content: UInt64) -> Int { Int(content >> (64 - bits)) }
        var counters = [UInt8](repeating: 0, count: 1 << bits)
        for occurrence in occurrences where counters[slot(occurrence.content)] < .max {
            counters[slot(occurrence.content)] += 1
        }
        var all: [UInt64: [Occurrence]] = [:]
        for occurrence in occurrences
        where Int(counters[slot(occurrence.content)]) >= min(minimum, Int(UInt8.max)) {
            guard all[occurrence.content]?.last?.row != occurrence.row else { continue }
            all[occurrence.content, default: []].append(occurrence)
        }
        return all.filter { $0.value.count >= minimum }
    }

    /// Whether the rows of a paragraph are enough different tickets, not one that was sent again and again.
    private static func areTickets(_ found: [Occurrence], minimum: Int) -> Bool {
        let rests = Set(found.map(\.rest)).count
        return found.count >= minimum && rests >= minimumSources && 2 * rests >= found.count
    }

    private static func haveManyRequesters(_ found: [Occurrence], _ examples: [TrainingExample]) -> Bool {
        Set(found.compactMap { examples[Int($0.row)].group }).count >= minimumSources
    }

    private static func haveSameNumbers(_ found: [Occurrence]) -> Bool {
        var counts: [UInt64: Int] = [:]
        for occurrence in found { counts[occurrence.numbers, default: 0] += 1 }
        return counts.values.contains { 2 * $0 >= found.count }
    }
}

extension RepeatedParagraphSearch {
    /// How often each label is in a training set, to compare some of its rows with.
    struct LabelShares {
        private let examples: [TrainingExample]
        /// Rows by field and label; the last label stands for rows that none of the labels fits.
        private let counts: [[Int]]

        init(_ examples: [TrainingExample], _ labelCounts: [Int]) {
            self.examples = examples
            counts = LabelShares.counts(examples.indices, examples, labelCounts)
        }

        /// Whether the labels of some rows differ from those of all rows in any field, or cannot be compared.
        func differ(in rows: [Int32]) -> Bool {
            let own = LabelShares.counts(rows.lazy.map { Int($0) }, examples, counts.map { $0.count - 1 })
            return zip(own, counts).contains { LabelShares.differ($0, $1) }
        }

        private static func counts(
            _ rows: some Sequence<Int>, _ examples: [TrainingExample], _ labelCounts: [Int]
        ) -> [[Int]] {
            var counts = labelCounts.map { [Int](repeating: 0, count: $0 + 1) }
            for row in rows {
                for (field, label) in examples[row].labels.enumerated() {
                    if let label { counts[field][label] += 1 }
                    for tag in examples[row].tags(in: field) ?? [] { counts[field][tag] += 1 }
                }
                for field in examples[row].outside { counts[field][labelCounts[field]] += 1 }
            }
            return counts
        }

        /// Whether the shares of labels are further from those of `all` rows than chance explains, or unknown.
        ///
        /// The distance in total variation is half the sum of the differences. By chance a share p of n rows differs by
        /// √(2p(1 − p) / πn) on average, by 2p(1 − p) at most.
        private static func differ(_ own: [Int], _ all: [Int]) -> Bool {
            let (rows, allRows) = (Double(own.reduce(0, +)), Double(all.reduce(0, +)))
            guard rows >= Double(minimumRows) else { return true }
            var excess = 0.0
            for (count, whole) in zip(own, all) {
                let share = Double(whole) / allRows
                let spread = 2 * share * (1 - share)
                excess +=
                    abs(Double(count) / rows - share) - min((spread / (.pi * rows)).squareRoot(), spread)
            }
            return excess / 2 > maximumDistance
        }
    }
}
