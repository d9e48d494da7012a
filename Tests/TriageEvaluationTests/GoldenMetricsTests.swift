import Foundation
import Testing
import TriageData

@testable import TriageEvaluation

/// The figures of `Golden/predictions.jsonl` against scikit-learn's in `Golden/scikit_learn.json`.
///
/// The predictions are the starter bundle's for its judged tickets, some gold labels exchanged for unknown ones and
/// some probabilities made equal. `scripts/check_metrics.py predictions.jsonl --golden scikit_learn.json` made the
/// figures.
struct GoldenMetricsTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")

    private static func fields() throws -> [ScoredField] {
        let rows = try RowReader(path: folder.appendingPathComponent("predictions.jsonl").path)
        var fields: [ScoredField] = []
        while let row = try rows.next()?.get() {
            guard case .object(let values)? = row.fields["probabilities"],
                case .array(let best)? = row.fields["best"]
            else { continue }
            let labels = values.keys.sorted()
            let name = row.text("field") ?? ""
            let index = fields.firstIndex { $0.name == name } ?? fields.count
            if index == fields.count { fields.append(ScoredField(name: name, labels: labels)) }
            fields[index].add(
                row: rows.count, gold: row.text("gold") ?? "",
                probabilities: labels.map { Float(values[$0]?.text ?? "") ?? .nan },
                ranking: best.compactMap { $0.text.flatMap(labels.firstIndex) })
        }
        return fields
    }

    private static func golden() throws -> [String: [String: [String: Any]]] {
        let data = try Data(contentsOf: folder.appendingPathComponent("scikit_learn.json"))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: [String: [String: Any]]])
    }

    @Test func `every metric is scikit-learn's`() throws {
        let golden = try GoldenMetricsTests.golden()
        let fields = try GoldenMetricsTests.fields()
        #expect(fields.map(\.name) == ["category", "severity"])
        for field in fields {
            let theirs = try #require(golden[field.name]?["metrics"])
            let ours = FieldMeasurer(field, severities: field.name == "severity" ? severityScale : nil)
                .measure()
            #expect(Set(ours.keys.map(\.rawValue)) == Set(theirs.keys))
            for (metric, value) in ours {
                let expected = try #require(theirs[metric.rawValue] as? Double)
                #expect(abs(value - expected) < 1e-6, "\(field.name) \(metric): \(value), not \(expected)")
            }
        }
    }

    @Test func `precision, recall and F1 of every label are scikit-learn's`() throws {
        let golden = try GoldenMetricsTests.golden()
        for field in try GoldenMetricsTests.fields() {
            let theirs = try #require(golden[field.name]?["per_label"] as? [String: [String: Double]])
            let scores = ConfusionMatrix(field).scores
            #expect(Set(scores.map(\.label)) == Set(theirs.keys))
            for score in scores {
                let expected = try #require(theirs[score.label])
                #expect(Double(score.support) == expected["support"])
                for (name, value) in [
                    ("precision", score.precision), ("recall", score.recall), ("f1", score.f1),
                ] { #expect(abs((value ?? 0) - (expected[name] ?? .nan)) < 1e-9, "\(score.label) \(name)") }
            }
        }
    }

    @Test func `the figure lies in its interval, and the intervals are the same in every run`() throws {
        let field = try #require(GoldenMetricsTests.fields().first)
        let first = Bootstrap.estimates(FieldMeasurer(field))
        #expect(first == Bootstrap.estimates(FieldMeasurer(field)))
        for metric in [Metric.accuracy, .macroF1, .topThree, .logLoss, .brier, .riskArea] {
            let estimate = try #require(first[metric])
            let (value, low, high) = (
                try #require(estimate.value), try #require(estimate.low), try #require(estimate.high)
            )
            #expect(low < value && value < high, "\(metric)")
        }
    }
}
