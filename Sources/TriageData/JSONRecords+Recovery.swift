/// What is known of the elements of a list, so that reading goes on at the next one behind a damaged place.
struct JSONRecovery {
    /// The names of the list's first record; empty before it.
    private var names: Set<String> = []
    /// The names of the list's first record up to its damage, while no record could be read.
    private var namesBeforeDamage: Set<String> = []
    /// Whether a record of the list was not JSON: objects behind it may be parts of it.
    private var isDamaged = false
    /// What the list's first element begins with.
    private var opening: UInt8?
    /// Values that were looked for to the end of the file.
    var misses = 0
    /// Whether a damaged place was met: brackets behind it show no end.
    var isBroken = false

    var knowsNames: Bool { !names.isEmpty }

    mutating func beginList() {
        (names, namesBeforeDamage, isDamaged, opening) = ([], [], false, nil)
    }

    /// Whether an element of the list may begin with a byte: in a list of objects, a text is part of a broken one.
    mutating func takes(_ byte: UInt8) -> Bool {
        guard let opening else {
            self.opening = byte
            return true
        }
        return opening != 0x7B || byte == 0x7B || byte == 0x6E
    }

    /// Keeps the names of the first record that can be read.
    mutating func learn(from bytes: [UInt8]) {
        guard names.isEmpty, bytes.first == 0x7B else { return }
        do throws(JSONError) {
            if case .object(let fields) = try JSONValue(reading: bytes) { names = Set(fields.keys) }
        } catch { noteDamage(error, in: bytes) }
    }

    /// Notes that a record is not JSON, of those behind the first that is.
    mutating func noteDamage() { isDamaged = true }

    private mutating func noteDamage(_ error: JSONError, in bytes: [UInt8]) {
        guard error.kind == .syntax || error.kind == .ended else { return }
        if !isDamaged { namesBeforeDamage = JSONRecovery.names(in: bytes, before: error.offset) }
        isDamaged = true
    }

    /// Whether the bytes of an object are an element of the list; behind a damaged record they may be a part of it.
    func isElement(_ bytes: [UInt8]) -> Bool {
        guard isDamaged, bytes.first == 0x7B, case .object(let fields)? = JSONValue(parsing: bytes) else {
            return true
        }
        return knowsNames ? isElement(fields) : namesBeforeDamage.allSatisfy { fields[$0] != nil }
    }

    /// Whether an object is an element of the list rather than a part of one: half of their names are the same, or it
    /// has all names of the first record.
    func isElement(_ fields: [String: JSONValue]) -> Bool {
        let both = fields.keys.count(where: names.contains)
        return both == names.count || both * 2 >= fields.count + names.count - both
    }

    /// The names of an object's own members whose value begins before a place.
    private static func names(in bytes: [UInt8], before end: Int) -> Set<String> {
        var found: Set<String> = []
        var place = 1
        while place < end {
            guard bytes[place] == 0x22 else {
                place += 1
                continue
            }
            var (scan, start) = (JSONValueScan(), place)
            guard let behind = scan.end(in: bytes, from: &place), behind < end else { break }
            guard let colon = bytes[behind..<end].firstIndex(where: { $0 > 0x20 }), bytes[colon] == 0x3A
            else {
                continue
            }
            if let name = JSONValue(parsing: bytes[start..<behind])?.text { found.insert(name) }
            (scan, start) = (JSONValueScan(), colon + 1)
            place = start
            guard scan.end(in: bytes, from: &place) != nil else { break }
        }
        return found
    }
}

extension JSONRecords {
    /// After so many values that do not end, the rest of the file is one fault: each is looked for to the end.
    private static let maximumMisses = 100

    /// Goes on behind a damaged place at the next element of the list.
    ///
    /// Brackets and quotes show nothing there. An element is an object with the names of the list's first record; before
    /// that one, an object that begins a line which is not further in than the damaged one. What is inside of a
    /// record, such as an agent's message, is never an element.
    func recover(indentation: Int) throws(DataError) {
        recovery.isBroken = true
        while recovery.misses < JSONRecords.maximumMisses, try findBrace() {
            if try isAtElement(indentation) { return }
            compact()
        }
        // The rest is dropped.
        repeat {
            position = buffer.count
            compact()
        } while try grow()
    }

    /// Whether a value ends with the bracket that it began with; one of another kind belongs to what is around it.
    func isClosed(from start: Int, to end: Int) -> Bool {
        switch buffer[start] {
        case 0x7B: buffer[end - 1] == 0x7D
        case 0x5B: buffer[end - 1] == 0x5D
        default: true
        }
    }

    /// The fault of a value that lacks a bracket; reading goes on inside of what it took.
    func misclosed(_ start: Int, _ end: Int, line: Int) throws(DataError) -> Record {
        if end - start > JSONRecords.longValue { recovery.misses += 1 }
        position = start + 1
        try recover(indentation: indentation(of: start))
        return fault("not JSON; a bracket is missing or one too many in this record", line: line)
    }

    /// A value that took as much may have taken the rest of the file.
    private static let longValue = 1 << 20

    /// Whether the object at the position is an element; the position moves on when it is none.
    private func isAtElement(_ indentation: Int) throws(DataError) -> Bool {
        guard recovery.knowsNames else {
            if opensLine(at: position, within: indentation) { return true }
            position += 1
            return false
        }
        guard let end = try objectEnd() else {
            recovery.misses += 1
            position += 1
            return false
        }
        guard case .object(let fields)? = JSONValue(parsing: buffer[position..<end]) else {
            position += 1
            return false
        }
        if recovery.isElement(fields) { return true }
        position = end
        return false
    }

    /// Moves to the next brace that opens an object; false at the end.
    private func findBrace() throws(DataError) -> Bool {
        while true {
            let found = buffer.index(of: 0x7B, from: position)
            if found < buffer.count {
                position = found
                return true
            }
            // The start of the brace's line must stay.
            let start = buffer.suffix(JSONRecords.maximumIndentation).lastIndex(of: 0x0A) ?? buffer.count
            position = max(position, start)
            compact()
            guard try grow() else {
                position = buffer.count
                return false
            }
        }
    }

    private static let maximumIndentation = 4096

    /// The end of the object at the position; nil when it does not end.
    private func objectEnd() throws(DataError) -> Int? {
        var scan = JSONValueScan()
        var place = position
        while true {
            if let end = scan.end(in: buffer, from: &place) { return end }
            guard buffer.count - position <= limit, try grow() else { return nil }
        }
    }

    /// Whether only so much space stands before a place in its line.
    private func opensLine(at place: Int, within indentation: Int) -> Bool {
        let before = buffer[..<place].reversed().prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.count
        guard before <= indentation, place - before > 0 else { return false }
        return buffer[place - before - 1] == 0x0A
    }
}
