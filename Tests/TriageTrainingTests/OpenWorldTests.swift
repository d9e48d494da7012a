import Foundation
import Testing
import TriageData
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageModel
@testable import TriageTraining

/// Level `auto` where some tickets belong to none of the labels.
struct OpenWorldTests {
    /// Right answers of falling confidence, all of them as familiar, beside foreign rows of the same confidences.
    private func scores(
        _ rows: Int = 2000, foreign: Int, foreignScore: Float = 0.1, wrongFrom: Int = .max
    ) -> HeldOutScores {
        let confidence = (0..<rows).map { 1 - Float($0) / Float(2 * rows) }
        return HeldOutScores(
            confidence: ConstantBuffer(confidence),
            predicted: ConstantBuffer([Int32](repeating: 0, count: rows)),
            gold: ConstantBuffer((0..<rows).map { $0 < wrongFrom ? 0 : Int32($0 % 2) }),
            goldProbability: ConstantBuffer(confidence),
            clear: ConstantBuffer([Int8](repeating: 1, count: rows)),
            outOfScope: ConstantBuffer((0..<rows).map { 0.1 + Float($0 % 10) / 100 }),
            foreign: ForeignScores(
                (0..<foreign).map {
                    ForeignScores.Row(
                        confidence: 1 - Float($0) / Float(2 * foreign), predicted: 0, isClear: true,
                        outOfScope: foreignScore)
                }))
    }

    private func rule(_ scores: HeldOutScores, _ share: Double, _ precision: Double = 0.9) throws
        -> ModelManifest.AutoRule
    {
        ModelManifest.AutoRule(
            .precision(precision), scores, labels: ["A", "B"], suggest: 0,
            foreign: try #require(ForeignShare(share)))
    }

    /// Foreign rows are spread over the confidences as the others are, so a share of 20 % makes a fifth of any answers wrong.
    @Test func `foreign tickets that look like the others count as wrong answers`() throws {
        let rows = scores(foreign: 500)
        #expect(try rule(rows, 0.05).isReachable)
        let refused = try rule(rows, 0.2)
        #expect(!refused.isReachable && refused.foreign?.rows == 500)
        let alone = ModelManifest.AutoRule(.precision(0.9), rows, labels: ["A", "B"], suggest: 0)
        #expect(alone.above == 2000)
        // Without a share, the rule is as before, and the report has what a tenth of foreign tickets would do.
        #expect(alone.foreign == .init(share: 0, scopeLimit: nil, rows: 500, above: 500))
        #expect(abs((alone.precisionWithForeign ?? 0) - 0.9) < 1e-9)
    }

    @Test func `a stricter limit of the score keeps foreign tickets out`() throws {
        let rule = try rule(scores(foreign: 500, foreignScore: 0.185), 0.2)
        let limit = try #require(rule.foreign?.scopeLimit)
        #expect(limit < 0.185 && rule.foreign?.above == 0)
        #expect(rule.above == 1600 && rule.precisionWithForeign == 1)
        #expect(
            rule.allows(outOfScope: 0.1) && !rule.allows(outOfScope: 0.185) && rule.allows(outOfScope: nil))
    }

    @Test(arguments: [0.02, 0.05, 0.1, 0.3])
    func `the precision holds with the share of foreign tickets that it was solved for`(share: Double) throws
    {
        var generator = SplitMix64(seed: 5)
        let own = (0..<3000).map { _ in (score: generator.unitFloat(), confidence: generator.unitFloat()) }
            .sorted { $0.confidence > $1.confidence }
        let rows = HeldOutScores(
            confidence: ConstantBuffer(own.map(\.confidence)),
            predicted: ConstantBuffer([Int32](repeating: 0, count: 3000)),
            gold: ConstantBuffer(own.map { $0.confidence < 0.5 ? 1 : 0 }),
            goldProbability: ConstantBuffer(own.map(\.confidence)),
            clear: ConstantBuffer([Int8](repeating: 1, count: 3000)),
            outOfScope: ConstantBuffer(own.map { $0.score / 2 }),
            foreign: ForeignScores(
                (0..<1500).map { _ in
                    ForeignScores.Row(
                        confidence: generator.unitFloat() * 0.8, predicted: 0, isClear: true,
                        outOfScope: generator.unitFloat())
                }))
        let rule = try rule(rows, share)
        #expect(rule.isReachable && (rule.precisionWithForeign ?? 0) >= 0.9)
        let without = ModelManifest.AutoRule(.precision(0.9), rows, labels: ["A", "B"], suggest: 0)
        #expect(rule.above < without.above)
    }

