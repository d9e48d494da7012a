internal import TriageData
internal import TriageTickets

/// The tickets of a JSON file: the records of help desks as rows with the product's own names, others as they are.
final class ProductRows: RowSource {
    /// Where records come from.
    enum Records {
        case document(JSONRecords)
        case lines(RowReader)
    }

    let columns: [String] = []
    private let records: Records
    private let path: String
    private let dates: DateReader
    private var documentEncoding: String?
    private var tables: SideTables
    private let sample: RecordSample
    private var waiting: [Result<InputRow, BadRow>] = []
    private var events = TicketEvents()
    /// The products found so far, with their records.
    private(set) var products: [String: Int] = [:]
    private let kinds = MemberKinds()
    /// What the records with a set of names are.
    private var known = NameSets<RecordKind>()
    /// What records lack, with their number.
    private var lacks: [String: Int] = [:]
    private var isAtEnd = false
    private var ordinal = 0
    /// The jq program for the list of the tickets.
    private var program: String?

    /// `sample` is of the file's first records, `encoding` that of a document which is not UTF-8.
    init(
        _ records: Records, path: String, tables: SideTables, sample: RecordSample = RecordSample(),
        dates: DateReader, encoding: String? = nil
    ) {
        (self.records, self.path, self.tables, self.dates) = (records, path, tables, dates)
        (self.sample, documentEncoding) = (sample, encoding)
    }

    var notes: [String] {
        guard isAtEnd else { return [] }
        return documentNotes
            + products.sorted { $0.key < $1.key }.map {
                "\(path): \($0.value.counted("record")) of \($0.key): text: the customer's first message"
            }
            + lacks.sorted { $0.key < $1.key }.map {
                "warning: \(path): \($0.value.counted("record")) without \($0.key)"
            }
    }

    /// How to make JSON Lines of a document with a list.
    private var documentNotes: [String] {
        guard case .document = records else { return [] }
        let encodings = documentEncoding.map { ["\(path): read as \($0)"] } ?? []
        guard let program else { return encodings }
        return encodings + ["\(path): one JSON document (jq -c '\(program)' writes it as JSON Lines)"]
    }

    var encoding: String? {
        if case .lines(let reader) = records { reader.encoding } else { documentEncoding }
    }

    func next() throws(DataError) -> Result<InputRow, BadRow>? {
        while true {
            if !waiting.isEmpty { return waiting.removeFirst() }
            switch records {
            case .lines(let reader):
                guard let next = try reader.next() else { return end() }
                guard case .success(let row) = next else { return next }
                waiting = rows(row.fields, line: row.line)
            case .document(let records):
                guard let record = try records.next() else { return end() }
                if let list = record.list?.lowercased(), SideTables.names.contains(list) { continue }
                if sample.isOfOthers(record.list?.lowercased()) {
                    ordinal += 1
                    return .failure(
                        .leftOut(
                            record.line, nil, "of a list beside the tickets: \((record.list ?? "").shown)"))
                }
                program = program ?? records.program
                do throws(BadRow) { waiting = try rows(record).map(numbered) } catch {
                    ordinal += 1
                    if record.fault == nil, error.code == .invalidJSON { records.noteDamage() }
                    return .failure(error.numbered(ordinal))
                }
            }
        }
    }

    /// A row with its number among the rows: a document may have them all in one line.
    private func numbered(_ row: Result<InputRow, BadRow>) -> Result<InputRow, BadRow> {
        ordinal += 1
        switch row {
        case .success(var row):
            row.row = ordinal
            return .success(row)
        case .failure(let bad):
            // What is wrong with all records is one reason, not one for each.
            let isOfAll = bad.code == .leftOut || bad.message == MessageRecords.reason
            return .failure(isOfAll ? bad : bad.numbered(ordinal))
        }
    }

    private func end() -> Result<InputRow, BadRow>? {
        isAtEnd = true
        return nil
    }

    private func rows(_ record: JSONRecords.Record) throws(BadRow) -> [Result<InputRow, BadRow>] {
        var isWindows1252 = false
        defer { if isWindows1252 { documentEncoding = "Windows-1252" } }
        switch try record.value(&isWindows1252) {
        case .object(let fields): return rows(fields, line: record.line)
        case .array(let pair):
            // Sets of texts are often kept as pairs of a text and its label.
            guard pair.count == 2, let text = pair[0].text, let label = pair[1].text else { break }
            return [
                .success(
                    InputRow(line: record.line, fields: ["text": .string(text), "label": .string(label)]))
            ]
        case .string(let text):
            return [.success(InputRow(line: record.line, fields: ["text": .string(text)]))]
        default: break
        }
        let message = "a JSON value, but no object; write one object {…} for each ticket"
        throw BadRow(line: record.line, code: .invalidJSON, message: message)
    }

