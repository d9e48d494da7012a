/// The records of a JSON document, one at a time, whatever its size: elements of a list, of a list inside an answer, or
/// values one behind the other.
///
/// Memory holds one record and one piece of the file. A record's end is found by its brackets and quotes alone; whether
/// it is JSON is for its reader to find.
package final class JSONRecords {
    /// The bytes of one value.
    package struct Record {
        /// The name of the list in an answer, such as "tickets"; nil for a list of its own or a single value.
        package var list: String?
        package var bytes: [UInt8]
        /// The line where it begins, from 1.
        package var line: Int
        /// What keeps it from being read; nil for a whole value.
        package var fault: BadRow?

        /// The value, or what keeps it from being read; `isWindows1252` becomes true where that is its encoding.
        package func value(_ isWindows1252: inout Bool) throws(BadRow) -> JSONValue {
            if let fault { throw fault }
            do throws(JSONError) { return try JSONValue(reading: bytes) } catch {
                if error.kind == .notUTF8, Windows1252.fit(bytes).isGood, let text = Windows1252.utf8(bytes),
                    let value = JSONValue(parsing: text)
                {
                    isWindows1252 = true
                    return value
                }
                let code = error.kind == .notUTF8 ? BadRow.Code.invalidUTF8 : .invalidJSON
                throw BadRow(line: line, code: code, message: error.problem)
            }
        }
    }

    /// The jq program that writes the records of the last list a line each; nil where there was none.
    package private(set) var program: String?

    enum Context { case list(String?), answer }

    private let source: ByteSource
    let limit: Int
    var buffer: [UInt8] = []
    var position = 0
    private var isAtEnd = false
    private var line = 1
    /// The place up to which lines are counted.
    private var counted = 0
    private(set) var contexts: [Context] = []
    var recovery = JSONRecovery()
    /// Answers hold their list at most so deep, as GraphQL's do.
    private static let maximumAnswers = 6

    package init(_ source: ByteSource, limit: Int = RowReader.maximumRecordBytes) {
        (self.source, self.limit) = (source, limit)
    }

    /// The next record; nil at the end.
    package func next() throws(DataError) -> Record? {
        while true {
            compact()
            guard let byte = try peek() else { return missingEnd() }
            switch (contexts.last, byte) {
            case (.list?, 0x5D), (.answer?, 0x7D):
                position += 1
                contexts.removeLast()
            case (.answer?, 0x22):
                if let record = try member() { return record }
            case (.list(let name)?, _):
                guard recovery.takes(byte) else { return try garbage() }
                return try record(of: name)
            case (.answer?, 0x7B) where recovery.isBroken:
                return try record(of: nil)
            case (.answer?, _):
                return try garbage()
            case (nil, 0x5B):
                position += 1
                program = ".[]"
                recovery.beginList()
                contexts.append(.list(nil))
            case (nil, 0x7B):
                guard try isAnswer(at: position, depth: 0) else {
                    return try record(of: nil)
                }
                position += 1
                contexts.append(.answer)
            default: return try garbage()
            }
        }
    }

    /// Notes that the last record is not JSON, so that no part of it counts as one.
    package func noteDamage() { recovery.noteDamage() }

    // MARK: - Values

    /// A whole value, in a list or alone.
    private func record(of list: String?) throws(DataError) -> Record? {
        let byte = buffer[position]
        guard byte == 0x7B || byte == 0x5B || byte == 0x22 || isScalar(byte) else { return try garbage() }
        let start = position
        let number = lineNumber()
        var scan = JSONValueScan()
        var place = start
        while true {
            if let end = scan.end(in: buffer, from: &place) {
                guard isClosed(from: start, to: end) else { return try misclosed(start, end, line: number) }
                position = end
                let bytes = Array(buffer[start..<end])
                if case .list? = contexts.last {
                    guard recovery.isElement(bytes) else {
                        return fault(
                            "not like the other records; it may be a part of a damaged one", line: number)
                    }
                    recovery.learn(from: bytes)
                }
                return Record(list: list, bytes: bytes, line: number)
            }
            guard buffer.count - start <= limit else { return try passOver(&scan, number) }
            guard try grow() else { break }
        }
        if scan.isScalar {
            position = buffer.count
            return Record(list: list, bytes: Array(buffer[start...]), line: number)
        }
        position = start + 1
        recovery.misses += 1
        try recover(indentation: indentation(of: start))
        return fault("the JSON ends in the middle of a value; write the rest of it", line: number)
    }

    /// What a file that ends inside a list lacks; nil at the end of a whole one.
    private func missingEnd() -> Record? {
        guard !contexts.isEmpty, !recovery.isBroken else { return nil }
        recovery.isBroken = true
        return fault("the JSON ends before its list does; export the rest of it", line: lineNumber())
    }

    func fault(_ message: String, line: Int, code: BadRow.Code = .invalidJSON) -> Record {
        Record(list: nil, bytes: [], line: line, fault: BadRow(line: line, code: code, message: message))
    }

    /// Drops a value that is too large to keep.
    private func passOver(_ scan: inout JSONValueScan, _ number: Int) throws(DataError) -> Record {
        while true {
            position = buffer.count
            compact()
            var place = 0
            guard try grow() else { break }
            if let end = scan.end(in: buffer, from: &place) {
                position = end
                break
            }
        }
        return fault(
            "the record is over \(limit >> 20) MB; split it or shorten its text", line: number,
            code: .tooLarge)
    }

    func indentation(of start: Int) -> Int {
        buffer[..<start].reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
    }

    /// What stands where a value should: one fault for all of it.
    private func garbage() throws(DataError) -> Record? {
        let number = lineNumber()
        let indentation = indentation(of: position)
        position += 1
        if contexts.isEmpty, !recovery.knowsNames {
            while let byte = try peek(), byte != 0x7B, byte != 0x5B {
                position += 1
                compact()
            }
        } else {
            try recover(indentation: indentation)
        }
        return fault("not JSON; mend the quotes, commas or brackets there", line: number)
    }

    private func isScalar(_ byte: UInt8) -> Bool {
        byte == 0x2D || (0x30...0x39).contains(byte) || byte == 0x74 || byte == 0x66 || byte == 0x6E
    }

    // MARK: - Answers around lists

    /// A member of an answer: its list is gone into, other values are passed over.
    private func member() throws(DataError) -> Record? {
        var place = position
        guard let name = try string(at: &place), try skip(0x3A, at: &place),
            let first = try byte(at: &place)
        else { return try garbage() }
        position = place
        if first == 0x5B, try isListOfRecords(at: place) {
            position += 1
            program = contexts.count == 1 ? ".\(name)[]" : ".. | .\(name)? | arrays | .[]"
            recovery.beginList()
            contexts.append(.list(name))
            return nil
        }
        if first == 0x7B, contexts.count < JSONRecords.maximumAnswers, try isAnswer(at: place, depth: 1) {
            position += 1
            contexts.append(.answer)
            return nil
        }
        guard let value = try record(of: name) else { return nil }
        return value.fault == nil ? nil : value
    }

    /// Whether an object holds a list of records rather than being one.
    private func isAnswer(at start: Int, depth: Int) throws(DataError) -> Bool {
        guard depth < JSONRecords.maximumAnswers else { return false }
        var place = start + 1
        var hasList = false
        var isRecord = false
        var hasAnswer = false
        while let byte = try byte(at: &place), byte == 0x22 || byte == 0x2C {
            if byte == 0x2C {
                place += 1
                continue
            }
            guard let name = try string(at: &place)?.lowercased(), try skip(0x3A, at: &place),
                let first = try self.byte(at: &place)
            else { return false }
            if first == 0x5B, try isListOfRecords(at: place) {
                if JSONRecords.listNames.contains(name), !isRecord { return true }
                if !JSONRecords.partNames.contains(name) { hasList = true }
            }
            let isKnown = JSONRecords.answerNames.contains(name)
            if first == 0x7B, !isRecord, isKnown || !hasAnswer && !JSONRecords.recordNames.contains(name),
                try isAnswer(at: place, depth: depth + 1)
            {
                if isKnown { return true }
                hasAnswer = true
            }
            if JSONRecords.recordNames.contains(name) { isRecord = true }
            var scan = JSONValueScan()
            while true {
                if let end = scan.end(in: buffer, from: &place) {
                    place = end
                    break
                }
                guard buffer.count - start <= limit, try grow() else { return false }
            }
        }
        return (hasList || hasAnswer) && !isRecord
    }

    /// Whether a list begins with an object or a pair of texts, or is empty.
    private func isListOfRecords(at start: Int) throws(DataError) -> Bool {
        var place = start + 1
        let first = try byte(at: &place)
        guard first == 0x5B else { return first == 0x7B || first == 0x5D }
        place += 1
        return try byte(at: &place) == 0x22
    }

    /// Names of lists of tickets in answers and dumps.
    package static let listNames: Set<String> = [
        "tickets", "ticket", "issues", "incidents", "conversations", "cases", "requests", "records", "items",
        "rows", "result", "results", "data", "payload", "nodes", "value", "values", "entries", "documents",
        "examples", "tasks", "hits", "helpdesk_tickets", "messages",
    ]
    /// Objects in which an answer may keep its list.
    private static let answerNames: Set<String> = [
        "data", "result", "results", "response", "_embedded", "hits", "payload", "repository", "project",
        "issues", "search", "value", "body", "export", "rss",
    ]
    /// Names that a record has, and an answer around records has not.
    private static let recordNames: Set<String> = [
        "subject", "body", "text", "description", "short_description", "title", "summary", "content",
        "question",
        "ticketnumber", "iid", "ticket", "issue", "conversation", "object_kind", "message_type",
        "annotations",
        "detail", "object_attributes", "threads", "utterance", "assets",
    ]
    /// Lists that are parts of one record.
    private static let partNames: Set<String> = [
        "articles", "article", "comments", "threads", "labels", "tags", "custom_fields", "attachments",
        "annotations", "predictions", "options", "users", "groups", "organizations", "entities", "assignees",
        "dynamicfield", "changelog", "audits",
    ]

    // MARK: - Bytes

    /// The next byte that is neither space nor a comma; nil at the end.
    private func peek() throws(DataError) -> UInt8? {
        while let byte = try byte(at: &position) {
            guard byte == 0x2C || byte == 0x1E else { return byte }
            position += 1
        }
        return nil
    }

    /// The byte at a place, behind space.
    private func byte(at place: inout Int) throws(DataError) -> UInt8? {
        while true {
            while place < buffer.count {
                switch buffer[place] {
                // A byte order mark stands where no value can, once for each of the files that were put together.
                case 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF: place += 1
                default: return buffer[place]
                }
            }
            guard try grow() else { return nil }
        }
    }

    private func skip(_ expected: UInt8, at place: inout Int) throws(DataError) -> Bool {
        guard try byte(at: &place) == expected else { return false }
        place += 1
        return true
    }

    /// The text of a string at a place, whose quote is there; the place moves behind it.
    private func string(at place: inout Int) throws(DataError) -> String? {
        let start = place
        var scan = JSONValueScan()
        while true {
            if let end = scan.end(in: buffer, from: &place) {
                place = end
                return JSONValue(parsing: buffer[start..<end])?.text
            }
            guard buffer.count - start <= limit, try grow() else { return nil }
        }
    }

    func grow() throws(DataError) -> Bool {
        guard !isAtEnd, let piece = try source.read() else {
            isAtEnd = true
            return false
        }
        buffer += piece
        return true
    }

    /// Drops what was read, so that the buffer stays small.
    func compact() {
        guard position >= 1 << 16 || position == buffer.count else { return }
        _ = lineNumber()
        buffer.removeSubrange(0..<position)
        (position, counted) = (0, 0)
    }

    /// The line at the position.
    private func lineNumber() -> Int {
        if counted < position {
            line += buffer.withUnsafeBufferPointer { bytes in
                var count = 0
                for index in counted..<position where bytes[index] == 0x0A { count += 1 }
                return count
            }
            counted = position
        }
        return line
    }
}

