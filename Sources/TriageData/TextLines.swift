/// The lines of a text file in UTF-8, UTF-16 or Windows-1252, one at a time.
package final class TextLines {
    private var queue: LineQueue
    private let limit: Int

    package init(
        _ source: ByteSource, path: String, maximumLineBytes: Int = RowReader.maximumRecordBytes
    ) throws(DataError) {
        limit = maximumLineBytes
        queue = LineQueue(try LineReader(detecting: source, limit: maximumLineBytes, path: path))
    }

    /// The encoding, when it is not UTF-8.
    package var encoding: String? { queue.lines.encoding }

    /// The next line that is not blank, or why it cannot be read; nil at the end.
    package func next() throws(DataError) -> Result<(text: String, number: Int), BadRow>? {
        guard let line = try queue.nextFilled() else { return nil }
        guard let bytes = line.text else {
            let message = "the line is over \(limit >> 20) MB; split it or shorten its text"
            return .failure(BadRow(line: line.number, code: .tooLarge, message: message))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let message = "the text is not UTF-8; save the file as UTF-8 and try again"
            return .failure(BadRow(line: line.number, code: .invalidUTF8, message: message))
        }
        return .success((text, line.number))
    }
}
