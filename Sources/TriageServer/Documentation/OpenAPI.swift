internal import HTTPTypes
internal import TriageData
internal import TriageTickets

/// The OpenAPI 3.1 document, made from the operations that are served.
enum OpenAPI {
    /// The document as JSON.
    static func document(_ operations: [Operation], version: String) -> [UInt8] {
        wire.json((operations, version)).bytes
    }

    private static let wire = WireType<(operations: [Operation], version: String)>.object { object in
        object.member("openapi", .text) { _ in "3.1.0" }
        object.member("info", info) { $0.version }
        object.member("servers", .list(of: server)) { _ in ["/"] }
        object.member("tags", .list(of: tag)) { document in
            OperationGroup.allCases.filter { group in document.operations.contains { $0.group == group } }
        }
        object.member("paths", .entries(of: path) { $0[0].path }) { document in
            document.operations.reduce(into: [[Operation]]()) { paths, operation in
                if let place = paths.firstIndex(where: { $0[0].path == operation.path }) {
                    paths[place].append(operation)
                } else {
                    paths.append([operation])
                }
            }
        }
        object.member("components", components) { _ in Schemas.components }
    }

    private static let info = WireType<String>.object { object in
        object.member("title", .text) { _ in "ticket-triage" }
        object.member("version", .text) { $0 }
        object.member("summary", .text) { _ in
            "Reads support tickets: what they are, how bad, whether known, what to do next, how sure, why."
        }
        let license = WireType<String>.object { object in
            object.member("name", .text) { $0 }
            object.member("identifier", .text) { $0 }
        }
        object.member("license", license) { _ in "Apache-2.0" }
    }

    private static let server = WireType<String>.object { object in
        object.member("url", .text) { $0 }
        object.member("description", .text) { _ in "The service that returned this document." }
    }

    private static let tag = WireType<OperationGroup>.object { object in
        object.member("name", .text) { $0.rawValue }
        object.member("description", .text) { $0.summary }
    }

    /// The operations of one path, by method.
    private static let path = WireType<[Operation]>.entries(of: Operation.wire) {
        $0.method.rawValue.lowercased()
    }

    private static let components = WireType<[JSONSchema.Named]>.object { object in
        object.member("schemas", .entries(of: JSONSchema.wire.map { $0.schema }) { $0.name }) { $0 }
        let key = WireType<String>.object { object in
            object.member("type", .text) { _ in "http" }
            object.member("scheme", .text) { _ in "bearer" }
            object.member("description", .text) { _ in "A key made by triage keys create." }
        }
        object.member("securitySchemes", .entries(of: key) { $0 }) { _ in ["key"] }
    }
}

extension JSONSchema {
    fileprivate static let wire = WireType<JSONSchema>(JSONSchema(type: "object")) { $0.write(to: &$1) }
}

extension Operation {
    /// A name that stays the same as long as method and path do.
    var identifier: String {
        let words = path.split { "/{}.".contains($0) }.joined(separator: "_")
        return "\(method.rawValue.lowercased())_\(words.isEmpty ? "root" : words)"
    }

    fileprivate static let wire = WireType<Operation>.object { object in
        object.member("operationId", .text) { $0.identifier }
        object.member("tags", .list(of: .text)) { [$0.group.rawValue] }
        object.member("summary", .text) { $0.summary }
        // Without keys, a service requires none: the empty object is one of two choices.
        object.member("security", .list(of: .entries(of: scopes) { $0 })) {
            $0.scope == nil ? [] : [[], ["key"]]
        }
        object.optional("parameters", .list(of: Parameter.wire)) {
            $0.parameters.isEmpty ? nil : $0.parameters
        }
        object.optional("requestBody", Content.body) { $0.body }
        object.member("responses", .entries(of: Answer.wire) { String($0.status.code) }) { $0.allAnswers }
    }

    /// The scopes of a security scheme, which OpenAPI wants empty for one of type `http`.
    private static let scopes = WireType<[String]>.list(of: .text).map { (_: String) in [] }
}

extension Operation.Parameter {
    fileprivate static let wire = WireType<Self>.object { object in
        object.member("name", .text) { $0.name }
        object.member("in", .text) { $0.place }
        object.member("description", .text) { $0.summary }
        object.member("required", .flag) { $0.isRequired }
        object.member("schema", JSONSchema.wire) { $0.schema }
    }
}

extension Operation.Content {
    fileprivate static let wire = WireType<Self>.object { object in
        object.member("schema", JSONSchema.wire) { $0.schema }
        object.optional("example", WireType<String>(JSONSchema()) { $1.json($0) }) { $0.example }
    }

    /// By media type.
    fileprivate static let list = WireType<[Self]>.entries(of: wire) { $0.type }

    fileprivate static let body = WireType<Self>.object { object in
        object.member("required", .flag) { $0.isRequired }
        object.member("content", list) { [$0] }
    }
}

extension Operation.Answer {
    fileprivate static let wire = WireType<Self>.object { object in
        object.member("description", .text) { $0.summary }
        object.optional("content", Operation.Content.list) { answer in
            answer.content.map { [$0] + [answer.otherwise].compactMap(\.self) }
        }
    }
}
