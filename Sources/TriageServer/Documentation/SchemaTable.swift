internal import TriageData
internal import TriagePages

/// A JSON Schema as HTML for readers: an object's members in a table, other schemas in words.
enum SchemaTable {
    /// The schema's description, and its members where it is an object.
    static func html(_ schema: JSONValue) -> HTML {
        let description = schema["description"]?.text.map { HTML.p(HTML(prose: $0)) } ?? ""
        guard let members = members(of: schema) else { return "\(description)\(.p("\(type(of: schema))."))" }
        return "\(description)\(table(schema, members))"
    }

    /// The type in words, as "text or null", with its limits.
    static func type(of schema: JSONValue) -> HTML {
        if let name = schema["$ref"]?.text?.split(separator: "/").last {
            return .link("#\(name)", HTML(name))
        }
        if let choices = schema["anyOf"]?.elements ?? schema["oneOf"]?.elements {
            return HTML(choices.map { type(of: $0) }, separator: " or ")
        }
        if let values = schema["enum"]?.elements {
            return HTML(values.map { code($0) }, separator: ", ")
        }
        let names = schema["type"]?.elements?.compactMap(\.text) ?? [schema["type"]?.text ?? "any value"]
        return "\(HTML(names.map { word($0, schema) }, separator: " or "))\(limits(of: schema))"
    }

    /// A value as code.
    static func code(_ value: JSONValue) -> HTML { .code(value.text ?? "null") }

    private static func word(_ type: String, _ schema: JSONValue) -> HTML {
        switch type {
        case "string": schema["format"]?.text == "date-time" ? "time (RFC 3339)" : "text"
        case "integer": "whole number"
        case "boolean": schema["const"].map { "always \(code($0))" } ?? "true or false"
        case "array": "list of \(schema["items"].map { SchemaTable.type(of: $0) } ?? "any values")"
        case "object":
            schema["additionalProperties"].map { values in
                values == .bool(false) ? "object" : "object with values: \(SchemaTable.type(of: values))"
            } ?? "object"
        default: HTML(type)
        }
    }

    private static func limits(of schema: JSONValue) -> String {
        var limits: [String] = []
        switch (schema["minimum"]?.text, schema["maximum"]?.text) {
        case (let low?, let high?): limits.append("from \(low) to \(high)")
        case (let low?, nil): limits.append("at least \(low)")
        case (nil, let high?): limits.append("at most \(high)")
        case (nil, nil): break
        }
        switch (schema["minLength"]?.text, schema["maxLength"]?.text) {
        case (let low?, let high?): limits.append("\(low) to \(high) characters")
        case ("1", nil): limits.append("not empty")
        default: break
        }
        if let count = schema["minItems"]?.text { limits.append("at least \(count)") }
        return limits.isEmpty ? "" : ", " + limits.joined(separator: ", ")
    }

    /// An object's members: those that it requires first, in that order, then the others by name.
    private static func members(of schema: JSONValue) -> [(name: String, value: JSONValue)]? {
        guard let members = schema["properties"]?.members else { return nil }
        let required = required(in: schema)
        let first = required.compactMap { name in members.first { $0.name == name } }
        return first + members.filter { !required.contains($0.name) }
    }

    private static func required(in schema: JSONValue) -> [String] {
        schema["required"]?.elements?.compactMap(\.text) ?? []
    }

    private static func table(_ schema: JSONValue, _ members: [(name: String, value: JSONValue)]) -> HTML {
        let required = required(in: schema)
        let rows: [[HTML]] = members.map { name, value in
            [
                .code(name), type(of: value), required.contains(name) ? "yes" : "no",
                "\(HTML(prose: value["description"]?.text ?? ""))\(inner(value))",
            ]
        }
        return HTMLTable.stacked(["Member", "Type", "Required", "Meaning"], rows)
    }

    /// The members of an object inside, or of the objects in a list, folded away.
    private static func inner(_ schema: JSONValue) -> HTML {
        let choices = schema["anyOf"]?.elements ?? []
        let object = ([schema, schema["items"] ?? .null] + choices + choices.compactMap { $0["items"] })
            .first { $0["properties"] != nil }
        guard let object, let members = members(of: object) else { return "" }
        return .tag("details", [:], .tag("summary", [:], "Its members"), table(object, members))
    }
}
