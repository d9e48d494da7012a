/// Why a field's label was chosen: contributions of words and phrases that add up to a logit.
///
/// Every feature of a ticket has its part: value × weight ÷ this ticket's block norm, with the weights less their
/// mean over the labels for a label's own logit, or less another label's for the difference of two. Parts are
/// shared out by the **half-pair rule**: a word gathers its own weight, those of the runs of characters inside it
/// and of its pieces' embedding rows, and half of each pair it is part of; a bucket hit by several n-grams is
/// shared evenly among them. Two adjacent words whose pair carries more than either alone are one phrase, with
/// all of that pair; where phrases would overlap, the stronger pair has its way. A placeholder is one word.
public struct Explanation: Sendable, Equatable {
    /// What one word or phrase contributes.
    public struct Term: Sendable, Equatable {
        /// The masked text.
        public package(set) var text: String
        /// Half-open range of UTF-8 bytes in the original field.
        public package(set) var range: Range<Int>
        /// Half-open range of bytes in the masked text of the field.
        package var maskedRange: Range<Int>
        /// "subject" or "body".
        public package(set) var field: String
        /// The part of the logit.
        public package(set) var weight: Float
    }

    /// A logit and what it is made of: logit = bias + Σ terms + rest.
    package struct Sum: Sendable, Equatable {
        /// The sum of the intercepts.
        package var bias: Float
        /// The part of `bias` that a correction for the live label mix adds; nil without one.
        package var labelMix: Float?
        /// The strongest words and phrases, by falling magnitude.
        package var terms: [Term]
        /// The sum of all others.
        package var rest: Float
        /// The share of `rest`, 0 … 1, in the magnitudes of all words and phrases.
        package var restShare: Float
        /// The logit, uncalibrated: a temperature divides it without changing any order.
        package var logit: Float
        /// Of a parent in a tree of labels T (H(w) − H(v)); nil for labels.
        ///
        /// By so much T · ln(p ÷ (1 − p)) is larger than `logit`; against another parent T · ln(p ÷ p').
        package var spread: Float?
    }

    /// A label's logit less that of another: the softmax depends on such differences alone.
    package struct Contrast: Sendable, Equatable {
        /// The other label.
        package var label: String
        /// The difference.
        package var sum: Sum
    }

    /// Two different n-grams that hashing put into one bucket, so that they share a weight.
    package struct Collision: Sendable, Equatable {
        /// An n-gram of the ticket, or for a run of characters the word around it.
        package var text: String
        /// The other one.
        package var other: String
        /// The label of which `other` is a strong word; nil when it is in the ticket too.
        package var label: String?
        /// What the bucket adds to the contrast, or to the own logit where there is none.
        package var weight: Float
    }

    /// Which explanation to make.
    package struct Request: Sendable, Equatable {
        /// Explain this label, in the fields that have it, instead of the chosen one.
        package var label: String?
        /// Whether to search for words whose removal changes the answer.
        package var counterfactual: Bool

        package init(label: String? = nil, counterfactual: Bool = false) {
            self.label = label
            self.counterfactual = counterfactual
        }
    }

    /// The field explained.
    public package(set) var field: String
    /// The label explained: the chosen one, unless the request names another.
    public package(set) var label: String
    /// The label's own logit less the mean over all labels.
    package var own: Sum
    /// Against the label of largest logit among the others; nil when there is no other.
    package var against: Contrast?
    /// Of a field of tags each given tag's own logit, the first one's too; nil for one label a ticket.
    ///
    /// A tag's logit is its
    /// own: no other tag has a part in it, and its probability is 1 / (1 + exp(−logit / temperature)).
    package var tags: [Contrast]?
    /// Collisions that matter here.
    package var collisions: [Collision]
    /// Words whose removal changes the answer; nil unless requested.
    package var counterfactual: Counterfactual?

    /// The intercepts' part of the own logit.
    public var bias: Float { own.bias }
    /// The terms of the own logit.
    public var terms: [Term] { own.terms }
    /// The rest of the own logit.
    public var rest: Float { own.rest }
    /// The own logit.
    public var logit: Float { own.logit }
}

/// An irreducible set of words without which the answer would be another.
///
/// Found by taking away, again and again, the word (all its occurrences) with most weight for the label against its
/// best rival, and then putting back every word that is not needed. The ticket is scored anew each time, so block
/// norms change as they would.
package struct Counterfactual: Sendable, Equatable {
    /// What becomes of the answer.
    package enum Effect: String, Sendable, CaseIterable {
        /// Another label is chosen.
        case otherLabel = "other_label"
        /// The label stays, below the threshold of its field.
        case belowThreshold = "below_threshold"
    }

    /// One occurrence of a word that is taken away.
    package struct Word: Sendable, Equatable {
        /// The masked text.
        package var text: String
        /// Half-open range of UTF-8 bytes in the original field.
        package var range: Range<Int>
        /// "subject" or "body".
        package var field: String
    }

    /// What happens; nil when no set was found.
    package var effect: Effect?
    /// The words of the set, in the ticket's order; empty when none was found.
    package var words: [Word]
    /// The label chosen without them.
    package var label: String
    /// That label's probability without them.
    package var probability: Float
    /// Whether the answer comes back when any one of the words is put back.
    package var isIrreducible: Bool
    /// The most words that were taken away together.
    package var removed: Int
    /// How often the ticket was scored.
    package var scorings: Int
}
