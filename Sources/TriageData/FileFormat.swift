/// Whether a file is JSON Lines or CSV, by its name and its first line.
///
/// A `.csv` or `.tsv` name means CSV and a `.json`, `.jsonl` or `.ndjson` name JSON, unless the first line is certainly
/// the other. Any other file, and standard input, is CSV when its first byte opens no JSON object or list.
struct FileFormat {
    let isCSV: Bool
    /// The content's format, where the name has another.
    let other: String?

    init(
        name: String, first line: [UInt8], next: () throws(DataError) -> [UInt8]?
    ) throws(DataError) {
        let name = name.lowercased()
        let lead = line.first { $0 != 0x20 && $0 != 0x09 }
        if name.hasSuffix(".csv") || name.hasSuffix(".tsv") {
            let isJSON = try FileFormat.isJSON(line, before: next)
            (isCSV, other) = (!isJSON, isJSON ? "JSON" : nil)
        } else if [".jsonl", ".json", ".ndjson"].contains(where: name.hasSuffix) {
            let isHeader = lead != 0x7B && lead != 0x5B && lead != 0x22 && CSVHeader.namesText(line)
            (isCSV, other) = (isHeader, isHeader ? "CSV" : nil)
        } else {
            let isList = FileFormat.beginsList(line)
            (isCSV, other) = (lead != nil && lead != 0x7B && !isList, nil)
        }
    }

    /// Whether a line is an object or list of JSON, or opens one over several lines.
    private static func isJSON(
        _ line: [UInt8], before next: () throws(DataError) -> [UInt8]?
    ) throws(DataError) -> Bool {
        let rest = line.drop { $0 == 0x20 || $0 == 0x09 }
        switch rest.first {
        case 0x7B:
            if JSONValue(parsing: line) != nil { return true }
            return try JSONDocument.isOpened(by: line, before: next)
        case 0x5B:
            let inside = rest.dropFirst().first { $0 != 0x20 && $0 != 0x09 }
            return inside == nil || inside == 0x7B
        default: return false
        }
    }

    /// Whether a line opens a JSON list; a CSV header may begin with a bracket too, as in "[id],[text]".
    static func beginsList(_ line: [UInt8]) -> Bool {
        let rest = line.drop { $0 == 0x20 || $0 == 0x09 }
        guard rest.first == 0x5B else { return false }
        let inside = rest.dropFirst().first { $0 != 0x20 && $0 != 0x09 }
        return inside == nil || inside == 0x7B || inside == 0x5D || JSONValue(parsing: line) != nil
    }
}
