/// What is fuzzed: each takes any bytes and says what promise they break.
///
/// Both the fuzzers (`scripts/fuzz`) and the replay of their corpus in `swift test` call this.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// N-grams and WordPiece.
    case tokens
    /// Masking of identifiers, and normalising.
    case masker
    /// Cleaning of mail and HTML.
    case cleaner
    /// The JSON reader and writer.
    case json
    /// Rows of CSV and JSON Lines.
    case rows
    /// Articles of the KB.
    case articles
    /// Tensor files, embeddings.
    case tensors
    /// Manifests, and bundles with them.
    case manifest

    /// What is wrong with the program's answer to `bytes`; nil when every property holds.
    package func failure(on bytes: [UInt8]) -> String? {
        var check = Check()
        switch self {
        case .tokens: TokenProperties.check(bytes, &check)
        case .masker: RewritingProperties.checkMasker(bytes, &check)
        case .cleaner: RewritingProperties.checkCleaner(bytes, &check)
        case .json: JSONProperties.check(bytes, &check)
        case .rows: RowProperties.check(bytes, &check)
        case .articles: ArticleProperties.check(bytes, &check)
        case .tensors: BundleProperties.checkTensors(bytes, &check)
        case .manifest: BundleProperties.checkManifest(bytes, &check)
        }
        return check.failure
    }
}

/// Remembers the first property that did not hold.
struct Check {
    private(set) var failure: String?

    mutating func that(_ holds: Bool, _ property: @autoclosure () -> String) {
        if !holds, failure == nil { failure = property() }
    }
}
