/// Replaces identifiers by placeholders such as `[EMAIL]`, before anything else sees the text.
///
/// Rules over bytes, not a model: what is found is explainable and the same everywhere. Masking masked text
/// changes nothing. The cost is linear in the length of the text.
package struct Masker: Sendable {
    /// Which kinds are masked, and the site's own words.
    package struct Options: Sendable, Equatable {
        package var kinds: Set<IdentifierKind>
        /// Words or phrases that are always masked: whole words, ignoring the case of ASCII letters.
        package var denyList: [String]

        /// Masks every kind by default.
        package init(kinds: Set<IdentifierKind> = Set(IdentifierKind.allCases), denyList: [String] = []) {
            self.kinds = kinds
            self.denyList = denyList
        }
    }

    package let options: Options

    private let rules: MaskRules

    /// Prepares the tables for the given options.
    package init(_ options: Options = Options()) {
        self.options = options
        self.rules = MaskRules(options)
    }

    /// Masks UTF-8 bytes; any byte sequence is allowed.
    ///
    /// Masking can uncover what its neighbour hid ("12345 67@example.org"), so text in which something was
    /// masked is read again until nothing more is found, eight times at most.
    package func mask(_ bytes: [UInt8]) -> MaskedText {
        var text = MappedText(bytes)
        var spans: [IdentifierSpan] = []
        for _ in 0..<Self.maximumPasses {
            let plain = Confusables.fold(text.bytes)
            var scanner = MaskScanner(plain.bytes, rules: rules)
            scanner.run()
            if scanner.spans.isEmpty { break }
            let seen = scanner.spans.map {
                IdentifierSpan(kind: $0.kind, range: plain.sourceRange(of: $0.range))
            }
            let found = seen.map { IdentifierSpan(kind: $0.kind, range: text.sourceRange(of: $0.range)) }
            spans = spans.isEmpty ? found : merged(spans, found)
            text = text.mapped(by: replaced(text.bytes, seen))
        }
        return MaskedText(text: text, spans: spans)
    }

    package func mask(_ text: String) -> MaskedText { mask(Array(text.utf8)) }

    private static let maximumPasses = 8

    private func replaced(_ bytes: [UInt8], _ spans: [IdentifierSpan]) -> MappedText {
        var rewriter = Rewriter(bytes)
        for span in spans { rewriter.replace(span.range, with: span.kind.placeholder) }
        return rewriter.finish()
    }

    /// All in order; what a later span covers whole, placeholder and all, is part of that.
    private func merged(_ left: [IdentifierSpan], _ right: [IdentifierSpan]) -> [IdentifierSpan] {
        let all = (left + right).sorted {
            ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
        }
        var end = 0
        return all.filter { span in
            guard span.range.upperBound > end else { return false }
            end = span.range.upperBound
            return true
        }
    }
}

/// Text with its identifiers replaced, and what they were.
package struct MaskedText: Sendable, Equatable {
    /// The masked bytes with their map to the text that was given.
    package var text: MappedText
    /// What was masked, in order, as ranges of the text that was given.
    package var spans: [IdentifierSpan]
}
