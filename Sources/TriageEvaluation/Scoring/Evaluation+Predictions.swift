internal import TriageData

extension Evaluation {
    /// What was predicted, one JSON object a row and field, for other programs to count: gold and predicted label,
    /// the best three, the level, how little it looks like the training data, and the probability of each label; gold is null in a row
    /// that belongs to none.
    package func predictions() -> [UInt8] {
        var writer = JSONWriter()
        for field in fields {
            for index in field.rows.indices {
                write(field, index, &writer)
                writer.newline()
            }
            for prediction in field.outside {
                writer.object { json in
                    json.string("id", facts[prediction.row]?.id)
                    json.string("field", field.name)
                    json.string("gold", nil)
                    json.array("best", [prediction.label].compactMap(\.self)) { $0.string($1) }
                    json.string("level", prediction.level)
                    json.bool("seen_in_training", facts[prediction.row]?.wasTrainedOn ?? false)
                    scope(prediction, &json)
                }
                writer.newline()
            }
        }
        for field in tagFields {
            for index in field.rows.indices {
                write(field, index, &writer)
                writer.newline()
            }
        }
        return writer.bytes
    }

    private func write(_ field: ScoredTags, _ index: Int, _ writer: inout JSONWriter) {
        let row = field.rows[index]
        writer.object { json in
            json.string("id", facts[row.place]?.id)
            json.string("field", field.name)
            json.array("gold", row.gold) { $0.string(field.names[$1]) }
            json.array("given", row.given) { $0.string(field.names[$1]) }
            json.bool("seen_in_training", facts[row.place]?.wasTrainedOn ?? false)
            json.object("probabilities") { json in
                for (label, probability) in zip(field.names, row.probabilities) {
                    json.key(named: label)
                    json.sixDecimals(probability)
                }
            }
        }
    }

    private func scope(_ prediction: OutOfScopePrediction, _ json: inout JSONWriter) {
        json.sixDecimals("out_of_scope", prediction.score)
        json.bool("rejected", prediction.isRejected)
    }

    private func write(_ field: ScoredField, _ index: Int, _ writer: inout JSONWriter) {
        let best = field.ranking[index * field.ranked..<(index + 1) * field.ranked].map { field.labels[$0] }
        writer.object { json in
            json.string("id", facts[field.rows[index]]?.id)
            json.string("field", field.name)
            json.string("gold", field.allLabels[field.gold[index]])
            json.array("best", best) { $0.string($1) }
            json.string("level", field.levels[index])
            json.bool("seen_in_training", facts[field.rows[index]]?.wasTrainedOn ?? false)
            if field.scope.indices.contains(index) { scope(field.scope[index], &json) }
            json.object("probabilities") { json in
                for (place, label) in field.labels.enumerated() {
                    json.key(named: label)
                    json.sixDecimals(field.probabilities[index * field.labels.count + place])
                }
            }
        }
    }
}
