internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageModel
internal import TriageStore

extension Operation.Parameter {
    /// A query parameter that is one of a type's values.
    static func choice<Value: CaseIterable & RawRepresentable & Sendable>(
        _ name: String, _ summary: String, of _: Value.Type, default fallback: Value? = nil
    ) -> Self where Value.RawValue == String {
        var schema = WireType<Value>.choice.schema
        if let fallback { schema = schema.with("default", .string(fallback.rawValue)) }
        return Self(name: name, summary: summary, schema: schema)
    }

    /// A query parameter that is text.
    static func text(_ name: String, _ summary: String, maximum: Int = 256) -> Self {
        Self(
            name: name, summary: summary,
            schema: WireType<String>.text(minimumLength: 1).schema.with("maxLength", .integer(Int64(maximum)))
        )
    }

    /// The parameters of every list whose cursors have a pattern; nil for any text.
    static func page(cursor pattern: String?) -> [Self] {
        let cursor = WireType<String>.text(minimumLength: 1, pattern: pattern).schema
        return [
            .integer("limit", "Maximum number of items.", 1...200, default: 50),
            .init(
                name: "after", summary: "Where the list goes on: `next` of the part before it.",
                schema: cursor),
        ]
    }

    /// The cursor of a list in the order of rows.
    static let row = "^[1-9][0-9]{0,17}$"

    /// The times of a list.
    static let times: [Self] = [
        .time("from", "The first moment; a day such as 2030-01-31 is its first moment of UTC."),
        .time("to", "The moment after the last, in the same form."),
    ]

    static func time(_ name: String, _ summary: String) -> Self {
        Self(name: name, summary: summary, schema: WireType<Int64>.time.schema)
    }
}

extension Request {
    /// A query parameter that is one of a type's values.
    func choice<Value: CaseIterable & RawRepresentable>(_ name: String, of _: Value.Type) throws(Problem)
        -> Value? where Value.RawValue == String
    {
        guard let text = query(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("\(name) must be one of \(names).")
        }
        return value
    }

    /// A query parameter that is text of at most some characters.
    func text(_ name: String, maximum: Int = 256) throws(Problem) -> String? {
        guard let text = query(name) else { return nil }
        guard (1...maximum).contains(text.unicodeScalars.count) else {
            throw .invalid("\(name) must have 1 to \(maximum) characters.")
        }
        return text
    }

    /// A query parameter that is a moment, in milliseconds since 1970.
    func time(_ name: String) throws(Problem) -> Int64? {
        guard let text = query(name) else { return nil }
        // A query turns + into a blank.
        let spelled = text.replacing(" ", with: "+")
        guard let time = Timestamp(spelled) ?? Timestamp(spelled + "T00:00:00Z") else {
            throw .invalid("\(name) must be a time such as 2030-01-31 or 2030-01-31T12:00:00Z.")
        }
        return time.milliseconds
    }

    /// The place behind which a list goes on.
    func cursor<Cursor>(_ read: (String) -> Cursor?) throws(Problem) -> Cursor? {
        guard let text = query("after") else { return nil }
        guard let cursor = read(text) else {
            throw .invalid("after must be `next` of a part of the same list.")
        }
        return cursor
    }

    /// The row before which a list goes on.
    func row() throws(Problem) -> Int64? {
        try cursor { text in Int64(text).flatMap { $0 > 0 && !text.hasPrefix("+") ? $0 : nil } }
    }

    /// Maximum number of items of a list.
    func limit() throws(Problem) -> Int { try integer("limit", in: 1...200, default: 50) }

    /// The answer with an entity tag; 304 without a body when the caller has it already (RFC 9110, 13.1.2).
    func answer(_ json: JSONWriter) -> Response {
        let tag = "\"\(Hexadecimal.text(SHA256.digest(json.bytes).prefix(12)))\""
        let known = headers[.ifNoneMatch].map { field in
            field.split(separator: ",").map { $0.drop { $0 == " " } }.map { tag in
                tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
            }
        }
        var response =
            known?.contains { $0 == tag[...] || $0 == "*" } == true
            ? Response(status: .notModified) : Response(json)
        response.headers[.eTag] = tag
        response.headers[.cacheControl] = "private, no-cache"
        return response
    }
}

extension Operation.Answer {
    /// The answers of an operation whose answer has an entity tag.
    static func tagged(_ schema: JSONSchema, _ summary: String) -> [Self] {
        [
            .ok(schema, summary + " The header `ETag` names this state."),
            .init(status: .notModified, summary: "The state that `If-None-Match` names."),
            .problem(.unprocessableContent, "A parameter does not fit."),
        ]
    }
}

extension WireType {
    /// The envelope of every list.
    static func page<Item>(_ name: String, of item: WireType<Item>) -> WireType<ListPage<Item>>
    where Value == ListPage<Item> {
        .object(name) { object in
            object.member("items", .list(of: item)) { $0.items }
            object.member("next", .orNull(.text), "Send it as `after` for the next part; null at the end.") {
                $0.next
            }
            object.member(
                "count", .orNull(.count), "Items of the whole list; null when counting would take too long."
            ) { $0.count }
        }
    }
}
