import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageTraining

@testable import TriageEngine
@testable import TriageEvaluation

/// A year of made tickets whose labels change on known days.
struct BacktestTests {
    private static let topics = ["Login", "Billing", "Printer", "Crash"]

    /// Tickets of twelve months: from July the label Video is new, from September Printer is called Devices, and from
    /// November tickets about crashes are labelled Login.
    private static func rows(_ count: Int) -> [UInt8] {
        var generator = SplitMix64(seed: 11)
        var json = JSONWriter()
        for number in 0..<count {
            let day = number * 360 / count
            let month = day / 30 + 1
            let kinds = topics + (month >= 7 ? ["Video"] : [])
            let kind = kinds[generator.below(kinds.count)]
            var label = kind
            if kind == "Printer", month >= 9 { label = "Devices" }
            if kind == "Crash", month >= 11 { label = "Login" }
            let words = (0..<6).map { _ in "\(kind.lowercased())\(generator.below(9))" }
            let others = (0..<4).map { _ in "word\(generator.below(300))" }
            json.object { json in
                json.string("id", "T\(number)")
                json.string(
                    "time",
                    "2025-\(month < 10 ? "0" : "")\(month)-\(day % 30 < 9 ? "0" : "")\(min(day % 30 + 1, 28))"
                )
                json.string("text", (words + others).joined(separator: " "))
                json.string("category", label)
                json.string("severity", generator.below(20) == 0 ? "Critical" : "Low")
            }
            json.newline()
        }
        return json.bytes
    }

    private static func set(_ count: Int = 1800) throws -> TrainingSet {
        try TrainingSet(
            files: [], columns: .init(labels: ["category", "severity"]), preparation: .init(),
            adding: (name: "tickets", lines: rows(count)))
    }

    private static var options: TrainingOptions {
        var options = TrainingOptions()
        options.bits = .init(words: 10, characters: 10)
        return options
    }

    private static func backtest(
        _ set: TrainingSet, state: BacktestState? = nil, workers: Int = 2, stopAfter: Int = .max
    ) throws -> Backtest {
        let plan = try BacktestPlan(set, column: "time", every: .month, months: 12)
        return try Backtest(
            set, plan, options: options, embedding: nil, workers: Workers(workers), state: state,
            snapshot: { Snapshot(model: $0) }
        ) { stage, _ in
            if plan.periods.indices.contains(stopAfter), stage.hasPrefix(plan.periods[stopAfter].day) {
                throw CancellationError()
            }
        }
    }

    private static func report(_ backtest: Backtest) -> BacktestReport {
        var options = BacktestReport.Options()
        options.dataFiles = ["tickets"]
        options.target = "precision=0.95"
        options.severityField = "severity"
        return BacktestReport(backtest, options)
    }

    @Test func `a new label, a renamed one and moved tickets are named in their month, and nothing else`()
        throws
    {
        let report = Self.report(try Self.backtest(Self.set()))
        let events = report.fields[0].events
        #expect(events.map(\.month) == ["2025-07", "2025-09", "2025-11"], "\(events.map(\.sentence))")
        #expect(events.map(\.label) == ["Video", "Devices", "Login"])
        #expect(events[1].kind == .renamed(from: "Printer"))
        // Crash is not used after that.
        #expect(events[2].kind == .renamed(from: "Crash"))
        #expect(report.fields[1].events.isEmpty)
    }

    @Test func `labels that keep their shares, and labels of few tickets, are no change`() throws {
        let set = try Self.set(1200)
        let early = set.examples.indices.filter { (set.examples[$0].time ?? "") < "2025-07" }
        let report = Self.report(try Self.backtest(set.keeping(early)))
        #expect(report.fields.allSatisfy { $0.events.isEmpty })
    }

    @Test func `no model has seen a ticket that it decides, or a label of later`() throws {
        let set = try Self.set()
        let plan = try BacktestPlan(set, column: "time", every: .month, months: 12)
        #expect(plan.periods.count == 10 && plan.periods[0].trainingRows >= BacktestPlan.minimumRows)
        for period in plan.periods {
            #expect(period.trainingRows == period.decided.lowerBound)
            #expect(plan.days[period.trainingRows - 1] < period.day)
            let known = set.asOf(plan.order[..<period.trainingRows].sorted())
            #expect(known.labelSets[0].contains("Video") == (period.day > "2025-07-31"))
        }
        let backtest = try Self.backtest(set)
        let july = try #require(plan.periods.firstIndex { $0.day.hasPrefix("2025-07") })
        #expect(backtest.steps[july].answers.allSatisfy { $0[0]?.label != "Video" })
        #expect(backtest.steps[july + 1].answers.contains { $0[0]?.label == "Video" })
    }

