/// A vocabulary that cannot be used.
package enum TextError: Error, Equatable {
    /// No line at all.
    case emptyVocabulary
    /// A piece of 256 bytes or more.
    case pieceTooLong(line: Int)
    /// The same piece twice.
    case duplicatePiece(line: Int, first: Int)
}

extension TextError: CustomStringConvertible {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .emptyVocabulary:
            "vocab.txt is empty; it needs one WordPiece a line: restore it from the embedding's folder"
        case .pieceTooLong(let line):
            "vocab.txt line \(line): a piece of over 255 bytes; restore the file"
        case .duplicatePiece(let line, let first):
            "vocab.txt line \(line) repeats line \(first); restore the file"
        }
    }
}
