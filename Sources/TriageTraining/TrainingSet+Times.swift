extension TrainingSet {
    /// Makes sure that the order of all labelled rows' times, as texts, is their order in time.
    ///
    /// - Throws: `TrainingError.badTime` for the first row whose time is missing or no ISO 8601 date.
    package func checkTimes(column: String) throws(TrainingError) {
        for example in examples
        where example.labels.contains(where: { $0 != nil }) && !TrainingSet.isDate(example.time) {
            throw .badTime(origin: example.origin, column: column)
        }
    }

    /// Whether a text begins like 2024-05-31.
    static func isDate(_ text: String?) -> Bool {
        let start = Array((text ?? "").utf8.prefix(10))
        return start.count == 10
            && start.indices.allSatisfy { place in
                place == 4 || place == 7 ? start[place] == 0x2D : (0x30...0x39).contains(start[place])
            }
    }
}
