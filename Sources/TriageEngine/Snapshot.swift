public import TriageData
public import TriageModel
public import TriageSearch

/// Everything that decides, loaded and immutable: a bundle, an index of the KB, a policy.
///
/// A decision is a pure function of a ticket and a snapshot: no clock, disk or network, and no memory of other
/// tickets.
public struct Snapshot: Sendable {
    /// The trained model.
    public let model: ModelBundle
    /// The KB; nil makes every issue new.
    public let index: SearchIndex?
    /// What the site wants done.
    public let policy: Policy
    /// The language identifier; nil leaves languages untold.
    public let language: ModelBundle?
    let floors: FloorMatcher
    /// What a decision says when no head fills a role.
    let missingRoles: String?

    /// A snapshot of the given parts.
    public init(
        model: ModelBundle, index: SearchIndex? = nil, policy: Policy = Policy(), language: ModelBundle? = nil
    ) {
        self.model = model
        self.index = index
        self.policy = policy
        self.language = language
        floors = FloorMatcher(policy.floors)
        let missing = Decision.defaults.map(\.role).filter { model.head(role: $0) == nil }
        missingRoles =
            missing.isEmpty
            ? nil : "The model \(model.manifest.name) predicts no \(missing.joined(separator: " and no "))."
    }

    /// Decides one ticket.
    ///
    /// - Complexity: O(bytes of the ticket), plus a search over the KB.
    public func decide(_ ticket: Ticket, explaining: Bool = false) -> Decision {
        var scratch = DecisionScratch(explaining: explaining)
        return decide(ticket, &scratch)
    }
}

/// Memory that one thread uses again for ticket after ticket; its content never reaches another decision.
public struct DecisionScratch: Sendable {
    var features: Features
    var logits: [Float] = []
    var languageFeatures = Features()
    var languageLogits: [Float] = []
    let explains: Bool

    /// Empty; with `explaining`, decisions made with it carry explanations.
    public init(explaining: Bool = false) {
        explains = explaining
        features = Features(recordingOrigins: explaining)
    }
}
