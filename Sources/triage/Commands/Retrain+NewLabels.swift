import TriageEngine
import TriageModel
import TriageTraining

extension NewLabels {
    /// The labels of a training set that a model does not have, in the fields that it has.
    init(of set: TrainingSet, beside champion: ModelBundle) {
        self.init()
        for (index, field) in set.fields.enumerated() {
            guard let head = champion.head(field: field), !head.hasTags else { continue }
            var rows = [Int](repeating: 0, count: set.labelSets[index].count)
            for example in set.examples {
                if let label = example.labels[index] { rows[label] += 1 }
            }
            for (label, count) in zip(set.labelSets[index], rows) where head.labels.index(of: label) == nil {
                add(label, of: field, rows: count, nearest: Self.nearest(to: label, of: field, champion))
            }
        }
    }

    /// The model's label that another one may be a form or a misspelling of.
    private static func nearest(to label: String, of field: String, _ champion: ModelBundle) -> String? {
        do throws(UnknownLabel) { return try champion.label(label, of: field) } catch {
            return error.nearest
        }
    }
}
