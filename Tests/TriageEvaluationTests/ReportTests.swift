import Foundation
import Testing
import TriageModel

@testable import TriageEvaluation

/// The order of severities without a playbook.
let severityScale = SeverityOrder.standard

/// Rows that leave a metric undefined or an interval empty.
struct OddField: Sendable, CustomTestStringConvertible {
    var name: String
    var labels = ["High", "Low", "Medium"]
    var rows: [(gold: String, probabilities: [Float])]

    var testDescription: String { name }

    static let all: [OddField] = [
        OddField(name: "one row", rows: [("Low", [0.2, 0.7, 0.1])]),
        OddField(name: "one row of an unknown label", rows: [("Secret", [0.2, 0.7, 0.1])]),
        OddField(name: "one label in the model", labels: ["Low"], rows: [("Low", [1]), ("High", [1])]),
        OddField(
            name: "one label in the data", rows: .init(repeating: ("Low", [0, 1, 0]), count: 40)),
        OddField(
            name: "all probabilities equal",
            rows: (0..<90).map { (["High", "Low", "Medium"][$0 % 3], [1.0 / 3, 1.0 / 3, 1.0 / 3]) }),
        OddField(name: "labels never seen", rows: .init(repeating: ("New", [0.4, 0.3, 0.3]), count: 20)),
        OddField(name: "zeros at the gold label", rows: .init(repeating: ("High", [0, 1, 0]), count: 20)),
    ]

    var field: ScoredField {
        var field = ScoredField(name: "severity", labels: labels)
        for (row, entry) in rows.enumerated() {
            field.add(row: row, gold: entry.gold, probabilities: entry.probabilities)
        }
        return field
    }
}

struct ReportTests {
    private func report(_ field: ScoredField, text: String = "words") -> EvaluationReport {
        let facts = Dictionary(
            uniqueKeysWithValues: field.rows.map { row in
                (row, RowFacts(id: "r\(row)", excerpt: text, words: row, subject: [], body: []))
            })
        return EvaluationReport(
            modelName: "m<1>|", fields: [field], facts: facts, severityField: "severity", .init())
    }

