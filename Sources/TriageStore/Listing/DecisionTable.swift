internal import TriageData
internal import TriageEngine

/// What lists of decisions are filtered, ordered and counted by: a fold over the rows of the ledger.
///
/// A decision of three fields takes about 100 bytes. The newest `capacity` decisions are listed; older ones can be read
/// by their id.
struct DecisionTable {
    /// One field of a decision.
    struct Answer {
        var label: UInt32
        /// The label of the feedback in force; nil without any.
        var feedback: UInt32?
        var field: UInt16
        /// Bits in the order of `Decision.Reason`.
        var reasons: UInt16
        /// The probability in steps of 1/65535.
        var sureness: UInt16
        var level: Decision.Level

        /// The label in force; 0, the empty text, while the blind sample withholds it.
        var current: UInt32 { feedback ?? (isSampledBlind ? 0 : label) }
        /// Whether a person labels it without seeing the model's answer.
        var isSampledBlind: Bool { reasons & Answer.blindSample != 0 }
        private static let blindSample = DecisionTable.mask([.blindSample])
        var needsPerson: Bool { level != .auto && feedback == nil }
    }

    /// A decision.
    struct Entry {
        var sequence: Int64
        var time: Int64
        /// The place of its first answer, counted over all that were ever read.
        var firstAnswer: Int
        var language: UInt32
        var article: UInt32
        /// The checksum of the model that decided.
        var model: UInt32
        var answers: UInt8
        var isKnownIssue: Bool
        var isErased = false
        var isExpired = false
        /// What follows from the answers and the two above; kept, because a list looks at every decision.
        var state = DecisionState.open
        /// The lowest of the answers.
        var sureness = UInt16.max
    }

    /// Feedback on one field of a decision.
    struct Correction {
        var sequence: Int64
        var time: Int64
        var id: String
        /// The decision's row.
        var about: Int64
        var field: UInt16
        var label: UInt32
        var isUndone = false
    }

    private(set) var entries: [Entry] = []
    private(set) var answers: [Answer] = []
    /// Answers that were dropped with the oldest decisions.
    private(set) var dropped = 0
    /// All feedback on listed decisions, oldest first.
    private(set) var corrections: [Correction] = []
    /// The places of a decision's feedback in `corrections`, by the decision's row.
    private var correctionPlaces: [Int64: [Int]] = [:]
    private(set) var symbols = SymbolTable()
    /// Counts of the listed decisions.
    private(set) var totals = DecisionTotals()
    /// Which of them are new or changed.
    private(set) var changes = ChangeLog()
    /// The ledger's last row that was read.
    var sequence: Int64 = 0
    let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// The answers of a decision.
    func answers(of entry: Entry) -> ArraySlice<Answer> {
        let first = entry.firstAnswer - dropped
        return answers[first..<first + Int(entry.answers)]
    }

    /// The place of a decision by its row; nil when it is not listed.
    func place(of sequence: Int64) -> Int? {
        let place = firstPlace(from: sequence)
        return place < entries.count && entries[place].sequence == sequence ? place : nil
    }

    /// The place of the first decision at a row or behind it.
    func firstPlace(from sequence: Int64) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Changes a decision, and with it its state and the counts.
    private mutating func change(_ place: Int, _ body: (inout DecisionTable) -> Void) {
        totals.remove(entries[place], answers(of: entries[place]))
        body(&self)
        settle(place)
    }

    /// Derives the state of a new or changed decision, and counts it.
    private mutating func settle(_ place: Int) {
        entries[place].state = derivedState(entries[place])
        totals.add(entries[place], answers(of: entries[place]))
        changes.append(entries[place].sequence)
    }

    private func derivedState(_ entry: Entry) -> DecisionState {
        if entry.isErased { return .erased }
        let answers = answers(of: entry)
        if answers.allSatisfy({ $0.level == .auto }) { return .automatic }
        if !answers.contains(where: \.needsPerson) { return .reviewed }
        return entry.isExpired ? .expired : .open
    }

    // MARK: - Reading the ledger

    mutating func add(_ row: LedgerEntry) {
        sequence = row.sequence
        guard let kind = LedgerKind(rawValue: row.kind), let record = JSONValue(parsing: row.record) else {
            return
        }
        switch kind {
        case .decision: addDecision(row, record)
        case .feedback: if let about = row.about { addFeedback(row, record, about) }
        case .undo: if let about = row.about { undo(record["feedback"]?.text, about) }
        case .erasure: if let place = row.about.flatMap(place) { erase(place) }
        case .expiry: expire(DecisionTable.expiredRows(row.record))
        case .genesis, .event: break
        }
    }

