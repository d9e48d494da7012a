import Foundation
import Testing

@testable import TriageEvaluation

/// What a report opens with: rows the model was trained on, the sentence for a lead, a model that gives one answer.
struct OpeningTests {
    /// Rows of two labels; of the first `automatic` at level auto, `wrong` are answered wrongly.
    private func field(_ rows: Int, automatic: Int, wrong: Int) -> ScoredField {
        var field = ScoredField(name: "category", labels: ["Bug", "Login"])
        for row in 0..<rows {
            let gold = row % 2
            let answer = row < wrong ? 1 - gold : gold
            field.add(
                row: row, gold: field.labels[gold], probabilities: answer == 0 ? [0.9, 0.1] : [0.1, 0.9],
                level: row < automatic ? "auto" : "suggest")
        }
        return field
    }

    private func facts(_ rows: Int) -> [Int: RowFacts] {
        Dictionary(
            uniqueKeysWithValues: (0..<rows).map {
                ($0, RowFacts(excerpt: "", words: 1, subject: [], body: []))
            })
    }

    private func report(_ field: ScoredField) -> EvaluationReport {
        EvaluationReport(
            modelName: "mine", fields: [field], facts: facts(field.rows.count), severityField: nil, .init())
    }

    @Test func `a report opens with one sentence for a lead, in every format`() throws {
        let report = report(field(1000, automatic: 800, wrong: 20))
        // Wilson's interval of 20 of 1000.
        let sentence =
            "category: Of 100 tickets like these, 80 can be handled automatically; 2 of these would be wrong "
            + "(95 % interval 1.3 to 3.1)."
        let document = report.document()
        #expect(document.terminalText().hasPrefix("Evaluation of mine\n\n\(sentence)\n"))
        #expect(document.markdown().split(separator: "\n")[1] == sentence)
        #expect(document.html().contains("<p>\(sentence)</p>"))
        for text in [report.json(), report.summaryJSON()] {
            #expect(text.contains(#""automatic":{"sentence":"Of 100 tickets"#))
            #expect(text.contains(#""rows":1000,"answered":800,"wrong":20,"share":{"value":0.8"#), "\(text)")
        }
    }

    @Test(arguments: [
        (200, 0, 0, "none can be handled automatically (95 % interval 0 to 1.9): no answer has level auto"),
        (200, 0, 50, "right in 75 of the 100 (95 % interval 69 to 80)."),
        (99, 90, 0, "99 rows are too few to say how many of 100 tickets"),
        (1, 1, 0, "1 row is too few to say"),
        (400, 1, 0, "0.3 can be handled automatically; 0 of these would be wrong (95 % interval 0 to 1)."),
        (
            100, 100, 0,
            "100 can be handled automatically; 0 of these would be wrong (95 % interval 0 to 3.7)."
        ),
    ])
    func `nothing automatic and too few rows have honest forms`(
        rows: Int, automatic: Int, wrong: Int, says: String
    ) throws {
        let share = try #require(AutomationShare(field(rows, automatic: automatic, wrong: wrong)))
        #expect(share.sentence.contains(says), "\(share.sentence)")
    }

    @Test func `rows without levels have no sentence`() {
        #expect(AutomationShare(OddField.all[0].field) == nil)
    }

    // MARK: - Rows of the training data

    @Test(arguments: [(1000, 970, true), (1000, 971, false), (60, 3, true), (60, 31, false), (50, 0, false)])
    func `rows that were seen are left out when enough others remain`(rows: Int, seen: Int, isLeftOut: Bool) {
        let found = SeenRows(rows: rows, seen: Set(0..<seen))
        #expect(found.areLeftOut == isLeftOut && found.measured == (isLeftOut ? rows - seen : rows))
        #expect(found.isMemory == (!isLeftOut && seen > 0))
        let kept = found.leavingSeenOut(of: field(rows, automatic: 0, wrong: 0))
        #expect(kept.rows.count == found.measured && kept.rows.first == (isLeftOut ? seen : 0))
    }

