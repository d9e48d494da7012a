package import TriageModel

/// What a site wants done: next actions by category and severity, and words that may only raise the severity.
package struct Policy: Sendable, Equatable {
    /// Words that raise the severity when a ticket holds them.
    package struct Floor: Sendable, Equatable {
        /// The floor's own name, which the notes of a decision that it changed repeat.
        package var id: String
        /// The severity from which on the floor does nothing.
        package var raiseTo: String
        /// Phrases that fire it.
        package var any: [String]
        /// Longer phrases that cancel the mentions they cover.
        package var unless: [String]
        /// Words close together that fire it.
        package var patterns: [FloorPattern] = []
        /// Words close together that cancel the mentions they touch.
        package var unlessPatterns: [FloorPattern] = []
    }

    /// Next action by category, then severity.
    package var nextActions: [String: [String: String]]
    /// Next action by category alone.
    package var defaults: [String: String]
    /// Safety floors.
    package var floors: [Floor]
    /// The texts of the word lists that patterns use by name.
    package var wordLists: [String: String] = [:]
    /// The severities, mildest first.
    package var severities = SeverityOrder.standard
    /// How much more a severity too mild costs than one too harsh, a step; nil to say the likeliest.
    package var underTriageWeight: Double?
    /// The share of the harshest severity's tickets that may be called milder; nil for no bound.
    package var maxUnderTriage: Double?

    /// What labels mean, by field, then label: for people, and for a language model that chooses among them.
    package var labelMeanings: [String: [String: String]] = [:]

    /// A policy that knows nothing of the site.
    package init() {
        nextActions = [:]
        defaults = [:]
        floors = []
    }

    /// The next action for a decision's category and severity.
    package func nextAction(for decision: Decision) -> String {
        guard let category = decision.prediction(role: "category"), let path = category.path else {
            return nextAction(category: decision.category, severity: decision.severity)
        }
        // Of a path the deepest part that the playbook names, as far as it is sure.
        let depth = category.depth ?? 0
        let sure = path.prefix(depth > 0 ? depth : path.count).reversed()
        let named = sure.first { nextActions[$0.label] != nil || defaults[$0.label] != nil }
        return nextAction(category: named?.label ?? decision.category, severity: decision.severity)
    }

    package func nextAction(category: String, severity: String) -> String {
        let actions = nextActions[category]
        let inOrder = severities.rank(of: severity).flatMap { actions?[severities.names[$0]] }
        return actions?[severity] ?? inOrder ?? defaults[category]
            ?? Policy.personDecides
    }

    /// The next action where the playbook has none.
    package static let personDecides = "Have a person read the ticket and decide who should take it."
}