    private mutating func addDecision(_ row: LedgerEntry, _ record: JSONValue) {
        let fields = record["fields"]?.elements ?? []
        let article = record["matches"]?.elements?.first?.text
        entries.append(
            Entry(
                sequence: row.sequence, time: row.time,
                firstAnswer: dropped + answers.count,
                language: symbols.number(of: record["language"]?.text ?? ""),
                article: symbols.number(of: article ?? ""),
                model: symbols.number(of: record["snapshot"]?["model_sha256"]?.text ?? ""),
                answers: UInt8(min(fields.count, 255)),
                isKnownIssue: record["known_issue"] == .bool(true)))
        for field in fields.prefix(255) { answers.append(answer(field)) }
        let place = entries.count - 1
        entries[place].sureness = answers(of: entries[place]).map(\.sureness).min() ?? .max
        settle(place)
        if entries.count > capacity + capacity / 8 { dropOldest() }
    }

    private mutating func answer(_ field: JSONValue) -> Answer {
        let reasons = (field["reasons"]?.elements ?? []).compactMap(\.text)
        // The place in a list would tell how sure the model was of a ticket of the blind sample.
        let isBlind = reasons.contains(Decision.Reason.blindSample.rawValue)
        let probability = isBlind ? 0 : field["probability"]?.double ?? 0
        return Answer(
            label: symbols.number(of: field["decided"]?.text ?? field["label"]?.text ?? ""),
            field: UInt16(truncatingIfNeeded: symbols.number(of: field["field"]?.text ?? "")),
            reasons: DecisionTable.mask(reasons.compactMap(Decision.Reason.init)),
            sureness: UInt16((min(max(probability, 0), 1) * 65535).rounded()),
            level: field["level"]?.text.flatMap(Decision.Level.init) ?? .review)
    }

    static func mask(_ reasons: [Decision.Reason]) -> UInt16 {
        Decision.Reason.allCases.enumerated().reduce(0) { mask, known in
            reasons.contains(known.element) ? mask | 1 << UInt16(known.offset) : mask
        }
    }

    private mutating func dropOldest() {
        let count = entries.count - capacity
        for entry in entries.prefix(count) { totals.remove(entry, answers(of: entry)) }
        changes.forget()
        let end = entries[count].firstAnswer - dropped
        entries.removeFirst(count)
        answers.removeFirst(end)
        dropped += end
    }

    // MARK: - Feedback

    private mutating func addFeedback(_ row: LedgerEntry, _ record: JSONValue, _ about: Int64) {
        guard place(of: about) != nil, let field = record["field"]?.text, let label = record["label"]?.text
        else { return }
        let number = UInt16(truncatingIfNeeded: symbols.number(of: field))
        correctionPlaces[about, default: []].append(corrections.count)
        corrections.append(
            Correction(
                sequence: row.sequence, time: row.time, id: row.id, about: about, field: number,
                label: symbols.number(of: label)))
        apply(about, number)
    }

    private mutating func undo(_ id: String?, _ about: Int64) {
        guard let place = correctionPlaces[about]?.first(where: { corrections[$0].id == id }) else { return }
        corrections[place].isUndone = true
        apply(about, corrections[place].field)
    }

    /// Sets the feedback in force on a field: the newest that was not undone.
    private mutating func apply(_ about: Int64, _ field: UInt16) {
        guard let row = place(of: about) else { return }
        let newest = correctionPlaces[about]?.last {
            corrections[$0].field == field && !corrections[$0].isUndone
        }
        let label = newest.map { corrections[$0].label }
        change(row) { table in
            for place in table.answers(of: table.entries[row]).indices
            where table.answers[place].field == field {
                table.answers[place].feedback = label
            }
        }
    }

    // MARK: - Erasure and expiry

    private mutating func erase(_ place: Int) {
        change(place) { $0.entries[place].isErased = true }
    }

    private mutating func expire(_ ranges: [ClosedRange<Int64>]) {
        for range in ranges {
            var place = firstPlace(from: range.lowerBound)
            while place < entries.count, entries[place].sequence <= range.upperBound {
                change(place) { [place] in $0.entries[place].isExpired = true }
                place += 1
            }
        }
    }

    /// The rows whose text an expiry deleted.
    static func expiredRows(_ record: [UInt8]) -> [ClosedRange<Int64>] {
        (JSONValue(parsing: record)?["rows"]?.elements ?? []).compactMap { range in
            guard let low = range.elements?.first?.double, let high = range.elements?.last?.double,
                low <= high
            else { return nil }
            return Int64(low)...Int64(high)
        }
    }
}

/// Numbers for texts that many rows repeat; the empty text has 0.
struct SymbolTable {
    private(set) var names = [""]
    private var numbers: [String: UInt32] = ["": 0]

    mutating func number(of name: String) -> UInt32 {
        if let number = numbers[name] { return number }
        let number = UInt32(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }

    /// The number of a text that was seen; nil for another.
    func known(_ name: String) -> UInt32? { numbers[name] }

    subscript(number: UInt32) -> String { names[Int(number)] }
}