    /// Of 100 foreign rows each stands for many tickets: they must not show more than so few rows can.
    @Test func `few foreign rows show no more than they can`() throws {
        let many = try rule(scores(40_000, foreign: 2000, foreignScore: 0.9, wrongFrom: 20_000), 0.5)
        let few = try rule(scores(40_000, foreign: 20, foreignScore: 0.9, wrongFrom: 20_000), 0.5)
        #expect(many.isReachable && !few.isReachable)
    }

    @Test func `a threshold for each label counts the foreign rows that are taken for it`() throws {
        let rows = scores(foreign: 1000)
        func labels(_ share: Double) throws -> [String: Float]? {
            ModelManifest.AutoRule(
                .precision(0.9), rows, labels: ["A", "B"], suggest: 0, byLabel: true,
                foreign: try #require(ForeignShare(share))
            ).labelThresholds
        }
        #expect(try labels(0)?.keys.sorted() == ["A"])
        #expect(try labels(0.3) == [:])
    }

    @Test func `a coverage and costs are solved without foreign tickets`() throws {
        let share = try #require(ForeignShare(0.2))
        let rule = ModelManifest.AutoRule(
            .coverage(0.5), scores(foreign: 500), labels: ["A", "B"], suggest: 0, foreign: share)
        #expect(rule.foreign?.share == 0 && rule.above >= 1000)
        var head = ModelManifest.Head(
            field: "f", role: nil, labels: ["A", "B"], temperature: 1, isCalibrated: true, threshold: 0.5,
            settings: .init(characterWeight: 1, embeddingWeight: 0, inversePenalty: 1), metrics: [:])
        head.auto = rule
        #expect(ForeignShare.note(head, share)?.contains("count for a precision alone") ?? false)
    }

    @Test(arguments: [-0.1, 0.96, 1, .nan])
    func `a share that leaves hardly a ticket of the labels is refused`(share: Double) {
        #expect(ForeignShare(share) == nil)
    }

    /// A tenth of the rows inside is above 0.185, all foreign rows are.
    @Test func `the share is estimated from how many tickets are out of scope`() throws {
        let rows = scores(foreign: 100, foreignScore: 0.9)
        func estimate(_ outside: Int) -> ForeignShare? {
            ForeignShare(outOfScope: outside, of: 1000, rows, limit: 0.185)
        }
        #expect(estimate(100)?.share == 0)
        #expect(abs((estimate(550)?.share ?? 0) - 0.5) < 1e-9 && estimate(550)?.estimatedFrom == 1000)
        #expect(estimate(1000)?.share == ForeignShare.maximum)
        // Foreign rows that score as the others do show nothing.
        #expect(ForeignShare(outOfScope: 100, of: 1000, scores(foreign: 100), limit: 0.185) == nil)
    }

    // MARK: - A trained bundle