    private func rows(_ fields: [String: JSONValue], line: Int) -> [Result<InputRow, BadRow>] {
        if let assets = ZammadAssets(fields) {
            return assets.tickets.flatMap { rows($0, line: line, tables: assets.tables) }
        }
        return rows(fields, line: line, tables: tables)
    }

    private func rows(
        _ fields: [String: JSONValue], line: Int, tables: SideTables
    ) -> [Result<InputRow, BadRow>] {
        let record = ProductRecord(fields, line: line, tables: tables, kinds: kinds)
        let kind = kind(of: record)
        guard let (format, inside, isEvent) = kind.product(of: record) else {
            return [plainRow(record, of: kind)]
        }
        products[format.name, default: 0] += 1
        return [
            Result { () throws(BadRow) in
                var ticket = try format.read(inside)
                if isEvent || format.isOfEvents { try events.take(ticket, of: format, line: line) }
                if let lack = ticket.lack { lacks[lack, default: 0] += 1 }
                return ticket.takeRow(line: line, dates: dates)
            }
        ]
    }

    /// The row of a record of no known product.
    ///
    /// Beside a product's records it is a damaged one or an event of another kind, whose texts may be an agent's, unless it
    /// has headline and text of its own.
    private func plainRow(_ record: ProductRecord, of kind: RecordKind) -> Result<InputRow, BadRow> {
        let row = kind.plainRow(record)
        guard case .success = row, !kind.isWhole, let product = products.keys.min() ?? sample.product else {
            return row
        }
        let message =
            "unlike the records of \(product) around it, so its text may be an agent's; export it again, or take it out"
        return .failure(
            BadRow(line: record.line, id: record.raw("id"), code: .invalidField, message: message))
    }

    private func kind(of record: ProductRecord) -> RecordKind {
        if let known = known.value(of: record.fields) { return known }
        let kind = RecordKind(record)
        known.keep(kind, of: record.fields)
        return kind
    }
}

/// What the records with one set of names are.
private final class RecordKind {
    /// The product that reads such a record as it is.
    private let format: ProductFormat?
    /// Whether values decide too, where the names are no product's.
    private let dependsOnValues: Bool
    /// Whether records of no known product are messages rather than tickets.
    private let isMessage: Bool
    /// Whether records have both a headline and a text, outside of inner objects.
    let isWhole: Bool

    init(_ record: ProductRecord) {
        format = ProductFormat.all.first { $0.recognises(record) }
        dependsOnValues = ProductFormat.decisive.contains(where: record.has)
        isMessage = MessageRecords.isMessage(record.fields.keys)
        let choice = record.kinds.choice(of: record.fields)
        isWhole = !choice.subject.isEmpty && !choice.body.isEmpty
    }

    /// The product of a record, the record that it reads, and whether an event has it inside.
    func product(
        of record: ProductRecord
    ) -> (format: ProductFormat, record: ProductRecord, isEvent: Bool)? {
        if let format, format.recognises(record) { return (format, record, false) }
        return format == nil && !dependsOnValues ? nil : ProductFormat.of(record)
    }

    /// The row of a record of no known product.
    func plainRow(_ record: ProductRecord) -> Result<InputRow, BadRow> {
        guard !isMessage else {
            return .failure(
                BadRow(
                    line: record.line, id: record.raw("id"), code: .invalidField,
                    message: MessageRecords.reason))
        }
        guard !dependsOnValues || !MessageRecords.hasAgents(record) else {
            return .failure(.leftOut(record.line, record.raw("id"), MessageRecords.agents))
        }
        return .success(
            InputRow(line: record.line, fields: FlatRow(kinds: record.kinds).flat(record.fields)))
    }
}

/// A record of any program, its inner objects as columns of their own.
struct FlatRow {
    let kinds: MemberKinds
    /// Objects inside each other beyond this depth are left out.
    private static let maximumDepth = 4

    /// The members with those of inner objects beside them, as `ticket.subject`.
    ///
    /// An object that stands for its name, as `{"id": 4, "name": "Billing"}`, becomes the name. A column that is known as
    /// text keeps what it holds, so that its fault is reported.
    func flat(_ fields: [String: JSONValue]) -> [String: JSONValue] {
        let isFlat = fields.values.allSatisfy {
            switch $0 {
            case .object, .array: false
            default: true
            }
        }
        if isFlat { return fields }
        var result: [String: JSONValue] = [:]
        add(fields, under: "", to: &result, depth: 0)
        return result
    }

