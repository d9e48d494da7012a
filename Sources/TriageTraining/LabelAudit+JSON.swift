package import TriageData

extension LabelAudit {
    /// Writes the members of one doubtful row, by its place among the likeliest mistakes.
    package func writeSuspect(_ rank: Int, of set: TrainingSet, to json: inout JSONWriter) {
        let suspect = suspects[rank]
        json.member("rank", rank + 1)
        json.source(set.examples[suspect.row])
        json.member("label", labels[suspect.label])
        json.member("suggested", labels[suspect.suggested])
        json.key("probability")
        json.sixDecimals(suspect.probabilities.label)
        json.key("suggested_probability")
        json.sixDecimals(suspect.probabilities.suggested)
        json.member("likely_wrong", suspect.isLikelyWrong)
        json.key("words_for_label")
        json.array(suspect.words.label) { $0.string($1) }
        json.key("words_for_suggested")
        json.array(suspect.words.suggested) { $0.string($1) }
        json.key("agreeing")
        json.array(suspect.agreeing) { json, other in
            json.object { json in
                json.source(set.examples[other.row])
                json.key("similarity")
                json.sixDecimals(other.similarity)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func source(_ example: TrainingExample) {
        member("id", example.id)
        member("row", example.origin)
    }
}
