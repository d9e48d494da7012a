extension SearchIndex {
    /// Each article's BM25 score for a text's words, as a share of the most that they could reach; the embedding and
    /// the calibration stay out of it.
    package func lexicalScores(words: [UInt64]) -> [Float] { candidates(words, nil).lexical }
}
