internal import TriageData

/// Lines of fastText: words that begin with `__label__` are labels, the others the text.
final class FastTextRows: RowSource {
    let columns: [String] = []
    private let lines: TextLines
    private let path: String

    init(_ source: ByteSource, path: String) throws(DataError) {
        self.path = path
        lines = try TextLines(source, path: path)
    }

    static let mark = "__label__"

    var notes: [String] { ["\(path): fastText: labels are the words after \(FastTextRows.mark)"] }

    var encoding: String? { lines.encoding }

    func next() throws(DataError) -> Result<InputRow, BadRow>? {
        guard let line = try lines.next() else { return nil }
        return line.map { line in
            let words = line.text.split(whereSeparator: \.isWhitespace)
            let labels = words.filter { $0.hasPrefix(FastTextRows.mark) }
                .map { JSONValue.string(String($0.dropFirst(FastTextRows.mark.count))) }
            let text = words.filter { !$0.hasPrefix(FastTextRows.mark) }.joined(separator: " ")
            let label: JSONValue = labels.isEmpty ? .null : labels.count == 1 ? labels[0] : .array(labels)
            return InputRow(line: line.number, fields: ["text": .string(text), "label": label])
        }
    }
}
