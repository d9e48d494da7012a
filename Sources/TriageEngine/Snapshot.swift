package import TriageModel
package import TriageSearch
public import TriageTickets

/// Everything that decides, loaded and immutable: a bundle, an index of the KB, a policy.
///
/// A decision is a pure function of a ticket and a snapshot: no clock, disk or network, and no memory of other
/// tickets.
public struct Snapshot: Sendable {
    /// The trained model.
    package let model: ModelBundle
    /// The KB; nil makes every issue new.
    package internal(set) var index: (any ArticleSearch)?
    /// The matrix by which articles are compared with tickets; nil when words alone decide.
    package internal(set) var searchEmbedding: EmbeddingTable?
    /// What the site wants done.
    package let policy: Policy
    /// The language identifier's bundle; nil leaves languages untold.
    package let language: ModelBundle?
    package let languageIdentifier: LanguageIdentifier?
    /// The languages of the model's training rows; nil when they were not counted.
    package let seenLanguages: SeenLanguages?
    let floors: FloorMatcher
    /// Why the severity is not decided as the policy asks, but by the likeliest label; nil when it is.
    package let severityRefusal: EngineError?
    let severityRule: OrdinalRule?
    /// By field, how much less than 1 each label's probability may be for it to be in the set; empty without label sets.
    private(set) var labelSetQuantiles: [String: [Float]] = [:]
    /// Corrected tickets that decisions remember; nil for none.
    package private(set) var memory: CorrectionMemory?
    /// The remark of every decision when no head fills a role; nil when all are filled.
    let missingRoles: Remark?

    package init(
        model: ModelBundle, index: (any ArticleSearch)? = nil, policy: Policy = Policy(),
        language: ModelBundle? = nil
    ) {
        self.model = model
        self.index = index
        self.policy = policy
        self.language = language
        languageIdentifier = language.flatMap { LanguageIdentifier($0, shares: model.manifest.languages) }
        seenLanguages = SeenLanguages(model.manifest.languageRows)
        floors = FloorMatcher(policy.floors)
        do throws(EngineError) {
            severityRule = try policy.severityDecision(for: model)?.rule
            severityRefusal = nil
        } catch {
            (severityRule, severityRefusal) = (nil, error)
        }
        let missing = Decision.defaults.map(\.role).filter { model.head(role: $0) == nil }
        missingRoles = missing.isEmpty ? nil : .missingRoles(missing, model: model.manifest.name)
    }

    /// The same with label sets in its decisions: one of a set's labels is right in `coverage` of tickets like the
    /// training rows, by the conformal quantile of the rows that training held out.
    ///
    /// Those rows were scored by the models of folds, and the ticket is by that of all rows: the cross-validated form of
    /// the jackknife (Barber, Candès, Ramdas and Tibshirani, 2021). Cross-conformal prediction (Vovk, 2015) would score
    /// the ticket by each fold's model as well; a bundle keeps none of them, so that no worst-case bound holds, and
    /// coverage is measured.
    ///
    /// With `byLabel`, in that share of each label's tickets too, as far as a label has held-out rows enough; others take
    /// the quantile of all.
    ///
    /// - Throws: `EngineError.tooFewHeldOut` when a field has too few held-out rows.
    package func withLabelSets(coverage: Double, byLabel: Bool = false) throws(EngineError) -> Snapshot {
        var copy = self
        for head in model.heads where !head.hasTags {
            guard let quantile = head.heldOut?.setQuantile(coverage: coverage) else {
                throw .tooFewHeldOut(
                    field: head.manifest.field, rows: head.heldOut?.count ?? 0,
                    needed: Int((coverage / (1 - coverage)).rounded(.up)))
            }
            copy.labelSetQuantiles[head.manifest.field] = head.labels.names.indices.map { label in
                (byLabel ? head.heldOut?.setQuantile(coverage: coverage, label: label) : nil) ?? quantile
            }
        }
        return copy
    }

    /// The same with another memory of corrected tickets, nil for none.
    package func remembering(_ memory: CorrectionMemory?) -> Snapshot {
        var copy = self
        copy.memory = memory?.isEmpty ?? true ? nil : memory
        return copy
    }

    /// Decides one ticket.
    ///
    /// - Complexity: O(bytes of the ticket), plus a search over the KB.
    public func decide(_ ticket: Ticket, explaining: Bool = false) -> Decision {
        decide(prepare(ticket), explaining: explaining)
    }

    /// Decides one prepared text.
    package func decide(_ text: TicketText, explaining: Bool = false) -> Decision {
        var scratch = DecisionScratch(explaining: explaining)
        return decide(text, &scratch)
    }
}

/// Memory that one thread uses again for ticket after ticket; its content never reaches another decision.
package struct DecisionScratch: Sendable {
    /// The features of the last decision.
    package internal(set) var features: Features
    /// The logits of the last decision, in the order of the bundle's columns.
    package internal(set) var logits: [Float] = []
    var language = LanguageIdentifier.Scratch()
    /// Whether the model has hardly seen the language of the ticket being decided.
    var isLanguageHardlySeen = false
    /// What decisions explain; nil for nothing.
    let request: Explanation.Request?

    /// Empty; with `explaining`, decisions made with it carry explanations.
    package init(explaining: Bool = false) { self.init(explaining ? Explanation.Request() : nil) }

    /// Empty; decisions made with it carry the requested explanations, or none for nil.
    package init(_ request: Explanation.Request?) {
        self.request = request
        features = Features(recordingOrigins: request != nil)
    }
}
