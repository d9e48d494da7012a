package import TriageModel

extension SearchIndex {
    /// SHA-256 over all that the index answers from: articles, calibration, and the matrix's own hash.
    ///
    /// An article's reply is left out: no decision depends on it.
    ///
    /// - Complexity: O(bytes of the articles); keep the result with the index.
    package func fingerprint() -> String {
        var fingerprint = SearchIndex.contents(articles, matrix: matrixSHA256)
        let numbers = [calibration.embeddingWeight, calibration.cut] + calibration.weights
        numbers.forEach { fingerprint.add(String($0.bitPattern)) }
        return fingerprint.hexadecimal()
    }

    /// What a calibration is fitted for: the articles and the matrix.
    static func contents(_ articles: [Article], matrix: String?) -> Fingerprint {
        var fingerprint = Fingerprint()
        fingerprint.add("articles 1")
        for article in articles {
            for text in [article.id, article.title, article.category, article.body] { fingerprint.add(text) }
            for text in [article.recommendedAction, article.severity] {
                fingerprint.add(text == nil ? "absent" : "present")
                fingerprint.add(text ?? "")
            }
            for list in [article.symptoms, article.tags] {
                fingerprint.add(String(list.count))
                list.forEach { fingerprint.add($0) }
            }
        }
        fingerprint.add(matrix ?? "none")
        return fingerprint
    }
}

extension Fingerprint {
    /// Takes one more text in, as UTF-8.
    package mutating func add(_ text: String) { add(Array(text.utf8)) }
}
