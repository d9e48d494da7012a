import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageText

@testable import TriageTraining
import TriageTickets

struct ThresholdTests {
    /// Rows of falling confidence; `wrong` are the ranks at which the answer is not the label.
    private func scores(_ rows: Int, wrong: Set<Int> = [], labels: Int = 2) -> HeldOutScores {
        let confidence = (0..<rows).map { 1 - Float($0) / Float(2 * rows) }
        return HeldOutScores(
            confidence: ConstantBuffer(confidence),
            predicted: ConstantBuffer((0..<rows).map { Int32($0 % labels) }),
            gold: ConstantBuffer((0..<rows).map { Int32(($0 + (wrong.contains($0) ? 1 : 0)) % labels) }),
            goldProbability: ConstantBuffer(confidence),
            clear: ConstantBuffer([Int8](repeating: 1, count: rows)))
    }

    @Test func `the binomial bound is Clopper and Pearson's`() {
        // scipy.stats.beta.ppf(0.05, k, n - k + 1)
        #expect(abs(Binomial.lowerBound(59, of: 59, error: 0.05) - 0.950492) < 2e-6)
        #expect(abs(Binomial.lowerBound(92, of: 93, error: 0.05) - 0.950006) < 2e-6)
        #expect(abs(Binomial.lowerBound(7, of: 10, error: 0.05) - 0.393376) < 2e-6)
        #expect(Binomial.lowerBound(0, of: 10, error: 0.05) == 0)
        #expect(abs(Binomial.upperBound(0, of: 10, error: 0.05) - 0.258866) < 2e-6)
        #expect(abs(Binomial.cumulative(2, of: 10, probability: 0.3) - 0.382783) < 1e-6)
    }

    @Test(arguments: [(0.95, 59), (0.99, 299), (0.9, 29)])
    func `so many rows without an error show a precision`(precision: Double, rows: Int) throws {
        #expect(ThresholdSolver.minimumRows(precision: precision) == rows)
        #expect(ThresholdSolver(scores(rows), suggest: 0).solve(.precision(precision)).point?.above == rows)
        let few = ThresholdSolver(scores(rows - 1), suggest: 0).solve(.precision(precision))
        #expect(few.point == nil)
    }

