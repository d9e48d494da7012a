internal import TriageData
internal import TriageModel
internal import TriagePages

/// The registry's part of the page: versions side by side, promotion, roll-back, and the history.
extension ModelPage {
    func registry(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard let history else {
            return HTML([
                .tag("h3", [:], HTML(words.registry)), .tag("p", ["class": "quiet"], HTML(words.noRegistry)),
            ])
        }
        let may = visit.may(.models) || visit.may(.admin)
        return HTML([
            .tag("h3", [:], HTML(words.registry)),
            .p("\(words.decidesNow) \(.tag("b", [:], HTML(history.champion ?? "–")))"),
            history.versions.count > 1 ? comparison(history, words) : "", comparedTable(words),
            may ? promotion(history, visit) : "", may ? rollback(history, visit) : "",
            entries(history, words),
        ])
    }

    private func options(_ versions: [String], _ chosen: String?) -> HTML {
        HTML(
            versions.reversed().map { version in
                .tag(
                    "option", ["value": version, "selected": version == chosen ? "" : nil], HTML(version))
            })
    }

    private func select(_ name: String, _ title: String, _ versions: [String], _ chosen: String?) -> HTML {
        .tag(
            "label", [:], .tag("span", [:], HTML(title)),
            .tag("select", ["name": name], options(versions, chosen)))
    }

    private func comparison(_ history: History, _ words: ConsoleWords) -> HTML {
        let newest = history.versions.last { $0 != history.champion }
        return .tag(
            "form", ["method": "get", "action": "/ui/model", "class": "row"],
            select("a", words.compare, history.versions, compared.first?.version ?? history.champion),
            select("b", words.comparedWith, history.versions, compared.last?.version ?? newest),
            .tag("button", ["type": "submit"], HTML(words.compare)))
    }

    /// Both versions on the rows that each training held out.
    private func comparedTable(_ words: ConsoleWords) -> HTML {
        guard compared.count == 2 else { return "" }
        let names = compared.flatMap { $0.fields.map(\.name) }
        let unique = names.enumerated().filter { names.firstIndex(of: $0.element) == $0.offset }.map(
            \.element)
        let rows = unique.flatMap { name in
            compared.map { version, fields -> [HTML] in
                guard let field = fields.first(where: { $0.name == name }) else {
                    return [HTML(name), HTML(version), "–", "–", "–", "–"]
                }
                let right = field.rows == 0 ? "–" : words.share(Double(field.right) / Double(field.rows))
                return [
                    HTML(name), HTML(version), "\(field.labels)", HTML(right),
                    HTML(field.effect.map { words.share($0.coverage) } ?? "–"),
                    HTML(field.effect.map { $0.above > 0 ? words.share($0.precision) : "–" } ?? "–"),
                ]
            }
        }
        return HTMLTable(
            caption: words.comparisonNote,
            [
                .init(words.field), .init(words.version), .init(words.label, isNumber: true),
                .init(words.rightShare, isNumber: true), .init(words.automaticShare, isNumber: true),
                .init(words.rightOfAutomatic, isNumber: true),
            ], rows, style: "stack"
        ).html()
    }

    // MARK: - Changes

    private func reason(_ words: ConsoleWords) -> HTML {
        .tag(
            "label", [:], .tag("span", [:], HTML(words.reasonForHistory)),
            .tag("input", ["type": "text", "name": "reason", "required": "", "maxlength": "300"]))
    }

    private func promotion(_ history: History, _ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let versions = history.versions.filter { $0 != history.champion }
        guard !versions.isEmpty else { return "" }
        let objections = objections.map { objections in
            HTML([
                .p(HTML(words.objections(objections.version))),
                .list(objections.reasons.map { HTML($0) }, style: "reasons"),
                .tag(
                    "label", [:],
                    "\(HTML.tag("input", ["type": "checkbox", "name": "in_spite", "value": objections.version])) \(words.inSpite)"
                ),
            ])
        }
        return .tag(
            "form", ["method": "post", "action": "/ui/model/promote"], ConsoleFrame.hidden(visit),
            objections ?? "",
            .tag(
                "div", ["class": "row"],
                select("version", words.version, versions, self.objections?.version), reason(words),
                .tag("button", ["type": "submit"], HTML(words.promote))))
    }

    private func rollback(_ history: History, _ visit: ConsoleVisit) -> HTML {
        let champions = ModelRegistry.champions(history.entries.reversed())
        guard let before = champions.dropLast().last(where: { $0 != history.champion }) else { return "" }
        return .tag(
            "form", ["method": "post", "action": "/ui/model/rollback", "class": "row"],
            ConsoleFrame.hidden(visit, [("from", history.champion ?? "")]), reason(visit.words),
            .tag("button", ["type": "submit"], HTML("\(visit.words.rollback) \(before)")))
    }

    // MARK: - History

    private func entries(_ history: History, _ words: ConsoleWords) -> HTML {
        let rows = history.entries.prefix(50).map { entry -> [HTML] in
            [
                ConsoleFrame.time(entry.time.milliseconds, words), HTML(words.event(entry.event)),
                HTML(entry.before.map { "\($0) → \(entry.version)" } ?? entry.version), HTML(entry.by),
                HTML(entry.reason),
            ]
        }
        return HTMLTable(
            caption: words.history,
            [
                .init(words.when), .init(words.what), .init(words.version), .init(words.who),
                .init(words.reason),
            ], rows, style: "stack wide"
        ).html()
    }
}