    @Test func `an interrupted backtest goes on to the report of one that was not`() throws {
        let set = try Self.set(900)
        let folder = NSTemporaryDirectory() + "backtest-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = BacktestState(below: folder, of: ["test"])
        let whole = try Self.report(Self.backtest(set))
        #expect(throws: CancellationError.self) { try Self.backtest(set, state: state, stopAfter: 2) }
        #expect(state.done == 2)
        // On another number of threads too.
        let resumed = try Self.backtest(set, state: state, workers: 1)
        #expect(Self.report(resumed).json() == whole.json())
        #expect(Self.report(resumed).document().html() == whole.document().html())
        // Another run of the same backtest may end first: a period behind a gap goes too.
        try Data("{}\n".utf8).write(to: URL(fileURLWithPath: "\(state.folder)/period-99.jsonl"))
        state.remove()
        #expect(!FileManager.default.fileExists(atPath: state.folder))
    }

    @Test func `a damaged state is not gone on with`() throws {
        let set = try Self.set(900)
        let folder = NSTemporaryDirectory() + "backtest-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = BacktestState(below: folder, of: ["test"])
        #expect(throws: CancellationError.self) { try Self.backtest(set, state: state, stopAfter: 1) }
        try Data("nonsense\n".utf8).write(to: URL(fileURLWithPath: "\(state.folder)/period-1.jsonl"))
        #expect(
            try Self.report(Self.backtest(set, state: state)).json() == Self.report(Self.backtest(set)).json()
        )
    }

    @Test func `missed tickets are listed with masked text, and minutes follow from the costs`() throws {
        let backtest = try Self.backtest(Self.set(900))
        let report = Self.report(backtest)
        let critical = try #require(report.critical)
        // The severity is drawn at random, so that nothing of it can be learned.
        #expect(
            critical.label == "Critical" && report.missed.count == critical.tickets && critical.tickets > 5)
        #expect(report.missed.allSatisfy { $0.id?.hasPrefix("T") ?? false && !$0.excerpt.isEmpty })
        let category = report.fields[0].whole
        #expect(
            category.minutes(Costs(reviewMinutes: 3, errorMinutes: 7))
                == Double(3 * category.automatic - 7 * category.wrong))
        #expect(category.automatic > 0 && category.rows == report.decided)
        #expect(report.fields[0].months.map(\.tally.rows).reduce(0, +) == category.rows)
    }

    @Test func `a change point is found at its place, and not in an even sequence`() throws {
        let late = try #require(ChangePoint(Array(stride(from: 60, to: 100, by: 2)), of: 100, .up))
        #expect(late.place == 60 && late.before == 0 && late.after == 0.5 && late.evidence > 12)
        let ended = try #require(ChangePoint(Array(stride(from: 0, to: 41, by: 2)), of: 100, .down))
        #expect(ended.place == 41 && ended.after == 0)
        let even = ChangePoint(Array(stride(from: 0, to: 100, by: 3)), of: 100, .up)
        #expect((even?.evidence ?? 0) < 3)
        #expect(ChangePoint([], of: 100, .up) == nil)
        // What lies before counts: nothing changes where it was so all along.
        let known = ChangePoint(Array(0..<20), of: 20, .up, after: (yes: 90, count: 100))
        #expect((known?.evidence ?? 0) < 3)
    }

    @Test func `tickets without a date are left out and counted, and too few are an error`() throws {
        let lines =
            Self.rows(600)
            + Array("{\"text\":\"no date here\",\"category\":\"Login\",\"severity\":\"Low\"}\n".utf8)
        let set = try TrainingSet(
            files: [], columns: .init(labels: ["category"]), preparation: .init(),
            adding: (name: "tickets", lines: lines))
        #expect(try BacktestPlan(set, column: "time", every: .week, months: 12).undated == 1)
        #expect(throws: EvaluationError.self) {
            try BacktestPlan(set.keeping(Array(0..<150)), column: "time", every: .month, months: 12)
        }
        #expect(throws: TrainingError.self) {
            try BacktestPlan(set.keeping([600]), column: "time", every: .month, months: 12)
        }
    }
}
