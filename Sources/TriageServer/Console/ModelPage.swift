internal import TriageData
internal import TriageModel
internal import TriagePages

/// `/ui/model`: the bundle in use, its thresholds over the precision–coverage curve, and the registry.
struct ModelPage: HTMLPageOfConsole {
    /// A precision that was chosen for a field, and what it reaches; nil where nothing can show it.
    struct Choice {
        var field: String
        var precision: Double
        var effect: ModelDesk.Effect?
    }

    /// The registry's versions and its newest entries, the newest first.
    struct History {
        var versions: [String]
        var champion: String?
        var entries: [RegistryEntry]
    }

    /// What a form did, as an address names it.
    enum Outcome: String {
        case saved, added, promoted, rolledBack, refused
    }

    var manifest: ModelManifest
    var sha256: String
    var fields: [ModelDesk.Field]
    var choice: Choice?
    var history: History?
    /// Two versions with their fields.
    var compared: [(version: String, fields: [ModelDesk.Field])] = []
    var card: String?
    var outcome: Outcome?
    /// Why a version was not promoted, and which.
    var objections: (version: String, reasons: [String])?

    /// The precisions that a slider offers, in percent.
    static let precisions = 70.0...99.5
    private static let usualPrecision = 95.0

    func title(_ words: ConsoleWords) -> String { words.model }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        return HTML([
            .tag("h2", [:], HTML(words.model)), ConsoleFrame.status(outcome.map(words.outcome)),
            .tag(
                "div", ["id": "work", "data-away": words.away], facts(words),
                HTML(fields.map { section($0, visit) }), registry(visit), cardPart(words)),
        ])
    }

    private func facts(_ words: ConsoleWords) -> HTML {
        .p(
            """
            \(.tag("b", [:], HTML(manifest.name))) · \(manifest.training.rows) \(words.trainingRows) · \
            \(.tag("code", [:], HTML(sha256.prefix(12))))
            """)
    }

    // MARK: - Thresholds

    private func section(_ field: ModelDesk.Field, _ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let choice = choice?.field == field.name ? choice : nil
        let now =
            field.effect.map { words.effect($0) }
            ?? nothingAutomatic(field, words)
        return HTML([
            .tag("h3", ["id": "field-\(field.name)"], HTML(field.name)),
            .tag(
                "p", ["class": "quiet"],
                "\(field.labels) \(words.labels)\(field.rows == 0 ? "" : " · \(words.heldOut(field))")"),
            field.isCalibrated || field.rows == 0 ? "" : .p(HTML(words.notOwnLabels)),
            .p("\(.tag("b", [:], HTML(words.now))): \(now)"),
            field.curve.isEmpty ? "" : curve(field, choice, words),
            field.curve.isEmpty ? "" : slider(field, choice, visit), learning(field, words),
            visit.hasStore && !hasTags(field.name)
                ? .p(
                    .link(
                        ConsoleAddress.make(LabelAuditPage.path, [("field", field.name)]),
                        HTML("\(words.labelAudit): \(field.name)"))) : "",
        ])
    }

    private func nothingAutomatic(_ field: ModelDesk.Field, _ words: ConsoleWords) -> String {
        guard field.rows > 0 else { return words.nothingHeldOut }
        guard let wanted = ModelPage.precision(of: field.target) else { return words.neverAutomatic }
        return words.outOfReach(wanted, field.rows)
    }

    private func slider(_ field: ModelDesk.Field, _ choice: Choice?, _ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let id = "precision-\(field.name)"
        let wanted =
            choice?.precision ?? ModelPage.precision(of: field.target) ?? ModelPage.usualPrecision / 100
        let value = "\((wanted * 1000).rounded() / 10)"
        let input = HTML.tag(
            "input",
            [
                "type": "range", "id": id, "name": "precision", "value": value, "step": "0.5",
                "min": "\(ModelPage.precisions.lowerBound)", "max": "\(ModelPage.precisions.upperBound)",
                "aria-describedby": "effect-\(field.name)",
            ])
        let output = HTML.tag("output", ["for": id], HTML(words.share(wanted)))
        let form = HTML.tag(
            "form", ["method": "get", "action": "/ui/model", "class": "row", "data-live": ""],
            .tag("input", ["type": "hidden", "name": "field", "value": field.name]),
            .tag("label", ["for": id], .tag("span", [:], HTML(words.wantedPrecision)), input), output,
            .tag("button", ["type": "submit"], HTML(words.showEffect)))
        return HTML([
            form, .tag("div", ["id": "effect-\(field.name)"], choice.map { effect($0, field, visit) } ?? ""),
        ])
    }

    /// What a choice would change, and the button that saves it.
    private func effect(_ choice: Choice, _ field: ModelDesk.Field, _ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard let effect = choice.effect, effect.above > 0 else {
            return .p(HTML(words.outOfReach(choice.precision, field.rows)))
        }
        let sentence = HTML.p(
            "\(.tag("b", [:], HTML(words.then))): \(words.effect(effect))")
        guard visit.may(.models) || visit.may(.admin) else {
            return "\(sentence)\(HTML.tag("p", ["class": "quiet"], HTML(words.noPermission)))"
        }
        let hidden = ConsoleFrame.hidden(
            visit, [("field", field.name), ("precision", "\(choice.precision)"), ("model", sha256)])
        return HTML([
            sentence,
            .tag(
                "form", ["method": "post", "action": "/ui/model/thresholds"], hidden,
                .tag("button", ["type": "submit", "class": "primary"], HTML(words.saveThresholds))),
        ])
    }

    /// The precision of a target; nil for another kind.
    private static func precision(of target: String?) -> Double? {
        guard let target, target.hasPrefix("precision=") else { return nil }
        return Double(target.dropFirst("precision=".count))
    }

    /// Coverage to the right, precision upwards; a dot for the rule in force and a ring for the choice.
    private func curve(_ field: ModelDesk.Field, _ choice: Choice?, _ words: ConsoleWords) -> HTML {
        let rows = Double(max(1, field.rows))
        let values = field.curve.map { point in
            (Double(point.above) / rows, Double(point.above - point.errors) / Double(point.above))
        }
        let floor = min(0.9, ((values.map(\.1).min() ?? 0.9) * 10).rounded(.down) / 10)
        func place(_ coverage: Double, _ precision: Double) -> String {
            let x = 84 + coverage * 500
            let y = 150 - (precision - floor) / max(0.01, 1 - floor) * 130
            return "\((x * 10).rounded() / 10),\((y * 10).rounded() / 10)"
        }
        func dot(_ effect: ModelDesk.Effect?, _ style: String) -> HTML {
            guard let effect, effect.above > 0 else { return "" }
            let parts = place(effect.coverage, effect.precision).split(separator: ",")
            return .tag("circle", ["class": style, "cx": "\(parts[0])", "cy": "\(parts[1])", "r": "6"])
        }
        let points = values.map { place($0.0, $0.1) }.joined(separator: " ")
        let texts: [(x: Int, y: Int, anchor: String, text: String)] = [
            (76, 154, "end", words.share(floor)), (76, 26, "end", words.share(1)),
            (84, 172, "start", words.share(0)), (584, 172, "end", words.share(1)),
            (334, 172, "middle", words.automaticShare),
        ]
        let drawing = HTML([
            .tag("polyline", ["class": "reference", "points": "\(place(0, 1)) \(place(1, 1))"]),
            .tag("polyline", ["class": "line", "points": points]), dot(field.effect, "dot"),
            dot(choice?.effect, "ring"),
            HTML(
                texts.map {
                    .tag(
                        "text", ["x": "\($0.x)", "y": "\($0.y)", "text-anchor": $0.anchor], HTML($0.text))
                }),
        ])
        return HTML([
            .tag(
                "figure", ["class": "bars"],
                .tag(
                    "svg",
                    ["viewBox": "0 0 600 176", "role": "img", "aria-label": "\(words.curve): \(field.name)"],
                    drawing)),
            .tag("details", [:], .tag("summary", [:], HTML(words.table)), table(field, words)),
        ])
    }

    /// About ten points of the curve.
    private func table(_ field: ModelDesk.Field, _ words: ConsoleWords) -> HTML {
        let step = max(1, field.curve.count / 10)
        let points = field.curve.enumerated().filter { $0.offset % step == step - 1 }.map(\.element)
        let rows = points.map { point -> [HTML] in
            [
                HTML(words.share(Double(point.above) / Double(max(1, field.rows)))),
                HTML(words.share(Double(point.above - point.errors) / Double(point.above))),
                HTML(words.number(Double(point.threshold), 3)),
            ]
        }
        return HTMLTable(
            caption: nil,
            [
                .init(words.automaticShare, isNumber: true), .init(words.rightShare, isNumber: true),
                .init(words.fromProbability, isNumber: true),
            ], rows, style: nil
        ).html()
    }

    private func cardPart(_ words: ConsoleWords) -> HTML {
        guard let card, !card.isEmpty else { return "" }
        return .tag(
            "details", [:], .tag("summary", [:], HTML(words.modelCard)), .tag("pre", [:], HTML(card)))
    }
}
