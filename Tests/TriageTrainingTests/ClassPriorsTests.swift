import Foundation
import Testing
import TriageNumerics

@testable import TriageModel
@testable import TriageTraining

struct ClassPriorsTests {
    /// Two labels whose rows read alike but for one number, x ~ N(±1, 1): p(A | x) = 1 / (1 + share ratio · exp(−2x)).
    private struct World {
        var generator = SplitMix64(seed: 11)

        mutating func row(shareOfA: Double) -> (isA: Bool, probabilityOfA: Float) {
            let isA = Double(generator.unitFloat()) < shareOfA
            let (u, v) = (Double(generator.unitFloat()) + 1e-9, Double(generator.unitFloat()))
            let x = (isA ? 1 : -1) + (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
            // As a model trained on halves sees it.
            return (isA, Float(1 / (1 + exp(-2 * x))))
        }
    }

    private func head(live: [Double]) throws -> ModelManifest.Head {
        var head = ModelManifest.Head(
            field: "f", role: nil, labels: ["A", "B"], temperature: 1, isCalibrated: true, threshold: 0.5,
            settings: .init(characterWeight: 1, embeddingWeight: 0, inversePenalty: 1), metrics: [:],
            labelShares: [0.5, 0.5])
        let priors: ModelManifest.ClassPriors = try #require(.init(weights: live))
        head.labelMix = priors
        return head
    }

    private func scores(_ rows: [(isA: Bool, probabilityOfA: Float)]) -> HeldOutScores {
        let sorted = rows.sorted {
            max($0.probabilityOfA, 1 - $0.probabilityOfA) > max($1.probabilityOfA, 1 - $1.probabilityOfA)
        }
        func best(_ row: (isA: Bool, probabilityOfA: Float)) -> Int32 { row.probabilityOfA >= 0.5 ? 0 : 1 }
        return HeldOutScores(
            confidence: ConstantBuffer(sorted.map { max($0.probabilityOfA, 1 - $0.probabilityOfA) }),
            predicted: ConstantBuffer(sorted.map(best)),
            gold: ConstantBuffer(sorted.map { $0.isA ? 0 : 1 }),
            goldProbability: ConstantBuffer(
                sorted.map { $0.isA ? $0.probabilityOfA : 1 - $0.probabilityOfA }),
            clear: ConstantBuffer([Int8](repeating: 1, count: sorted.count)),
            candidates: .init(
                width: 2, labels: ConstantBuffer(sorted.flatMap { [best($0), 1 - best($0)] }),
                probabilities: ConstantBuffer(
                    sorted.flatMap {
                        let p = max($0.probabilityOfA, 1 - $0.probabilityOfA)
                        return [p, 1 - p]
                    }),
                inside: ConstantBuffer([Int8](repeating: 1, count: sorted.count))))
    }

    @Test(arguments: [0.5, 0.8, 0.05])
    func `the mix of unlabelled tickets is found`(share: Double) throws {
        var world = World()
        let held = scores((0..<6000).map { _ in world.row(shareOfA: 0.5) })
        let calledA = (0..<6000).count { _ in world.row(shareOfA: share).probabilityOfA >= 0.5 }
        let estimate = try #require(
            PriorShiftEstimate(
                predicted: [calledA, 6000 - calledA], heldOut: held, trainingShares: [0.5, 0.5]))
        // A share of 0.05 is called A in a fifth of the tickets: what is estimated is not how often a label is said.
        #expect(abs(estimate.shares[0] - share) < 0.025, "\(estimate.shares)")
        #expect(estimate.isEvident == (share != 0.5), "\(estimate.evidence)")
        #expect(PriorShiftEstimate(predicted: [0, 0], heldOut: held, trainingShares: [0.5, 0.5]) == nil)
    }

