import Foundation
import Testing

@testable import TriageComparison
@testable import TriageEvaluation

struct LLMComparisonTests {
    private func answer(_ row: Int, _ gold: Int, _ engine: Int, _ chosen: Int?, _ mode: Int)
        -> PairedField.Answer
    {
        PairedField.Answer(
            row: row, gold: gold, engine: engine, confidence: Float(row % 10) / 10, chosen: chosen, mode: mode
        )
    }

    /// 100 rows: 50 both right, 10 the engine alone, 20 LLM mode alone, 15 neither and agreed, 5 without an answer.
    private var field: PairedField {
        var field = PairedField(name: "category", labels: ["a<b>", "b|", "c"])
        for row in 0..<100 {
            switch row {
            case 0..<50: field.answers.append(answer(row, 0, 0, 0, 0))
            case 50..<60: field.answers.append(answer(row, 1, 1, 2, 2))
            case 60..<80: field.answers.append(answer(row, 2, 0, 2, 2))
            case 80..<95: field.answers.append(answer(row, 2, 1, 1, 1))
            default: field.answers.append(answer(row, 1, 1, nil, 1))
            }
        }
        (field.asked, field.invalid, field.unlabelled, field.unknown) = (110, 12, 3, 2)
        return field
    }

    private func comparison(_ field: PairedField, price: (Double, Double)? = nil) -> LLMComparison {
        var options = LLMComparison.Options()
        (options.bundleName, options.modelName) = ("starter", "small<model>")
        (options.dataFiles, options.rows, options.wantedTickets) = (["data.jsonl"], 107, 100)
        options.price = price.map { (input: $0.0, output: $0.1) }
        let calls = field.answers.map { answer in
            ModelCall(
                engineSeconds: 0.0001, modelSeconds: 0.5 + Double(answer.row) / 1000,
                replies: answer.chosen == nil ? 0 : 1,
                failure: answer.chosen == nil ? "timeout" : nil, inputTokens: 200, outputTokens: 10)
        }
        return LLMComparison([field], calls, options)
    }

    @Test func `each share is what the rows say`() throws {
        let compared = try #require(comparison(field).fields.first)
        #expect(compared.engine.accuracy.value == 0.65 && compared.mode.accuracy.value == 0.75)
        #expect(compared.chosen.accuracy.value == 0.70)
        #expect(compared.ceiling.value == 0.85 && compared.bothRight == 55)
        #expect(compared.paired?.onlyFirst == 20 && compared.paired?.onlySecond == 10)
        #expect(abs((compared.paired?.difference.value ?? 0) - 0.1) < 1e-12)
        #expect(compared.agreement.value == 0.70)
        #expect(abs((compared.accuracyWhereAgreed.value ?? 0) - 55.0 / 70) < 1e-12)
        #expect(compared.confusion[0, 2] == 20 && compared.confusion[1, 2] == 10)
        #expect(abs((compared.invalidRate.value ?? 0) - 12.0 / 110) < 1e-12)
    }

    @Test func `the commonest label is set beside both, in the sentence, the table and JSON`() throws {
        let compared = comparison(field)
        let commonest = try #require(compared.fields.first?.commonest)
        #expect(commonest.label == "a<b>" && commonest.score.accuracy.value == 0.5)
        let text = compared.document().terminalText()
        #expect(
            text.contains(
                #"The commonest label, "a<b>", as the answer to every ticket is right in 0.500 ("#), "\(text)"
        )
        #expect(text.contains("  commonest label: a<b>"))
        #expect(compared.json().contains(#""commonest_label":{"label":"a<b>","accuracy":{"value":0.5"#))
        #expect(compared.json().contains(#""one_answer":[]"#))
    }

