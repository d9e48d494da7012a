internal import HTTPTypes
internal import TriageData
internal import TriageTickets

/// `/docs`: the operations as one page that runs no script and loads nothing else.
enum DocumentationPage {
    /// What the browser may do with the page: use its own style.
    static let policy =
        "default-src 'none'; style-src '\(ContentHash.source(style))'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'"

    /// The page in UTF-8.
    static func html(_ operations: [Operation]) -> [UInt8] {
        let groups = OperationGroup.allCases.map { group in (group, operations.filter { $0.group == group }) }
            .filter { !$0.1.isEmpty }
        let page = """
            <!doctype html><html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>triage: the HTTP interface</title><style>\(style)</style></head><body>
            <main><h1>The HTTP interface of triage</h1>
            <p>This page and <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1) describe the same operations.
            Send a key as <code>Authorization: Bearer KEY</code> where keys are required. Errors are problem documents
            (RFC 9457); <code>/</code> and <code>/triage</code> answer <code>{"detail": …}</code> as the original agent did.
            To try a ticket, open <a href="/ui">/ui</a>.</p>
            <nav aria-label="Contents"><h2>Contents</h2>
            \(groups.map { contents($0, $1) }.joined())<p><a href="#schemas">Schemas</a></p></nav>
            \(groups.map { section($0, $1) }.joined())
            <section><h2 id="schemas">Schemas</h2>
            \(Schemas.components.map { schema($0) }.joined())</section>
            </main></body></html>

            """
        return Array(page.utf8)
    }

    // MARK: - Parts

    private static func contents(_ group: OperationGroup, _ operations: [Operation]) -> String {
        let items = operations.map { "<li><a href=\"#\($0.identifier)\">\(title($0))</a></li>" }
        return "<p>\(group.rawValue)</p><ul>\(items.joined())</ul>\n"
    }

    private static func section(_ group: OperationGroup, _ operations: [Operation]) -> String {
        "<section><h2>\(group.rawValue)</h2>\n<p>\(group.summary)</p>\n\(operations.map { article($0) }.joined())</section>\n"
    }

    private static func title(_ operation: Operation) -> String {
        let method = operation.method.rawValue
        return
            "<span class=\"\(method.lowercased())\">\(method)</span> <code>\(operation.path.htmlEscaped)</code>"
    }

    private static func article(_ operation: Operation) -> String {
        let scope =
            operation.scope.map {
                " It requires a key with the scope <code>\($0.rawValue)</code> where keys are required."
            } ?? ""
        return """
            <article><h3 id="\(operation.identifier)">\(title(operation))</h3>
            <p>\(operation.summary.htmlProse)\(scope)</p>
            \(parameters(operation))\(body(operation))\(answers(operation))</article>

            """
    }

    private static func parameters(_ operation: Operation) -> String {
        guard !operation.parameters.isEmpty else { return "" }
        let rows = operation.parameters.map { parameter in
            let schema = parameter.schema.value
            return [
                "<code>\(parameter.name)</code>", parameter.place, SchemaTable.type(of: schema),
                parameter.isRequired ? "yes" : "no", schema["default"].map { SchemaTable.code($0) } ?? "",
                parameter.summary.htmlProse,
            ]
        }
        return HTMLTable.html(["Parameter", "In", "Type", "Required", "Default", "Meaning"], rows)
    }

    private static func body(_ operation: Operation) -> String {
        guard let body = operation.body else { return "" }
        let example = body.example.map { "<pre>\($0.htmlEscaped)</pre>\n" } ?? ""
        let required = body.isRequired ? "required" : "optional"
        return "<p>Body (\(required)): <code>\(body.type)</code> \(link(body.schema))</p>\n\(example)"
    }

