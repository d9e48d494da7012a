import Testing
import TriageModel
import TriageNumerics

@testable import TriageTraining

/// What parts of the training rows reach.
struct LearningCurveTests {
    private func trained(_ set: TrainingSet, measures: Bool) throws -> TrainedBundle {
        var options = TrainingOptions()
        options.fixedHyperparameters = TrainingOptions.documentedHyperparameters
        (options.calibratesFixed, options.measuresLearning) = (true, measures)
        return try Trainer(options, embedding: nil, workers: Workers(2)).train(set)
    }

    @Test func `each step doubles the rows, all on the same held-out ones, and the bundle keeps them`() throws
    {
        let set = try SmallSet.read()
        let bundle = try trained(set, measures: true)
        let steps = try #require(bundle.manifest.heads[0].learningCurve)
        let measured = try #require(steps.first?.measured)
        let whole = set.examples.count - measured
        #expect(steps.map(\.rows) == [8, 4, 2, 1].map { whole / $0 })
        #expect(steps.allSatisfy { $0.measured == measured && (0...measured).contains($0.right) })
        // Words of one label are in no other, so all rows are enough.
        #expect(steps[3].accuracy > 0.8 && steps[3].right >= steps[0].right)
        #expect(steps[3].interval.contains(steps[3].accuracy) && steps[3].interval.lowerBound > 0.5)
        #expect(try SmallSet.load(bundle).heads[0].manifest.learningCurve == steps)
        #expect(try trained(set, measures: true).manifest.heads[0].learningCurve == steps)
        #expect(try trained(set, measures: false).manifest.heads[0].learningCurve == nil)
    }

    @Test func `too few rows give no curve`() throws {
        let set = try SmallSet.read()
        let few = set.keeping(Array(stride(from: 0, to: set.examples.count, by: 2)))
        #expect(try trained(few, measures: true).manifest.heads[0].learningCurve == nil)
    }
}
