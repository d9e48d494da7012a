package import TriageSearch
public import TriageText

/// The answer to one ticket.
///
/// Keys and their order on the wire are those of `Decision+JSON.swift`.
public struct Decision: Sendable, Equatable {
    /// How far an answer may be trusted.
    public enum Level: String, Sendable, Comparable, CaseIterable {
        /// A person decides.
        case review
        /// A person sees it as a suggestion.
        case suggest
        /// Probable enough to act on without a person.
        case auto

        /// `review` is the lowest level, `auto` the highest.
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
        /// The ticket is unlike the training data, or has no feature of it.
        case outOfScope = "OUT_OF_SCOPE"
        /// The ticket looks less like the training data than level `auto` allows where foreign tickets are expected.
        case unfamiliar = "UNFAMILIAR"
        /// The model has hardly seen the ticket's language.
        case language = "LANGUAGE"
        /// The ticket was cut at the size limit.
        case truncated = "TRUNCATED"
        /// The bundle is not calibrated on the site's own labels.
        case uncalibrated = "UNCALIBRATED"
        /// The severity has the least expected cost, and another label is more probable.
        case expectedCost = "EXPECTED_COST"
        /// A safety floor of the playbook requires a higher severity than the predicted one.
        case floor = "SAFETY_FLOOR"
        /// A language model chose the label.
        case languageModel = "LANGUAGE_MODEL"
        /// People corrected tickets like this one to this label.
        case corrected = "CORRECTED"
        /// The ticket is in the blind sample: a person gives the label without seeing the predicted one.
        case blindSample = "BLIND_SAMPLE"
        /// Monitoring found that answers of this kind miss their target, so that none is `auto`.
        case demoted = "DEMOTED"
    }

    /// A label and its probability.
    public struct Alternative: Sendable, Equatable {
        /// The label.
        public package(set) var label: String
        /// The label's probability, 0 … 1; JSON has six decimals of it.
        public package(set) var probability: Float
    }

    /// The answer in one field.
    public struct Prediction: Sendable, Equatable {
        /// The field.
        public package(set) var field: String
        /// "category" or "severity" when the field fills that place of the decision, whatever its name.
        public package(set) var role: String?
        /// The predicted label, of the bundle's closed set; empty while the blind sample withholds it.
        public package(set) var label: String
        /// The label that the decision goes by: the predicted one, or a severity that a safety floor raised.
        public package(set) var decided: String
        /// The predicted label's probability, 0 … 1; JSON has six decimals of it.
        public package(set) var probability: Float
        /// How far to trust it.
        public package(set) var level: Level
        /// Why the level is not `auto`.
        public package(set) var reasons: [Reason]
        /// The next best labels, at most three.
        public package(set) var alternatives: [Alternative]
        /// How unlike the training data the ticket is, 0 … 1; nil when the bundle cannot tell.
        public package(set) var outOfScope: Float?
        /// Labels of which one is right in the wanted share of tickets, most probable first; nil unless requested.
        package var labelSet: [String]?
        /// In a tree of labels the chain from the root to the answer, and on to its likeliest label; nil for labels without
        /// parents.
        public package(set) var path: [PathStep]?
        /// Of a field of tags those that the ticket is given, the most probable first; nil for one label a ticket.
        ///
        /// `label` is the same joined by ";", and `probability` that all tags are right, as if each were independent of the others.
        public package(set) var tags: [Tag]?

        /// How many steps of the path are sure: those of level `suggest` or `auto`.
        public var depth: Int? { path.map { $0.count { $0.level > .review } } }
    }

    /// A tag that a ticket is given.
    public struct Tag: Sendable, Equatable {
        /// Its name.
        public package(set) var label: String
        /// The probability that the ticket has it.
        public package(set) var probability: Float
        /// The probability from which it is given.
        public package(set) var threshold: Float
        /// `suggest`, or `auto` where the tag's target is shown on held-out rows.
        public package(set) var level: Level
    }

