import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageText

@testable import TriageTraining
import TriageTickets

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

    /// A bundle as a program would load it.
    static func load(_ trained: TrainedBundle) throws -> ModelBundle {
        let directory = NSTemporaryDirectory() + "bundle-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try AtomicOutput.write(trained.files, toFolder: directory)
        return try ModelBundle(directory: directory)
    }

    static func train(threads: Int, fixed: Bool = false) throws -> TrainedBundle {
        var options = TrainingOptions()
        options.fixedHyperparameters = fixed ? TrainingOptions.documentedHyperparameters : nil
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

    private func objective(
        weights: [Float]? = nil, workers: Workers = Workers(1), byColumn: Bool = true
    ) throws -> SoftmaxObjective {
        let set = try SmallSet.read()
        let options = TrainingOptions()
        let blocks = try VocabularyFit.fit(
            set.examples, options.ngrams, bits: options.bits, minimum: 2, workers)
        let featurizer = Featurizer(
            options: options.ngrams, words: blocks.words, characters: blocks.characters, embedding: nil)
        let matrix = FeatureMatrix(set.examples, featurizer, workers)
        let rows = Array(0..<90)
        return SoftmaxObjective(
            matrix: matrix, rows: rows, targets: set.examples.map { $0.labels[0] ?? 0 }, tags: nil,
            weights: weights,
            columns: 8, penalties: .init(HyperparameterSearch.defaults), workers: workers, classCount: 3,
            means: matrix.means(of: rows, weights),
            byColumn: ColumnMajorRows(matrix, rows: rows, limit: byColumn ? .max : 0))
    }

    private func loss(_ objective: SoftmaxObjective, _ parameters: [Float]) -> Double {
        var logits = [Float](repeating: 0, count: 90 * 8)
        var residuals = logits
        objective.score(parameters, into: &logits)
        let point = objective.point(logits, plus: 0, logits, residuals: &residuals)
        return point.loss + 0.5 * objective.penalty(parameters, parameters)
    }

    private func gradient(_ objective: SoftmaxObjective, _ parameters: [Float]) -> [Float] {
        var logits = [Float](repeating: 0, count: 90 * 8)
        var residuals = logits
        var gradient = [Float](repeating: 0, count: parameters.count)
        objective.score(parameters, into: &logits)
        _ = objective.point(logits, plus: 0, logits, residuals: &residuals)
        objective.setGradient(&gradient, parameters, residuals)
        return gradient
    }

    private func randomPoint(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in generator.unitFloat() - 0.5 }
    }

    @Test(arguments: [nil, (0..<90).map { Float($0 % 3) + 0.5 }])
    func `the gradient is the slope of the loss`(weights: [Float]?) throws {
        let objective = try objective(weights: weights)
        var point = randomPoint(objective.parameterCount, seed: 5)
        let gradient = gradient(objective, point)
        for index in [0, 9, 100 * 8 + 2, point.count - 8, point.count - 6] {
            let step: Float = 1e-2
            let centre = point[index]
            point[index] = centre + step
            let above = loss(objective, point)
            point[index] = centre - step
            let below = loss(objective, point)
            point[index] = centre
            #expect(abs((above - below) / Double(2 * step) - Double(gradient[index])) < 2e-2)
        }
    }

    @Test func `slope and curvature along a line are those of the loss`() throws {
        let objective = try objective()
        var logits = randomPoint(90 * 8, seed: 1).map { $0 * 4 }
        let change = randomPoint(90 * 8, seed: 2)
        var residuals = logits
        let step: Float = 1e-2
        let points = [-step, 0, step].map { objective.point(logits, plus: $0, change, residuals: &residuals) }
        let slope = (points[2].loss - points[0].loss) / Double(2 * step)
        #expect(abs(slope - points[1].slope) < 1e-2 * abs(slope) + 1e-2)
        let curvature = (points[2].slope - points[0].slope) / Double(2 * step)
        #expect(abs(curvature - points[1].curvature) < 1e-2 * abs(curvature) + 1e-2)
        // Far from zero nothing overflows.
        logits = logits.map { $0 * 1e4 }
        #expect(objective.point(logits, plus: 0, change, residuals: &residuals).loss.isFinite)
    }

    @Test func `the gradient has the same bits feature by feature and row by row, on one thread and three`()
        throws
    {
        let reference = try objective()
        let point = randomPoint(reference.parameterCount, seed: 7)
        let expected = gradient(reference, point)
        for threads in [1, 3] {
            for byColumn in [true, false] {
                let other = try objective(workers: Workers(threads), byColumn: byColumn)
                #expect(gradient(other, point) == expected)
            }
        }
    }

    @Test func `centring moves the intercept and nothing else`() throws {
        let objective = try objective()
        let point = randomPoint(objective.parameterCount, seed: 3)
        var centred = point
        objective.changeIntercept(&centred, toCentred: true)
        #expect(centred[..<(point.count - 8)] == point[..<(point.count - 8)])
        var logits = [Float](repeating: 0, count: 90 * 8)
        objective.score(centred, into: &logits)
        let fit = HeadFit(
            matrix: objective.matrix, rows: [], targets: [], weights: nil, classCount: 3, workers: Workers(1))
        let plain = fit.logits(of: objective.rows, point, HyperparameterSearch.defaults)
        for (a, b) in zip(logits, plain) { #expect(abs(a - b) < 1e-3) }
    }

    @Test func `the solver comes near the minimum that many more iterations find`() throws {
        let objective = try objective()
        var near = [Float](repeating: 0, count: objective.parameterCount)
        let outcome = SoftmaxSolver(objective: objective, tolerance: 0.02, maximumIterations: 200)
            .minimize(&near) { _ in }
        #expect(outcome.converged)
        var far = near
        let best = SoftmaxSolver(objective: objective, tolerance: 1e-9, maximumIterations: 500)
            .minimize(&far) { _ in }
        #expect(best.loss <= outcome.loss)
        #expect(outcome.loss < best.loss * 1.03)
        let slope = gradient(objective, far).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(slope < 0.05)
    }

    @Test func `directions minimise a quadratic`() throws {
        let curvature: [Float] = [1, 10, 100, 3, 30, 300, 1, 1]
        var point: [Float] = [5, -3, 2, 1, 4, -1, 2, 2]
        var memory = LBFGS(inverseCurvature: [0.1], columns: 8, workers: Workers(1))
        func gradient(_ x: [Float]) -> [Float] { zip(curvature, x).map { $0 * ($1 - 1) } }
        var direction = point
        for _ in 0..<60 {
            let before = gradient(point)
            memory.setDirection(&direction, from: before)
            let slope = zip(direction, before).reduce(0) { $0 + $1.0 * $1.1 }
            let bend = zip(direction, curvature).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
            guard bend > 0 else { break }
            point = zip(point, direction).map { $0 - slope / bend * $1 }
            memory.remember(-slope / bend, times: direction, from: before, to: gradient(point))
        }
        for value in point { #expect(abs(value - 1) < 1e-3) }
    }

    @Test func `a warm start from the same data ends sooner and says what it began with`() throws {
        let cold = try SmallSet.train(threads: 1, fixed: true)
        let folder = NSTemporaryDirectory() + "warm-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try AtomicOutput.write(cold.files, toFolder: folder)
        let bundle = try ModelBundle(directory: folder)
        var options = TrainingOptions()
        options.fixedHyperparameters = TrainingOptions.documentedHyperparameters
        options.warmStart = try WarmStart(
            bundle, ngrams: options.ngrams, bits: options.bits, embedding: nil)
        let warm = try Trainer(options, embedding: nil, workers: Workers(1)).train(SmallSet.read())
        #expect(warm.fits[0].iterations < cold.fits[0].iterations)
        #expect(warm.manifest.training.warmStart == bundle.sha256)
        #expect(throws: TrainingError.cannotWarmStart(bundle: "model", difference: "n-grams or buckets")) {
            try WarmStart(
                bundle, ngrams: NGramOptions(minimumRun: 2), bits: options.bits, embedding: nil)
        }
    }

    @Test func `too little memory is said before it is taken`() throws {
        var options = TrainingOptions()
        options.memoryLimitMegabytes = 0
        let error = #expect(throws: TrainingError.self) {
            try Trainer(options, embedding: nil, workers: Workers(1)).train(SmallSet.read())
        }
        #expect(error?.description.contains("0 MB are allowed") == true)
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

    @Test func `in time, training rows come before`() {
        let folds = Folds(
            clusters: [0, 1, 2, 3], labels: [0, 0, 0, 0],
            times: ["2024-03-01", "2024-01-01", "2024-04-01", "2024-02-01"], count: 4)
        #expect(folds.split(0) == (training: [], test: [1]))
        #expect(folds.split(2) == (training: [1, 3], test: [0]))
        #expect(folds.split(3) == (training: [0, 1, 3], test: [2]))
    }

    @Test(arguments: [
        ("2024-05-31", true), ("2024-05-31T10:00:00Z", true), ("31/05/2024", false), ("2024-5-1", false),
        ("1717113600", false), ("yesterday", false), ("", false), (nil, false),
    ])
    func `a date begins with year, month and day`(text: String?, isDate: Bool) {
        #expect(TrainingSet.isDate(text) == isDate)
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
