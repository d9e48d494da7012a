package import TriageData

/// An OpenAPI document that answers and examples are compared with.
package struct Contract: Sendable {
    private let document: JSONValue

    package init(_ document: JSONValue) { self.document = document }

    /// What of an answer is not as the document has it; nothing for a path that is not in it.
    package func faults(
        method: String, path: String, status: Int, type: String?, bytes: [UInt8]
    ) -> [String] {
        let path = String(path.prefix { $0 != "?" })
        guard let operation = operation(method, path) else { return [] }
        let name = "\(method) \(path) \(status)"
        guard let answer = operation["responses"]?[String(status)] else {
            return ["\(name): the document has no such status"]
        }
        guard method != "HEAD", let contents = answer["content"]?.members else { return [] }
        let type = type.map { String($0.prefix { $0 != ";" }) } ?? "none"
        guard let schema = contents.first(where: { $0.name == type })?.value["schema"] else {
            return ["\(name): the document has no \(type) there"]
        }
        let value: JSONValue
        if type.hasSuffix("json"), type != "application/x-ndjson" {
            guard let parsed = JSONValue(parsing: bytes) else { return ["\(name): not JSON"] }
            value = parsed
        } else {
            value = .string(String(decoding: bytes, as: UTF8.self))
        }
        return faults(of: value, schema).map { "\(name): \($0)" }
    }

    private func operation(_ method: String, _ path: String) -> JSONValue? {
        let segments = path.split(separator: "/")
        let paths = document["paths"]?.members ?? []
        let found =
            paths.first { $0.name == path }
            ?? paths.first { candidate in
                let pattern = candidate.name.split(separator: "/")
                return pattern.count == segments.count && pattern.contains { $0.hasPrefix("{") }
                    && zip(pattern, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
            }
        return found?.value[method == "HEAD" ? "get" : method.lowercased()]
    }

    /// Every example of the document with its schema, by where it is.
    package var examples: [(place: String, value: JSONValue, schema: JSONValue)] {
        var examples: [(String, JSONValue, JSONValue)] = []
        func collect(_ value: JSONValue, _ place: String) {
            if let example = value["example"], let schema = value["schema"] {
                examples.append((place, example, schema))
            }
            for member in value.members ?? [] { collect(member.value, "\(place)/\(member.name)") }
            for (index, element) in (value.elements ?? []).enumerated() {
                collect(element, "\(place)/\(index)")
            }
        }
        collect(document, "")
        return examples
    }

    /// The schemas of parameters, bodies, answers and components, by where they are.
    package var schemas: [(place: String, schema: JSONValue)] {
        var schemas: [(String, JSONValue)] = []
        func collect(_ value: JSONValue, _ place: String) {
            for (name, member) in value.members ?? [] {
                if name == "schema" {
                    schemas.append((place, member))
                } else {
                    collect(member, "\(place)/\(name)")
                }
            }
            for (index, element) in (value.elements ?? []).enumerated() {
                collect(element, "\(place)/\(index)")
            }
        }
        collect(document["paths"] ?? .null, "")
        return schemas + (document["components"]?["schemas"]?.members ?? []).map { ($0.name, $0.value) }
    }

    // MARK: - Schemas

    /// Where a value does not keep a JSON Schema (draft 2020-12), and keywords that this check does not know.
    package func faults(of value: JSONValue, _ schema: JSONValue, at place: String = "$") -> [String] {
        guard case .object(let keywords) = schema else {
            return schema == .bool(true) ? [] : ["\(place): not allowed"]
        }
        return keywords.sorted { $0.key < $1.key }.flatMap { keyword, argument in
            check(value, keyword, argument, schema, place)
        }
    }

    private func keeps(_ value: JSONValue, _ schema: JSONValue) -> Bool { faults(of: value, schema).isEmpty }

    private func check(
        _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: JSONValue, _ place: String
    ) -> [String] {
        func unless(_ isKept: Bool) -> [String] { isKept ? [] : ["\(place): fails \(keyword)"] }
        switch keyword {
        case "description", "default", "then", "else": return []
        case "$ref":
            let name = argument.text?.split(separator: "/").last.map(String.init) ?? ""
            guard let component = document["components"]?["schemas"]?[name] else {
                return ["\(place): no schema \(name)"]
            }
            return faults(of: value, component, at: place)
        case "type":
            let types = (argument.elements ?? [argument]).compactMap(\.text)
            return unless(types.contains { Contract.isOf(type: $0, value) })
        case "enum": return unless(argument.elements?.contains(value) ?? false)
        case "const": return unless(argument == value)
        case "anyOf": return unless(argument.elements?.contains { keeps(value, $0) } ?? false)
        case "not": return unless(!keeps(value, argument))
        case "if":
            let branch = keeps(value, argument) ? schema["then"] : schema["else"]
            return unless(branch.map { keeps(value, $0) } ?? true)
        default: break
        }
        if let faults = checkParts(value, keyword, argument, schema, place) { return faults }
        guard let isKept = Contract.isKept(value, keyword, argument) else {
            return ["\(place): the keyword \(keyword) is not known"]
        }
        return unless(isKept)
    }

    /// Faults in members and elements; nil for a keyword that is of neither.
    private func checkParts(
        _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: JSONValue, _ place: String
    ) -> [String]? {
        switch keyword {
        case "required":
            guard case .object(let members) = value else { return [] }
            let missing = (argument.elements ?? []).compactMap(\.text).filter { members[$0] == nil }
            return missing.map { "\(place): no \($0)" }
        case "properties":
            return (argument.members ?? []).flatMap { name, schema in
                value[name].map { faults(of: $0, schema, at: "\(place).\(name)") } ?? []
            }
        case "additionalProperties":
            let others = (value.members ?? []).filter { schema["properties"]?[$0.name] == nil }
            return others.flatMap { faults(of: $0.value, argument, at: "\(place).\($0.name)") }
        case "items":
            return (value.elements ?? []).enumerated().flatMap {
                faults(of: $0.element, argument, at: "\(place)[\($0.offset)]")
            }
        default: return nil
        }
    }

    private static func isOf(type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object),
            ("integer", .integer), ("number", .integer), ("number", .number):
            true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }

    /// Whether a limit of a single value is kept; nil for a keyword that is not known.
    private static func isKept(_ value: JSONValue, _ keyword: String, _ argument: JSONValue) -> Bool? {
        var text: String?
        if case .string(let found) = value { text = found }
        let limit = argument.double ?? 0
        switch keyword {
        case "minimum": return value.double.map { $0 >= limit } ?? true
        case "maximum": return value.double.map { $0 <= limit } ?? true
        case "minItems": return value.elements.map { Double($0.count) >= limit } ?? true
        case "minLength": return text.map { Double($0.unicodeScalars.count) >= limit } ?? true
        case "maxLength": return text.map { Double($0.unicodeScalars.count) <= limit } ?? true
        case "pattern":
            guard let text, let regex = try? Regex(argument.text ?? "") else { return text == nil }
            return text.contains(regex)
        case "format":
            guard argument.text == "date-time" else { return nil }
            return text.map { $0.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil } ?? true
        default: return nil
        }
    }
}