    @Test(arguments: OddField.all)
    func `no format shows a figure that is none`(_ odd: OddField) throws {
        let report = report(odd.field)
        let document = report.document()
        for text in [
            report.json(), report.summaryJSON(), document.markdown(), document.html(),
            document.terminalText(),
        ] {
            let numbers = text.lowercased().replacingOccurrences(of: "information", with: "")
            #expect(numbers.range(of: #"\b-?(nan|inf|infinity)\b"#, options: .regularExpression) == nil)
        }
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(report.json().utf8)) }
    }

    @Test func `an interval holds its figure`() {
        let mean = Estimate(value: 0.001, low: 0, high: 0)
        #expect((mean.low, mean.high) == (0, 0.001))
    }

    @Test func `a curve of one point is drawn as a dot`() throws {
        let html = report(OddField.all[4].field).document().html()
        for figure in html.components(separatedBy: "<figure>").dropFirst() {
            #expect(figure.contains("<circle"))
        }
    }

    @Test func `a single row has no interval`() throws {
        let odd = try #require(OddField.all.first)
        let report = FieldReport(odd.field, facts: [:], severities: severityScale, hasSources: false)
        #expect(report.estimates[.accuracy] == Estimate(value: 1, low: nil, high: nil))
    }

    @Test func `equal probabilities give one bin, and risk is the same at any coverage`() throws {
        let odd = try #require(OddField.all.first { $0.name == "all probabilities equal" })
        let report = FieldReport(odd.field, facts: [:], severities: severityScale, hasSources: false)
        #expect(report.reliability.bins.count == 1)
        #expect(report.estimates[.calibrationError]?.value ?? 1 < 1e-6)
        #expect(abs((report.estimates[.riskArea]?.value ?? 0) - 2.0 / 3) < 1e-9)
    }

    @Test func `unknown labels count as wrong and leave no log-loss`() throws {
        let odd = try #require(OddField.all.first { $0.name == "labels never seen" })
        let report = FieldReport(odd.field, facts: [:], hasSources: false)
        #expect(report.estimates[.accuracy]?.value == 0)
        #expect(report.estimates[.logLoss] == nil)
        #expect(report.unknownRows == 20)
        #expect(report.unknownLabels == ["New"])
    }

    @Test func `text cannot break out of a report`() {
        var field = ScoredField(name: "category", labels: ["a</title><b>", "b|c"])
        for row in 0..<12 { field.add(row: row, gold: "b|c", probabilities: [0.9, 0.1]) }
        let document = report(field, text: "<script>alert(1)</script> | `x` \u{1}").document()
        let html = document.html()
        #expect(!html.contains("<script"))
        #expect(!html.contains("</title><b>"))
        #expect(!html.contains("\u{1}"))
        #expect(
            html.components(separatedBy: "</title>").count == html.components(separatedBy: "<title").count)
        for line in document.markdown().split(separator: "\n") where line.hasPrefix("| a") {
            #expect(line.replacingOccurrences(of: "\\|", with: "").count { $0 == "|" } >= 4)
        }
    }

    @Test func `nothing in a label steers a terminal or turns a page's direction`() {
        var field = ScoredField(name: "cat\u{1B}[2J", labels: ["a\u{202E}b", "c\u{1B}]0;x\u{7}\nd"])
        for row in 0..<12 {
            field.add(row: row, gold: row < 6 ? "new\u{9B}1m" : "a\u{202E}b", probabilities: [0.9, 0.1])
        }
        let document = report(field, text: "\u{2066}words\u{1B}[31m").document()
        for text in [document.html(), document.markdown(), document.terminalText()] {
            for bad in ["\u{1B}", "\u{202E}", "\u{2066}", "\u{9B}", "\u{7}"] {
                #expect(!text.unicodeScalars.contains(bad.unicodeScalars.first!))
            }
        }
    }

    @Test func `HTML names nothing outside itself, and each table and plot says what it is`() {
        let html = report(OddField.all[4].field).document().html()
        for word in ["http://", "https://", "src=", "href=", "@import", "url("] {
            #expect(!html.contains(word), "\(word)")
        }
        func count(_ text: String) -> Int { html.components(separatedBy: text).count - 1 }
        #expect(count("<table") == count("<caption>"))
        #expect(count("<svg") == 4)
        #expect(count("<svg") == count("<title id="))
    }

    /// SciPy's binomtest at one half, and the same less half of the outcome's own mass.
    @Test(arguments: [
        (5, 15, 0.041389465, 0.026603699), (0, 7, 0.015625, 0.0078125), (120, 80, 0.005685156, 0.004660052),
        (5, 0, 0.0625, 0.03125), (12, 3, 0.03515625, 0.021270751953125), (0, 0, 1, 1),
        (30, 45, 0.10534226887460482, 0.08464609267083582), (7, 7, 1, 0.8952636718750001),
        (1, 9, 0.021484375, 0.01171875), (3, 3, 1, 0.84375),
    ])
    func `McNemar's p-values are SciPy's`(a: Int, b: Int, exact: Double, midP: Double) {
        for (first, second) in [(a, b), (b, a)] {
            let found = PairedComparison.mcNemar(first, second)
            #expect(abs(found.exact - exact) < 1e-8)
            #expect(abs(found.midP - midP) < 1e-8)
            #expect(found.exact <= 1 && found.midP <= found.exact)
        }
    }

    @Test func `rows are paired by their place in the data`() throws {
        var first = ScoredField(name: "f", labels: ["a", "b"])
        var second = first
        for row in 0..<10 {
            first.add(row: row, gold: "a", probabilities: row < 8 ? [0.9, 0.1] : [0.1, 0.9])
        }
        for row in 2..<10 {
            second.add(row: row, gold: "a", probabilities: row < 4 ? [0.9, 0.1] : [0.1, 0.9])
        }
        let pair = try #require(PairedComparison(first, second))
        #expect((pair.rows, pair.onlyFirst, pair.onlySecond) == (8, 4, 0))
        #expect(pair.difference.value == 0.5)
    }

    @Test(arguments: [
        (0.0, "0.000"), (-0.0001, "0.000"), (-1.5, "−1.500"), (0.9996, "1.000"), (12.3456, "12.346"),
    ])
    func `figures have three decimals and no Locale`(value: Double, text: String) {
        #expect(OutputFormat.figure(value) == text)
    }
}
