/// Members of an object: a name and a value that is text, a number, true or false; nil is `null`.
extension JSONWriter {
    package mutating func member(_ name: StaticString, _ text: String?) {
        key(name)
        string(text)
    }

    package mutating func member(_ name: StaticString, _ number: Int) {
        key(name)
        integer(number)
    }

    package mutating func member(_ name: StaticString, _ number: Double) {
        key(name)
        self.number(number)
    }

    package mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// A member with names and numbers, in the order of the names.
    package mutating func member(_ name: StaticString, _ numbers: [String: Double]) {
        key(name)
        object { json in
            for (name, number) in numbers.sorted(by: { $0.key < $1.key }) {
                json.key(named: name)
                json.number(number)
            }
        }
    }

    /// One JSON object as text.
    package static func line(_ members: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        writer.object(members)
        return writer.text
    }
}