    /// Adds members, inner ones first: of two that come to one name, that with the shorter way to it counts.
    private func add(
        _ fields: [String: JSONValue], under path: String, to result: inout [String: JSONValue], depth: Int
    ) {
        func isObject(_ value: JSONValue) -> Bool { if case .object = value { true } else { false } }
        for (name, value) in fields.filter({ isObject($0.value) }).sorted(by: { $0.key < $1.key }) {
            add(path + name, value, to: &result, depth: depth)
        }
        for (name, value) in fields where !isObject(value) {
            add(path + name, value, to: &result, depth: depth)
        }
    }

    private func add(
        _ name: String, _ value: JSONValue, to result: inout [String: JSONValue], depth: Int
    ) {
        switch value {
        case .object(let inside) where depth > 0 || !kinds.isText(name):
            if inside.count == 1, let choices = inside["choices"], choices.elements != nil {
                // Label Studio's short form has one choice as a text and several as such an object.
                result[name] = choices
            } else if isNamed(inside), let plain = ImportedTicket.plain(value) {
                result[name] = plain
            } else if depth < FlatRow.maximumDepth {
                add(inside, under: name + ".", to: &result, depth: depth + 1)
            }
        case .array(let elements) where !kinds.isText(name):
            let isPlain = elements.allSatisfy { $0.text != nil }
            if isPlain {
                result[name] = value
            } else if !elements.contains(where: isTextAlone), let plain = ImportedTicket.plain(value) {
                result[name] = plain
            }
        default: result[name] = value
        }
    }

    /// Whether an object holds a text and no name, as a message of a conversation: it is no label.
    private func isTextAlone(_ value: JSONValue) -> Bool {
        guard case .object(let inside) = value else { return false }
        return inside["name"]?.text == nil && inside.keys.contains(where: kinds.isOfText)
    }

    /// Whether an object stands for its name: it has one, beside a number or little else.
    private func isNamed(_ inside: [String: JSONValue]) -> Bool {
        let hasName = ["name", "display_value", "label", "title", "displayName"].contains {
            inside[$0]?.text != nil
        }
        return hasName && inside.count <= 6 && !inside.keys.contains(where: kinds.isOfText)
    }
}

/// Zammad's answer with assets: tickets, articles, groups and people by number.
struct ZammadAssets {
    let tickets: [[String: JSONValue]]
    let tables: SideTables

    /// Nil for a record of another kind.
    init?(_ fields: [String: JSONValue]) {
        guard case .object(let assets)? = fields["assets"], case .object(let tickets)? = assets["Ticket"]
        else {
            return nil
        }
        func objects(_ name: String) -> [[String: JSONValue]] {
            (assets[name]?.members ?? []).compactMap {
                if case .object(let inside) = $0.value { inside } else { nil }
            }
        }
        var tables = SideTables()
        for group in objects("Group") { tables.add(group, of: "groups") }
        for user in objects("User") { tables.add(user, of: "users") }
        for article in objects("TicketArticle") { tables.add(article, of: "articles") }
        func names(_ list: String) -> [String: JSONValue] {
            Dictionary(
                objects(list).compactMap { item in
                    item["id"]?.text.flatMap { id in item["name"].map { (id, $0) } }
                }, uniquingKeysWith: { first, _ in first })
        }
        let (priorities, states) = (names("TicketPriority"), names("TicketState"))
        self.tickets = tickets.members(inOrderOf: fields).map { ticket in
            var ticket = ticket
            if let number = ticket["priority_id"]?.text { ticket["priority"] = priorities[number] }
            if let number = ticket["state_id"]?.text { ticket["state"] = states[number] }
            return ticket
        }
        self.tables = tables
    }
}

extension [String: JSONValue] {
    /// Objects by number, in the order of the answer's list where it has one, else of their numbers.
    fileprivate func members(inOrderOf answer: [String: JSONValue]) -> [[String: JSONValue]] {
        let listed = (answer["tickets"] ?? answer["ticket_ids"] ?? answer["record_ids"])?.elements ?? []
        let order = listed.compactMap(\.text).filter { self[$0] != nil }
        let rest = keys.filter { !order.contains($0) }.sorted { (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) }
        return (order + rest).compactMap { if case .object(let fields)? = self[$0] { fields } else { nil } }
    }
}
