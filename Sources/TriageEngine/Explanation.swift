/// Why a field's label was chosen: terms, rest and bias add up to the centred, uncalibrated logit.
///
/// The centred logit of label k is z_k − mean(z); each weight is centred alike. A word's term gathers its own
/// weight, those of the runs of characters inside it and of its pieces' embedding rows, and half of each pair it
/// is part of; a bucket hit by several n-grams is shared out evenly among them. Each is value × weight ÷ this
/// ticket's block norm.
public struct Explanation: Sendable, Equatable {
    /// What one word contributes.
    public struct Term: Sendable, Equatable {
        /// The masked text of the word.
        public var text: String
        /// Half-open range of UTF-8 bytes in the original field.
        public var range: Range<Int>
        /// "subject" or "body".
        public var field: String
        /// Its part of the logit.
        public var weight: Float
    }

    /// The field explained.
    public var field: String
    /// The label whose logit it is.
    public var label: String
    /// The label's centred intercept.
    public var bias: Float
    /// The strongest words, by falling magnitude.
    public var terms: [Term]
    /// The sum of all other words.
    public var rest: Float
    /// bias + Σ terms + rest.
    public var logit: Float
}
