internal import TriageData
internal import TriageEvaluation

/// What 1,000 tickets take when all are answered in one way.
struct AnswerPrice {
    var name: String
    /// The key in JSON.
    var key: String
    /// Nil where the model's price is not known.
    var money: Double?
    var seconds: Double?
    var minutes: Double?
}

extension LLMComparison {
    /// The ways to answer a field beside each other; by hand, what all labels are right costs.
    func prices(of field: FieldComparison) -> [AnswerPrice] {
        func minutes(_ score: FieldComparison.Score) -> Double? {
            score.accuracy.value.map { (1 - $0) * 1000 * options.costs.errorMinutes }
        }
        var prices = [
            AnswerPrice(
                name: "engine", key: "engine", money: 0, seconds: latency.map { $0.engineMean * 1000 },
                minutes: minutes(field.engine)),
            AnswerPrice(
                name: "LLM mode", key: "llm_mode", money: costPer1000,
                seconds: latency.map { $0.modeMean * 1000 }, minutes: minutes(field.mode)),
        ]
        if let commonest = field.commonest {
            prices.append(
                AnswerPrice(
                    name: "commonest label: \(commonest.label)", key: "commonest_label", money: 0, seconds: 0,
                    minutes: minutes(commonest.score)))
        }
        prices.append(
            AnswerPrice(
                name: "by hand", key: "by_hand", money: 0, seconds: 0,
                minutes: options.costs.reviewMinutes * 1000))
        return prices
    }

    func price(of field: FieldComparison) -> [Document.Block] {
        [
            .table(
                Document.Table(
                    caption: "\(field.field.name): what 1,000 tickets cost",
                    columns: [.text("Answered by"), "Money", "Seconds", "People's minutes"],
                    rows: prices(of: field).map { price in
                        [
                            price.name, price.money.map { OutputFormat.fixed($0, 2) } ?? "not known",
                            price.seconds.map { OutputFormat.fixed($0, $0 < 10 ? 2 : 0) }
                                ?? OutputFormat.nothing,
                            price.minutes.map { OutputFormat.fixed($0, 0) } ?? OutputFormat.nothing,
                        ]
                    }, isHeadline: true))
        ]
    }

    func writePrices(of field: FieldComparison, to json: inout JSONWriter) {
        json.object("cost_of_1000_tickets") { json in
            for price in prices(of: field) {
                json.key(named: price.key)
                json.object { json in
                    json.figure("money", price.money)
                    json.figure("seconds", price.seconds)
                    json.figure("people_minutes", price.minutes)
                }
            }
        }
    }

    // MARK: - Verdict

    /// Whether to ask the model, in one sentence; nil without a field.
    var verdictSentence: String? {
        guard !fields.isEmpty else { return nil }
        return "Verdict: " + fields.map(verdictClause).joined(separator: "; ") + "."
    }

    private func verdictClause(_ field: FieldComparison) -> String {
        let name = field.field.name
        if field.field.unanswered == field.field.answers.count {
            let engine = OutputFormat.figure(field.engine.accuracy.value)
            return
                "for \(name) no label came from the model, so there is nothing to compare (the engine is right in \(engine))"
        }
        let right =
            "right in \(OutputFormat.figure(field.engine.accuracy.value)), LLM mode in "
            + "\(OutputFormat.figure(field.mode.accuracy.value))"
        switch field.verdict.outcome {
        case .pays:
            let sent = field.verdict.choice.map(sent) ?? "tickets"
            return "for \(name) it pays to send \(sent) to the model (the engine is \(right))"
        case .doesNotHelp where isEquallyRight(field):
            return
                "for \(name) both are equally right (\(OutputFormat.figure(field.engine.accuracy.value))), so the engine alone is "
                + "enough"
        case .doesNotHelp: return "for \(name) the engine alone is the better choice (\(right))"
        case .unclear:
            return "for \(name) these tickets do not show whether the model helps (the engine is \(right))"
        case .tooFewRows: return "for \(name) the tickets are too few for a verdict (the engine is \(right))"
        }
    }

    /// Whether engine and LLM mode are right in the same number of tickets.
    private func isEquallyRight(_ field: FieldComparison) -> Bool {
        field.field.answers.reduce(0) { $0 + $1.step } == 0
    }
}