    /// Eight labels of ten words each, two of them shared with the next label.
    private func trained(_ share: Double?, threads: Int = 1) throws -> TrainedBundle {
        var generator = SplitMix64(seed: 9)
        let lines = (0..<8).flatMap { label in
            (0..<60).map { row in
                let words = (0..<6).map { _ in
                    let word = generator.below(12)
                    return word < 10 ? "w\(label)x\(word)" : "w\((label + 1) % 8)x\(word - 10)"
                }
                return
                    "{\"text\":\"\(words.joined(separator: " ")) please n\(row)\",\"category\":\"c\(label)\"}"
            }
        }
        let path = try SmallSet.write(lines.joined(separator: "\n"))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var options = TrainingOptions()
        options.fixedHyperparameters = TrainingOptions.documentedHyperparameters
        options.calibratesFixed = true
        options.foreign = try share.map { try #require(ForeignShare($0)) }
        let set = try TrainingSet(files: [path], columns: .init(labels: ["category"]), preparation: .init())
        return try Trainer(options, embedding: nil, workers: Workers(threads)).train(set)
    }

    @Test func `a bundle keeps the foreign rows, and solves again with another share`() throws {
        let bundle = try SmallSet.load(trained(nil))
        let head = bundle.heads[0]
        let foreign = try #require(head.heldOut?.foreign)
        #expect(foreign.count > 480 && head.heldOut?.outOfScope?.count == head.heldOut?.count)
        #expect(head.manifest.auto?.foreign?.share == 0)
        var manifest = head.manifest
        var change = ThresholdChange()
        change.foreign = ForeignShare(0.1)
        let lines = try change.apply(to: &manifest, of: head)
        let rule = try #require(manifest.auto)
        #expect(rule.foreign?.share == 0.1 && rule.foreign?.rows == foreign.count, "\(lines)")
        #expect(lines.first?.contains("with 10 % foreign tickets") ?? false, "\(lines)")
        #expect(rule.above <= head.manifest.auto?.above ?? 0)
        change.foreign = ForeignShare(0)
        _ = try change.apply(to: &manifest, of: head)
        #expect(manifest.auto == head.manifest.auto)
    }

    @Test func `any number of threads keeps the same foreign rows`() throws {
        let bundles = try [1, 3].map { try trained(0.1, threads: $0) }
        #expect(bundles[0].manifest == bundles[1].manifest)
        #expect(bundles[0].files.map(\.bytes) == bundles[1].files.map(\.bytes))
    }

    // MARK: - The score

    @Test func `a score of an earlier bundle is of the earlier signals`() {
        let content = OutOfScopeFeatures.Content(
            unseenWords: 0.5, unseenCharacters: 0.2, seenWords: 3, similarity: 0.4, nearest: 0.9)
        let logits: [Float] = [2, 1, 0]
        let signals = OutOfScopeFeatures(
            logits: logits[...], Softmax.Partition(logits[...], temperature: 1), content)
        #expect(abs(signals.unseenEvidence - 0.5 * Float(log(4.0))) < 1e-6)
        #expect(signals.values.count == OutOfScopeFeatures.count)
        var model = ModelManifest.OutOfScopeModel(weights: [0, 0, 0, 1, 0, 0], intercept: 0, threshold: 1)
        #expect(model.isReadable && abs(model.score(signals) - Softmax.logistic(0.5)) < 1e-6)
        model.weights = [0, 0, 0, 0, 0, 0, 0, 1]
        #expect(model.isReadable && abs(model.score(signals) - Softmax.logistic(0.9)) < 1e-6)
        model.weights.append(1)
        #expect(!model.isReadable)
    }

    @Test func `prototypes survive writing, and the nearest one counts`() throws {
        let prototypes = LabelPrototypes([[1, 0, 0, 1], [], [0.6, 0.8]], dimension: 2)
        var writer = SafeTensorsWriter()
        prototypes.add(to: &writer, field: "f")
        let tensors = try SafeTensors(MappedBytes(copying: writer.bytes()))
        let read = try LabelPrototypes(tensors, field: "f", labelCount: 3, dimension: 2)
        for (label, expected) in [(0, Float(0.8)), (1, 0), (2, 1), (9, 0)] {
            #expect(abs(read.nearest(to: [0.6, 0.8], label: label) - expected) < 0.01)
        }
        #expect(read.nearest(to: [0.6], label: 0) == 0)
        #expect(try LabelPrototypes(tensors, field: "g", labelCount: 3, dimension: 2).isEmpty)
        #expect(throws: ModelError.self) {
            try LabelPrototypes(tensors, field: "f", labelCount: 2, dimension: 2)
        }
    }
}