    private static func answers(_ operation: Operation) -> String {
        let names = ["Status", "Meaning", "Body"]
        let answers = operation.allAnswers
        let good = answers.filter { $0.status.kind == .successful }.map { row($0) }
        let errors = answers.filter { $0.status.kind != .successful }.map { row($0) }
        return HTMLTable.html(names, good)
            + "<details><summary>Errors</summary>\n\(HTMLTable.html(names, errors))</details>\n"
    }

    private static func row(_ answer: Operation.Answer) -> [String] {
        let contents = [answer.content, answer.otherwise].compactMap { $0 }
            .map { "<code>\($0.type)</code> \(link($0.schema))" }
        return [String(answer.status.code), answer.summary.htmlProse, contents.joined(separator: " or ")]
    }

    private static func schema(_ component: JSONSchema.Named) -> String {
        let table = SchemaTable.html(component.schema.value)
        return "<article><h3 id=\"\(component.name)\">\(component.name)</h3>\n\(table)</article>\n"
    }

    /// A component's name as a link, any other schema in words.
    private static func link(_ schema: JSONSchema) -> String {
        schema == JSONSchema() ? "" : SchemaTable.type(of: schema.value)
    }
}

/// A table of the documentation.
enum HTMLTable {
    /// Rows of cells in HTML under these headings; each cell repeats its heading for screens too narrow for columns.
    static func html(_ headings: [String], _ rows: [[String]]) -> String {
        let head = headings.map { "<th scope=\"col\">\($0)" }.joined()
        let body = rows.map { cells in
            let cells = zip(headings, cells).map { heading, cell in
                "<td\(cell.isEmpty ? " class=\"empty\"" : "") data-name=\"\(heading)\">\(cell)"
            }
            return "<tr>\(cells.joined())</tr>\n"
        }
        return "<table><tr>\(head)</tr>\n\(body.joined())</table>\n"
    }
}

extension String {
    /// The text in HTML, with `code` where backticks enclose it.
    var htmlProse: String {
        htmlEscaped.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset.isMultiple(of: 2) ? String($0.element) : "<code>\($0.element)</code>" }.joined()
    }
}

extension DocumentationPage {
    static let style = """
        :root{color-scheme:light dark;--line:#8885;--soft:#8882;--link:#1d5fc4;--get:#1a6b3c;--post:#1d5fc4;--delete:#a3320b;\
        font:16px/1.5 system-ui,sans-serif}
        @media (prefers-color-scheme:dark){:root{--link:#8ab4ff;--get:#6fcf97;--post:#8ab4ff;--delete:#ff9e7a}}
        body{margin:0;background:Canvas;color:CanvasText}main{max-width:62rem;margin:0 auto;padding:1rem 1rem 4rem}
        h2{font-size:1.3rem;margin:2.5rem 0 .4rem}h3{font-size:1.05rem;margin:1.8rem 0 .3rem;overflow-wrap:anywhere}
        a{color:var(--link)}nav ul{margin:.1rem 0 .7rem;padding:0 0 0 1rem;list-style:none;columns:20rem}nav p{margin:0;font-weight:600}
        nav li{overflow-wrap:anywhere}nav h2{margin-top:1rem}
        .get,.post,.delete{font-weight:700}.get{color:var(--get)}.post{color:var(--post)}.delete{color:var(--delete)}
        table{border-collapse:collapse;width:100%;margin:.4rem 0;font-size:.92rem}
        th,td{text-align:left;padding:.25rem .5rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
        th{font-weight:600;font-size:.85rem}pre{background:var(--soft);padding:.6rem;border-radius:.4rem;white-space:pre-wrap;overflow-wrap:anywhere}
        summary{cursor:pointer;padding:.2rem 0}td details{margin:0}
        @media (max-width:60rem){table,tbody,tr,td{display:block}th,.empty{display:none}tr{border-bottom:1px solid var(--line);padding:.3rem 0}
        td{border:0;padding:0;overflow-wrap:anywhere}td::before{content:attr(data-name) ": ";font-weight:600;font-size:.85rem}}
        """
}
