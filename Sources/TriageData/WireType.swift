/// A JSON value that is not of the type it should have; never what it holds.
package struct WireError: Error, Equatable {
    /// The member, as `model.name`; empty for the whole value.
    package var place: String
    /// What should be there, as "a whole number".
    package var expected: String

    package init(place: String = "", expected: String) { (self.place, self.expected) = (place, expected) }

    /// What is wrong, as "model.name: expected text".
    package var problem: String { (place.isEmpty ? "" : "\(place): ") + "expected \(expected)" }

    fileprivate func inside(_ member: String) -> WireError {
        WireError(place: place.isEmpty ? member : "\(member).\(place)", expected: expected)
    }
}

/// One description of a type's JSON: it writes values, reads them, and is their JSON Schema.
package struct WireType<Value>: Sendable {
    package typealias Writer = @Sendable (Value, inout JSONWriter) -> Void
    package typealias Reader = @Sendable (JSONValue) throws(WireError) -> Value

    /// The name of the schema's component; nil for a schema that is repeated wherever it is used.
    package let name: String?
    /// The whole schema.
    package let definition: JSONSchema
    package let write: Writer
    /// Traps for a type that is only written.
    package let read: Reader

    package init(
        _ definition: JSONSchema, name: String? = nil, read: Reader? = nil, write: @escaping Writer
    ) {
        (self.name, self.definition, self.write) = (name, definition, write)
        self.read = read ?? { _ in preconditionFailure("\(Value.self) is only written") }
    }

    /// The schema where the type is used: a reference where it has a name.
    package var schema: JSONSchema { name.map { .reference($0) } ?? definition }

    /// The schema as a component of a document; nil without a name.
    package var component: JSONSchema.Named? { name.map { .init($0, definition) } }

    /// The value as one JSON text.
    package func json(_ value: Value) -> JSONWriter {
        var json = JSONWriter()
        write(value, &json)
        return json
    }

    /// The same spelling of a part of another type's values, only written.
    package func map<Other>(_ get: @escaping @Sendable (Other) -> Value) -> WireType<Other> {
        .init(definition, name: name) { [write] in write(get($0), &$1) }
    }
}

// MARK: - Single values

extension WireType where Value == String {
    package static var text: Self { text() }

    package static func text(
        minimumLength: Int? = nil, pattern: String? = nil, format: String? = nil
    ) -> Self {
        var schema = JSONSchema(type: "string")
        if let minimumLength { schema = schema.with("minLength", .integer(Int64(minimumLength))) }
        if let pattern { schema = schema.with("pattern", .string(pattern)) }
        if let format { schema = schema.with("format", .string(format)) }
        return Self(
            schema,
            read: { json throws(WireError) in
                guard case .string(let text) = json, text.unicodeScalars.count >= minimumLength ?? 0 else {
                    throw WireError(expected: minimumLength == nil ? "text" : "text that is not empty")
                }
                return text
            }, write: { $1.string($0) })
    }

    /// One of some texts.
    package init(oneOf values: [String]) {
        self.init(JSONSchema(oneOf: values)) { $1.string($0) }
    }

    /// A value of another type that is JSON already.
    package static func written<Other>(as other: WireType<Other>) -> Self {
        Self(other.definition, name: other.name) { $1.json($0) }
    }
}

extension WireType where Value == Int64 {
    /// Milliseconds since 1970 as RFC 3339.
    package static var time: Self {
        Self(WireType<String>.text(format: "date-time").definition) {
            $1.string(Timestamp(milliseconds: $0).text)
        }
    }
}

extension WireType where Value == Bool {
    package static var flag: Self {
        Self(
            JSONSchema(type: "boolean"),
            read: { json throws(WireError) in
                guard case .bool(let value) = json else { throw WireError(expected: "true or false") }
                return value
            }, write: { $1.bool($0) })
    }
}

extension WireType where Value == Int {
    package static var integer: Self { integer() }

    package static func integer(minimum: Int? = nil, maximum: Int? = nil) -> Self {
        var schema = JSONSchema(type: "integer")
        if let minimum { schema = schema.with("minimum", .integer(Int64(minimum))) }
        if let maximum { schema = schema.with("maximum", .integer(Int64(maximum))) }
        return Self(
            schema,
            read: { json throws(WireError) in
                guard let number = json.double, number == number.rounded(), abs(number) < 1e15,
                    number >= Double(minimum ?? .min), number <= Double(maximum ?? .max)
                else { throw WireError(expected: "a whole number") }
                return Int(number)
            }, write: { $1.integer($0) })
    }

    package static var count: Self { integer(minimum: 0) }
}

extension WireType where Value == Float {
    /// The shortest text that reads back the same.
    package static var number: Self {
        Self(
            JSONSchema(type: "number"),
            read: { json throws(WireError) in Float(try WireType<Double>.number.read(json)) },
            write: { $1.number($0) })
    }

