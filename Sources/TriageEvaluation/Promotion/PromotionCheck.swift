package import TriageData
package import TriageEngine
package import TriageModel

/// A challenger and the champion on the same recent rows: what was measured, and what speaks against a promotion.
///
/// Rows that either was trained on are left out. A challenger is refused when it is surely worse (the 95 % interval of the
/// paired bootstrap lies below zero), when a label's recall surely fell or is below a floor, when its answers of level
/// `auto` surely miss their target and the champion's are better, and when it lacks a field or a label. Chance alone refuses few.
package struct PromotionCheck: Sendable {
    /// Why it is not to be promoted, a sentence each.
    package private(set) var refusals: [String] = []
    /// What was found, a sentence each.
    package private(set) var lines: [String] = []
    private var figures: [Figure] = []

    private struct Figure {
        var field: String
        var rows: Int
        var accuracy: Double?
        var before: Double?
        var low: Double?
        var high: Double?
        var heldOut: HeldOutFigure?
    }

    package var isAllowed: Bool { refusals.isEmpty }

    /// Compares two evaluations of the same rows.
    package init(_ challenger: JudgedRows, champion: JudgedRows, _ rules: PromotionRules) {
        let seen = challenger.trainedOn.union(champion.trainedOn)
        if !seen.isEmpty {
            lines.append(
                "\(seen.count.counted("row")) that a model was trained on \(seen.count == 1 ? "is" : "are") left out"
            )
        }
        let known = challenger.model.heads.map(\.manifest.field)
        for missing in champion.model.heads.map(\.manifest.field) where !known.contains(missing) {
            refusals.append("\(missing): the champion has this field and the challenger has not")
        }
        for field in challenger.fields {
            let before = champion.fields.first { $0.name == field.name }?.leavingOut(seen)
            compare(field.leavingOut(seen), before, challenger, champion, rules)
        }
        for (field, scores) in challenger.tagScores.sorted(by: { $0.key < $1.key }) {
            compareTags(field, scores, champion.tagScores[field] ?? [:], leavingOut: seen)
        }
        checkFloors(of: challenger, rules, seen)
    }

    /// A first version, which there is nothing to compare with: its floors alone are checked.
    package init(first challenger: JudgedRows, _ rules: PromotionRules) {
        lines.append("the registry has no champion, so there is nothing to compare with")
        checkFloors(of: challenger, rules, challenger.trainedOn)
    }

    /// Adds a reason that the comparison itself does not show.
    package mutating func add(refusal: String) { refusals.append(refusal) }

    /// Adds what the site's tests found.
    package mutating func add(tests: String, count: Int, failures: [SiteTests.Failure]) {
        guard !failures.isEmpty else {
            return lines.append("\(tests): \(count == 1 ? "its test holds" : "all \(count) tests hold")")
        }
        refusals += failures.map { "\(tests): \($0)" }
    }

    private mutating func compare(
        _ field: ScoredField, _ before: ScoredField?, _ challenger: JudgedRows, _ champion: JudgedRows,
        _ rules: PromotionRules
    ) {
        let paired = before.flatMap { PairedComparison(field, $0) }
        let held = (
            new: challenger.heldOut(field.name), old: champion.heldOut(field.name)
        )
        figures.append(
            Figure(
                field: field.name, rows: paired?.rows ?? field.rows.count, accuracy: paired?.accuracy,
                before: paired?.otherAccuracy, low: paired?.difference.low, high: paired?.difference.high,
                heldOut: held.new))
        if let paired { comparePaired(field.name, paired) }
        if let before {
            refusals += RecallCheck(field, before).falls(in: field.name)
            checkAutomatic(field, before, challenger)
            let gone = Set(before.labels).subtracting(field.labels).sorted()
            if !gone.isEmpty {
                refusals.append(
                    "\(field.name): the challenger does not know labels of the champion: \(gone.joined(separator: ", "))"
                )
            }
            // Held-out rows of other labels are other tasks, of which nothing can be compared.
            guard gone.isEmpty || paired?.rows ?? 0 >= rules.minimumRows else { return }
        } else {
            lines.append("\(field.name): the champion lacks this field")
        }
        if before != nil, paired?.rows ?? 0 < rules.minimumRows {
            compareHeldOut(field.name, rows: paired?.rows ?? 0, held.new, held.old)
        }
    }

    private mutating func comparePaired(_ field: String, _ paired: PairedComparison) {
        let (own, other) = (OutputFormat.percent(paired.accuracy), OutputFormat.percent(paired.otherAccuracy))
        let interval =
            "\(PromotionCheck.points(paired.difference.low)) to \(PromotionCheck.points(paired.difference.high)) points"
        lines.append(
            "\(field): on \(paired.rows.counted("recent row")) right in \(own), the champion in \(other); difference "
                + "\(PromotionCheck.points(paired.difference.value)) points (95 % interval \(interval))")
        if let high = paired.difference.high, high < 0 {
            refusals.append("\(field): surely worse than the champion (\(own) against \(other), \(interval))")
        }
    }

    /// Compares the mean F1 of the rows' tags.
    private mutating func compareTags(
        _ field: String, _ scores: [Int: Double], _ before: [Int: Double], leavingOut seen: Set<Int>
    ) {
        let pairs = scores.keys.sorted().filter { !seen.contains($0) }.compactMap { row in
            before[row].map { (own: scores[row] ?? 0, other: $0) }
        }
        guard !pairs.isEmpty else { return }
        var samples: [Double] = []
        Bootstrap.forEach(rows: pairs.count) { weights in
            let sum = zip(pairs, weights).reduce(0) { $0 + ($1.0.own - $1.0.other) * Double($1.1) }
            samples.append(sum / Double(pairs.count))
        }
        let count = Double(pairs.count)
        let own = pairs.reduce(0) { $0 + $1.own } / count
        let other = pairs.reduce(0) { $0 + $1.other } / count
        let interval = samples.interval
        let sentence =
            "\(field): on \(pairs.count.counted("recent row")) mean F1 of a row's tags \(OutputFormat.figure(own)), the "
            + "champion \(OutputFormat.figure(other)); 95 % interval of the difference "
            + "\(OutputFormat.figure(interval?.low)) to \(OutputFormat.figure(interval?.high))"
        lines.append(sentence)
        figures.append(
            Figure(
                field: field, rows: pairs.count, accuracy: own, before: other, low: interval?.low,
                high: interval?.high))
        if let high = interval?.high, high < 0 {
            refusals.append("surely worse than the champion: \(sentence)")
        }
    }

    private static func points(_ share: Double?) -> String {
        OutputFormat.figure(share.map { 100 * $0 }, decimals: 1)
    }

    /// Compares what each training held out, where too few rows are left: rows of different sets, but of one kind.
    private mutating func compareHeldOut(
        _ field: String, rows: Int, _ new: HeldOutFigure?, _ old: HeldOutFigure?
    ) {
        guard let new, let old, new.rows > 1, old.rows > 1 else {
            refusals.append(
                "\(field): \(rows.counted("recent row")) that neither model was trained on "
                    + "\(rows == 1 ? "is" : "are") too few to compare on, and "
                    + "\(new == nil ? "the challenger" : "the champion") was trained without held-out rows")
            return
        }
        let variance =
            new.accuracy * (1 - new.accuracy) / Double(new.rows)
            + old.accuracy * (1 - old.accuracy) / Double(old.rows)
        let (difference, reach) = (new.accuracy - old.accuracy, 1.96 * variance.squareRoot())
        lines.append(
            "\(field): \(rows == 0 ? "no recent rows, so only" : "few recent rows, so also") the rows that each training "
                + "held out: right in "
                + "\(OutputFormat.percent(new.accuracy)) of \(new.rows), the champion in "
                + "\(OutputFormat.percent(old.accuracy)) of \(old.rows)")
        if difference + reach < 0 {
            refusals.append(
                "\(field): surely worse than the champion on rows that training held out "
                    + "(\(OutputFormat.percent(new.accuracy)) against \(OutputFormat.percent(old.accuracy)))")
        }
    }

    /// Refuses answers of level auto that surely miss their target, where the champion's do better.
    private mutating func checkAutomatic(
        _ field: ScoredField, _ before: ScoredField, _ challenger: JudgedRows
    ) {
        guard let own = AutomationShare(field), own.automatic > 0,
            let text = challenger.target(of: field.name), let target = Share(parsing: text)?.value
        else { return }
        let right = Proportion(part: own.automatic - own.wrong, whole: own.automatic)
        let other = AutomationShare(before).map {
            Proportion(part: $0.automatic - $0.wrong, whole: $0.automatic)
        }
        lines.append(
            "\(field.name): level auto for \(own.automatic) of \(own.rows.counted("recent row")), "
                + "\(OutputFormat.percent(right.value)) of them right (target \(OutputFormat.percent(target)))"
        )
        guard let high = right.interval?.high, high < target, right.value ?? 0 < other?.value ?? 1 else {
            return
        }
        refusals.append(
            "\(field.name): answers of level auto are right in \(OutputFormat.percent(right.value)), which surely misses the "
                + "target of \(OutputFormat.percent(target)), and the champion's in \(OutputFormat.percent(other?.value))"
        )
    }

    // MARK: - Floors

    private mutating func checkFloors(
        of challenger: JudgedRows, _ rules: PromotionRules, _ seen: Set<Int>
    ) {
        for floor in rules.recalls {
            var isKnown = false
            for field in challenger.fields where floor.field ?? field.name == field.name {
                let check = RecallCheck(field.leavingOut(seen), nil)
                let labels = floor.label.map { [$0] } ?? field.labels
                for label in labels where field.labels.contains(label) {
                    isKnown = true
                    let found = check.share(of: label) ?? challenger.heldOutRecall(of: label, in: field.name)
                    judge(floor, field.name, label, found)
                }
            }
            if !isKnown { refusals.append("minimum recall \(floor.text): the challenger has no such label") }
        }
    }

    private mutating func judge(
        _ floor: PromotionRules.RecallFloor, _ field: String, _ label: String,
        _ found: (right: Int, rows: Int)?
    ) {
        guard let found else {
            guard floor.label != nil else { return }
            refusals.append(
                "\(field): the recall of \(label) cannot be shown: fewer than \(RecallCheck.minimumRows) rows have it"
            )
            return
        }
        let share = Double(found.right) / Double(found.rows)
        let sentence =
            "\(field): \(OutputFormat.percent(share)) of \(found.rows.counted("ticket")) with \(label) are right, "
            + "at least \(OutputFormat.percent(floor.share)) must be"
        if share < floor.share {
            refusals.append(sentence)
        } else if floor.label != nil {
            lines.append(sentence)
        }
    }

    /// What the history keeps of it.
    package var measures: JSONValue {
        var all: [String: JSONValue] = [:]
        func number(_ value: Double?) -> JSONValue { value.map { .number(String($0.sixDecimals)) } ?? .null }
        for figure in figures {
            var own: [String: JSONValue] = [
                "rows": .integer(Int64(figure.rows)), "accuracy": number(figure.accuracy),
                "champion_accuracy": number(figure.before),
                "difference_low": number(figure.low), "difference_high": number(figure.high),
            ]
            if let heldOut = figure.heldOut {
                own["held_out_accuracy"] = number(heldOut.accuracy)
                own["held_out_rows"] = .integer(Int64(heldOut.rows))
            }
            all[figure.field] = .object(own)
        }
        return .object(all)
    }

    /// The accuracy by field on the recent rows, or on those held out, in a few words.
    package static func summary(_ measures: JSONValue?) -> String {
        (measures?.members ?? []).compactMap { field, figure in
            if let accuracy = figure["accuracy"]?.double {
                return "\(field) \(OutputFormat.percent(accuracy))"
            }
            return figure["held_out_accuracy"]?.double.map { "\(field) \(OutputFormat.percent($0)) held out" }
        }.joined(separator: ", ")
    }

    /// The measures of a bundle by itself: what its training held out.
    package static func measures(of manifest: ModelManifest) -> JSONValue {
        var check = PromotionCheck()
        check.figures = manifest.heads.compactMap { HeldOutFigure($0) }.map {
            Figure(field: $0.field, rows: 0, heldOut: $0)
        }
        return check.measures
    }

    private init() {}
}
