internal import TriageText

extension Explanation {
    /// The words and phrases that tell a reader why this label and not the runner-up, strongest first; stop words are
    /// left out.
    package var shownTerms: [Term] {
        let sum = against?.sum ?? own
        return sum.terms.filter {
            StopWords.hasContent($0.text) && abs($0.weight) >= Explanation.minimumShownWeight
        }
    }

    /// Smaller weights show as zero.
    private static let minimumShownWeight: Float = 0.005

    /// The strongest words and phrases for the label, each once in lower case.
    package func words(_ count: Int) -> [String] {
        var words: [String] = []
        for term in shownTerms where term.weight > 0 {
            let word = term.text.lowercased()
            if !words.contains(word) { words.append(word) }
            if words.count == count { break }
        }
        return words
    }
}

extension Decision {
    /// The strongest words for a field's label; none without an explanation, or for a severity that a floor raised.
    package func words(for field: String, _ count: Int) -> [String] {
        guard let prediction = predictions.first(where: { $0.field == field }),
            prediction.decided == prediction.label
        else { return [] }
        return explanations?.first { $0.field == field }?.words(count) ?? []
    }
}
