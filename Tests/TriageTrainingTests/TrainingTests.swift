import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageText

@testable import TriageTraining

/// Ninety short tickets of three labels, made from word lists; no two alike.
enum SmallSet {
    static let words: [String: [String]] = [
        "Login": ["password", "login", "account", "locked", "reset", "sign"],
        "Billing": ["invoice", "refund", "charged", "payment", "fee", "price"],
        "Bug": ["crash", "error", "broken", "fails", "exception", "wrong"],
    ]

    static func lines() -> String {
        var generator = SplitMix64(seed: 11)
        var lines: [String] = []
        for label in words.keys.sorted() {
            let list = words[label] ?? []
            for number in 0..<30 {
                let picked = (0..<5).map { _ in list[generator.below(list.count)] }
                lines.append(
                    "{\"id\":\"\(label)\(number)\",\"text\":\"\(picked.joined(separator: " ")) n\(generator.below(1000))\",\"category\":\"\(label)\"}"
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    static func write(_ text: String) throws -> String {
        let path = NSTemporaryDirectory() + "set-\(UUID().uuidString).jsonl"
        try AtomicOutput.write(Array(text.utf8), to: path)
        return path
    }

    static func read(_ labels: [String] = ["category"]) throws -> TrainingSet {
        let path = try write(lines())
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try TrainingSet(files: [path], columns: .init(labels: labels), preparation: TextPreparation())
    }

    static func train(threads: Int, fixed: Bool = false) throws -> TrainedBundle {
        var options = TrainingOptions()
        options.fixedSettings = fixed ? TrainingOptions.documentedSettings : nil
        return try Trainer(options, embedding: nil, workers: Workers(threads)).train(read())
    }
}

struct TrainingTests {
    @Test func `one and two threads give the same bytes`() throws {
        let one = try SmallSet.train(threads: 1)
        let two = try SmallSet.train(threads: 2)
        #expect(one.files.map(\.name) == two.files.map(\.name))
        for (a, b) in zip(one.files, two.files) { #expect(a.bytes == b.bytes, "\(a.name)") }
    }

    @Test func `the gradient is the slope of the loss`() throws {
        let set = try SmallSet.read()
        let options = TrainingOptions()
        let workers = Workers(1)
        let blocks = try VocabularyFit.fit(
            set.examples, options.ngrams, bits: options.bits, minimum: 2, workers)
        let featurizer = Featurizer(
            options: options.ngrams, words: blocks.words, characters: blocks.characters, embedding: nil)
        let matrix = FeatureMatrix(set.examples, featurizer, workers)
        let objective = SoftmaxObjective(
            matrix: matrix, rows: Array(0..<90), targets: set.examples.map { $0.labels[0] ?? 0 },
            weights: nil,
            columns: 8, penalties: .init(SettingsSearch.defaults), workers: workers, classCount: 3)
        var generator = SplitMix64(seed: 5)
        var point = (0..<objective.parameterCount).map { _ in generator.unitFloat() - 0.5 }
        var gradient = [Float](repeating: 0, count: point.count)
        var residuals = [Float](repeating: 0, count: 90 * 8)
        _ = objective.evaluate(point, gradient: &gradient, residuals: &residuals)
        var ignored = gradient
        for index in [0, 9, 100 * 8 + 2, point.count - 8, point.count - 6] {
            let step: Float = 1e-2
            let centre = point[index]
            point[index] = centre + step
            let above = objective.evaluate(point, gradient: &ignored, residuals: &residuals)
            point[index] = centre - step
            let below = objective.evaluate(point, gradient: &ignored, residuals: &residuals)
            point[index] = centre
            #expect(abs((above - below) / Double(2 * step) - Double(gradient[index])) < 2e-2)
        }
    }

    @Test func `a quadratic is minimised`() throws {
        let solver = LBFGS(tolerance: 1e-6, maximumIterations: 50, workers: Workers(1))
        var point: [Float] = [5, -3, 2]
        let outcome = try solver.minimize(&point) { x, gradient in
            var loss = 0.0
            for (index, scale) in [Float(1), 10, 100].enumerated() {
                gradient[index] = scale * (x[index] - 1)
                loss += Double(0.5 * scale * (x[index] - 1) * (x[index] - 1))
            }
            return loss
        }
        #expect(outcome.converged)
        for value in point { #expect(abs(value - 1) < 1e-3) }
    }

    @Test func `a single label is an error that says so`() throws {
        let path = try SmallSet.write(
            "{\"text\":\"a b\",\"category\":\"x\"}\n{\"text\":\"c d\",\"category\":\"x\"}")
        let set = try TrainingSet(
            files: [path], columns: .init(labels: ["category"]), preparation: TextPreparation())
        #expect(throws: TrainingError.oneLabel(field: "category", label: "x")) {
            try Trainer(TrainingOptions(), embedding: nil, workers: Workers(1)).train(set)
        }
    }

    @Test func `a missing label column names the columns there are`() throws {
        let path = try SmallSet.write("{\"text\":\"a b\",\"kind\":\"x\"}")
        let error = #expect(throws: TrainingError.self) {
            try TrainingSet(
                files: [path], columns: .init(labels: ["category"]), preparation: TextPreparation())
        }
        #expect(error?.description.contains("kind, text") == true)
    }

    @Test func `near-duplicates and groups stay on one side`() {
        func example(_ text: String, _ group: String? = nil) -> TrainingExample {
            TrainingExample(
                subject: [], body: Array(text.utf8), labels: [0], group: group, time: nil, origin: "")
        }
        let long = "the printer on the third floor prints every page twice since this morning and smells"
        let examples = [
            example(long), example("nothing alike at all here", "anna"), example(long + " badly"),
            example("completely other words", "anna"), example("fifth row of its own kind"),
        ]
        let folds = Folds(examples, field: 0, count: 2, Workers(1))
        #expect(folds.assignment[0] == folds.assignment[2])
        #expect(folds.assignment[1] == folds.assignment[3])
        #expect(folds == Folds(examples, field: 0, count: 2, Workers(2)))
        #expect(Set(folds.split(0).test + folds.split(1).test) == Set(0..<5))
    }
}

struct BundleTests {
    private func write(_ bundle: TrainedBundle) throws -> String {
        let directory = NSTemporaryDirectory() + "bundle-\(UUID().uuidString)"
        try AtomicOutput.write(bundle.files, toFolder: directory)
        return directory
    }

    @Test func `a bundle is read back as it was written`() throws {
        let directory = try write(SmallSet.train(threads: 2, fixed: true))
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let bundle = try ModelBundle(directory: directory)
        #expect(bundle.heads.map(\.manifest.field) == ["category"])
        #expect(bundle.heads[0].labels.names == ["Billing", "Bug", "Login"])
    }

    @Test(arguments: ["manifest.json", "model.safetensors", "MODEL_CARD.md"], ["cut", "flip", "gone"])
    func `a damaged bundle is refused`(file: String, damage: String) throws {
        let directory = try write(SmallSet.train(threads: 2, fixed: true))
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var bytes = try FileInput.bytes(of: "\(directory)/\(file)")
        switch damage {
        case "cut": bytes.removeLast(bytes.count / 3)
        case "flip": bytes[bytes.count / 2] ^= 4
        default: break
        }
        try AtomicOutput.write(bytes, to: "\(directory)/\(file)")
        if damage == "gone" { try FileManager.default.removeItem(atPath: "\(directory)/\(file)") }
        #expect(throws: ModelError.self) { try ModelBundle(directory: directory) }
    }

    @Test func `a newer format is refused with both numbers`() throws {
        let directory = try write(SmallSet.train(threads: 2, fixed: true))
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let text = String(decoding: try FileInput.bytes(of: "\(directory)/manifest.json"), as: UTF8.self)
        let newer = text.replacingOccurrences(of: "\"format\" : 1", with: "\"format\" : 99")
        try AtomicOutput.write(Array(newer.utf8), to: "\(directory)/manifest.json")
        let path = "\(directory)/manifest.json"
        #expect(throws: ModelError.inFile(path: path, .unsupportedFormat(found: 99, newestSupported: 1))) {
            try ModelBundle(directory: directory)
        }
    }
}
