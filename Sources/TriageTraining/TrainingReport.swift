internal import Foundation
package import TriageData
internal import TriageModel
internal import TriageNumerics
internal import TriageText

/// What a training did, as lines for people and as JSON.
package struct TrainingReport: Sendable {
    private let bundle: TrainedBundle
    private let set: TrainingSet
    private let seconds: Double
    private let countsFeedback: Bool

    /// `countsFeedback` adds the rows that came from corrections.
    package init(_ bundle: TrainedBundle, _ set: TrainingSet, seconds: Double, countsFeedback: Bool) {
        (self.bundle, self.set) = (bundle, set)
        (self.seconds, self.countsFeedback) = (seconds, countsFeedback)
    }

    package var lines: [String] {
        let repeated = set.repeated.hashes.count
        let setAside =
            repeated == 0
            ? []
            : ["\(repeated.counted("paragraph")) that requesters repeat learned as boilerplate, set aside"]
        let rows = "\(set.examples.count) rows, \(set.faults.count) bad, \(set.unlabelled) without a label"
        let fields = zip(bundle.manifest.heads, bundle.fits).flatMap { lines($0, $1) }
        let changed = bundle.manifest.training.changedByRounding.sorted { $0.key < $1.key }
            .map { "\($0.value.counted("row")) of \($0.key)" }
        let pruned = String(
            format: "pruned %.4f of the weights' energy", bundle.manifest.training.prunedEnergy)
        return [rows + String(format: "; %.1f s", seconds)] + unlabelled + setAside
            + (set.corrections?.lines ?? [])
            + DuplicateRows(set).lines + languages + fields
            + ["\(pruned); rounding changed \(changed.joined(separator: ", "))"]
    }

    /// The tickets without labels; nothing where none were given.
    private var unlabelled: [String] {
        let tickets = set.unlabelledTickets
        guard tickets.read > 0 else { return [] }
        return [
            "\(tickets.count.counted("text")) of \(tickets.read.counted("ticket")) without labels; "
                + "\(tickets.repeated) empty or there already, \(tickets.badRows.count) bad"
                + (tickets.isThinned ? ", the others left out evenly" : "")
        ]
    }

    /// The rows by language; nothing where they were not counted.
    private var languages: [String] {
        SeenLanguages(bundle.manifest.languageRows).map { ["rows by language: \($0.summary)"] } ?? []
    }

    /// What was trained for a field, what it reaches, and what is noteworthy of its labels.
    private func lines(_ head: ModelManifest.Head, _ fit: TrainedBundle.FieldFit) -> [String] {
        var lines = [line(head, fit)]
        if let sentence = fit.unlabelled?.sentence { lines.append("\(head.field): \(sentence)") }
        if head.tags != nil, set.unlabelledTickets.count > 0 {
            lines.append("\(head.field): tickets without labels are not used for tags")
        }
        if let warning = oneAnswer(head) { lines.append(warning) }
        if let line = learning(head) { lines.append(line) }
        lines.append(AutoReport.sentence(head, bundle.scores[head.field]))
        return lines + AutoReport.depths(head) + (notes(on: head.field)?.lines ?? [])
    }

    /// What parts of the rows reach; nil where it was not measured.
    private func learning(_ head: ModelManifest.Head) -> String? {
        guard let steps = head.learningCurve, let last = steps.last else { return nil }
        let shown = steps.map { String(format: "%.4f with %d", $0.accuracy, $0.rows) }
        return
            "\(head.field): learning curve on \(last.measured.counted("held-out row")): accuracy "
            + shown.joined(separator: ", ") + " rows"
    }

    /// A sentence on a model whose held-out answers are one label.
    private func oneAnswer(_ head: ModelManifest.Head) -> String? {
        bundle.scores[head.field].flatMap { scores in
            OneAnswer(
                predicted: scores.predicted.array.map(Int.init), gold: scores.gold.array.map(Int.init),
                labels: head.labels, by: "the model"
            ).map { "\(head.field): warning: \($0.sentence)" }
        }
    }

    private func notes(on field: String) -> LabelNotes? {
        set.fields.firstIndex(of: field).map { set.labelNotes[$0] }
    }

    private func line(_ head: ModelManifest.Head, _ fit: TrainedBundle.FieldFit) -> String {
        var line =
            "\(head.field): \(head.labels.count) \(head.tags == nil ? "labels" : "tags"), character weight \(head.settings.characterWeight), "
        line += "embedding weight \(head.settings.embeddingWeight), C \(head.settings.inversePenalty)"
        if let accuracy = head.metrics["held_out_accuracy"], let rows = head.metrics["held_out_rows"] {
            let right = Int((accuracy * rows).rounded())
            line +=
                String(format: "; held-out accuracy %.4f on %d rows", accuracy, Int(rows))
                + " (95 % interval \(AutoReport.interval(right, of: Int(rows))))"
        }
        if let micro = head.metrics["held_out_micro_f1"], let macro = head.metrics["held_out_macro_f1"] {
            line += String(
                format: "; held-out micro-F1 %.4f, macro-F1 %.4f on %d rows", micro, macro,
                Int(head.metrics["held_out_rows"] ?? 0))
        }
        return line + (fit.converged ? "" : "; stopped after \(fit.iterations) iterations")
    }

    package func write(to json: inout JSONWriter) {
        json.integer("rows", set.examples.count)
        json.integer("bad_rows", set.faults.count)
        json.integer("unlabelled", set.unlabelled)
        if countsFeedback { json.integer("feedback_rows", set.added) }
        json.integer("repeated_paragraphs", set.repeated.hashes.count)
        if set.unlabelledTickets.read > 0 {
            json.integer("unlabelled_tickets", set.unlabelledTickets.count)
        }
        DuplicateRows(set).write(to: &json)
        if let corrections = set.corrections { json.object("corrections") { corrections.write(to: &$0) } }
        if let languages = bundle.manifest.languageRows {
            json.object("rows_by_language", languages) { $0.integer($1) }
        }
        json.number("seconds", (seconds * 1000).rounded() / 1000)
        json.object("fields") { json in
            for (head, fit) in zip(bundle.manifest.heads, bundle.fits) {
                json.key(named: head.field)
                json.object { write(head, fit, to: &$0) }
            }
        }
    }

    private func write(
        _ head: ModelManifest.Head, _ fit: TrainedBundle.FieldFit, to json: inout JSONWriter
    ) {
        json.integer(head.tags == nil ? "labels" : "tags", head.labels.count)
        write(head.tree, to: &json)
        json.object("settings") { json in
            json.bool("label_names", head.settings.usesLabelNames)
            if head.settings.unlabelledWeight > 0 {
                json.key(named: "unlabelled_weight")
                json.number(head.settings.unlabelledWeight)
            }
            for (name, value) in [
                ("character_weight", head.settings.characterWeight),
                ("embedding_weight", head.settings.embeddingWeight),
                ("inverse_penalty", head.settings.inversePenalty),
            ] {
                json.key(named: name)
                json.number(value)
            }
        }
        for (name, value) in head.metrics.sorted(by: { $0.key < $1.key }) {
            json.key(named: name)
            json.number(value)
        }
        if let steps = head.learningCurve {
            json.array("learning_curve", steps) { json, step in
                json.object { json in
                    json.integer("training_rows", step.rows)
                    json.number("accuracy", (step.accuracy * 1e6).rounded() / 1e6)
                }
            }
        }
        if let trial = fit.unlabelled { json.object("self_training", trial.write) }
        json.integer("iterations", fit.iterations)
        json.bool("converged", fit.converged)
        json.integer("changed_by_rounding", bundle.manifest.training.changedByRounding[head.field] ?? 0)
        notes(on: head.field)?.write(to: &json)
    }

    /// The depths of a tree above the deepest; nothing for labels without parents.
    private func write(_ tree: ModelManifest.Tree?, to json: inout JSONWriter) {
        guard let tree else { return }
        json.array("depths", tree.levels) { json, level in
            json.object { json in
                json.optional("held_out_accuracy", level.accuracy) { $0.number($1) }
                json.optional("auto_from", level.auto?.threshold) { $0.number($1) }
            }
        }
    }
}