    /// 400 rows from probability 1 to 0.5: half of them are answered from 0.75.
    @Test func `a target below the suggest threshold gives the threshold that it needs`() throws {
        let rows = scores(400)
        var head = ModelManifest.Head(
            field: "f", role: nil, labels: ["A", "B"], temperature: 1, isCalibrated: true, threshold: 0.9,
            settings: .init(characterWeight: 1, embeddingWeight: 0, inversePenalty: 1), metrics: [:])
        func tuned() throws -> String {
            let target = try #require(AutoTarget(parsing: "coverage=0.5"))
            head.auto = .init(target, rows, labels: head.labels, suggest: head.threshold)
            return AutoReport.sentence(head, rows)
        }
        let sentence = try tuned()
        #expect(
            sentence.contains(
                "it needs answers from probability 0.751, and labels are suggested from 0.9 only"),
            "\(sentence)")
        head.threshold = 0.751
        #expect(try tuned().contains("auto from probability 0.75"))
    }

    @Test func `a precision holds for the rows answered, and the bound says so`() throws {
        let wrong = Set(stride(from: 600, to: 1000, by: 3))
        let point = try #require(
            ThresholdSolver(scores(1000, wrong: wrong), suggest: 0).solve(.precision(0.95)).point)
        #expect(point.above > 600 && point.above < 760)
        #expect(point.lowerBound(error: 0.05) >= 0.95)
        #expect(point.errors == wrong.count { $0 < point.above })
    }

    @Test func `a precision that every tenth error denies is out of reach, whatever the number`() {
        let wrong = Set(stride(from: 0, to: 1000, by: 10))
        let solution = ThresholdSolver(scores(1000, wrong: wrong), suggest: 0).solve(.precision(0.99))
        #expect(solution == ThresholdSolver.Solution(point: nil))
    }

    /// Advice must not take what few rows happen to show for what more rows will.
    @Test(arguments: [
        (117, 0.4), (198, 0.45), (791, 0.6), (791, 0.1), (30, 0.02), (50, 0), (58, 0),
    ])
    func `a target out of reach is no reason to say that more rows would not help`(
        rows: Int, wrong: Double
    ) throws {
        let errors = Set((0..<rows).filter { Double($0 * 37 % 100) < 100 * wrong })
        let held = scores(rows, wrong: errors)
        var head = ModelManifest.Head(
            field: "f", role: nil, labels: ["A", "B"], temperature: 1, isCalibrated: true, threshold: 0,
            settings: .init(characterWeight: 1, embeddingWeight: 0, inversePenalty: 1), metrics: [:])
        head.auto = .init(.precision(0.95), held, labels: head.labels, suggest: 0)
        let sentence = AutoReport.sentence(head, held)
        #expect(
            sentence.contains("precision=0.95 cannot be shown on \(rows) held-out rows")
                && sentence.contains("would show it cannot be estimated from \(rows) rows")
                && sentence.contains("59 sure ones without an error"), "\(sentence)")
        #expect(!sentence.contains("not show it either") && !sentence.contains("would not"))
    }

    @Test func `the share that is automatic has an interval, and its precision a bound`() {
        let held = scores(400, wrong: Set(300..<400))
        var head = ModelManifest.Head(
            field: "f", role: nil, labels: ["A", "B"], temperature: 1, isCalibrated: true, threshold: 0,
            settings: .init(characterWeight: 1, embeddingWeight: 0, inversePenalty: 1), metrics: [:])
        head.auto = .init(target: "precision=0.95", threshold: 0.6, rows: 400, above: 310, errors: 10)
        // scipy.stats.beta.ppf of 310 in 400 at 2.5 and 97.5 %, and of 300 in 310 at 5 %.
        #expect(
            AutoReport.sentence(head, held).contains(
                "77.5 % of 400 held-out rows (95 % interval 73.1 to 81.5 %), 96.77 % of them right (at least 94.6 %)"
            ),
            "\(AutoReport.sentence(head, held))")
    }

    @Test func `equal confidences are answered together`() {
        let same = HeldOutScores(
            confidence: ConstantBuffer([Float](repeating: 0.5, count: 80)),
            predicted: ConstantBuffer([Int32](repeating: 0, count: 80)),
            gold: ConstantBuffer([Int32](repeating: 0, count: 80)),
            goldProbability: ConstantBuffer([Float](repeating: 0.5, count: 80)),
            clear: ConstantBuffer([Int8](repeating: 1, count: 80)))
        #expect(ThresholdSolver(same, suggest: 0).curve == [.init(threshold: 0.5, above: 80, errors: 0)])
        #expect(ThresholdSolver(same, suggest: 0).solve(.precision(0.95)).point?.above == 80)
    }

    @Test func `a coverage is reached and hardly more`() throws {
        let point = try #require(ThresholdSolver(scores(1000), suggest: 0).solve(.coverage(0.7)).point)
        #expect(point.above >= 700 && point.above <= 705)
    }

    @Test func `what is ambiguous, out of scope or not suggested is never answered`() throws {
        let rows = 400
        let confidence = (0..<rows).map { 1 - Float($0) / Float(2 * rows) }
        let half = HeldOutScores(
            confidence: ConstantBuffer(confidence),
            predicted: ConstantBuffer([Int32](repeating: 0, count: rows)),
            gold: ConstantBuffer([Int32](repeating: 0, count: rows)),
            goldProbability: ConstantBuffer(confidence),
            clear: ConstantBuffer((0..<rows).map { Int8($0 % 2) }))
        #expect(ThresholdSolver(half, suggest: 0).solve(.precision(0.9)).point?.above == 200)
        #expect(ThresholdSolver(half, suggest: 0.75).solve(.precision(0.9)).point?.above == 100)
        #expect(ThresholdSolver(half, suggest: 0).solve(.coverage(0.4)).point?.above == 160)
        #expect(ThresholdSolver(half, suggest: 0).solve(.coverage(0.6)).point == nil)
    }

    @Test func `costs weigh mistakes against reviews`() throws {
        let wrong = Set(500..<1000)
        func solve(_ review: Double, _ mistake: Double) -> Int {
            let matrix = CostMatrix(review: review, mistakes: [0, mistake, mistake, 0], labels: 2)
            return ThresholdSolver(scores(1000, wrong: wrong), suggest: 0).solve(.cost(matrix)).point?.above
                ?? 0
        }
        #expect(solve(1, 10) == 500)
        #expect(solve(10, 1) == 1000)
        #expect(solve(0, 1) == 0)
    }

    @Test(arguments: [
        (#"{"mistake":1}"#, "needs \"review\""), (#"{"review":1}"#, "no cost of \"B\" for \"A\""),
        (#"{"review":1,"mistake":1,"mistakes":{"C":{}}}"#, "no label is called \"C\""),
        (#"{"review":1,"mistake":1,"mistakes":{"A":{"B":-1}}}"#, "must be a number from 0"),
        (#"{"review":1,"mistake":1e300}"#, "to a million"),
        (#"{"review":1,"mistakes":{"A":{"A":3}}}"#, "0 for the right label"),
        (#"{"review":1,"mistake":1,"typo":1}"#, "\"typo\" is unknown"),
        ("[", "needs \"review\""),
    ])
    func `a table of costs that leaves something open is refused`(text: String, says: String) {
        do {
            _ = try CostMatrix(JSONValue(parsing: text.utf8), labels: ["A", "B"], path: "c.json")
            Issue.record("it was taken")
        } catch { #expect("\(error)".contains(says) && "\(error)".hasPrefix("c.json: "), "\(error)") }
    }

    @Test func `a rare label is not vouched for by a frequent one`() {
        let rows = 400
        let rare = HeldOutScores(
            confidence: ConstantBuffer((0..<rows).map { 1 - Float($0) / 1000 }),
            predicted: ConstantBuffer((0..<rows).map { $0 % 20 == 0 ? Int32(1) : 0 }),
            gold: ConstantBuffer((0..<rows).map { $0 % 20 == 0 ? Int32(1) : 0 }),
            goldProbability: ConstantBuffer([Float](repeating: 1, count: rows)),
            clear: ConstantBuffer([Int8](repeating: 1, count: rows)))
        let rule = ModelManifest.AutoRule(
            .precision(0.95), rare, labels: ["often", "rare"], suggest: 0, byLabel: true)
        #expect(rule.allows("often", probability: 0.99))
        #expect(!rule.allows("rare", probability: 1))
        #expect(rule.isReachable && rule.threshold == nil && rule.above <= rows - rows / 20)
    }

    @Test func `label sets cover what they promise, and too few rows promise nothing`() throws {
        let quantile = try #require(scores(1000).setQuantile(coverage: 0.9))
        let covered = scores(1000).goldProbability.array.count { 1 - $0 <= quantile }
        #expect(covered >= 900 && covered <= 902)
        // Odd rows are of the second label, and less sure.
        let second = try #require(scores(1000, labels: 2).setQuantile(coverage: 0.9, label: 1))
        #expect(abs(second - quantile) < 0.01)
        #expect(scores(30).setQuantile(coverage: 0.95, label: 1) == nil)
        #expect(scores(18).setQuantile(coverage: 0.95) == nil)
        #expect(scores(19).setQuantile(coverage: 0.95) != nil)
    }
}

struct CalibrationTests {
    @Test func `a bundle holds its rows out, and says what they taught`() throws {
        let bundle = try SmallSet.train(threads: 1)
        let head = bundle.manifest.heads[0]
        let scores = try #require(bundle.scores["category"])
        #expect(head.isCalibrated && scores.count == 90)
        #expect(scores.confidence.array == scores.confidence.array.sorted(by: >))
        #expect(head.metrics["held_out_log_loss"] ?? 9 <= head.metrics["uncalibrated_log_loss"] ?? 0)
        let directory = NSTemporaryDirectory() + "calibrated-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try AtomicOutput.write(bundle.files, toFolder: directory)
        let loaded = try ModelBundle(directory: directory).heads[0]
        #expect(loaded.heldOut?.goldProbability.array == scores.goldProbability.array)
    }

    @Test func `held-out rows are seen as a bundle without them would see them`() throws {
        let set = try SmallSet.read()
        let options = TrainingOptions()
        let blocks = try VocabularyFit.fit(
            set.examples, options.ngrams, bits: options.bits, minimum: 2, Workers(1))
        let featurizer = Featurizer(
            options: options.ngrams, words: blocks.words, characters: blocks.characters, embedding: nil)
        let all = FeatureMatrix(set.examples, featurizer, minimumDocuments: 2, Workers(1))
        let training = Array(set.examples.indices.dropLast(30))
        let kept = try VocabularyFit.fit(
            training.map { set.examples[$0] }, options.ngrams, bits: options.bits, minimum: 2, Workers(1))
        let known = all.known(to: training)
        for row in set.examples.indices {
            let columns = known.starts[row]..<known.starts[row + 1]
            let words = columns.filter { Int(known.indices[$0]) < known.wordColumns }
            let length = words.reduce(Float(0)) { $0 + known.values[$1] * known.values[$1] }
            #expect(words.allSatisfy { known.values[$0] == 0 } || abs(length - 1) < 1e-5)
            let buckets = featurizer.words.buckets
            for entry in words {
                let isKept = kept.words.row(ofBucket: buckets[Int(known.indices[entry])]) != nil
                #expect((known.values[entry] != 0) == isKept)
            }
        }
    }

    @Test func `logistic regression finds the weights that made the data`() {
        var generator = SplitMix64(seed: 5)
        let observations = (0..<4000).map { _ in
            let x = Float(generator.below(2000)) / 1000 - 1
            let p = Softmax.logistic(3 * x - 1)
            return LogisticRegression.Observation(
                features: [x, 1], isPositive: Float(generator.below(1_000_000)) / 1e6 < p)
        }
        let w = LogisticRegression.fit(observations, penalty: 1e-3)
        #expect(abs(w[0] - 3) < 0.3 && abs(w[1] + 1) < 0.15)
    }
}

struct ScopeTests {
    @Test func `a row is outside in the field that says so, and learnt from in the others`() throws {
        let path = try SmallSet.write(
            #"{"text":"a","category":"oos","severity":"High"}"# + "\n"
                + #"{"text":"b","category":"A","severity":"Low"}"# + "\n" + #"{"text":"c","category":"B"}"#)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let set = try TrainingSet(
            files: [path], columns: .init(labels: ["category", "severity"], outOfScopeLabel: "oos"),
            preparation: .init())
        #expect(set.examples.map(\.outside) == [[0], [], []])
        #expect(set.examples.map(\.labels) == [[nil, 0], [0, 1], [1, nil]])
    }

    @Test func `whole labels held out are told from the others`() throws {
        // Six labels of ten words each; the seventh's words are never seen.
        var generator = SplitMix64(seed: 3)
        func line(_ label: Int) -> String {
            let words = (0..<6).map { _ in "w\(label)x\(generator.below(10))" }.joined(separator: " ")
            return "{\"text\":\"\(words) please help\",\"category\":\"c\(label)\"}"
        }
        let text = (0..<6).flatMap { label in (0..<40).map { _ in line(label) } }.joined(separator: "\n")
        let path = try SmallSet.write(text)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let set = try TrainingSet(files: [path], columns: .init(labels: ["category"]), preparation: .init())
        let bundle = try Trainer(TrainingOptions(), embedding: nil, workers: Workers(1)).train(set)
        let directory = NSTemporaryDirectory() + "scope-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try AtomicOutput.write(bundle.files, toFolder: directory)
        let model = try ModelBundle(directory: directory)
        var (features, logits) = (Features(), [Float]())
        func flagged(_ label: Int) throws -> Int {
            try (0..<40).count { _ in
                let body = Array((JSONValue(parsing: line(label).utf8)?["text"]?.text ?? "").utf8)
                model.score(subject: [], body: body, features: &features, logits: &logits)
                let head = model.heads[0]
                let best = head.best(1, of: logits)[0].label
                return try #require(
                    head.outOfScope(features, logits: logits, head.partition(logits), best: best)
                ).isOutside
            }
        }
        #expect(try flagged(7) >= 36)
        #expect(try flagged(2) <= 8)
    }
}
