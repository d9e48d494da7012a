internal import HTTPTypes
internal import TriageData

/// `/docs`: the operations as one page that needs no script and asks for nothing else.
enum DocumentationPage {
    /// The page in UTF-8.
    static func html(_ operations: [Operation]) -> [UInt8] {
        var page = """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>triage: the HTTP interface</title><style>\(style)</style>
            <main><h1>The HTTP interface of triage</h1>
            <p>Every operation, made from the same list as <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).
            Keys go in <code>Authorization: Bearer KEY</code>. Errors are problem documents (RFC 9457), but for
            <code>/</code> and <code>/triage</code>, which answer <code>{"detail": …}</code> as the original did.</p>

            """
        for operation in operations { page += section(operation) }
        page += "<h2>Schemas</h2>\n"
        for (name, schema) in Schemas.parts {
            page +=
                "<details id=\"\(name)\"><summary>\(name)</summary><pre>\(schema.htmlEscaped)</pre></details>\n"
        }
        return Array((page + "</main></html>\n").utf8)
    }

    private static func section(_ operation: Operation) -> String {
        let method = operation.method.rawValue
        var text = """
            <section><h2><span class="\(method.lowercased())">\(method)</span> <code>\(operation.path.htmlEscaped)</code></h2>
            <p>\(operation.summary.htmlEscaped)\(operation.scope.map { " Needs a key with the scope <code>\($0.rawValue)</code> where keys are on." } ?? "")</p>

            """
        if !operation.parameters.isEmpty {
            text += "<table><tr><th>Parameter<th>In<th>Meaning</tr>\n"
            for parameter in operation.parameters {
                text +=
                    "<tr><td><code>\(parameter.name)</code><td>\(parameter.place)<td>\(parameter.summary.htmlEscaped)</tr>\n"
            }
            text += "</table>\n"
        }
        if let body = operation.body {
            text += "<p>Body: <code>\(body.type)</code>, \(link(body.schema))</p>\n"
            if let example = body.example { text += "<pre>\(example.htmlEscaped)</pre>\n" }
        }
        text += "<table><tr><th>Status<th>Meaning<th>Body</tr>\n"
        for answer in operation.answers {
            let content = answer.content.map { "<code>\($0.type)</code> \(link($0.schema))" } ?? ""
            text += "<tr><td>\(answer.status.code)<td>\(answer.summary.htmlEscaped)<td>\(content)</tr>\n"
        }
        return text + "</table></section>\n"
    }

    /// A component's name as a link; a schema that stands in the operation is not repeated.
    private static func link(_ schema: String) -> String {
        schema.hasPrefix("{") ? "" : "<a href=\"#\(schema)\">\(schema)</a>"
    }

    private static let style = """
        :root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:60rem;margin:2rem auto;padding:0 1rem}\
        h2{font-size:1.05rem;margin:2rem 0 .4rem}h2 span{display:inline-block;min-width:3.5rem;font-weight:700}\
        .get{color:#2a7d4f}.post{color:#2563c9}table{border-collapse:collapse;width:100%;margin:.4rem 0}\
        th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #8884;vertical-align:top}\
        th{font-weight:600;font-size:.85rem}pre{background:#8882;padding:.6rem;border-radius:.4rem;white-space:pre-wrap}\
        summary{cursor:pointer;padding:.2rem 0}
        """
}
