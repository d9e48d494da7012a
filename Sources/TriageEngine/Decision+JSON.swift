package import TriageData
internal import TriageText
package import TriageTickets

extension Decision {
    /// The contract: the one place that names a decision's members.
    ///
    /// Absent values are null, and keys keep their order.
    package static let wire = WireType<Decision>.object("Decision", "The answer to one ticket.", allMembers)

    /// The names of its members.
    package static let memberNames: [String] = {
        var object = WireMembers<Decision>()
        allMembers(&object)
        return object.names
    }()

    /// A compact answer: members of these names, beside the ticket's id and the bundle that decided.
    package static func wire(of names: [String]) -> WireType<Decision> {
        .object { object in
            allMembers(&object)
            object.keep(names + ["id", "model"])
        }
    }

    @Sendable private static func allMembers(_ object: inout WireMembers<Decision>) {
        earlierMembers(&object)
        // Not required: decisions that earlier versions stored have neither.
        object.optional(
            "set_aside", .list(of: SetAside.wire),
            "Parts of the ticket that neither the model nor the search read."
        ) { $0.setAside }
        object.optional("remarks", Remark.list, "The notes as codes with parameters.") { $0.remarks }
    }

    /// Without the members that earlier versions did not have, to compare with what they stored.
    package static let earlierWire = WireType<Decision>.object { earlierMembers(&$0) }

    @Sendable private static func earlierMembers(_ object: inout WireMembers<Decision>) {
        object.member("summary", .text, "At most two sentences of the ticket's own words, masked.") {
            $0.summary
        }
        object.member("category", .text) { $0.category }
        object.member("severity", .text, "The severity after the playbook's safety floors.") { $0.severity }
        object.member("match_type", .choice) { $0.matchType }
        object.member("kb_matches", .list(of: Match.wire), "The articles that answer; empty for a new issue.")
        {
            $0.matches
        }
        object.member("next_action", .text, "What to do next.") { $0.nextAction }
        object.member("notes", .orNull(.text), "What a reader should know besides.") { $0.notes }
        object.member("id", .orNull(.text), "The caller's own id.") { $0.id }
        object.member("predictions", .entries(of: Prediction.wire) { $0.field }, "By field.") {
            $0.predictions
        }
        object.member("near_misses", .list(of: Match.wire), "The best articles when the issue is new.") {
            $0.nearMisses
        }
        object.member(
            "known_probability", .orNull(.share),
            "The probability that an article answers; null without a knowledge base."
        ) { $0.knownProbability }
        object.member(
            "explanation", .orNull(.entries(of: Explanation.wire) { $0.field }),
            "By field, if requested."
        ) { $0.explanations }
        object.member("language", .orNull(.text), "The text's language (ISO 639-1).") { $0.language }
        object.member("model", Model.wire, "The bundle that decided.") {
            Model(name: $0.modelName, sha256: $0.modelSHA256)
        }
    }

    package enum MatchType: String, Sendable, CaseIterable {
        case known = "known_issue"
        case new = "new_issue"
    }

    private struct Model {
        var name: String
        var sha256: String

        static let wire = WireType<Model>.object { object in
            object.member("name", .text) { $0.name }
            object.member("sha256", .text(pattern: "^[0-9a-f]{64}$")) { $0.sha256 }
        }
    }

    /// Whether an article answers, as the wire has it.
    package var matchType: MatchType { isKnownIssue ? .known : .new }

    /// Writes the decision as one JSON object.
    package func write(to writer: inout JSONWriter) { Decision.wire.write(self, &writer) }

    /// The decision as one line of JSON, without its end.
    public var json: String { Decision.wire.json(self).text }
}

extension Decision.SetAside {
    package static let wire = WireType<Self>.object(
        "SetAside", empty: { Self(kind: .quoted, field: "", start: 0, end: 0) }
    ) { object in
        object.member(
            "kind", .choice,
            "quoted: a quoted reply. signature. boilerplate: a disclaimer or banner. cut: behind the size limit.",
            \.kind)
        object.member("field", .text, "subject or body.", \.field)
        object.member("start", .count, "The first UTF-8 byte in the original field.", \.start)
        object.member("end", .count, "The byte after the last.", \.end)
    }
}

extension Decision.SetAside {
    package init(_ text: TicketText.PartSetAside) {
        self.init(
            kind: text.part.kind, field: text.field, start: text.part.range.lowerBound,
            end: text.part.range.upperBound)
    }

    /// The part as a text read from a store has it: without its words.
    package var part: TicketText.PartSetAside {
        .init(field: field, part: .init(kind: kind, range: start..<max(start, end)))
    }
}

extension Decision.Match {
    package static let wire = WireType<Self>.object("Match") { object in
        object.member("id", .text) { $0.id }
        object.member("title", .text) { $0.title }
        object.member("score", .share) { $0.score }
        object.member("recommended_action", .orNull(.text)) { $0.recommendedAction }
    }
}

extension Decision.Prediction {
    package static let wire = WireType<Self>.object(
        "Prediction", "One field's label, with how sure the model is."
    ) { object in
        object.member("label", .text, "The label, of those that GET /v1/models lists.") { $0.label }
        object.member("probability", .share) { $0.probability }
        object.member(
            "level", .choice, "auto: act on it. suggest: show it to a person. review: leave it to a person."
        ) { $0.level }
        object.member("reasons", .list(of: .choice), "Why the level is not auto.") { $0.reasons }
        object.member("alternatives", .list(of: Decision.Alternative.wire), "The next best labels.") {
            $0.alternatives
        }
        object.member(
            "out_of_scope", .orNull(.share),
            "How little the ticket resembles the training data; null when the bundle cannot tell."
        ) { $0.outOfScope }
        object.optional(
            "label_set", .list(of: .text),
            "Labels of which one is right in the wanted share of tickets, likeliest first."
        ) { $0.labelSet }
        object.optional(
            "path", .list(of: Decision.PathStep.wire),
            "In a tree of labels: from the root to the label, and on to the likeliest one below it."
        ) { $0.path }
        object.optional(
            "tags", .list(of: Decision.Tag.wire), "Of a field of tags those given, the most probable first."
        ) { $0.tags }
        object.optional("depth", .count, "How many steps of the path are sure.") { $0.depth }
    }
}

extension Decision.Tag {
    package static let wire = WireType<Self>.object("Tag", "A tag that a ticket is given.") { object in
        object.member("label", .text) { $0.label }
        object.member("probability", .share) { $0.probability }
        object.member("threshold", .share, "The probability from which it is given.") { $0.threshold }
        object.member("level", .choice, "How far to trust it.") { $0.level }
    }
}

extension Decision.PathStep {
    package static let wire = WireType<Self>.object("PathStep", "One node of a path.") { object in
        object.optional("column", .text, "The column of the training data that has this part.") { $0.column }
        object.member("name", .text, "The part's own name.") { $0.name }
        object.member("label", .text, "The path to here.") { $0.label }
        object.member("probability", .share, "The sum over the labels below.") { $0.probability }
        object.member("level", .choice, "How far to trust the path to here.") { $0.level }
    }
}

extension Decision.Alternative {
    fileprivate static let wire = WireType<Self>.object { object in
        object.member("label", .text) { $0.label }
        object.member("probability", .share) { $0.probability }
    }
}
