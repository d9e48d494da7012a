package import TriageModel
internal import TriageEngine
internal import TriageNumerics
internal import TriageText

/// The newest tickets of a model beside the reference: what has changed in them.
package struct DriftReport: Sendable {
    /// Successive tickets, which a chart shows as one point.
    package struct Block: Sendable, Equatable {
        /// When the first and the last ticket came, in milliseconds since 1970.
        package var from: Int64
        package var to: Int64
        package var tickets: Int
        /// The mean share of n-grams that training never saw.
        package var unseen: Double
        /// The share of answers that are less sure than nine tenths of the reference's.
        package var unsure: Double
    }

    /// A label's share of the newest tickets and of the reference.
    package struct LabelShare: Sendable, Equatable {
        package var field: String
        package var label: String
        package var now: Double
        package var before: Double
    }

    /// Tickets of the model with text, the newest ones.
    package private(set) var found: Int
    package private(set) var alarms: [DriftMonitor.Alarm] = []
    package private(set) var classifier: DomainClassifier?
    /// Tickets that were compared, and those of the reference.
    package private(set) var tickets = 0
    package private(set) var reference = 0
    /// The first tickets of the store, which show what is usual; the reference itself where its words are not given.
    package private(set) var first = 0
    /// Whether the words of the reference were given.
    package private(set) var isGiven = false
    package private(set) var labels: [LabelShare] = []
    /// The mean share of n-grams that training never saw, in the newest tickets and in the first ones.
    package private(set) var unseen: (now: Double, before: Double)?
    /// The compared tickets in order, oldest first.
    package private(set) var blocks: [Block] = []

    /// Tickets that are read at most, unless another number is given.
    package static let recent = 10_000
    /// Fewer tickets are compared with nothing.
    package static let minimum = 100
    /// The newest tickets, which the shares describe.
    package static let window = 500
    /// Decisions that are looked at for each ticket: others are of another model, or without text.
    private static let scannedPerTicket = 5
    private static let blockCount = 20
    private static let minimumBlock = 25

    /// Whether there are too few tickets for a comparison.
    package var hasTooFew: Bool { found < DriftReport.minimum }

    /// Compares the newest tickets with `known`, the words of the training rows, or else with the first of the tickets.
    ///
    /// - Throws: `StoreError` when the store cannot be read.
    package init(
        _ store: TicketStore, _ bundle: ModelBundle, recent: Int = DriftReport.recent,
        known: [Set<String>] = []
    ) throws(StoreError) {
        let all = try DriftReport.tickets(store, bundle, limit: recent)
        found = all.count
        guard !hasTooFew else { return }
        first = min(1_000, all.count / 3)
        let (usualTickets, compared) = (Array(all[..<first]), Array(all[first...]))
        var usual = DriftReference()
        let earlier = known.isEmpty ? usualTickets.map(\.words) : known
        usual.count(earlier)
        usual.addHeldOut(bundle)
        usual.measure(usualTickets)
        var monitor = DriftMonitor(usual)
        for ticket in compared { monitor.add(ticket) }
        let newest = Array(compared.suffix(DriftReport.window))
        (alarms, tickets, reference) = (monitor.alarms, compared.count, earlier.count)
        isGiven = !known.isEmpty
        classifier = DomainClassifier(recent: newest.map(\.words), earlier: earlier)
        unseen = (DriftReport.unseen(newest[...]), DriftReport.unseen(usualTickets[...]))
        describe(newest, usual)
        cut(compared, usual)
    }

    private static func unseen(_ tickets: ArraySlice<MonitoredTicket>) -> Double {
        tickets.reduce(0) { $0 + Double($1.unseen) } / Double(max(1, tickets.count))
    }

    private mutating func describe(_ newest: [MonitoredTicket], _ usual: DriftReference) {
        for (field, shares) in usual.labels.sorted(by: { $0.key < $1.key }) {
            let given = newest.compactMap { $0.labels[field] }
            for label in Set(given).union(shares.keys).sorted() {
                let now = Double(given.count { $0 == label }) / Double(max(1, given.count))
                labels.append(LabelShare(field: field, label: label, now: now, before: shares[label] ?? 0))
            }
        }
    }

    /// Cuts the compared tickets into blocks of one size.
    private mutating func cut(_ tickets: [MonitoredTicket], _ usual: DriftReference) {
        let count = max(1, min(DriftReport.blockCount, tickets.count / DriftReport.minimumBlock))
        for number in 0..<count {
            let part = tickets[tickets.count * number / count..<tickets.count * (number + 1) / count]
            guard let oldest = part.first, let newest = part.last else { continue }
            let answers = part.flatMap { ticket in
                ticket.confidence.compactMap { field, confidence in
                    usual.sure[field].map { confidence < $0 }
                }
            }
            let unsure = Double(answers.count { $0 }) / Double(max(1, answers.count))
            blocks.append(
                Block(
                    from: oldest.time, to: newest.time, tickets: part.count,
                    unseen: DriftReport.unseen(part), unsure: unsure))
        }
    }

    /// The newest tickets that the model decided and whose text is kept, oldest first.
    ///
    /// Behind so many decisions without one, the search ends: reading a large store takes minutes.
    private static func tickets(
        _ store: TicketStore, _ bundle: ModelBundle, limit: Int
    ) throws(StoreError) -> [MonitoredTicket] {
        var (tickets, before) = ([MonitoredTicket](), Int64?.none)
        var (features, logits, scanned) = (Features(), [Float](), 0)
        while tickets.count < limit, scanned < DriftReport.scannedPerTicket * limit {
            let page = try store.decisions(before: before, limit: 1_000)
            guard let last = page.last else { break }
            before = last.sequence
            scanned += page.count
            for decision in page where decision.record.snapshot.model == bundle.sha256 {
                guard let text = decision.text, tickets.count < limit else { continue }
                bundle.score(
                    subject: Array(text.subject.utf8), body: Array(text.body.utf8), features: &features,
                    logits: &logits)
                tickets.append(MonitoredTicket(decision, text, features))
            }
        }
        return tickets.reversed()
    }
}

