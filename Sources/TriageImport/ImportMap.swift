internal import TriageData
package import TriageTickets
internal import Yams

/// Which columns of a file are a ticket's parts and labels, as a person edits it: YAML with the names of a manifest's
/// `input`.
package struct ImportMap: Sendable, Equatable {
    package var input: InputColumns
    /// The columns of labels; empty for all that are not something else.
    package var labels: [String]
    package var dates: DateReader
    /// The map's file, for messages.
    package var path = ""

    package init(input: InputColumns, labels: [String] = [], dates: DateReader = DateReader()) {
        (self.input, self.labels, self.dates) = (input, labels, dates)
    }

    /// The columns to read.
    package var columns: TicketColumns { TicketColumns(remembered: input, others: labels) }

    /// All names that the map has.
    package var names: [String] {
        input.text + [input.id, input.requester, input.time].compactMap(\.self) + labels
    }

    // MARK: - Reading

    private static let maximumBytes = 1 << 20
    private static let keys = [
        "subject", "body", "alternatives", "id", "requester", "time", "labels", "zone", "date_order",
    ]

    /// Reads a map.
    ///
    /// - Throws: `ImportError.badMap`, with the line where it is known.
    package init(path: String) throws {
        let bytes = try FileInput.bytes(of: path, limit: ImportMap.maximumBytes)
        try self.init(bytes: bytes, path: path)
    }

    init(bytes: [UInt8], path: String) throws {
        func fail(_ problem: String, _ line: Int? = nil) -> ImportError {
            .badMap(path: path, line: line, problem: problem)
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        guard bytes.count <= ImportMap.maximumBytes, let text = String(validating: bytes, as: UTF8.self)
        else {
            throw fail("it is not UTF-8, or over 1 MB")
        }
        if let reference = YAMLReference.first(in: bytes) { throw fail(reference.problem, reference.line) }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw fail("it is not YAML: \(ImportMap.problem(error))")
        }
        guard let mapping = root?.mapping else {
            throw fail("it must be names with values, such as id: Number")
        }
        self.init(input: InputColumns())
        self.path = path
        for (key, value) in mapping {
            let name = key.string ?? ""
            if name == "input", let inside = value.mapping {
                for (key, value) in inside { try set(key.string ?? "", value, fail) }
            } else {
                try set(name, value, fail)
            }
        }
        guard !input.text.isEmpty else { throw fail("it names no column of text; give subject or body") }
    }

    private static func problem(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping?: "it has a name twice; give each once"
        default: "check its quotes and colons"
        }
    }

    private mutating func set(_ name: String, _ node: Node, _ fail: (String, Int?) -> ImportError) throws {
        let line = node.mark?.line
        switch name {
        case "subject": input.subject = try ImportMap.list(node, name, fail)
        case "body": input.body = try ImportMap.list(node, name, fail)
        case "alternatives":
            let names = try ImportMap.list(node, name, fail)
            input.alternatives = names.isEmpty ? nil : names
        case "labels": labels = try ImportMap.list(node, name, fail)
        case "id": input.id = ImportMap.name(node)
        case "requester": input.requester = ImportMap.name(node)
        case "time": input.time = ImportMap.name(node)
        case "zone":
            guard let minutes = DateReader.zone(node.string ?? "") else {
                throw fail("zone takes an offset such as +01:00", line)
            }
            dates.zone = minutes
        case "date_order":
            guard let text = ImportMap.name(node) else { return }
            guard let order = DateReader.Order(rawValue: text) else {
                throw fail("date_order takes dmy or mdy", line)
            }
            dates.order = order
        default:
            let near =
                SpellingSuggestion.of(name, among: ImportMap.keys).map { " (did you mean \($0)?)" } ?? ""
            throw fail(
                "there is no setting \(name.shown)\(near); the settings: \(ImportMap.keys.joined(separator: ", "))",
                line)
        }
    }

    private static func name(_ node: Node) -> String? {
        guard let text = node.scalar?.string, !text.isEmpty, text != "null", text != "~" else { return nil }
        return text
    }

    private static func list(_ node: Node, _ name: String, _ fail: (String, Int?) -> ImportError) throws
        -> [String]
    {
        if let sequence = node.sequence {
            return try sequence.map { item in
                guard let text = item.scalar?.string else {
                    throw fail("\(name) takes names of columns", item.mark?.line)
                }
                return text
            }
        }
        guard node.mapping == nil else { throw fail("\(name) takes names of columns", node.mark?.line) }
        return Self.name(node).map { [$0] } ?? []
    }

    // MARK: - Writing

    /// The map as YAML, with what each setting means.
    package var yaml: String {
        func list(_ names: [String]) -> String { "[\(names.map(ImportMap.quoted).joined(separator: ", "))]" }
        func name(_ name: String?) -> String { name.map(ImportMap.quoted) ?? "null" }
        return """
            # Which columns of a file are what; edit it and give it to triage import --map.
            # The subject is the first of these columns that has content.
            subject: \(list(input.subject))
            # The body's columns, a line each.
            body: \(list(input.body))
            # Read in place of an empty body, the first that has content.
            alternatives: \(list(input.alternatives ?? []))
            id: \(name(input.id))
            requester: \(name(input.requester))
            time: \(name(input.time))
            # The columns to learn from.
            labels: \(list(labels))
            # The zone of dates without one, and the order of 6/7/2025: dmy or mdy.
            zone: "\(DateReader.zone(dates.zone))"
            date_order: \(dates.order?.rawValue ?? "null")

            """
    }

    /// A name in quotes, as YAML and JSON both read it.
    private static func quoted(_ name: String) -> String {
        var json = JSONWriter()
        json.string(name)
        return json.text
    }
}

extension DateReader {
    /// The minutes of an offset such as +01:00, Z or UTC; nil for another text.
    package static func zone(_ text: String) -> Int? {
        let text = text.trimmed
        if ["z", "utc", "gmt"].contains(text.lowercased()) { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter(\.isNumber)
        guard (1...4).contains(digits.count), text.dropFirst().allSatisfy({ $0.isNumber || $0 == ":" }),
            let number = Int(digits)
        else { return nil }
        let (hours, minutes) = digits.count <= 2 ? (number, 0) : (number / 100, number % 100)
        guard hours <= 14, minutes < 60 else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
    }

    /// The offset as +01:00.
    package static func zone(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(minutes < 0 ? "-" : "+")\(two(abs(minutes) / 60)):\(two(abs(minutes) % 60))"
    }
}

/// What keeps an import from beginning.
package enum ImportError: Error, Equatable, DescribedError {
    case badMap(path: String, line: Int?, problem: String)
    /// A map names columns that no file has.
    case noSuchColumn(map: String, name: String, columns: [String])
    /// Nothing shows which column is the text.
    case textUnknown(path: String, questions: [String])

    package var description: String {
        switch self {
        case .badMap(let path, let line, let problem):
            "\(path): \(line.map { "line \($0): " } ?? "")\(problem)"
        case .noSuchColumn(let map, let name, let columns):
            "\(map): no column \"\(name)\"\(ColumnNames.suggestion(name, columns)) in the files; their columns: "
                + "\(ColumnNames.shown(columns)); name it as a file has it"
        case .textUnknown(let path, let questions):
            "\(path): nothing shows which column holds the text; \(questions.joined(separator: "; "))"
        }
    }
}
