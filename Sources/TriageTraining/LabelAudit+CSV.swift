package import TriageData

extension LabelAudit {
    /// The columns of a spreadsheet of doubtful rows.
    package var sheetHeader: [UInt8] {
        CSVWriter.header(
            [
                "row", "line", "id", "label", "suggested label", "probability", "suggested probability",
                "probably wrong", "words for the label", "words for the suggested label", "file",
            ] + (tree == nil ? [] : ["common parent"]))
    }

    /// The row of one doubtful ticket, by its place among the likeliest mistakes.
    package func sheetRow(_ rank: Int, of set: TrainingSet) -> [UInt8] {
        let suspect = suspects[rank]
        let example = set.examples[suspect.row]
        let cells: [CSVWriter.Cell] = [
            example.row.map { .integer($0) } ?? .text(nil),
            example.line.map { .integer($0) } ?? .text(nil),
            .text(example.id), .text(labels[suspect.label]), .text(labels[suspect.suggested]),
            .decimal(suspect.probabilities.label), .decimal(suspect.probabilities.suggested),
            .text(judgesRows ? (suspect.isLikelyWrong ? "yes" : "no") : nil),
            .text(suspect.words.label.joined(separator: ", ")),
            .text(suspect.words.suggested.joined(separator: ", ")), .text(example.file),
        ]
        return CSVWriter.row(cells + (tree == nil ? [] : [.text(commonParent(of: suspect))]))
    }
}

extension TrainingExample {
    /// The file that it came from.
    package var file: String { origin.lastIndex(of: ":").map { String(origin[..<$0]) } ?? origin }

    /// Its line in the file.
    package var line: Int? { origin.lastIndex(of: ":").flatMap { Int(origin[origin.index(after: $0)...]) } }

    /// Where a person finds it: its row in a spreadsheet, and its id where it has one.
    package var place: String {
        let place = row.map { "row \($0)" } ?? origin
        return id.map { "\(place), id \($0)" } ?? place
    }
}
