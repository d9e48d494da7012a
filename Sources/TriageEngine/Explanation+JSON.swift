package import TriageData

extension Explanation {
    /// How an explanation is written; absent is null.
    package static let wire = WireType<Explanation>.object(
        "Explanation", "Terms, rest and bias add up to the logit."
    ) { object in
        object.member("label", .text, "The label explained.") { $0.label }
        object.members(of: Sum.describe) { $0.own }
        object.member(
            "against", .orNull(Contrast.wire),
            "The sum for the difference from the strongest other label's logit."
        ) { $0.against }
        object.member(
            "collisions", .list(of: Collision.wire), "Different words or phrases that share one weight."
        ) { $0.collisions }
        object.optional(
            "tags", .list(of: Contrast.wire), "Of a field of tags the sum of each given tag's own logit."
        ) { $0.tags }
        object.member(
            "counterfactual", .orNull(Counterfactual.wire),
            "Words whose removal changes the answer, if requested."
        ) { $0.counterfactual }
    }
}

extension Explanation.Sum {
    fileprivate static func describe(_ object: inout WireMembers<Self>) {
        object.member("bias", .number, "The part that every ticket has.") { $0.bias }
        object.optional("label_mix", .number, "The part of bias that corrects for the live label mix.") {
            $0.labelMix
        }
        object.member("terms", .list(of: Explanation.Term.wire), "The strongest words and phrases.") {
            $0.terms
        }
        object.member("rest", .number, "The sum of all others.") { $0.rest }
        object.member("rest_share", .share, "Their share of the magnitudes of all.") { $0.restShare }
        object.member("logit", .number) { $0.logit }
        object.optional(
            "spread", .number, "Of a parent: what the spread over its labels adds to the logit."
        ) { $0.spread }
    }
}

extension Explanation.Contrast {
    fileprivate static let wire = WireType<Self>.object { object in
        object.member("label", .text) { $0.label }
        object.members(of: Explanation.Sum.describe) { $0.sum }
    }
}

extension Explanation.Term {
    fileprivate static let wire = WireType<Self>.object { object in
        object.members(of: Counterfactual.Word.describe) {
            Counterfactual.Word(text: $0.text, range: $0.range, field: $0.field)
        }
        object.member("weight", .number) { $0.weight }
    }
}

extension Explanation.Collision {
    fileprivate static let wire = WireType<Self>.object { object in
        object.member("text", .text) { $0.text }
        object.member("with", .text) { $0.other }
        object.member("label", .orNull(.text)) { $0.label }
        object.member("weight", .number) { $0.weight }
    }
}

extension Counterfactual {
    fileprivate static let wire = WireType<Self>.object { object in
        object.member("effect", .orNull(.choice)) { $0.effect }
        object.member("words", .list(of: Word.wire)) { $0.words }
        object.member("label", .text) { $0.label }
        object.member("probability", .share) { $0.probability }
        object.member("irreducible", .flag) { $0.isIrreducible }
        object.member("removed", .count) { $0.removed }
        object.member("scorings", .count) { $0.scorings }
    }
}

extension Counterfactual.Word {
    fileprivate static let wire = WireType<Self>.object { describe(&$0) }

    fileprivate static func describe(_ object: inout WireMembers<Self>) {
        object.member("text", .text) { $0.text }
        object.member("start", .count) { $0.range.lowerBound }
        object.member("end", .count) { $0.range.upperBound }
        object.member("field", .init(oneOf: ["subject", "body"])) { $0.field }
    }
}