/// Finds the end of a JSON value, piece by piece, by its brackets and quotes.
struct JSONValueScan {
    private var depth = 0
    private var isString = false
    private var isEscaped = false
    /// Whether the value is a number or a word, which the end of the file ends.
    private(set) var isScalar = false

    /// The place behind the value; nil when the bytes end before it, and `place` is then their end.
    mutating func end(in bytes: [UInt8], from place: inout Int) -> Int? {
        var copy = self
        let end = bytes.withUnsafeBufferPointer { copy.end(in: $0, from: &place) }
        self = copy
        return end
    }

    private mutating func end(in bytes: UnsafeBufferPointer<UInt8>, from place: inout Int) -> Int? {
        while place < bytes.count {
            if isString {
                guard skipText(in: bytes, from: &place) else { return nil }
                if depth == 0 { return place }
                continue
            }
            let byte = bytes[place]
            if isScalar {
                switch byte {
                case 0x2C, 0x5D, 0x7D, 0x20, 0x09, 0x0A, 0x0D: return place
                default: place += 1
                }
                continue
            }
            place += 1
            switch byte {
            case 0x22: isString = true
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                depth -= 1
                if depth <= 0 { return place }
            default: if depth == 0, byte > 0x20 { isScalar = true }
            }
        }
        return nil
    }

    /// Goes behind the quote that ends a text; false when the bytes end before it.
    private mutating func skipText(in bytes: UnsafeBufferPointer<UInt8>, from place: inout Int) -> Bool {
        while place < bytes.count {
            guard !isEscaped else {
                isEscaped = false
                place += 1
                continue
            }
            place = JSONBytes.endOfText(bytes, from: place)
            guard place < bytes.count else { return false }
            place += 1
            guard bytes[place - 1] == 0x22 else {
                isEscaped = true
                continue
            }
            isString = false
            return true
        }
        return false
    }
}