    /// One node of a path in a tree of labels.
    public struct PathStep: Sendable, Equatable {
        /// The column of the training data that has this part; nil when one column has the whole path.
        public package(set) var column: String?
        /// The part's own name.
        public package(set) var name: String
        /// The path to here.
        public package(set) var label: String
        /// The sum of the probabilities of the labels below; never less than that of the next step.
        public package(set) var probability: Float
        /// How far to trust the path to here.
        public package(set) var level: Level
    }

    /// An article that may answer.
    public struct Match: Sendable, Equatable {
        /// The article's id.
        public package(set) var id: String
        /// Its title.
        public package(set) var title: String
        /// The probability that the article answers, 0 … 1.
        public package(set) var score: Float
        /// The article's instruction; nil when it has none.
        public package(set) var recommendedAction: String?

        package init(_ article: Article, score: Float) {
            (id, title, self.score) = (article.id, article.title, score)
            recommendedAction = article.recommendedAction
        }
    }

    /// A part of the ticket that neither the model nor the search read.
    public struct SetAside: Sendable, Equatable {
        /// What it is.
        public package(set) var kind: SetAsideKind
        /// "subject" or "body".
        public package(set) var field: String
        /// The offset of its first UTF-8 byte in the original field.
        public package(set) var start: Int
        /// The offset after its last byte.
        public package(set) var end: Int
    }

    /// The category when no head has that role.
    package static let defaultCategory = "Other"
    /// The severity when no head has that role, before floors.
    package static let defaultSeverity = "Medium"
    /// A decision's answer for each role that no head has.
    package static let defaults: [(role: String, answer: String)] = [
        ("category", defaultCategory), ("severity", defaultSeverity),
    ]

    /// At most two sentences of the ticket's own words, masked.
    public package(set) var summary: String
    /// Whether an article answers.
    public package(set) var isKnownIssue: Bool
    /// The articles that answer; none for a new issue.
    public package(set) var matches: [Match]
    /// The instruction of the article that answers, or the playbook's for category and severity.
    public package(set) var nextAction: String
    /// What a reader should know besides, such as a role that no head fills.
    package var remarks: [Remark]
    /// The caller's own id.
    public package(set) var id: String?
    /// One for each field, in the bundle's order.
    public package(set) var predictions: [Prediction]
    /// The best articles when the issue is new.
    public package(set) var nearMisses: [Match]
    /// The probability that an article answers; nil without a KB.
    public package(set) var knownProbability: Float?
    /// One for each field; nil unless requested.
    public package(set) var explanations: [Explanation]?
    /// The text's language as an ISO 639-1 code; nil when it is unknown.
    public package(set) var language: String?
    /// The bundle's name.
    public package(set) var modelName: String
    /// SHA-256 of the bundle's manifest.
    public package(set) var modelSHA256: String
    /// The parts of the ticket that were not read, in the order of subject and body.
    public package(set) var setAside: [SetAside]
}

extension Decision {
    /// The answer in the field that has a role; nil when the bundle has none.
    public func prediction(role: String) -> Prediction? { predictions.first { $0.role == role } }

    /// The label decided for the role "category", or "Other".
    public var category: String { shown(role: "category") ?? Decision.defaultCategory }

    /// The label decided for the role "severity"; without such a field "Medium", raised by floors to a name of the
    /// playbook's.
    public var severity: String {
        if let decided = shown(role: "severity") { return decided }
        for case .severityRaised(_, let label, _) in remarks { return label }
        return Decision.defaultSeverity
    }

    /// The label decided for a role; nil without such a field, and where it is withheld.
    private func shown(role: String) -> String? {
        prediction(role: role).flatMap { $0.decided.isEmpty ? nil : $0.decided }
    }

    /// The remarks as text; nil when there are none.
    public var notes: String? {
        remarks.isEmpty ? nil : remarks.map(\.sentence).joined(separator: " ")
    }
}
