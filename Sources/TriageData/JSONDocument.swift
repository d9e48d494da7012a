/// A JSON document that is not one object a line: an answer of a help desk's API, or an object over many lines.
package struct JSONDocument {
    /// The `jq` program that writes its records one a line; "." when they are in no list.
    let program: String

    /// A line that holds a whole answer: an object around a list of records, without a text of its own.
    init?(answer fields: [String: JSONValue]) {
        let names = Set(fields.keys.map { $0.lowercased() })
        guard names.isDisjoint(with: JSONDocument.namesOfRecords), !JSONDocument.hasText(fields),
            let list = JSONDocument.lists(in: fields).first
        else { return nil }
        program = list
    }

    /// A document over several lines: the whole of it, or as much as was read.
    init(bytes: [UInt8]) {
        program = JSONValue(parsing: bytes).flatMap { JSONDocument.list(in: $0) } ?? "."
    }

    /// Whether a text of JSON is one document rather than an object a line: a list, an answer, or an object over several
    /// lines.
    ///
    /// `start` is the beginning of the text, with its first line unless that is very long.
    package static func isDocument(start: [UInt8]) -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard let first = start.firstIndex(where: { $0 > 0x20 && !mark.contains($0) }) else { return false }
        let line = Array(start[first...].prefix { $0 != 0x0A && $0 != 0x0D })
        if line[0] == 0x5B { return opensList(line) }
        guard line[0] == 0x7B else { return false }
        guard first + line.count < start.count else { return true }
        if case .object(let fields)? = JSONValue(parsing: line) { return JSONDocument(answer: fields) != nil }
        let rest = start[(first + line.count)...].drop { $0 <= 0x20 }
        let next = Array(rest.prefix { $0 != 0x0A && $0 != 0x0D })
        return (try? isOpened(by: line, before: { () throws(DataError) in next })) ?? false
    }

    /// Whether a line opens a list of JSON; a CSV header may begin with a bracket too, as in "[id],[text]".
    private static func opensList(_ line: [UInt8]) -> Bool {
        switch line.dropFirst().first(where: { $0 > 0x20 }) {
        case nil, 0x7B, 0x5B, 0x5D, 0x22: true
        default: false
        }
    }

    /// Whether a line that is not JSON opens a document: what follows it belongs to the same object.
    ///
    /// A cut-off row of JSON Lines ends anywhere, mostly inside a text, and an object follows.
    static func isOpened(by line: [UInt8], before next: () throws(DataError) -> [UInt8]?) throws(DataError)
        -> Bool
    {
        var parser = JSONParser(line)
        do throws(JSONError) { _ = try parser.parse() } catch {
            guard error.kind == .ended else { return false }
        }
        switch line.last(where: { $0 != 0x20 && $0 != 0x09 }) {
        case 0x7B, 0x5B: return true
        case 0x2C: return try next()?.first { $0 != 0x20 && $0 != 0x09 } == 0x22
        default: return false
        }
    }

    /// Names that a record has, and an answer around records has not.
    private static let namesOfRecords = Set(
        KnownColumns.contract + ["id", "key", "number", "title", "summary", "content", "question"])

    /// Whether a value is text of several words, other than what an answer says of itself.
    private static func hasText(_ fields: [String: JSONValue]) -> Bool {
        fields.contains { name, value in
            guard case .string(let text) = value, name != "message", name != "status" else { return false }
            return text.contains { $0.isWhitespace }
        }
    }

    private static func list(in value: JSONValue) -> String? {
        guard case .object(let fields) = value else { return nil }
        return JSONDocument(answer: fields)?.program
    }

    /// The programs for the lists of objects, the longest list first.
    private static func lists(in fields: [String: JSONValue]) -> [String] {
        var found: [(program: String, count: Int)] = []
        collect(fields, path: "", depth: 0, into: &found)
        return found.sorted { ($1.count, $0.program) < ($0.count, $1.program) }.map(\.program)
    }

    private static func collect(
        _ fields: [String: JSONValue], path: String, depth: Int,
        into found: inout [(program: String, count: Int)]
    ) {
        for (name, value) in fields {
            let path = path + step(name)
            switch value {
            case .array(let elements):
                let isRecords =
                    !elements.isEmpty && elements.allSatisfy { if case .object = $0 { true } else { false } }
                if isRecords { found.append((path + "[]", elements.count)) }
            case .object(let inside) where depth < 2:
                collect(inside, path: path, depth: depth + 1, into: &found)
            default: break
            }
        }
    }

    /// `.name`, or `.["a name"]` for what is not a plain name, without a quote that would end a shell's word.
    private static func step(_ name: String) -> String {
        let bytes = Array(name.utf8)
        let isWord = bytes.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F || (0x30...0x39).contains($0)
        }
        if isWord, let first = bytes.first, !(0x30...0x39).contains(first) { return "." + name }
        var json = JSONWriter()
        json.string(name)
        return ".[" + json.text.replacing("'", with: "\\u0027") + "]"
    }
}
