internal import TriageNumerics

/// A decided ticket as drift is measured on it.
package struct MonitoredTicket: Sendable {
    /// Its different words, folded.
    package var words: Set<String>
    /// The label by field.
    package var labels: [String: String]
    /// The probability of the label by field.
    package var confidence: [String: Float]
    /// Whether the model found it unlike its training data.
    package var isOutOfScope: Bool
    /// The share of its n-grams that training never saw.
    package var unseen: Float
    /// Milliseconds since 1970.
    package var time: Int64

    package init(
        words: Set<String>, labels: [String: String], confidence: [String: Float], isOutOfScope: Bool,
        unseen: Float, time: Int64
    ) {
        (self.words, self.labels, self.confidence) = (words, labels, confidence)
        (self.isOutOfScope, self.unseen, self.time) = (isOutOfScope, unseen, time)
    }
}

/// What can become more frequent.
package enum DriftSign: Hashable, Sendable {
    case word(String)
    case label(field: String, label: String)
    /// Answers of a field less sure than nine tenths of the reference's.
    case unsure(field: String)
    case outOfScope
    /// Tickets with more unseen n-grams than 95 % of the reference.
    case unseen
}

/// What was usual: training rows, or the first tickets.
package struct DriftReference: Sendable {
    /// Tickets with words.
    package var tickets = 0
    /// In how many of them a word is.
    package var words: [String: Int] = [:]
    /// The share of each label by field.
    package var labels: [String: [String: Double]] = [:]
    /// The probability that a tenth of answers are below, by field.
    package var sure: [String: Float] = [:]
    /// The share of unseen n-grams that 95 % of tickets do not exceed; nil when it is unknown.
    package var unseen: Float?

    package init() {}

    /// Counts the words of tickets.
    package mutating func count(_ tickets: [Set<String>]) {
        for ticket in tickets { for word in ticket { words[word, default: 0] += 1 } }
        self.tickets += tickets.count
    }

    /// Takes labels, confidence and unseen n-grams from tickets, where training has not given them.
    package mutating func measure(_ tickets: [MonitoredTicket]) {
        let fields = Set(tickets.flatMap(\.labels.keys))
        for field in fields {
            let given = tickets.compactMap { $0.labels[field] }
            let counts = Dictionary(given.map { ($0, 1) }, uniquingKeysWith: +)
            if labels[field] == nil { labels[field] = counts.mapValues { Double($0) / Double(given.count) } }
            let confidence = tickets.compactMap { $0.confidence[field] }.sorted()
            if sure[field] == nil, !confidence.isEmpty { sure[field] = confidence[confidence.count / 10] }
        }
        let unseen = tickets.map(\.unseen).sorted()
        if !unseen.isEmpty { self.unseen = unseen[min(unseen.count - 1, unseen.count * 19 / 20)] }
    }
}

/// Looks for what has become more frequent in a sequence of tickets than in the reference.
///
/// Each sign has a `RateDetector` of its own, and the signs share the rate of false alarms: while nothing changes, an alarm comes
/// not more often than once in `falseAlarmRate` tickets on average, however often one looks. A rate counts as changed from a
/// margin on, since tickets of two weeks are never quite alike.
package struct DriftMonitor: Sendable {
    /// Something that has become more frequent.
    package struct Alarm: Sendable, Equatable {
        package var sign: DriftSign
        /// The number of the ticket at which it was sure, from 1.
        package var ticket: Int
        package var time: Int64
        /// The share in the reference.
        package var before: Double
    }

    package static let falseAlarmRate = 50_000.0
    /// Words among which those of the alarm are searched, at least.
    private static let minimumVocabulary = 10_000
    /// Shorter words are parts of others, or numbers.
    package static let minimumWordLength = 3

    private let reference: DriftReference
    private var detectors: [DriftSign: RateDetector] = [:]
    private var known: Set<DriftSign> = []
    package private(set) var alarms: [Alarm] = []
    /// Tickets so far.
    package private(set) var tickets = 0
    private let vocabulary: Double
    private let others: Double

    package init(_ reference: DriftReference) {
        self.reference = reference
        vocabulary = Double(max(reference.words.count, DriftMonitor.minimumVocabulary))
        others = Double(reference.labels.values.reduce(2) { $0 + $1.count + 1 })
    }

    /// Looks for a sign beyond a margin; nil for what is too frequent to become more so.
    ///
    /// The margin of a word is its odds doubled, and two in a thousand at least; the odds of another sign
    /// doubled and two in a hundred more.
    private func detector(of sign: DriftSign) -> RateDetector? {
        if sign.isWord {
            // The next ticket counts too: a word that the reference lacks is rare, not impossible.
            let share =
                (share(of: sign) * Double(reference.tickets) + 1) / Double(reference.tickets + 2)
            guard share < 0.5 else { return nil }
            return RateDetector(limit: max(0.002, 2 * share / (1 + share)), multiples: [4, 16, 64])
        }
        let share = share(of: sign)
        guard share < 0.9 else { return nil }
        let odds = 2 * share / (1 - share) + 0.02
        return RateDetector(limit: odds / (1 + odds), multiples: [1.5, 2, 4])
    }

    /// Takes in the next ticket.
    package mutating func add(_ ticket: MonitoredTicket) {
        tickets += 1
        let before = alarms.count
        for sign in signs(of: ticket) { observe(sign, ticket) }
        // The order of a set differs from run to run.
        alarms[before...].sort { $0.sign.text < $1.sign.text }
    }

    private mutating func observe(_ sign: DriftSign, _ ticket: MonitoredTicket) {
        if detectors[sign] == nil {
            guard var new = detector(of: sign) else { return }
            // That a word is new is no evidence: each ticket has some.
            let isNew = sign.isWord && share(of: sign) == 0
            new.skip(to: isNew ? tickets : tickets - 1)
            detectors[sign] = new
            if isNew { return }
        }
        detectors[sign]?.observeEvent(afterTrials: tickets)
        let bound = DriftMonitor.falseAlarmRate * (sign.isWord ? vocabulary : others)
        guard detectors[sign]?.evidence ?? 0 >= bound, known.insert(sign).inserted else { return }
        alarms.append(Alarm(sign: sign, ticket: tickets, time: ticket.time, before: share(of: sign)))
    }

    private func share(of sign: DriftSign) -> Double {
        switch sign {
        case .word(let word): Double(reference.words[word] ?? 0) / Double(max(1, reference.tickets))
        case .label(let field, let label): reference.labels[field]?[label] ?? 0
        case .unsure: 0.1
        case .outOfScope, .unseen: 0.05
        }
    }

    /// The signs that a ticket shows.
    package func signs(of ticket: MonitoredTicket) -> Set<DriftSign> {
        var signs = Set(ticket.words.map { DriftSign.word($0) })
        for (field, label) in ticket.labels {
            signs.insert(.label(field: field, label: label))
            if let sure = reference.sure[field], ticket.confidence[field] ?? 1 < sure {
                signs.insert(.unsure(field: field))
            }
        }
        if ticket.isOutOfScope { signs.insert(.outOfScope) }
        if let unseen = reference.unseen, ticket.unseen > unseen { signs.insert(.unseen) }
        return signs
    }
}

extension DriftSign {
    /// A name, different for each sign.
    package var text: String {
        switch self {
        case .word(let word): "word \(word)"
        case .label(let field, let label): "label \(field)=\(label)"
        case .unsure(let field): "unsure \(field)"
        case .outOfScope: "out of scope"
        case .unseen: "unseen"
        }
    }

    package var isWord: Bool {
        if case .word = self { true } else { false }
    }
}
