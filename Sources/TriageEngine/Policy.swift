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

    /// Next actions in another language.
    package struct Translation: Sendable, Equatable {
        /// Next action by category, then severity.
        package var nextActions: [String: [String: String]] = [:]
        /// Next action by category alone.
        package var defaults: [String: String] = [:]
    }

    /// Next action by category, then severity.
    package var nextActions: [String: [String: String]]
    /// Next action by category alone.
    package var defaults: [String: String]
    /// Next actions in other languages, by ISO 639-1 code.
    package var translations: [String: Translation] = [:]
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

    /// The next action for a decision's category and severity, in the ticket's language where the playbook has it.
    package func nextAction(for decision: Decision) -> String {
        guard let category = decision.prediction(role: "category"), let path = category.path else {
            return nextAction(
                category: decision.category, severity: decision.severity, language: decision.language)
        }
        // Of a path the deepest part that the playbook names, as far as it is sure.
        let depth = category.depth ?? 0
        let sure = path.prefix(depth > 0 ? depth : path.count).reversed()
        let named = sure.first { nextActions[$0.label] != nil || defaults[$0.label] != nil }
        return nextAction(
            category: named?.label ?? decision.category, severity: decision.severity,
            language: decision.language)
    }

    /// The text for category and severity; without one that for the category.
    ///
    /// Each in the language first, where the playbook has it: that a text fits the severity counts more than its language.
    package func nextAction(category: String, severity: String, language: String? = nil) -> String {
        let own = Translation(nextActions: nextActions, defaults: defaults)
        let all = [language.flatMap { translations[$0] }, own].compactMap(\.self)
        return all.lazy.compactMap { action(in: $0.nextActions[category], severity) }.first
            ?? all.lazy.compactMap { $0.defaults[category] }.first
            ?? Policy.personDecides
    }

    private func action(in actions: [String: String]?, _ severity: String) -> String? {
        actions?[severity] ?? severities.rank(of: severity).flatMap { actions?[severities.names[$0]] }
    }

    /// The next action where the playbook has none.
    package static let personDecides = "Have a person read the ticket and decide who should take it."
}
