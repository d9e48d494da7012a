package import TriageEngine

/// Whether a decision still needs a person.
package enum DecisionState: String, Sendable, CaseIterable {
    /// A field is not `auto`, and nobody has confirmed or corrected it.
    case open
    /// A person has confirmed or corrected every field that was not `auto`.
    case reviewed
    /// Every field was `auto`.
    case automatic
    /// It was open when its text expired.
    case expired
    /// Its text was erased on request.
    case erased
}

/// The order of a list of decisions.
package enum DecisionOrder: String, Sendable, CaseIterable {
    case newest
    case oldest
    /// By the lowest probability among the decision's fields, the newest of equal ones first.
    case leastSure = "least_sure"
}

/// Which decisions a list has; nil accepts every value.
package struct DecisionFilter: Sendable, Hashable {
    package var state: DecisionState?
    /// The field that `label`, `level` and `reason` are about, and the order; nil for any field.
    package var field: String?
    /// The label in force: the correction's, or else the decided one.
    package var label: String?
    package var level: Decision.Level?
    package var reason: Decision.Reason?
    /// ISO 639-1.
    package var language: String?
    /// The id of the article that answers best.
    package var article: String?
    package var isKnownIssue: Bool?
    /// Milliseconds since 1970, included.
    package var from: Int64?
    /// Milliseconds since 1970, excluded.
    package var to: Int64?

    package init() {}

    /// Whether the moment is in the filter's time.
    func covers(_ time: Int64) -> Bool { time >= from ?? .min && time < to ?? .max }
}

/// Which feedback a list has; nil accepts every value.
package struct FeedbackFilter: Sendable, Equatable {
    package var field: String?
    /// The label that the feedback gave.
    package var label: String?
    package var isUndone: Bool?
    /// Milliseconds since 1970, included.
    package var from: Int64?
    /// Milliseconds since 1970, excluded.
    package var to: Int64?

    package init() {}
}

/// The place behind an item in an ordered list; it stays right when items are added.
package struct DecisionCursor: Sendable, Hashable {
    /// The probability in steps of 1/65535 that the order goes by; 0 in an order by time.
    var sureness: UInt16
    var sequence: Int64

    /// As callers pass it on.
    package var text: String { "\(sureness)-\(sequence)" }

    /// The form of `text`.
    package static let pattern = "^[0-9]{1,5}-[1-9][0-9]{0,17}$"

    /// Reads a cursor; nil for text that is not one.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...5).contains(parts[0].utf8.count), (1...18).contains(parts[1].utf8.count),
            text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }),
            let sureness = UInt32(parts[0]), let sequence = Int64(parts[1]), !parts[1].hasPrefix("0")
        else { return nil }
        self.init(sureness: UInt16(clamping: sureness), sequence: sequence)
    }

    init(sureness: UInt16, sequence: Int64) { (self.sureness, self.sequence) = (sureness, sequence) }
}

/// A part of a list.
package struct ListPage<Item: Sendable>: Sendable {
    package var items: [Item]
    /// Where the next part begins; nil at the end.
    package var next: String?
    /// How many items the whole list has; nil when counting them would take too long.
    package var count: Int?

    package init(items: [Item], next: String? = nil, count: Int? = nil) {
        (self.items, self.next, self.count) = (items, next, count)
    }

    /// The page with other items in the place of these.
    package func map<Other>(_ body: (Item) throws -> Other) rethrows -> ListPage<Other> {
        ListPage<Other>(items: try items.map(body), next: next, count: count)
    }
}
