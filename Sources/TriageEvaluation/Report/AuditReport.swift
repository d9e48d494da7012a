package import TriageTraining

/// What an audit of labels found, for people: a summary of a few lines and a page.
package struct AuditReport: Sendable {
    /// The audit as a document.
    package let document: Document
    /// The findings in a few lines without any text of a ticket.
    package let summary: [String]

    private static let maximumRows = 500
    private static let maximumGroups = 100
    private static let longest = 240
    private static let maximumNamed = 5

    /// A report of one field's audit, with at most `top` rows in doubt.
    package init(_ audit: LabelAudit, _ set: TrainingSet, field: String, top: Int) {
        summary = AuditReport.summary(audit, field) + AuditReport.first(audit, set)
        var document = Document(title: "Labels of \(field) in doubt")
        for line in summary { document.blocks.append(.text(line)) }
        document.blocks.append(.heading(2, "Rows whose label is in doubt"))
        document.blocks.append(.table(AuditReport.suspects(audit, set, top)))
        document.blocks.append(.heading(2, "Labels that cannot be told apart"))
        document.blocks.append(.table(AuditReport.pairs(audit)))
        document.blocks.append(.heading(2, "Near-duplicates with different labels"))
        document.blocks.append(.table(AuditReport.contradictions(audit, set)))
        self.document = document
    }

    private static func summary(_ audit: LabelAudit, _ field: String) -> [String] {
        let size = "\(field): \(audit.rows.counted("row")), \(audit.labels.count.counted("label"))"
        let likeness =
            "\(audit.pairs.count.counted("pair")) of labels cannot be told apart; near-duplicates with different "
            + "labels: \(audit.contradictions.count.counted("group"))"
        guard audit.judged > 0 else {
            return [
                size,
                "no label could be judged: near-duplicates are held out together, and no row's label has another text; "
                    + "give more rows",
                likeness,
            ]
        }
        var lines = ["\(size); held-out accuracy \(OutputFormat.percent(audit.accuracy))"] + doubts(audit)
        if audit.judged < audit.rows {
            lines.append(
                "\(audit.judged) of \(audit.rows.counted("row")) could be judged: the labels of the others have "
                    + "no other text")
        }
        if audit.tree != nil, !audit.suspects.isEmpty {
            let below = audit.suspects.count { audit.commonParent(of: $0) != nil }
            lines.append("\(below) of these rows keep their parent: only a deeper part is in doubt")
        }
        return lines + [likeness]
    }

    private static func doubts(_ audit: LabelAudit) -> [String] {
        let wrong = audit.suspects.count(where: \.isLikelyWrong)
        guard !audit.suspects.isEmpty || audit.accuracy > 0.5 else {
            return [
                "no label is likelier than another in any row: held-out answers are guesses"
            ]
        }
        guard !audit.suspects.isEmpty else { return ["no row is likelier another label"] }
        let found = "likelier another label: \(audit.suspects.count.counted("row"))"
        switch audit.noiseEstimate {
        case .withheld(let reason):
            return [found, "how many labels are wrong is not estimated: \(reason)"]
        case .share(let noise):
            let counted = found + ", \(wrong) of them probably wrong"
            guard wrong > 0 else { return [counted] }
            return [
                counted,
                "so perhaps \(OutputFormat.percent(noise)) of the labels are wrong, and then no model can be measured above "
                    + "\(OutputFormat.percent(1 - noise))",
            ]
        }
    }

    /// The likeliest mistakes by row and id.
    private static func first(_ audit: LabelAudit, _ set: TrainingSet) -> [String] {
        let suspects = audit.suspects.prefix(maximumNamed).map { suspect in
            "\(set.examples[suspect.row].place): \(audit.labels[suspect.label]), likelier "
                + audit.labels[suspect.suggested]
        }
        return suspects.isEmpty ? [] : ["first: " + suspects.joined(separator: "; ")]
    }

    private static func suspects(_ audit: LabelAudit, _ set: TrainingSet, _ top: Int) -> Document.Table {
        let rows = audit.suspects.prefix(min(top, maximumRows)).map { suspect in
            [
                name(set.examples[suspect.row]),
                audit.judgesRows ? (suspect.isLikelyWrong ? "yes" : "no") : OutputFormat.nothing,
                excerpt(set.examples[suspect.row]),
                answer(audit.labels[suspect.label], suspect.probabilities.label, suspect.words.label),
                answer(
                    audit.labels[suspect.suggested], suspect.probabilities.suggested, suspect.words.suggested),
                suspect.agreeing.map { excerpt(set.examples[$0.row]) }.joined(separator: "\n"),
            ]
        }
        return Document.Table(
            caption:
                "First where another label is likelier by most; under each label its probability and the words for it",
            columns: [
                .text("Row"), .text("Probably wrong"), .text("Ticket, masked"), .text("Label"),
                .text("Likelier"),
                .text("Most similar rows with the likelier label"),
            ], rows: rows)
    }

    private static func pairs(_ audit: LabelAudit) -> Document.Table {
        let rows = audit.pairs.map { pair in
            [
                audit.labels[pair.labels.first], audit.labels[pair.labels.second],
                OutputFormat.percent(pair.confused), pair.words.joined(separator: ", "),
            ]
        }
        return Document.Table(
            caption: rows.isEmpty ? "None" : "The share of both labels' rows that the other one takes",
            columns: [.text("Label"), .text("Label"), "Confused", .text("Words that both share")], rows: rows)
    }

    private static func contradictions(_ audit: LabelAudit, _ set: TrainingSet) -> Document.Table {
        let rows = audit.contradictions.prefix(maximumGroups).map { group in
            [
                group.prefix(6).map { name(set.examples[$0]) }.joined(separator: "\n"),
                group.prefix(6).map { excerpt(set.examples[$0]) }.joined(separator: "\n"),
            ]
        }
        return Document.Table(
            caption: rows.isEmpty ? "None" : "At most six rows of a group, and \(maximumGroups) groups",
            columns: [.text("Rows"), .text("Tickets, masked")], rows: rows, isLong: rows.count > 20)
    }

    private static func answer(_ label: String, _ probability: Float, _ words: [String]) -> String {
        ([label, OutputFormat.percent(Double(probability))] + words).joined(separator: "\n")
    }

    private static func name(_ example: TrainingExample) -> String { "\(example.place)\n\(example.origin)" }

    private static func excerpt(_ example: TrainingExample) -> String {
        let text = String(decoding: example.subject + [0x20] + example.body, as: UTF8.self)
        let line = text.split { $0.isWhitespace }.joined(separator: " ")
        return line.count > longest ? line.prefix(longest) + "…" : line
    }
}
