import Testing
import TriageNumerics

@testable import TriageEngine
@testable import TriageModel

struct UnfamiliarTests {
    private func blocker(_ probability: Float, outOfScope: Float?, limit: Float?) -> Decision.Reason? {
        var manifest = ModelManifest.Head(
            field: "f", role: nil, labels: ["A", "B"], temperature: 1, isCalibrated: true, threshold: 0.5,
            settings: .init(characterWeight: 1, embeddingWeight: 0, inversePenalty: 1), metrics: [:])
        manifest.auto = .init(target: "precision=0.9", threshold: 0.8, rows: 100, above: 60, errors: 2)
        manifest.auto?.foreign = limit.map { .init(share: 0.1, scopeLimit: $0, rows: 50, above: 1) }
        let head = ModelBundle.Head(
            manifest: manifest, labels: LabelSet(["A", "B"]), columns: 0..<2, heldOut: nil,
            classMeans: ConstantBuffer([]), prototypes: LabelPrototypes([], dimension: 0))
        return Snapshot.autoBlocker(head, manifest.auto, "A", probability, outOfScope: outOfScope)
    }

    @Test func `a probable answer beyond the limit of the score is unfamiliar`() {
        #expect(blocker(0.9, outOfScope: 0.3, limit: 0.2) == .unfamiliar)
        #expect(blocker(0.9, outOfScope: 0.2, limit: 0.2) == nil)
        #expect(blocker(0.7, outOfScope: 0.3, limit: 0.2) == .lowConfidence)
        #expect(blocker(0.9, outOfScope: 0.9, limit: nil) == nil)
        #expect(blocker(0.9, outOfScope: nil, limit: 0.2) == nil)
        #expect(Decision.Reason.unfamiliar.rawValue == "UNFAMILIAR")
    }
}
