package import TriageSearch

/// The answer to one ticket.
///
/// Keys and their order on the wire are those of `Decision+JSON.swift`.
package struct Decision: Sendable, Equatable {
    /// How far an answer may be trusted.
    package enum Level: String, Sendable, Comparable, CaseIterable {
        /// Left to a person.
        case review
        /// Shown as a suggestion.
        case suggest
        /// Good enough to act on by itself.
        case auto

        /// Review is least, auto most.
        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int { self == .review ? 0 : self == .suggest ? 1 : 2 }
    }

    /// Why an answer is not `auto`.
    package enum Reason: String, Sendable, CaseIterable {
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
    package struct Alternative: Sendable, Equatable {
        /// The label.
        package var label: String
        /// Its probability, with six decimals.
        package var probability: Float
    }

    /// The answer in one field.
    package struct Prediction: Sendable, Equatable {
        /// The field.
        package var field: String
        /// "category" or "severity" when the field fills that place of the decision, whatever its name.
        package var role: String?
        /// The predicted label, of the bundle's closed set.
        package var label: String
        /// The label that the decision goes by: the predicted one, or a severity that a safety floor raised.
        package var decided: String
        /// Its probability, with six decimals.
        package var probability: Float
        /// How far to trust it.
        package var level: Level
        /// Why it is not `auto`.
        package var reasons: [Reason]
        /// The next best labels, at most three.
        package var alternatives: [Alternative]
        /// How little the ticket looks like the training data, 0 … 1; nil when the bundle cannot tell.
        package var outOfScope: Float?
        /// Labels of which one is right in the wanted share of tickets, likeliest first; nil when not asked for.
        package var labelSet: [String]?
    }

    /// An article that may answer.
    package struct Match: Sendable, Equatable {
        /// The article's id.
        package var id: String
        /// Its title.
        package var title: String
        /// 0 … 1.
        package var score: Float
        /// What it says to do.
        package var recommendedAction: String?

        package init(_ article: Article, score: Float) {
            (id, title, self.score) = (article.id, article.title, score)
            recommendedAction = article.recommendedAction
        }
    }

    /// The category when no head has that role.
    package static let defaultCategory = "Other"
    /// The severity when no head has that role, before floors.
    package static let defaultSeverity = "Medium"
    /// What stands in a decision for each role that no head has.
    package static let defaults: [(role: String, answer: String)] = [
        ("category", defaultCategory), ("severity", defaultSeverity),
    ]

    /// At most two sentences of the ticket's own words, masked.
    package var summary: String
    /// Whether an article answers.
    package var isKnownIssue: Bool
    /// The articles that answer; none for a new issue.
    package var matches: [Match]
    /// What to do next.
    package var nextAction: String
    /// What a reader should know besides, such as a role that no head fills.
    package var remarks: [Remark]
    /// The caller's own id.
    package var id: String?
    /// One a field.
    package var predictions: [Prediction]
    /// The best articles when the issue is new.
    package var nearMisses: [Match]
    /// The probability that an article answers; nil without a KB.
    package var knownProbability: Float?
    /// By field, when asked for.
    package var explanations: [Explanation]?
    /// The text's language as an ISO 639-1 code; nil when it cannot be told.
    package var language: String?
    /// The bundle's name.
    package var modelName: String
    /// SHA-256 of the bundle's manifest.
    package var modelSHA256: String
}

extension Decision {
    /// The answer in the field that has a role; nil when the bundle has none.
    package func prediction(role: String) -> Prediction? { predictions.first { $0.role == role } }

    /// The label decided for the role "category", or "Other".
    package var category: String { prediction(role: "category")?.decided ?? Decision.defaultCategory }

    /// The label decided for the role "severity"; without such a field "Medium", raised by floors to a name of the
    /// playbook's.
    package var severity: String {
        if let decided = prediction(role: "severity")?.decided { return decided }
        for case .severityRaised(_, let label, _) in remarks { return label }
        return Decision.defaultSeverity
    }

    /// The remarks as text; nil when there are none.
    package var notes: String? {
        remarks.isEmpty ? nil : remarks.map(\.sentence).joined(separator: " ")
    }
}
