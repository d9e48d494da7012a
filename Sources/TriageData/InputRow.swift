/// One record of a file of tickets, questions or labels.
package struct InputRow: Sendable, Equatable {
    /// The line where it begins, from 1.
    package var line: Int
    /// Its row in a spreadsheet that opens the file; of JSON Lines, its line.
    ///
    /// The header of a CSV file is row 1, and a record of several lines is one row.
    package var row: Int
    package var fields: [String: JSONValue]

    package init(line: Int, row: Int? = nil, fields: [String: JSONValue]) {
        self.line = line
        self.row = row ?? line
        self.fields = fields
    }

    /// The caller's own id, when there is one.
    package var id: String? { text("id") }

    /// A field's text; nil when it is missing, null or no scalar.
    package func text(_ name: String) -> String? { self[name]?.text }

    /// A field's value; when none has just this name, that of one which differs in upper and lower case alone, or in a
    /// space, a hyphen or an underscore for one another.
    package subscript(name: String) -> JSONValue? { key(of: name).flatMap { fields[$0] } }

    /// The field's own spelling of a name.
    package func key(of name: String) -> String? {
        if fields[name] != nil { return name }
        return fields.keys.filter { InputRow.isSame($0, name) }.min()
    }

    package static func isSame(_ first: String, _ second: String) -> Bool {
        first.utf8.count == second.utf8.count
            && zip(first.utf8, second.utf8).allSatisfy { folded($0) == folded($1) }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case 0x2D, 0x5F: 0x20
        default: byte
        }
    }
}

/// A record that could not be read: what is wrong, never its content.
package struct BadRow: Error, Sendable, Equatable {
    /// The kinds of fault; the raw value is the stable code in answers.
    package enum Code: String, Sendable {
        /// The line is not one JSON object.
        case invalidJSON = "invalid_json"
        case invalidUTF8 = "invalid_utf8"
        /// A CSV record does not follow its quotes or its header.
        case invalidCSV = "invalid_csv"
        /// The record is larger than the reader takes.
        case tooLarge = "too_large"
        /// A value has the wrong type or is missing.
        case invalidField = "invalid_field"
        /// The record is something else than a customer's ticket, such as a pull request or a bounce.
        case leftOut = "left_out"
        /// The row is valid, but its answer cannot be stored at the moment.
        case unavailable = "unavailable"
    }

    /// The line where the record begins, from 1.
    package var line: Int
    /// The record's id where it could still be read.
    package var id: String?
    package var code: Code
    /// What is wrong and what to do, in a sentence.
    package var message: String

    package init(line: Int, id: String? = nil, code: Code, message: String) {
        self.line = line
        self.id = id
        self.code = code
        self.message = message
    }
}

extension BadRow {
    static func notUTF8(_ line: Int) -> BadRow {
        BadRow(
            line: line, code: .invalidUTF8,
            message:
                "the text is not UTF-8; save the file as UTF-8 (\"CSV UTF-8\" in Excel), or convert it from its "
                + "encoding, such as Windows-1252, with iconv")
    }

    /// Writes the error in the place of the row's decision.
    package func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.string("id", id)
            json.integer("line", line)
            json.object("error") { json in
                json.string("code", code.rawValue)
                json.string("message", message)
            }
        }
    }
}
