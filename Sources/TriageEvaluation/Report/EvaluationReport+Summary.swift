internal import TriageData

extension EvaluationReport {
    /// The figures alone, as `evaluate --json` prints them: one flat object a field, and the intervals beside.
    package func summaryJSON() -> String {
        var writer = JSONWriter()
        writer.object { json in
            json.count("rows", rows)
            json.count("bad_rows", badRows)
            json.key("fields")
            json.object { json in
                for field in fields {
                    json.key(named: field.name)
                    json.object { summary(field, &$0) }
                }
            }
        }
        return writer.text
    }

    private func summary(_ field: FieldReport, _ json: inout JSONWriter) {
        json.count("rows", field.rows)
        for metric in Metric.allCases where !metric.isOrdinal || field.name == severityField {
            json.figure(metric.rawValue, field.estimates[metric]?.value)
        }
        json.count("unknown_labels", field.unknownRows)
        json.key("ece_if_calibrated")
        json.estimate(field.reliability.expected)
        json.key("intervals")
        json.object { json in
            for metric in Metric.allCases {
                guard let estimate = field.estimates[metric] else { continue }
                json.key(named: metric.rawValue)
                json.array([estimate.low, estimate.high]) { $0.nullable($1) }
            }
        }
        json.key("baselines")
        json.object { json in
            for baseline in field.baselines {
                json.key(named: baseline.name)
                json.object { json in
                    json.figure("accuracy", baseline.estimates[.accuracy]?.value)
                    json.figure("macro_f1", baseline.estimates[.macroF1]?.value)
                }
            }
        }
        if let scope = field.scope {
            json.key("scope")
            write(scope, &json)
        }
        if let sets = field.labelSets {
            json.key("label_sets")
            write(sets, &json)
        }
        if let comparison = field.comparison {
            json.key("against")
            write(comparison, &json)
        }
    }
}
