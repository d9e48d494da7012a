internal import TriageData
internal import TriageModel

extension Proportion {
    /// A rate measured on so many rows, as a count of them.
    fileprivate init(rate: Double, of rows: Int) {
        self.init(part: Int((rate * Double(rows)).rounded()), whole: rows)
    }
}

extension EvaluationReport {
    /// What a lead reads first: rows that the model was trained on, and for each field how much of the work it takes.
    func opening() -> [Document.Block] {
        let seen = [seenRows?.sentence].compactMap(\.self)
        // A model with one answer handles nothing, however often that answer is right.
        let lead = fields.filter { field in !field.oneAnswers.contains { $0.model == modelName } }
            .compactMap { field in automation(field).map { "\(field.name): \($0)" } }
        let isMemory = seenRows?.isMemory ?? false
        let sentences =
            (isMemory ? seen + heldOutSentences : []) + lead + (isMemory ? [] : seen + easierSentences)
            + fields.flatMap { field in field.oneAnswers.map { "\(field.name): \($0.sentence)" } }
        return sentences.map { .text($0, isHeadline: true) }
    }

    /// The sentence for a lead; nil for rows without levels.
    func automation(_ field: FieldReport) -> String? {
        guard let seenRows, seenRows.isMemory, let seen = seenRows.seen else {
            return field.automation?.sentence
        }
        return
            "How many of 100 tickets can be handled automatically cannot be estimated from these rows, since "
            + "\(seen) of \(seenRows.rows) were in the training data."
    }

    /// What training measured on rows that it held out, in place of figures of rows that it remembers.
    private var heldOutSentences: [String] {
        heldOut.filter { figure in fields.contains { $0.name == figure.field } }.map { figure in
            let right = Proportion(rate: figure.accuracy, of: figure.rows)
            return
                "\(figure.field): of \(figure.rows.counted("row")) that training held out, \(modelName) was right in "
                + "\(OutputFormat.percent(figure.accuracy)) (95 % interval \(OutputFormat.percent(right.interval?.low)) to "
                + "\(OutputFormat.percent(right.interval?.high)))."
        }
    }

    /// Smaller gaps are common between one month and the next.
    private static let noticeableGain = 0.05

    /// Fields whose rows are answered far better than those that training held out: by five points
    /// between the 95 % intervals of the two.
    ///
    /// Rows of the training file with a word changed are such rows, and their hashes are not in the bundle.
    private var easierSentences: [String] {
        heldOut.compactMap { figure in
            guard let field = fields.first(where: { $0.name == figure.field }),
                let accuracy = field.estimates[.accuracy]?.value,
                let here = Proportion(rate: accuracy, of: field.rows).interval,
                let there = Proportion(rate: figure.accuracy, of: figure.rows).interval,
                here.low > there.high + Self.noticeableGain
            else { return nil }
            return
                "\(figure.field): \(modelName) is right in \(OutputFormat.percent(accuracy)) of these rows and was right in "
                + "\(OutputFormat.percent(figure.accuracy)) of those that training held out: these may be rows of the training "
                + "data with small changes (--train FILE finds them), or easier ones."
        }
    }

    /// What a figure's title ends with when most of the rows behind it are remembered.
    var memoryMark: String { seenRows?.isMemory ?? false ? ", training rows included" : "" }

    // MARK: - The learning curve

    /// The change in accuracy from half the training rows to all of them that is too small to label more tickets for.
    private static let negligibleGain = 0.01

    /// Whether more training rows are likely to help, as far as the last doubling shows it.
    func learningAdvice(_ field: FieldReport) -> String? {
        guard let doubling = field.lastDoubling, let low = doubling.difference.low,
            let high = doubling.difference.high, let rows = field.learningCurve.last?.rows
        else { return nil }
        let change =
            "From half to all \(rows.counted("training row")) accuracy changed by "
            + "\(OutputFormat.fixed(doubling.difference.value ?? 0, 3)) (95 % interval "
            + "\(OutputFormat.interval(doubling.difference))): "
        if low > 0 { return change + "more labelled rows are likely to help." }
        if high < EvaluationReport.negligibleGain {
            return change + "twice as many rows of this kind are unlikely to raise it by a point."
        }
        return change
            + "whether more rows help cannot be estimated from \(doubling.rows.counted("measured row"))."
    }
}
