internal import TriageNumerics
package import TriageText

/// The numbers that a ticket becomes: two sparse blocks and a dense one.
///
/// Also the scratch memory for making them: one value per thread, used for ticket after ticket.
package struct Features: Sendable {
    /// Words and word pairs.
    package var words = SparseBlock()
    /// Runs of characters inside words.
    package var characters = SparseBlock()
    /// The embedding, of unit length; empty without a matrix, zeros when no piece is known.
    package var embedding: [Float] = []
    /// The length of the embedding's sum before it was scaled.
    package internal(set) var embeddingNorm: Float = 0
    package internal(set) var found = Words()
    /// The n-grams behind the sparse blocks.
    package internal(set) var ngrams: NGrams
    /// The subject's pieces behind the embedding.
    package internal(set) var subjectPieces = WordPiece.Pieces()
    /// The body's pieces behind the embedding.
    package internal(set) var bodyPieces = WordPiece.Pieces()
    /// The rows that the subject's pieces sum.
    package internal(set) var subjectTerms = EmbeddingTerms()
    /// The rows that the body's pieces sum.
    package internal(set) var bodyTerms = EmbeddingTerms()
    /// Scratch of `LinearLayer`.
    var partial: [Float] = []

    /// Whether nothing of the text was seen in training.
    package var isUnknown: Bool { words.norm == 0 && characters.norm == 0 && embeddingNorm == 0 }

    /// Nothing yet; with `recordingOrigins`, contributions can be traced to words.
    package init(recordingOrigins: Bool = false) { ngrams = NGrams(recordingOrigins: recordingOrigins) }
}

/// Turns a ticket's prepared text into features, by a fitted vocabulary of n-grams and a matrix.
package struct Featurizer: Sendable {
    package let options: NGramOptions
    /// The fitted block of words and word pairs.
    package let words: HashedTFIDF
    /// The fitted block of runs of characters.
    package let characters: HashedTFIDF
    /// The embedding matrix; nil when its weight is 0 for every field.
    package let embedding: EmbeddingTable?

    package init(
        options: NGramOptions, words: HashedTFIDF, characters: HashedTFIDF, embedding: EmbeddingTable?
    ) {
        self.options = options
        self.words = words
        self.characters = characters
        self.embedding = embedding
    }

    /// Fills `features` with those of one ticket.
    ///
    /// - Complexity: O(bytes).
    package func fill(_ features: inout Features, subject: [UInt8], body: [UInt8]) {
        features.found.scan(subject: subject, body: body)
        features.ngrams.make(from: features.found, options: options)
        vectorize(&features)
        guard let embedding else {
            features.embedding = []
            features.embeddingNorm = 0
            return
        }
        embedding.fill(&features, subject: subject, body: body)
    }

    /// Fills the sparse blocks alone, from some of the words that were found for other features.
    package func fill(_ features: inout Features, from found: Words, only chosen: [Words.Word]) {
        features.ngrams.make(from: found, only: chosen, options: options)
        vectorize(&features)
    }

    private func vectorize(_ features: inout Features) {
        features.words.fill(features.ngrams.words, by: words)
        features.characters.fill(features.ngrams.characters, by: characters)
    }
}

extension EmbeddingTable {
    /// Embeds subject and body as one text whose fields share no pair.
    package func fill(_ features: inout Features, subject: [UInt8], body: [UInt8]) {
        features.subjectPieces.removeAll()
        features.bodyPieces.removeAll()
        tokenizer.append(subject, to: &features.subjectPieces)
        tokenizer.append(body, to: &features.bodyPieces)
        features.embedding.removeAll(keepingCapacity: true)
        features.embedding.append(contentsOf: repeatElement(0, count: dimension))
        terms(of: features.subjectPieces, into: &features.subjectTerms)
        add(features.subjectTerms, to: &features.embedding)
        terms(of: features.bodyPieces, into: &features.bodyTerms)
        add(features.bodyTerms, to: &features.embedding)
        features.embeddingNorm = DenseKernels.normalize(&features.embedding)
    }
}
