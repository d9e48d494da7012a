package import TriageData

extension LabelAudit {
    /// Writes the members of one doubtful row, by its place among the likeliest mistakes.
    package func writeSuspect(_ rank: Int, of set: TrainingSet, to json: inout JSONWriter) {
        let suspect = suspects[rank]
        json.integer("rank", rank + 1)
        json.source(set.examples[suspect.row])
        json.string("label", labels[suspect.label])
        json.string("suggested", labels[suspect.suggested])
        if tree != nil { json.string("common_parent", commonParent(of: suspect)) }
        json.sixDecimals("probability", suspect.probabilities.label)
        json.sixDecimals("suggested_probability", suspect.probabilities.suggested)
        json.optional("likely_wrong", judgesRows ? suspect.isLikelyWrong : nil) { $0.bool($1) }
        json.array("words_for_label", suspect.words.label) { $0.string($1) }
        json.array("words_for_suggested", suspect.words.suggested) { $0.string($1) }
        json.array("agreeing", suspect.agreeing) { json, other in
            json.object { json in
                json.source(set.examples[other.row])
                json.sixDecimals("similarity", other.similarity)
            }
        }
    }
}

extension JSONWriter {
    mutating func source(_ example: TrainingExample) {
        string("id", example.id)
        string("row", example.origin)
        if let row = example.row { integer("spreadsheet_row", row) }
    }
}