    /// 0 … 1, with six decimals.
    package static var share: Self {
        Self(
            JSONSchema(type: "number").with("minimum", .integer(0)).with("maximum", .integer(1)),
            read: WireType<Float>.number.read, write: { $1.sixDecimals($0) })
    }
}

extension WireType where Value == Double {
    package static var number: Self {
        Self(
            JSONSchema(type: "number"),
            read: { json throws(WireError) in
                guard let number = json.double else { throw WireError(expected: "a number") }
                return number
            }, write: { $1.number($0) })
    }
}

extension WireType where Value: CaseIterable & RawRepresentable & Sendable, Value.RawValue == String {
    /// One of the type's cases, by its raw value.
    package static var choice: Self {
        Self(
            JSONSchema(oneOf: Value.allCases.map(\.rawValue)),
            read: { json throws(WireError) in
                guard case .string(let text) = json, let value = Value(rawValue: text) else {
                    throw WireError(
                        expected: "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return value
            }, write: { $1.string($0.rawValue) })
    }
}

// MARK: - Values of values

// The compiler specialises generic code of this module in this module alone: what every decision has is spelled out for its types.
extension WireType where Value == String? {
    package static func orNull(_ type: WireType<String>) -> Self { nullable(type) }
}

extension WireType where Value == Float? {
    package static func orNull(_ type: WireType<Float>) -> Self { nullable(type) }
}

extension WireType {
    /// The value or null.
    package static func orNull<Wrapped>(_ type: WireType<Wrapped>) -> WireType<Wrapped?>
    where Value == Wrapped? { nullable(type) }

    @inline(__always) private static func nullable<Wrapped>(_ type: WireType<Wrapped>) -> WireType<Wrapped?>
    where Value == Wrapped? {
        .init(
            type.schema.orNull,
            read: { json throws(WireError) in json == .null ? nil : try type.read(json) },
            write: { [write = type.write] value, json in
                if let value { write(value, &json) } else { json.string(nil) }
            })
    }

    @inlinable package static func list<Element>(
        of type: WireType<Element>, minimum: Int? = nil
    ) -> WireType<[Element]> where Value == [Element] {
        var schema = JSONSchema(listOf: type.schema)
        if let minimum { schema = schema.with("minItems", .integer(Int64(minimum))) }
        return .init(
            schema,
            read: { json throws(WireError) in
                guard let elements = json.elements, elements.count >= minimum ?? 0 else {
                    throw WireError(expected: minimum == nil ? "a list" : "a list that is not empty")
                }
                var values: [Element] = []
                for element in elements { values.append(try type.read(element)) }
                return values
            }, write: { [write = type.write] in $1.array($0) { write($1, &$0) } })
    }

    /// An object with a member for each element of a list, in its order.
    @inlinable package static func entries<Element>(
        of type: WireType<Element>, named name: @escaping @Sendable (Element) -> String
    ) -> WireType<[Element]> where Value == [Element] {
        .init(JSONSchema(type: "object").with("additionalProperties", .schema(type.schema))) {
            [write = type.write] elements, json in
            json.object { json in
                for element in elements {
                    json.key(named: name(element))
                    write(element, &json)
                }
            }
        }
    }
}

// MARK: - Objects

/// The members of an object's description, in the order of the wire.
///
/// What adds one is inlined, so that the code which writes it is made for its type: a decision is written in microseconds.
package struct WireMembers<Owner> {
    fileprivate struct Member: Sendable {
        var name: String
        var schema: JSONSchema
        var isRequired: Bool
        var write: @Sendable (Owner, inout JSONWriter) -> Void
        /// Nil for a member that is only written.
        var read: (@Sendable (inout Owner, JSONValue) throws(WireError) -> Void)?
    }

    fileprivate var members: [Member] = []
    fileprivate var allowsOthers = true
    fileprivate var keywords: [(String, JSONSchema.Argument)] = []

    /// No member yet.
    package init() {}

    /// A member that is always there.
    ///
    /// - Parameters:
    ///   - name: Its name, of plain ASCII.
    ///   - type: How its value is spelled.
    ///   - meaning: A sentence for people.
    ///   - get: Its value.
    @inlinable package mutating func member<Value>(
        _ name: StaticString, _ type: WireType<Value>, _ meaning: String? = nil,
        _ get: @escaping @Sendable (Owner) -> Value
    ) {
        add(name, type.schema.described(meaning), isRequired: true) { [write = type.write] owner, json in
            json.key(name)
            write(get(owner), &json)
        }
    }

    /// A member that is written unless its value is nil.
    @inlinable package mutating func optional<Value>(
        _ name: StaticString, _ type: WireType<Value>, _ meaning: String? = nil,
        _ get: @escaping @Sendable (Owner) -> Value?
    ) {
        add(name, type.schema.described(meaning), isRequired: false) { [write = type.write] owner, json in
            guard let value = get(owner) else { return }
            json.key(name)
            write(value, &json)
        }
    }

    @usableFromInline mutating func add(
        _ name: StaticString, _ schema: JSONSchema, isRequired: Bool,
        _ write: @escaping @Sendable (Owner, inout JSONWriter) -> Void
    ) {
        members.append(Member(name: "\(name)", schema: schema, isRequired: isRequired, write: write))
    }

    /// A member that is written and read; a missing one reads as null.
    package mutating func member<Value>(
        _ name: StaticString, _ type: WireType<Value>, _ meaning: String? = nil,
        _ path: any WritableKeyPath<Owner, Value> & Sendable
    ) {
        member(name, type, meaning) { $0[keyPath: path] }
        members[members.count - 1].read = { owner, json throws(WireError) in
            owner[keyPath: path] = try type.read(json)
        }
    }

    /// A member that is read, and written unless its value is nil; with `allowsNull`, null is read as nil.
    package mutating func optional<Value>(
        _ name: StaticString, _ type: WireType<Value>, _ meaning: String? = nil, allowsNull: Bool = true,
        _ path: any WritableKeyPath<Owner, Value?> & Sendable
    ) {
        optional(name, type, meaning) { $0[keyPath: path] }
        members[members.count - 1].schema =
            (allowsNull ? type.schema.orNull : type.schema).described(meaning)
        members[members.count - 1].read = { owner, json throws(WireError) in
            owner[keyPath: path] = allowsNull && json == .null ? nil : try type.read(json)
        }
    }

    /// The members of another description, of a part of this one's values.
    package mutating func members<Part>(
        of part: (inout WireMembers<Part>) -> Void, _ get: @escaping @Sendable (Owner) -> Part
    ) {
        var inner = WireMembers<Part>()
        part(&inner)
        members += inner.members.map { member in
            Member(
                name: member.name, schema: member.schema, isRequired: member.isRequired,
                write: { member.write(get($0), &$1) })
        }
    }

    /// The members' names, in the order of the wire.
    package var names: [String] { members.map(\.name) }

    /// Leaves out the members whose names are not among these.
    package mutating func keep(_ names: some Sequence<String>) {
        let kept = Set(names)
        members.removeAll { !kept.contains($0.name) }
    }

    /// At least one of some members is there.
    ///
    /// Written with `not`, as the other condition is with `if`: generators of clients make a type of a schema with a plain
    /// `anyOf` or `oneOf` from its branches, and these have no members.
    package mutating func requireOne(of names: [String]) {
        let any = JSONSchema().with("anyOf", .schemas(names.map { .requiring($0) }))
        keywords.append(("not", .schema(JSONSchema().with("not", .schema(any)))))
    }

    /// One of two members is there, and not the other.
    package mutating func requireEither(_ first: String, _ second: String) {
        let without = JSONSchema().with("not", .schema(.requiring(second)))
        keywords += [
            ("if", .schema(.requiring(first))), ("then", .schema(without)),
            ("else", .schema(.requiring(second))),
        ]
    }

    /// No other member is allowed.
    package mutating func allowNoOthers() {
        allowsOthers = false
        keywords.append(("additionalProperties", .value(.bool(false))))
    }
}

extension WireType {
    /// An object.
    ///
    /// - Parameters:
    ///   - name: The name of the schema's component; nil for none.
    ///   - meaning: A sentence for people.
    ///   - empty: What members that are read are put into; nil for a type that is only written.
    ///   - describe: Adds the members, in the order of the wire.
    /// - Returns: The description.
    package static func object(
        _ name: String? = nil, _ meaning: String? = nil,
        empty: (@Sendable () -> Value)? = nil, _ describe: (inout WireMembers<Value>) -> Void
    ) -> Self {
        var description = WireMembers<Value>()
        describe(&description)
        let (members, allowsOthers) = (description.members, description.allowsOthers)
        let names = Set(members.map(\.name))
        var schema = JSONSchema(type: "object").described(meaning)
        let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema = schema.with("required", .array(required)) }
        schema = schema.with("properties", .named(members.map { .init($0.name, $0.schema) }))
        for (name, argument) in description.keywords { schema = schema.with(name, argument) }
        let writers = members.map(\.write)
        let write: Writer = { value, json in
            json.object { json in
                for write in writers { write(value, &json) }
            }
        }
        guard let empty else { return Self(schema, name: name, write: write) }
        return Self(
            schema, name: name,
            read: { json throws(WireError) in
                guard case .object(let values) = json else { throw WireError(expected: "an object") }
                guard allowsOthers || names.isSuperset(of: values.keys) else {
                    throw WireError(
                        expected: SpellingSuggestion.expectation(
                            of: "members", values.keys, among: Array(names)))
                }
                var value = empty()
                for member in members { try member.read(values, into: &value) }
                return value
            }, write: write)
    }
}

extension WireMembers.Member {
    fileprivate func read(_ values: [String: JSONValue], into owner: inout Owner) throws(WireError) {
        guard values[name] != nil || isRequired else { return }
        do throws(WireError) { try read?(&owner, values[name] ?? .null) } catch { throw error.inside(name) }
    }
}
