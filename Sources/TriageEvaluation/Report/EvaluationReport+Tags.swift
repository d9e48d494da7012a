internal import TriageData

extension EvaluationReport {
    /// A field of tags as blocks.
    func blocks(_ field: TagReport) -> [Document.Block] {
        let counts = "\(field.rows.counted("row")), \(field.modelTags.counted("tag"))"
        let measures = TagMetric.allCases.map {
            [$0.title + memoryMark] + OutputFormat.cells(field.estimates[$0])
        }
        var blocks: [Document.Block] = [
            .heading(2, "Field \(field.name)"),
            .table(.measures("\(field.name): \(counts)", measures)),
            .text(
                "\(field.without.gold.counted("row")) without a tag; \(field.without.given) are given none.",
                isHeadline: true),
        ]
        if let against = field.against {
            let rows = TagMetric.allCases.map { [$0.title] + OutputFormat.cells(against[$0]) }
            blocks.append(.table(.measures("The same rows with \(otherName ?? "the second model")", rows)))
        }
        if field.unknownTags > 0 {
            blocks.append(
                .text(
                    "\(field.unknownTags.counted("tag")) of these rows are unknown to the model and count as missed.",
                    isHeadline: true))
        }
        let table = Document.Table(
            caption: "Tags of \(field.name)",
            columns: [
                .text("Tag"), "Support", "Given", "Precision", "Recall", "F1", "Threshold",
            ],
            rows: field.tags.map { tag in
                [tag.name, "\(tag.support)", "\(tag.given)"]
                    + [tag.precision, tag.recall, tag.f1, tag.threshold.map { Double($0) }].map {
                        OutputFormat.figure($0)
                    }
            }, isLong: field.tags.count > 25)
        return blocks + [.heading(3, "Tag by tag"), .table(table)]
    }

    func write(_ field: TagReport, isWhole: Bool, _ json: inout JSONWriter) {
        json.integer("rows", field.rows)
        json.integer("tags", field.modelTags)
        for metric in TagMetric.allCases { json.figure(metric.rawValue, field.estimates[metric]?.value) }
        json.object("intervals") { json in
            for metric in TagMetric.allCases {
                guard let estimate = field.estimates[metric] else { continue }
                json.key(named: metric.rawValue)
                json.array([estimate.low, estimate.high]) { $0.nullable($1) }
            }
        }
        json.optional("against", field.against) { json, against in
            json.object { json in
                for metric in TagMetric.allCases { json.figure(metric.rawValue, against[metric]?.value) }
            }
        }
        json.integer("rows_without_tags", field.without.gold)
        json.integer("rows_given_none", field.without.given)
        json.integer("unknown_tags", field.unknownTags)
        guard isWhole else { return }
        json.array("per_tag", field.tags) { json, tag in
            json.object { json in
                json.string("tag", tag.name)
                json.integer("support", tag.support)
                json.integer("given", tag.given)
                json.figure("precision", tag.precision)
                json.figure("recall", tag.recall)
                json.figure("f1", tag.f1)
                json.figure("threshold", tag.threshold.map { Double($0) })
            }
        }
    }
}
