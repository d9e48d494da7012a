internal import TriageText
internal import TriageTickets

/// A question as articles are searched by it.
struct SearchQuery {
    /// Terms; each counts once.
    var terms: [UInt64]
    /// Terms that are grammar.
    var grammar: Set<UInt64>
    /// Whether it names anything: function words, greetings and "it does not work" do not.
    var hasContent: Bool
    /// Its error codes and versions.
    var codes: [Code]

    /// The question of a masked text with these words, and of the text before masking where something was masked.
    ///
    /// Hidden terms are treated as unknown to the index.
    init(
        _ words: Words, _ masked: TicketText.Fields, unmasked: TicketText.Fields?,
        _ index: any TermStatistics,
        hidden: Set<UInt64> = []
    ) {
        let found: SearchTerms
        if SearchQuery.isWide(masked) || unmasked.map(SearchQuery.isWide) == true {
            let masked = SearchQuery.folded(masked)
            var words = Words()
            words.scan(subject: masked.subject, body: masked.body)
            found = SearchTerms(
                question: words, masked, unmasked: unmasked.map(SearchQuery.folded), index: index,
                hidden: hidden)
            codes = Code.codes(in: words, .question)
        } else {
            found = SearchTerms(question: words, masked, unmasked: unmasked, index: index, hidden: hidden)
            let hasDigit = [masked.subject, masked.body].contains { $0.contains { $0 &- 0x30 < 10 } }
            codes = hasDigit ? Code.codes(in: words, .question) : []
        }
        terms = found.words
        grammar = found.grammar
        hasContent = terms.contains { !found.grammar.contains($0) && !GenericWords.contains($0) }
    }

    /// Whether a text may have characters of double width.
    private static func isWide(_ text: TicketText.Fields) -> Bool {
        text.body.contains(0xEF) || text.subject.contains(0xEF)
    }

    private static func folded(_ text: TicketText.Fields) -> TicketText.Fields {
        .init(subject: SearchTerms.folded(text.subject), body: SearchTerms.folded(text.body))
    }
}
