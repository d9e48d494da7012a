internal import HTTPTypes
internal import Hummingbird
internal import TriageData

/// The OpenAPI document, and a page that shows it.
enum DocumentationController {
    /// The version of the HTTP contract.
    static let version = "1.0.0"

    /// The operations that describe the others, and themselves.
    static func operations(describing others: [Operation]) -> [Operation] {
        let own = [
            ("/openapi.json", "The OpenAPI 3.1 document of this service.", "application/json", "object"),
            ("/docs", "A page that shows the OpenAPI document.", "text/html", "string"),
        ]
        // The handlers answer with the description of the whole list, so they are added after it.
        let described = own.map { path, summary, type, kind in
            Operation(
                method: .get, path: path, summary: summary,
                answers: [
                    .init(
                        status: .ok, summary: summary,
                        content: .init(type: type, schema: JSONSchema(type: kind)))
                ],
                handler: { _, _ in Response(status: .ok) })
        }
        let document = OpenAPI.document(others + described, version: version)
        var result = described
        result[0].handler = { _, _ in Response(bytes: document, type: "application/json") }
        let page = DocumentationPage.html(others + described)
        result[1].handler = { _, _ in
            var response = Response(bytes: page, type: "text/html; charset=utf-8")
            response.headers[.contentSecurityPolicy] = DocumentationPage.policy
            return response
        }
        return result
    }
}
