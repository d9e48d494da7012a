package import TriageData
internal import TriageImport
package import TriageTraining

extension TrainingSet {
    /// How often each row was sent on, by a column with numbers or with yes and no; nil where a row does not tell.
    package func reassignments(column: String, in paths: [String]) throws(DataError) -> [Int?] {
        var places: [String: Int] = [:]
        for (place, example) in examples.enumerated() {
            places["\(example.origin)#\(example.row ?? 0)"] = place
        }
        var counts = [Int?](repeating: nil, count: examples.count)
        for path in paths {
            let reader = try TicketFile.rows(path)
            while let row = try reader.next() {
                guard let row = try? row.get(), let text = row.text(column),
                    let place = places["\(reader.name):\(row.line)#\(row.row)"]
                else { continue }
                counts[place] = TrainingSet.count(text)
            }
        }
        return counts
    }

    private static func count(_ text: String) -> Int? {
        let text = text.trimmed.lowercased()
        if let number = Double(text.replacing(",", with: ".")), number >= 0, number < 1e6 {
            return Int(number)
        }
        if ["true", "yes", "y", "ja", "oui", "sí", "si"].contains(text) { return 1 }
        return ["false", "no", "n", "nein", "non"].contains(text) ? 0 : nil
    }
}
