internal import TriageData

extension EvaluationReport {
    /// How answers in a tree of labels did at each depth.
    func tree(_ field: FieldReport) -> [Document.Block] {
        guard let tree = field.tree else { return [] }
        let last = tree.depths.count - 1
        let rows = tree.depths.enumerated().map { depth, score in
            [depth == last ? "whole label" : "depth \(depth + 1)"] + OutputFormat.cells(score.accuracy)
                + [
                    "\(score.answers)", OutputFormat.figure(score.right.value),
                    OutputFormat.interval(score.right),
                ]
        }
        return [
            .table(
                Document.Table(
                    caption: "Depths of the tree: the likeliest node, and the answers that end there",
                    columns: [
                        .text("Depth"), "Accuracy", "95 % interval", "Answers", "Right", "95 % interval",
                    ],
                    rows: rows, isHeadline: true)),
            .text(
                "Of \(tree.rows.counted("row")), \(tree.unsure) are sure at no depth and left to a person; "
                    + "\(tree.contradictions) have a path that contradicts itself.",
                isHeadline: true),
        ]
    }

    func write(_ tree: TreeScore, _ json: inout JSONWriter) {
        json.array("depths", tree.depths) { json, depth in
            json.object { json in
                json.estimate("accuracy", depth.accuracy)
                json.integer("answers", depth.answers)
                json.estimate("right", depth.right)
            }
        }
        json.integer("unsure", tree.unsure)
        json.integer("contradictions", tree.contradictions)
    }
}
