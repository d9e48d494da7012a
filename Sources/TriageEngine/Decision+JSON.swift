package import TriageData

extension Decision {
    /// Writes the decision as one JSON object; keys keep the order of the contract, absent values are null.
    package func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.key("summary")
            json.string(summary)
            json.key("category")
            json.string(category)
            json.key("severity")
            json.string(severity)
            json.key("match_type")
            json.string(isKnownIssue ? "known_issue" : "new_issue")
            json.key("kb_matches")
            json.array(matches) { $1.write(to: &$0) }
            json.key("next_action")
            json.string(nextAction)
            json.key("notes")
            json.string(notes)
            json.key("id")
            json.string(id)
            json.key("predictions")
            json.object { json in
                for prediction in predictions { prediction.write(to: &json) }
            }
            json.key("near_misses")
            json.array(nearMisses) { $1.write(to: &$0) }
            json.optional("known_probability", knownProbability) { $0.sixDecimals($1) }
            json.optional("explanation", explanations) { json, explanations in
                json.object { json in
                    for explanation in explanations { explanation.write(to: &json) }
                }
            }
            json.key("language")
            json.string(language)
            json.key("model")
            json.object { json in
                json.key("name")
                json.string(modelName)
                json.key("sha256")
                json.string(modelSHA256)
            }
        }
    }

    /// The decision as one line of JSON, without its end.
    package var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }
}

extension Decision.Match {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("id")
            json.string(id)
            json.key("title")
            json.string(title)
            json.key("score")
            json.sixDecimals(score)
            json.key("recommended_action")
            json.string(recommendedAction)
        }
    }
}

extension Decision.Prediction {
    fileprivate func write(to json: inout JSONWriter) {
        json.key(named: field)
        json.object { json in
            json.key("label")
            json.string(label)
            json.key("probability")
            json.sixDecimals(probability)
            json.key("level")
            json.string(level.rawValue)
            json.key("reasons")
            json.array(reasons) { $0.string($1.rawValue) }
            json.key("alternatives")
            json.array(alternatives) { json, alternative in
                json.object { json in
                    json.key("label")
                    json.string(alternative.label)
                    json.key("probability")
                    json.sixDecimals(alternative.probability)
                }
            }
            json.optional("out_of_scope", outOfScope) { $0.sixDecimals($1) }
            if let labelSet {
                json.key("label_set")
                json.array(labelSet) { $0.string($1) }
            }
        }
    }
}
