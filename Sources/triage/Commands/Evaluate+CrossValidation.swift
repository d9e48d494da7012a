import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageNumerics
import TriageText
import TriageTraining
import TriageTickets

extension Evaluate {
    /// Refuses what belongs to the evaluation of one bundle.
    func checkCrossValidation() throws {
        guard crossValidate else { return }
        guard !label.isEmpty else {
            throw ValidationError("--cross-validate trains, so it needs --label.")
        }
        let others: [(String, Bool)] = [
            ("--model", snapshot.models.model != nil), ("--against", against != nil),
            ("--train", !comparisons.train.isEmpty), ("--predictions", predictions != nil),
            ("--oos-label", oosLabel != nil), ("--label-sets", labelSets != nil),
        ]
        if let stray = others.first(where: { $0.1 }) {
            throw ValidationError("\(stray.0) is of one bundle, and --cross-validate trains several.")
        }
    }

    /// Measures a training on the rows of `--data`, each decided by a bundle that never saw it or its near-duplicates.
    func runCrossValidation(_ folder: OutputFolder?) throws {
        try text.check(labels: label)
        let preparation = TextPreparation()
        let columns = TrainingSet.Columns(text: text.columns, labels: label)
        let set = try TrainingSet(files: data, columns: columns, preparation: preparation)
        for fault in set.faults.prefix(10) {
            Terminal.say("triage: \(fault.file): line \(fault.row.line): \(fault.row.message)")
        }
        var training = TrainingOptions()
        training.ngrams.subjectCopies = set.hasSubjects
        let matrix = try Places.loadEmbedding(nil)
        let policy = try snapshot.playbookPath.map { try Policy(playbook: $0) } ?? Policy()
        let language = try snapshot.languagePath.map { try ModelBundle(directory: $0, homes: Places.roots) }
        let bar = ProgressBar("evaluate")
        let validation = try CrossValidation(
            set, rows: rows(of: set), text: text.columns, options: training, embedding: matrix,
            workers: Workers(comparisons.threads ?? ProcessInfo.processInfo.activeProcessorCount),
            source: source
        ) {
            Snapshot(model: $0, policy: policy, language: language)
        } progress: { fold, progress in
            bar.show("fold \(fold + 1): \(progress.stage)", fraction: (Double(fold) + progress.fraction) / 5)
        }
        bar.finish()
        try show(EvaluationReport(validation, policy: policy, options(set.faults.count)), folder)
        if !set.faults.isEmpty { throw ExitCode.badData }
    }

    /// The rows of a set as they stand in the files, in its order.
    private func rows(of set: TrainingSet) throws -> [InputRow] {
        let wanted = Set(set.examples.map(\.origin))
        var found: [InputRow] = []
        for path in data {
            let reader = try RowReader(path: path)
            while let row = try reader.next() {
                guard let row = try? row.get(), wanted.contains("\(reader.name):\(row.line)") else {
                    continue
                }
                found.append(row)
            }
        }
        return found
    }
}
