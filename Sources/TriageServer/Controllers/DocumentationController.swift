internal import HTTPTypes
internal import Hummingbird
internal import TriageData

/// The OpenAPI document, and a page of it.
enum DocumentationController {
    /// The operations that return the description of all operations, themselves included.
    static func operations(describing others: [Operation], version: String) -> [Operation] {
        let own = [
            ("/openapi.json", "The OpenAPI 3.1 document of this service.", "application/json", "object"),
            ("/docs", "The OpenAPI document as a page.", "text/html", "string"),
        ]
        // The description includes these two operations, so their handlers are set after it is made.
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
        let page = DocumentationPage.page(others + described)
        result[1].handler = { _, _ in Response(page: page) }
        return result
    }
}
