package import TriageData

/// A reply to a ticket that a person reads before it is sent.
package struct Draft: Sendable, Equatable {
    package enum Source: String, Sendable, CaseIterable {
        case model
        /// The template, with the article's reply.
        case template
    }

    package var text: String
    package var source: Source
    /// Why that one: "ok" for a model's draft; else "no_model", the code of a failed call, or "refused_" with what the
    /// model's draft was rejected for.
    package var reason: String
    /// The reply's language as an ISO 639-1 code; a model was asked to write in it.
    package var language: String
    /// Ids of the articles it is based on.
    package var basedOn: [String]
    /// The model that was called; nil when none was.
    package var model: String?
    /// Tokens of the call; nil when no reply came.
    package var usage: TokenUsage?
    /// What it cost; nil without a price or a reply.
    package var cost: Double?

    package init(
        text: String, source: Source, reason: String, language: String, basedOn: [String],
        model: String? = nil
    ) {
        self.text = text
        self.source = source
        self.reason = reason
        self.language = language
        self.basedOn = basedOn
        self.model = model
    }

    /// Writes the draft as one JSON object with the ticket's id.
    package func write(id: String?, to writer: inout JSONWriter) { Draft.wire.write((id, self), &writer) }

    package static let wire = WireType<(id: String?, draft: Draft)>.object("Draft") { object in
        object.member("id", .orNull(.text)) { $0.id }
        object.member("draft", .text) { $0.draft.text }
        object.member("source", .choice) { $0.draft.source }
        object.member(
            "reason", .text, "ok for a model's draft; else no_model, what failed, or refused_ and what for."
        ) { $0.draft.reason }
        object.member("language", .text) { $0.draft.language }
        object.member("based_on", .list(of: .text), "Ids of articles.") { $0.draft.basedOn }
        object.member("model", .orNull(.text)) { $0.draft.model }
        object.member("usage", .orNull(TokenUsage.wire)) { $0.draft.usage }
        object.member("cost", .orNull(.number)) { $0.draft.cost }
    }
}

extension TokenUsage {
    fileprivate static let wire = WireType<TokenUsage>.object { object in
        object.member("input_tokens", .integer) { $0.input }
        object.member("output_tokens", .integer) { $0.output }
        object.member("estimated", .flag) { $0.isEstimated }
    }
}

/// Tokens of one call of a language model.
package struct TokenUsage: Sendable, Equatable {
    package var input: Int
    package var output: Int
    /// Whether they are estimated, because the server did not report them.
    package var isEstimated: Bool

    package init(input: Int = 0, output: Int = 0, isEstimated: Bool = false) {
        self.input = input
        self.output = output
        self.isEstimated = isEstimated
    }

    /// A guess: four bytes a token, which is near for English and high enough for a budget elsewhere.
    package static func estimate(bytes: Int) -> Int { (bytes + 3) / 4 }
}
