package import TriageModel
package import TriageStore

/// What the page of the model reads and changes beyond the bundle in use.
///
/// The command that serves fills it in: this module may not use training.
package struct ModelDesk: Sendable {
    /// A point of the curve: held-out rows at or above a probability.
    package struct Point: Sendable, Equatable {
        package var threshold: Float
        package var above: Int
        package var errors: Int

        package init(threshold: Float, above: Int, errors: Int) {
            (self.threshold, self.above, self.errors) = (threshold, above, errors)
        }
    }

    /// What a rule for automatic answers reaches on held-out rows.
    package struct Effect: Sendable, Equatable {
        /// The probability from which answers are automatic; nil for thresholds by label, or none.
        package var threshold: Float?
        package var rows: Int
        package var above: Int
        package var errors: Int
        /// The one-sided 95 % bound of the share that is right.
        package var atLeast: Double

        package init(threshold: Float?, rows: Int, above: Int, errors: Int, atLeast: Double) {
            (self.threshold, self.rows, self.above) = (threshold, rows, above)
            (self.errors, self.atLeast) = (errors, atLeast)
        }

        var coverage: Double { rows == 0 ? 0 : Double(above) / Double(rows) }
        var precision: Double { above == 0 ? 0 : Double(above - errors) / Double(above) }
    }

    /// A field of a bundle.
    package struct Field: Sendable, Equatable {
        package var name: String
        package var labels: Int
        package var isCalibrated: Bool
        /// The rule's target, such as "precision=0.95"; nil without held-out rows.
        package var target: String?
        package var effect: Effect?
        /// Held-out rows, and those whose best label is right.
        package var rows: Int
        package var right: Int
        /// The precision–coverage curve, few rows first; empty where thresholds cannot be solved.
        package var curve: [Point]

        package init(
            name: String, labels: Int, isCalibrated: Bool, target: String?, effect: Effect?, rows: Int,
            right: Int, curve: [Point]
        ) {
            (self.name, self.labels, self.isCalibrated, self.target) = (name, labels, isCalibrated, target)
            (self.effect, self.rows, self.right, self.curve) = (effect, rows, right, curve)
        }
    }

    /// Thresholds that a person wants to save.
    package struct Wish: Sendable {
        package var field: String
        /// The share of automatic answers that must be right.
        package var precision: Double
        /// The bundle that the person saw, by its SHA-256.
        package var model: String
        package var by: String
    }

    /// A label that people gave and that training on the labels of other tickets contradicts.
    package struct DoubtfulLabel: Sendable, Equatable {
        /// The ticket's id, or the decision's.
        package var id: String
        package var label: String
        /// The likeliest other label.
        package var suggested: String
        /// The probabilities of the two without this ticket's label.
        package var probability: Float
        package var suggestedProbability: Float
        /// The ticket's words with weight for each of the two.
        package var words: [String]
        package var suggestedWords: [String]
        /// The feedback that gave the label; nil until it is looked up.
        var feedback: String?

        package init(
            id: String, label: String, suggested: String, probability: Float, suggestedProbability: Float,
            words: [String], suggestedWords: [String]
        ) {
            (self.id, self.label, self.suggested) = (id, label, suggested)
            (self.probability, self.suggestedProbability) = (probability, suggestedProbability)
            (self.words, self.suggestedWords) = (words, suggestedWords)
        }
    }

    /// The labels of a field that people gave, audited.
    package struct LabelAudit: Sendable, Equatable {
        /// Tickets with a label that people gave.
        package var rows: Int
        /// Fewer are not audited.
        package var minimum: Int
        /// The labels in doubt, the likeliest mistakes first.
        package var doubtful: [DoubtfulLabel]
        /// Whether single labels can be called probably wrong; else they are the ones that the model doubts most.
        package var judgesRows: Bool

        package init(rows: Int, minimum: Int, doubtful: [DoubtfulLabel] = [], judgesRows: Bool = true) {
            (self.rows, self.minimum) = (rows, minimum)
            (self.doubtful, self.judgesRows) = (doubtful, judgesRows)
        }
    }

    /// Who changes a registry, and why.
    package struct Author: Sendable {
        package var name: String
        package var reason: String
    }

    /// Why a change was not made.
    package enum Problem: Error {
        /// The bundle on the disk is not the one that the person saw.
        case changedMeanwhile
        /// Changed files would have no signature, and the service requires one.
        case mustBeSigned
    }

    /// The fields of a bundle with their curves.
    package var fields: @Sendable (ModelBundle) -> [Field]
    /// What a precision for a field would reach.
    package var effect: @Sendable (ModelBundle, _ field: String, _ precision: Double) throws -> Effect
    /// Writes the bundle with other thresholds; returns the registry's new version, or nil where the bundle was replaced.
    package var save: @Sendable (Wish) throws -> String?
    /// Makes a version the champion; returns the objections to it, and with some changes nothing unless `inSpite`.
    package var promote: @Sendable (_ version: String, Author, _ inSpite: Bool) throws -> [String]
    /// Makes the champion before the present one the champion again; returns its version.
    package var rollback: @Sendable (Author) throws -> String
    /// Reads a version of the registry.
    package var version: @Sendable (String) throws -> ModelBundle
    /// Audits the labels of a field that people gave; takes seconds.
    package var audit: @Sendable (TicketStore, ModelBundle, _ field: String) throws -> LabelAudit
    /// The registry of the bundle in use; nil without one.
    package var registry: ModelRegistry?
    /// The bundle's card; nil without one.
    package var card: @Sendable () -> String?

    package init(
        fields: @escaping @Sendable (ModelBundle) -> [Field],
        effect: @escaping @Sendable (ModelBundle, String, Double) throws -> Effect,
        save: @escaping @Sendable (Wish) throws -> String?,
        promote: @escaping @Sendable (String, Author, Bool) throws -> [String],
        rollback: @escaping @Sendable (Author) throws -> String,
        version: @escaping @Sendable (String) throws -> ModelBundle,
        audit: @escaping @Sendable (TicketStore, ModelBundle, String) throws -> LabelAudit,
        registry: ModelRegistry?,
        card: @escaping @Sendable () -> String?
    ) {
        (self.fields, self.effect, self.save, self.promote) = (fields, effect, save, promote)
        (self.rollback, self.version, self.audit) = (rollback, version, audit)
        (self.registry, self.card) = (registry, card)
    }
}
