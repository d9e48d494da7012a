internal import TriageEngine

extension DecisionTable {
    /// A filter with the numbers of its texts.
    struct Condition {
        var filter: DecisionFilter
        var field: UInt16?
        var label: UInt32?
        var language: UInt32?
        var article: UInt32?
        var reasons: UInt16?

        /// Nil when a text of the filter is in no decision.
        init?(_ filter: DecisionFilter, _ symbols: SymbolTable) {
            self.filter = filter
            func number(_ text: String?) -> UInt32?? { text.map { symbols.known($0) } }
            let numbers = [filter.field, filter.label, filter.language, filter.article].map(number)
            guard !numbers.contains(.some(.none)) else { return nil }
            field = numbers[0]?.map { UInt16(truncatingIfNeeded: $0) }
            (label, language, article) = (numbers[1] ?? nil, numbers[2] ?? nil, numbers[3] ?? nil)
            reasons = filter.reason.map { DecisionTable.mask([$0]) }
        }

        func holds(for answer: Answer) -> Bool {
            (field == nil || answer.field == field) && (label == nil || answer.current == label)
                && (filter.level == nil || answer.level == filter.level)
                && (reasons.map { answer.reasons & $0 != 0 } ?? true)
        }

        /// Whether the condition is about single fields.
        var isAboutAnswers: Bool { field != nil || label != nil || filter.level != nil || reasons != nil }
    }

    /// What a search found.
    struct Found {
        /// The page's rows of the ledger, in the order of the list.
        var sequences: [Int64]
        var next: DecisionCursor?
        var count: Int
    }

    /// Whether a list has a decision.
    func accepts(_ entry: Entry, _ condition: Condition) -> Bool {
        let filter = condition.filter
        guard filter.covers(entry.time), condition.language == nil || entry.language == condition.language,
            condition.article == nil || entry.article == condition.article,
            filter.isKnownIssue == nil || entry.isKnownIssue == filter.isKnownIssue,
            filter.state == nil || entry.state == filter.state
        else { return false }
        return !condition.isAboutAnswers || answers(of: entry).contains(where: condition.holds)
    }

    /// The lowest probability of a decision's fields, or that of one field.
    func sureness(of entry: Entry, _ field: UInt16?) -> UInt16 {
        guard let field else { return entry.sureness }
        return answers(of: entry).lazy.filter { $0.field == field }.map(\.sureness).min() ?? .max
    }

    /// A part of the feedback that a filter accepts, newest first, before a row of the ledger.
    func feedback(_ filter: FeedbackFilter, before row: Int64, limit: Int) -> ListPage<Correction> {
        let accepted = corrections.filter { correction in
            (filter.field.map { symbols.known($0) == UInt32(correction.field) } ?? true)
                && (filter.label.map { symbols.known($0) == correction.label } ?? true)
                && (filter.isUndone.map { $0 == correction.isUndone } ?? true)
                && correction.time >= filter.from ?? .min && correction.time < filter.to ?? .max
        }
        let rest = accepted.reversed().drop { $0.sequence >= row }
        let items = Array(rest.prefix(limit))
        let next = rest.count > limit ? items.last.map { String($0.sequence) } : nil
        return ListPage(items: items, next: next, count: accepted.count)
    }

    /// How many decisions each article answers best.
    func articleCounts() -> [String: Int] {
        Dictionary(uniqueKeysWithValues: totals.articles.map { (symbols[$0.key], $0.value) })
    }
}
