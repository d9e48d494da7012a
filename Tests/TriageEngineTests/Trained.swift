import Foundation
import TriageEngine
import TriageModel
import TriageNumerics
import TriageText
import TriageTraining
import TriageTickets

/// Small models for the tests here, each trained once.
enum Trained {
    /// A category, and a severity of the usual names.
    static let model = train(["category", "severity"], severities: ["High", "Low", "Medium"])
    /// The same with so few buckets that most words share one.
    static let crowded = train(["category", "severity"], severities: ["High", "Low", "Medium"], bits: 6)

    /// A model of the named fields: the first is the category's labels, the second, if any, the severities given for
    /// "password login locked", "invoice refund charged" and "crash error broken".
    static func train(
        _ fields: [String], severities: [String], calibrated: Bool = false, bits: Int = 17,
        languageRows: [String: Int]? = nil
    ) -> ModelBundle {
        let directory = NSTemporaryDirectory() + "engine-\(UUID().uuidString)"
        do {
            try AtomicOutput.write(Array(rows(fields, severities).utf8), to: directory + ".jsonl")
            defer { try? FileManager.default.removeItem(atPath: directory + ".jsonl") }
            let set = try TrainingSet(
                files: [directory + ".jsonl"], columns: .init(labels: fields), preparation: .init())
            var options = TrainingOptions()
            options.bits = .init(words: bits, characters: bits)
            options.target = .coverage(0.99)
            options.languageRows = languageRows
            if !calibrated { options.fixedHyperparameters = TrainingOptions.documentedHyperparameters }
            let bundle = try Trainer(options, embedding: nil, workers: Workers(1)).train(set)
            return try load(bundle)
        } catch {
            preconditionFailure("the test model cannot be trained: \(error)")
        }
    }

    /// A bundle as a program would load it.
    static func load(_ trained: TrainedBundle) throws -> ModelBundle {
        let directory = NSTemporaryDirectory() + "engine-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try AtomicOutput.write(trained.files, toFolder: directory)
        return try ModelBundle(directory: directory)
    }

    private static func rows(_ fields: [String], _ severities: [String]) -> String {
        let texts = ["password login locked", "invoice refund charged", "crash error broken"]
        let labels = [["Login", "Billing", "Bug"], severities]
        let rows = texts.indices.flatMap { kind in
            (0..<12).map { number in
                let values = zip(fields, labels).map { "\"\($0)\":\"\($1[kind])\"" }.joined(separator: ",")
                return "{\"text\":\"\(texts[kind]) number \(number) please\",\(values)}"
            }
        }
        return rows.joined(separator: "\n")
    }
}
