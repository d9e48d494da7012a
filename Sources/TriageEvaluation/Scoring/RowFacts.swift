/// What a report may say of a row beside its labels.
package struct RowFacts: Sendable {
    /// The caller's own id.
    package var id: String? = nil
    /// The beginning of its masked text, on one line.
    package var excerpt: String
    /// Its words, symbols left out.
    package var words: Int
    /// The language told; nil for none.
    package var language: String? = nil
    /// The value of the column that was asked for.
    package var source: String? = nil
    /// Its masked subject.
    package var subject: [UInt8]
    /// Its masked body.
    package var body: [UInt8]

    /// At most so many characters of a text are shown.
    private static let excerptLength = 160

    /// The beginning of a prepared text on one line.
    static func excerpt(subject: [UInt8], body: [UInt8]) -> String {
        let text = String(
            decoding: subject.isEmpty ? body : subject + [0x20, 0x2F, 0x20] + body, as: UTF8.self)
        let line = text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        return line.count > excerptLength ? line.prefix(excerptLength - 1) + "…" : line
    }
}
