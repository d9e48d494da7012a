/// The answer to one ticket.
///
/// Keys and their order on the wire are those of `Decision+JSON.swift`.
public struct Decision: Sendable, Equatable {
    /// How far an answer may be trusted.
    public enum Level: String, Sendable, Comparable {
        /// Left to a person.
        case review
        /// Shown as a suggestion.
        case suggest
        /// Good enough to act on by itself.
        case auto

        /// Review is least, auto most.
        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int { self == .review ? 0 : self == .suggest ? 1 : 2 }
    }

    /// Why an answer is not `auto`.
    public enum Reason: String, Sendable, CaseIterable {
        /// The best label's probability is below the threshold.
        case lowConfidence = "LOW_CONFIDENCE"
        /// The two best labels are close.
        case ambiguous = "AMBIGUOUS"
        /// The ticket has no text.
        case empty = "EMPTY"
        /// The ticket looks like none of the training data, or nothing in it was seen there.
        case outOfScope = "OUT_OF_SCOPE"
        /// The ticket was cut at the size limit.
        case truncated = "TRUNCATED"
        /// The bundle is not calibrated on the site's own labels.
        case uncalibrated = "UNCALIBRATED"
        /// By what mistakes cost, another severity than the most probable one is said.
        case expectedCost = "EXPECTED_COST"
        /// A safety floor of the playbook asks for a higher severity than the model.
        case floor = "SAFETY_FLOOR"
        /// A language model chose the label.
        case languageModel = "LANGUAGE_MODEL"
    }

    /// A label and its probability.
    public struct Alternative: Sendable, Equatable {
        /// The label.
        public var label: String
        /// Its probability, with six decimals.
        public var probability: Float
    }

    /// What one field's head says.
    public struct Prediction: Sendable, Equatable {
        /// The field.
        public var field: String
        /// The label, of the bundle's closed set.
        public var label: String
        /// Its probability, with six decimals.
        public var probability: Float
        /// How far to trust it.
        public var level: Level
        /// Why it is not `auto`.
        public var reasons: [Reason]
        /// The next best labels, at most three.
        public var alternatives: [Alternative]
        /// How little the ticket looks like the training data, 0 … 1; nil when the bundle cannot tell.
        public var outOfScope: Float?
        /// Labels of which one is right in the wanted share of tickets, likeliest first; nil when not asked for.
        public var labelSet: [String]?
    }

    /// An article that may answer.
    public struct Match: Sendable, Equatable {
        /// The article's id.
        public var id: String
        /// Its title.
        public var title: String
        /// 0 … 1.
        public var score: Float
        /// What it says to do.
        public var recommendedAction: String?
    }

    /// The category when no head has that role.
    public static let defaultCategory = "Other"
    /// The severity when no head has that role, before floors.
    public static let defaultSeverity = "Medium"
    /// What stands in a decision for each role that no head has.
    public static let defaults: [(role: String, answer: String)] = [
        ("category", defaultCategory), ("severity", defaultSeverity),
    ]

    /// At most two sentences of the ticket's own words, masked.
    public var summary: String
    /// The label of the head with the role "category", or "Other".
    public var category: String
    /// The label of the head with the role "severity", raised by floors to another of its labels, or "Medium", raised
    /// by floors to a name of the playbook's.
    public var severity: String
    /// Whether an article answers.
    public var isKnownIssue: Bool
    /// The articles that answer; none for a new issue.
    public var matches: [Match]
    /// What to do next.
    public var nextAction: String
    /// Anything a reader should know, such as a role that no head fills.
    public var notes: String?
    /// The caller's own id.
    public var id: String?
    /// One a field.
    public var predictions: [Prediction]
    /// The best articles when the issue is new.
    public var nearMisses: [Match]
    /// The probability that an article answers; nil without a KB.
    public var knownProbability: Float?
    /// By field, when asked for.
    public var explanations: [Explanation]?
    /// The text's language as an ISO 639-1 code; nil when it cannot be told.
    public var language: String?
    /// The bundle's name.
    public var modelName: String
    /// SHA-256 of the bundle's manifest.
    public var modelSHA256: String
}