    @Test func `what is said names both counts, or nothing`() {
        #expect(
            SeenRows(rows: 400, seen: Set(0..<150)).sentence
                == "150 of 400 rows were in the training data. All figures are of the other 250 rows.")
        #expect(
            SeenRows(rows: 40, seen: Set(0..<40)).sentence?.hasPrefix(
                "40 of 40 rows were in the training data, and too few others are left to measure.") == true)
        let wanted = SeenRows(rows: 400, seen: Set(0..<150), counting: true)
        #expect(wanted.sentence == "150 of 400 rows were in the training data, and all figures count them.")
        #expect(wanted.measured == 400 && !wanted.isMemory)
        #expect(SeenRows(rows: 40, seen: Set(0..<40), counting: true).isMemory)
        #expect(SeenRows(rows: 40, seen: []).sentence == nil)
        #expect(SeenRows(rows: 40, seen: nil).sentence == nil)
    }

    @Test func `a field keeps what belongs to its rows when some are left out`() {
        var field = ScoredField(name: "f", labels: ["A", "B"])
        for row in 0..<6 {
            field.add(
                row: row, gold: "A", probabilities: [0.8, 0.2], level: "auto",
                scope: .init(row: row, score: Float(row), isRejected: false),
                labelSet: .init(size: row, covers: true))
        }
        field.addOutside(.init(row: 6, score: 1, isRejected: true))
        field.addOutside(.init(row: 7, score: 1, isRejected: true))
        let kept = field.leavingOut([0, 2, 7])
        #expect(kept.rows == [1, 3, 4, 5] && kept.scope.map(\.score) == [1, 3, 4, 5])
        #expect(kept.labelSets.map(\.size) == [1, 3, 4, 5] && kept.outside.map(\.row) == [6])
    }

    // MARK: - One answer

    /// Rows of which `gold` have label A and `answered` are answered A.
    private func answers(_ rows: Int, gold: Int, answered: Int) -> ScoredField {
        var field = ScoredField(name: "f", labels: ["A", "B"])
        for row in 0..<rows {
            field.add(
                row: row, gold: row < gold ? "A" : "B", probabilities: row < answered ? [1, 0] : [0, 1])
        }
        return field
    }

    @Test(arguments: [
        (100, 40, 100, true), (100, 40, 96, true), (100, 40, 94, false), (100, 98, 100, false),
        (100, 100, 100, false),
        (4, 2, 4, false), (5, 2, 5, true), (100, 0, 100, true),
    ])
    func `a model that gives one answer is pointed out, unless the tickets ask for it`(
        rows: Int, gold: Int, answered: Int, isOne: Bool
    ) {
        let found = OneAnswer(answers(rows, gold: gold, answered: answered), by: "m")
        #expect((found != nil) == isOne)
        #expect(found.map { $0.label == "A" && $0.count == answered && $0.gold == gold } ?? true)
    }

    @Test func `the report says that a model gives one answer`() {
        let report = report(answers(100, gold: 40, answered: 100))
        let sentence =
            #"f: mine always gives one answer: "A" for all 100 tickets, of which 40 have that label."#
        #expect(report.document().terminalText().contains(sentence))
        #expect(report.summaryJSON().contains(#""one_answer":[{"model":"mine","label":"A","rows":100}]"#))
    }

    @Test func `the commonest label is an answer to every row`() throws {
        let common = try #require(answers(10, gold: 7, answered: 0).commonest)
        #expect(common.label == "A")
        #expect(common.answers.rows.count == 10 && (0..<10).count { common.answers.isCorrect($0) } == 7)
        #expect(OddField.all.first { $0.name == "labels never seen" }?.field.commonest == nil)
    }

    // MARK: - The learning curve

    /// All training rows right in the first `whole` of the measured rows, half of them in the first `half`.
    private func advice(_ rows: Int, half: Int, whole: Int) -> String? {
        var report = report(field(rows, automatic: 0, wrong: 0))
        let fields = [half, whole].map { right in
            var field = ScoredField(name: "category", labels: ["A", "B"])
            for row in 0..<rows {
                field.add(row: row, gold: "A", probabilities: row < right ? [1, 0] : [0, 1])
            }
            return field
        }
        report.fields[0].learningCurve = [.init(rows: 800, estimates: [:])]
        report.fields[0].lastDoubling = PairedComparison(fields[1], fields[0])
        return report.learningAdvice(report.fields[0])
    }

    @Test(arguments: [
        (1000, 700, 760, "more labelled rows are likely to help."),
        (60, 40, 41, "whether more rows help cannot be estimated from 60 measured rows."),
        (1000, 800, 800, "twice as many rows of this kind are unlikely to raise it by a point."),
    ])
    func `advice of a learning curve holds what its interval shows`(
        rows: Int, half: Int, whole: Int, says: String
    ) {
        let text = advice(rows, half: half, whole: whole) ?? ""
        #expect(text.hasPrefix("From half to all 800 training rows accuracy changed by "), "\(text)")
        #expect(text.hasSuffix(says), "\(text)")
    }
}