    @Test func `a label that nothing tells apart stays at training's share`() throws {
        var world = World()
        let held = scores((0..<2000).map { _ in world.row(shareOfA: 1) })
        let estimate = try #require(
            PriorShiftEstimate(predicted: [840, 160], heldOut: held, trainingShares: [0.9999, 0.0001]))
        #expect(estimate.shares[1] < 0.001 && !estimate.isEvident, "\(estimate)")
    }

    @Test func `rows drawn for a mix have it, and their probabilities are true there`() throws {
        var world = World()
        let held = scores((0..<20_000).map { _ in world.row(shareOfA: 0.5) })
        let drawn = try #require(held.resampled(to: head(live: [9, 1])))
        let isA = (0..<drawn.count).map { drawn.gold[$0] == 0 }
        #expect(abs(Double(isA.count { $0 }) / Double(drawn.count) - 0.9) < 0.01)
        #expect(drawn.count > 10_000 && drawn.count < 12_000)
        let right = (0..<drawn.count).count { drawn.predicted[$0] == drawn.gold[$0] }
        let mean = (0..<drawn.count).reduce(0.0) { $0 + Double(drawn.confidence[$1]) } / Double(drawn.count)
        #expect(abs(Double(right) / Double(drawn.count) - mean) < 0.01)
        #expect((1..<drawn.count).allSatisfy { drawn.confidence[$0] <= drawn.confidence[$0 - 1] })
        // Uncorrected, the same kind of rows is right far more seldom than the corrected ones.
        #expect(mean > 0.9)
    }

    @Test func `a threshold solved for a mix keeps its precision there`() throws {
        var world = World()
        let held = scores((0..<8000).map { _ in world.row(shareOfA: 0.5) })
        let head = try head(live: [1, 6])
        let drawn = try #require(held.resampled(to: head))
        let point = try #require(ThresholdSolver(drawn, suggest: 0.5).solve(.precision(0.97)).point)
        let ratios = try #require(head.mixRatios)
        var (answered, right) = (0, 0)
        for _ in 0..<40_000 {
            let row = world.row(shareOfA: 1.0 / 7)
            let (a, b) = (row.probabilityOfA * ratios[0], (1 - row.probabilityOfA) * ratios[1])
            guard max(a, b) / (a + b) >= point.threshold else { continue }
            answered += 1
            if (a >= b) == row.isA { right += 1 }
        }
        #expect(answered > 10_000)
        #expect(Double(right) / Double(answered) >= 0.968)
    }

    @Test func `rows without the label that comes vouch for nothing`() throws {
        var world = World()
        let held = scores((0..<500).map { _ in world.row(shareOfA: 0) })
        #expect(try held.resampled(to: head(live: [1, 1])) == nil)
        #expect(try held.resampled(to: head(live: [0, 1]))?.count == 500)
    }

    @Test(arguments: [
        (#"{"f":{"A":1}}"#, "has no share of f B"), (#"{"f":{"A":1,"B":1,"C":1}}"#, "no label \"C\""),
        (#"{"f":{"A":0,"B":0}}"#, "share above 0"), (#"{"f":{"A":-1,"B":1}}"#, "number from 0"),
        (#"{"f":3}"#, "needs an object"), ("[]", "not a JSON object"), ("{}", "names no field"),
    ])
    func `a mix that leaves something open is refused`(text: String, says: String) throws {
        let path = NSTemporaryDirectory() + "mix-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: TrainingError.self) {
            _ = try ClassPriorsFile(path: path).mix(of: "f", labels: ["A", "B"])
        }
        #expect(error?.description.contains(says) ?? false, "\(String(describing: error))")
    }

    @Test func `a table says the same as JSON`() throws {
        let path = NSTemporaryDirectory() + "mix-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "field,label,share\nf,A,30\nf,B,10\n".write(toFile: path, atomically: true, encoding: .utf8)
        let mix = try ClassPriorsFile(path: path).mix(of: "f", labels: ["A", "B"])
        #expect(mix?.shares == [0.75, 0.25])
    }
}
