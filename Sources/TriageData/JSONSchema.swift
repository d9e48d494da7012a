/// A JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it): keywords in the order they are written.
package struct JSONSchema: Sendable, Equatable {
    /// What a keyword takes.
    package enum Argument: Sendable, Equatable {
        case value(JSONValue)
        case schema(JSONSchema)
        case schemas([JSONSchema])
        case named([Named])
    }

    /// A schema under a name, such as one of `properties`.
    package struct Named: Sendable, Equatable {
        package var name: String
        package var schema: JSONSchema

        package init(_ name: String, _ schema: JSONSchema) { (self.name, self.schema) = (name, schema) }
    }

    private var keywords: [(name: String, argument: Argument)] = []

    /// Any value.
    package init() {}

    package init(type: String) { self = JSONSchema().with("type", .string(type)) }

    /// One of some texts.
    package init(oneOf values: [String]) {
        self = JSONSchema().with("enum", .array(values.map { .string($0) }))
    }

    /// A list of values that each keep a schema.
    package init(listOf element: JSONSchema) {
        self = JSONSchema(type: "array").with("items", .schema(element))
    }

    /// The component of a name.
    package static func reference(_ name: String) -> JSONSchema {
        JSONSchema().with("$ref", .string("#/components/schemas/\(name)"))
    }

    static func requiring(_ member: String) -> JSONSchema {
        JSONSchema().with("required", .array([.string(member)]))
    }

    /// The schema and null.
    package var orNull: JSONSchema {
        guard case .value(.string(let type))? = self["type"] else {
            return JSONSchema().with("anyOf", .schemas([self, JSONSchema(type: "null")]))
        }
        return with("type", .array([.string(type), .string("null")]))
    }

    /// The schema with a sentence for people.
    package func described(_ meaning: String?) -> JSONSchema {
        meaning.map { with("description", .string($0)) } ?? self
    }

    package func with(_ name: String, _ value: JSONValue) -> JSONSchema { with(name, .value(value)) }

    /// The schema with a keyword, in the place of one of the same name.
    package func with(_ name: String, _ argument: Argument) -> JSONSchema {
        var copy = self
        if let place = keywords.firstIndex(where: { $0.name == name }) {
            copy.keywords[place].argument = argument
        } else {
            copy.keywords.append((name, argument))
        }
        return copy
    }

    package subscript(name: String) -> Argument? { keywords.first { $0.name == name }?.argument }

    package static func == (left: JSONSchema, right: JSONSchema) -> Bool {
        left.keywords.elementsEqual(right.keywords) { $0 == $1 }
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            for (name, argument) in keywords {
                json.key(named: name)
                switch argument {
                case .value(let value): json.value(value)
                case .schema(let schema): schema.write(to: &json)
                case .schemas(let schemas): json.array(schemas) { $1.write(to: &$0) }
                case .named(let named):
                    json.object { json in
                        for entry in named {
                            json.key(named: entry.name)
                            entry.schema.write(to: &json)
                        }
                    }
                }
            }
        }
    }

    /// The schema as any JSON value.
    package var value: JSONValue {
        var json = JSONWriter()
        write(to: &json)
        return JSONValue(parsing: json.bytes) ?? .null
    }
}

extension JSONSchema: ExpressibleByStringLiteral {
    /// The component of a name.
    package init(stringLiteral name: String) { self = .reference(name) }
}
