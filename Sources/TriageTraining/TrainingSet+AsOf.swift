internal import TriageModel

extension TrainingSet {
    /// Some of the rows with the labels that these have and no others, as a training would have met them that day.
    package func asOf(_ rows: [Int]) -> TrainingSet {
        var part = keeping(rows)
        for field in fields.indices {
            let seen = part.examples.reduce(into: Set<Int>()) { seen, example in
                if let label = example.labels[field] { seen.insert(label) }
                seen.formUnion(example.tags(in: field) ?? [])
            }.sorted()
            let places = Dictionary(uniqueKeysWithValues: seen.enumerated().map { ($1, $0) })
            part.labelSets[field] = seen.map { labelSets[field][$0] }
            for row in part.examples.indices {
                let example = part.examples[row]
                part.examples[row].labels[field] = example.labels[field].flatMap { places[$0] }
                if let tags = example.tags(in: field) {
                    part.examples[row].tags[field] = tags.compactMap { places[$0] }
                }
            }
        }
        return part
    }

    /// SHA-256 over the rows' prepared text and labels, in order.
    package var fingerprint: String {
        var fingerprint = Fingerprint()
        for example in examples {
            fingerprint.add(example.subject)
            fingerprint.add(example.body)
            for (field, names) in labelSets.enumerated() {
                fingerprint.add(example.labels[field].map { Array(names[$0].utf8) } ?? [])
                for tag in example.tags(in: field) ?? [] { fingerprint.add(Array(names[tag].utf8)) }
            }
        }
        for example in unlabelledTickets.examples {
            fingerprint.add(example.subject)
            fingerprint.add(example.body)
        }
        return fingerprint.hexadecimal()
    }
}