    @Test func `a model that always gives one answer is pointed out before any figure`() throws {
        var field = PairedField(name: "category", labels: ["a", "b", "c"])
        for row in 0..<60 {
            // Of every tenth row the model gives nothing, which is no other answer.
            field.answers.append(
                answer(row, row % 3, row % 3, row % 10 == 0 ? nil : 1, row % 10 == 0 ? row % 3 : 1))
        }
        let compared = comparison(field)
        let found = try #require(compared.fields.first?.oneAnswers)
        #expect(found.map(\.model) == ["the model"] && found[0].label == "b" && found[0].count == 54)
        let text = compared.document().terminalText()
        let sentence = #"category: the model always gives one answer: "b" for all 54 tickets, of which "#
        let (one, first) = (text.range(of: sentence), text.range(of: "In short"))
        #expect(try #require(one).lowerBound < (try #require(first)).lowerBound, "\(text)")
        #expect(
            text.contains("For 6 of 60 tickets the model gave no label; there LLM mode keeps the engine's"))
    }

    @Test
    func
        `equal shares are equally right, and failures of the server count apart from answers without a label`()
    {
        var field = PairedField(name: "category", labels: ["a", "b"])
        for row in 0..<60 {
            var one = answer(row, row % 2, 0, row % 3 == 0 ? nil : 0, 0)
            one.hasFailed = row % 6 == 0
            field.answers.append(one)
        }
        let text = comparison(field).document().terminalText()
        #expect(text.contains("for category both are equally right (0.500)"), "\(text)")
        #expect(
            text.contains("For 10 of 60 tickets the model gave no label, for 10 the server failed; there"))
        #expect(!text.contains("which costs less than either"))
        let json = comparison(field).json()
        #expect(json.contains(#""unanswered":20,"server_failures":10"#), "\(json)")
        for row in field.answers.indices { field.answers[row].chosen = nil }
        let none = comparison(field).document().terminalText()
        #expect(none.contains("no label came from the model, so there is nothing to compare"), "\(none)")
    }

    @Test func `rows that the bundle was trained on are named first`() {
        var options = LLMComparison.Options()
        options.seenRows = SeenRows(rows: 120, seen: Set(0..<20))
        let calls = field.answers.map { _ in
            ModelCall(engineSeconds: 0.1, modelSeconds: 1, replies: 1, inputTokens: 1, outputTokens: 1)
        }
        let compared = LLMComparison([field], calls, options)
        #expect(
            compared.document().terminalText().contains(
                "20 of 120 rows were in the training data. All figures are of the other 100 rows."))
        #expect(compared.json().contains(#""rows_seen_in_training":20,"rows_left_out":20"#))
    }

    @Test func `time has quantiles, and their ratio an interval`() throws {
        let latency = try #require(comparison(field).latency)
        #expect(abs((latency.median.mode.value ?? 0) - 0.5501) < 1e-9)
        #expect(abs((latency.p95.mode.value ?? 0) - 0.5951) < 1e-9)
        #expect(abs((latency.median.ratio.value ?? 0) - 5501) < 1e-6)
        let (low, high) = (try #require(latency.median.ratio.low), try #require(latency.median.ratio.high))
        #expect(low > 5300 && low < 5501 && high > 5501 && high < 5700)
    }

    @Test func `cost is of 1,000 tickets, and an unknown price is shown as unknown`() {
        let priced = comparison(field, price: (0.5, 2))
        #expect(abs((priced.costPer1000 ?? 0) - 0.12) < 1e-12)
        #expect(priced.document().markdown().contains("| Cost of 1,000 tickets | 0.1200 |"))
        let unpriced = comparison(field)
        #expect(unpriced.costPer1000 == nil)
        #expect(unpriced.document().terminalText().contains("unknown: no price of small<model> given"))
    }

    @Test func `all formats say it, escape names, and hold no figure that is none`() throws {
        var empty = PairedField(name: "category", labels: ["a", "b"])
        empty.answers = [answer(0, 0, 0, nil, 0)]
        for compared in [comparison(field), comparison(empty)] {
            let document = compared.document()
            for text in [compared.json(), document.markdown(), document.html(), document.terminalText()] {
                #expect(text.lowercased().range(of: #"\b-?(nan|inf)\b"#, options: .regularExpression) == nil)
            }
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(compared.json().utf8)) }
            #expect(!document.html().contains("small<model>") && !document.html().contains("a<b>"))
        }
        let html = comparison(field).document().html()
        #expect(html.contains("<svg") && html.contains("5 (5 timeout)"))
        #expect(html.contains("3 are unlabelled and 2 have a label outside the bundle"))
        #expect(
            ["It does not help on your data", "It pays to send", "cannot be told from"].contains {
                html.contains($0)
            })
    }
}
