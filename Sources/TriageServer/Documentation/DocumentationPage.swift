internal import HTTPTypes
internal import TriageData
internal import TriagePages
internal import TriageTickets

/// `/docs`: the operations as one page.
enum DocumentationPage {
    static func page(_ operations: [Operation]) -> HTMLPage {
        let groups = OperationGroup.allCases.map { group in (group, operations.filter { $0.group == group }) }
            .filter { !$0.1.isEmpty }
        let introduction: HTML = """
            This page and \(.link("/openapi.json", "/openapi.json")) (OpenAPI 3.1) describe the same operations. Send a key \
            as \(.code("Authorization: Bearer KEY")) where keys are required. Errors are problem documents (RFC 9457); \
            \(.code("/")) and \(.code("/triage")) answer \(.code("{\"detail\": …}")) as the original agent did. To try a \
            ticket, open \(.link("/ui", "/ui")).
            """
        let contents = HTML.tag(
            "nav", ["class": "contents", "aria-label": "Contents"],
            HTML(groups.map { self.contents($0, $1) }),
            .p(.link("#schemas", "Schemas")))
        let schemas = HTML.tag(
            "section", [:], .tag("h2", ["id": "schemas"], "Schemas"),
            HTML(Schemas.components.map { schema($0) }))
        let parts =
            [.tag("h2", [:], "The HTTP interface"), .p(introduction), contents]
            + groups.map { section($0, $1) } + [schemas]
        return HTMLPage(
            title: "triage: the HTTP interface",
            header: ConsoleFrame.header(
                .open("/docs", hasStore: operations.contains { $0.path == "/ui/events" })),
            main: HTML(parts),
            script: ConsolePage.script, isFile: false)
    }

    // MARK: - Parts

    private static func contents(_ group: OperationGroup, _ operations: [Operation]) -> HTML {
        let links = operations.map { HTML.link("#\($0.identifier)", title($0)) }
        return "\(.p(HTML(group.rawValue)))\(.list(links))"
    }

    private static func section(_ group: OperationGroup, _ operations: [Operation]) -> HTML {
        .tag(
            "section", [:], .tag("h2", [:], HTML(group.rawValue)), .p(HTML(group.summary)),
            HTML(operations.map { article($0) }))
    }

    private static func title(_ operation: Operation) -> HTML {
        let method = operation.method.rawValue
        return "\(.tag("span", ["class": method.lowercased()], HTML(method))) \(.code(operation.path))"
    }

    private static func article(_ operation: Operation) -> HTML {
        let scope: HTML =
            operation.scopeNames.map {
                " It requires a key with the scope \(.code($0)) where keys are required."
            } ?? ""
        return .tag(
            "article", [:], .tag("h3", ["id": operation.identifier], title(operation)),
            .p("\(HTML(prose: operation.summary))\(scope)"), parameters(operation), body(operation),
            answers(operation))
    }

    private static func parameters(_ operation: Operation) -> HTML {
        guard !operation.parameters.isEmpty else { return "" }
        let rows: [[HTML]] = operation.parameters.map { parameter in
            let schema = parameter.schema.value
            return [
                .code(parameter.name), HTML(parameter.place), SchemaTable.type(of: schema),
                parameter.isRequired ? "yes" : "no", schema["default"].map { SchemaTable.code($0) } ?? "",
                HTML(prose: parameter.summary),
            ]
        }
        return HTMLTable.stacked(["Parameter", "In", "Type", "Required", "Default", "Meaning"], rows)
    }

    private static func body(_ operation: Operation) -> HTML {
        guard let body = operation.body else { return "" }
        let example = body.example.map { HTML.tag("pre", [:], HTML($0)) } ?? ""
        let required = body.isRequired ? "required" : "optional"
        return "\(.p("Body (\(required)): \(.code(body.type)) \(link(body.schema))"))\(example)"
    }

    private static func answers(_ operation: Operation) -> HTML {
        func table(_ answers: [Operation.Answer]) -> HTML {
            HTMLTable.stacked(["Status", "Meaning", "Body"], answers.map { row($0) })
        }
        let answers = operation.allAnswers
        let errors = table(answers.filter { $0.status.kind != .successful })
        return """
            \(table(answers.filter { $0.status.kind == .successful }))\
            \(.tag("details", [:], .tag("summary", [:], "Errors"), errors))
            """
    }

    private static func row(_ answer: Operation.Answer) -> [HTML] {
        let contents = [answer.content, answer.otherwise].compactMap { $0 }.map { content -> HTML in
            "\(.code(content.type)) \(link(content.schema))"
        }
        return ["\(answer.status.code)", HTML(prose: answer.summary), HTML(contents, separator: " or ")]
    }

    private static func schema(_ component: JSONSchema.Named) -> HTML {
        let title = HTML.tag("h3", ["id": component.name], HTML(component.name))
        return .tag("article", [:], title, SchemaTable.html(component.schema.value))
    }

    /// A component's name as a link, any other schema in words.
    private static func link(_ schema: JSONSchema) -> HTML {
        schema == JSONSchema() ? "" : SchemaTable.type(of: schema.value)
    }
}
