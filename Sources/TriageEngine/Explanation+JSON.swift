internal import TriageData

extension Explanation {
    /// Writes the field's name and what the explanation says of it; absent is null.
    func write(to json: inout JSONWriter) {
        json.key(named: field)
        json.object { json in
            json.key("label")
            json.string(label)
            own.writeMembers(to: &json)
            json.optional("against", against) { json, contrast in
                json.object { json in
                    json.key("label")
                    json.string(contrast.label)
                    contrast.sum.writeMembers(to: &json)
                }
            }
            json.key("collisions")
            json.array(collisions) { $1.write(to: &$0) }
            json.optional("counterfactual", counterfactual) { $1.write(to: &$0) }
        }
    }
}

extension Explanation.Sum {
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.key("bias")
        json.number(bias)
        if let labelMix {
            json.key("label_mix")
            json.number(labelMix)
        }
        json.key("terms")
        json.array(terms) { json, term in
            json.object { json in
                json.place(term.text, term.range, term.field)
                json.key("weight")
                json.number(term.weight)
            }
        }
        json.key("rest")
        json.number(rest)
        json.key("rest_share")
        json.sixDecimals(restShare)
        json.key("logit")
        json.number(logit)
    }
}

extension Explanation.Collision {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("text")
            json.string(text)
            json.key("with")
            json.string(other)
            json.key("label")
            json.string(label)
            json.key("weight")
            json.number(weight)
        }
    }
}

extension Counterfactual {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("effect")
            json.string(effect?.rawValue)
            json.key("words")
            json.array(words) { json, word in
                json.object { $0.place(word.text, word.range, word.field) }
            }
            json.key("label")
            json.string(label)
            json.key("probability")
            json.sixDecimals(probability)
            json.key("irreducible")
            json.bool(isIrreducible)
            json.key("removed")
            json.integer(removed)
            json.key("scorings")
            json.integer(scorings)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func place(_ text: String, _ range: Range<Int>, _ field: String) {
        key("text")
        string(text)
        key("start")
        integer(range.lowerBound)
        key("end")
        integer(range.upperBound)
        key("field")
        string(field)
    }
}