extension MonitoredTicket {
    fileprivate init(_ decision: StoredDecision, _ text: StoredDecision.Text, _ features: Features) {
        // The blind sample withholds labels, which are empty then.
        let fields = decision.record.fields.filter { !$0.label.isEmpty }
        self.init(
            words: MonitoredTicket.words(text.subject, text.body),
            labels: Dictionary(fields.map { ($0.name, $0.label) }) { first, _ in first },
            confidence: Dictionary(fields.map { ($0.name, $0.probability) }) { first, _ in first },
            isOutOfScope: fields.contains { $0.reasons.contains(Decision.Reason.outOfScope.rawValue) },
            unseen: OutOfScopeFeatures.share(unseen: features.words.unseen, seen: features.words.count),
            time: decision.time)
    }

    /// The different words of a masked ticket.
    package static func words(_ texts: String...) -> Set<String> {
        var found: Set<String> = []
        for text in texts {
            let words = PlainWords(text)
            for word in words.list where word.length >= DriftMonitor.minimumWordLength {
                let text = words.text(word)
                if !text.allSatisfy(\.isNumber) { found.insert(text) }
            }
        }
        return found
    }
}

extension DriftReference {
    /// The labels and the confidence of the rows that training held out.
    fileprivate mutating func addHeldOut(_ bundle: ModelBundle) {
        for head in bundle.heads where !head.hasTags {
            guard let scores = head.heldOut, scores.count >= 50 else { continue }
            let field = head.manifest.field
            var counts = [Int](repeating: 0, count: head.labels.names.count)
            for row in 0..<scores.count { counts[Int(scores.predicted[row])] += 1 }
            labels[field] = Dictionary(
                zip(head.labels.names, counts.map { Double($0) / Double(scores.count) })
            ) { first, _ in first }
            // They are sorted by falling confidence.
            sure[field] = scores.confidence[scores.count - 1 - scores.count / 10]
        }
    }
}
