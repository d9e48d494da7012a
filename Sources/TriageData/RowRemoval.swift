/// A file of JSON Lines or CSV without some of its rows, every other byte as it is.
///
/// A row is the lines from its beginning to that of the next row, so a blank line behind a removed row goes too.
package struct RowRemoval {
    /// The file as it is.
    package let original: [UInt8]
    /// The file without the rows.
    package private(set) var remaining: [UInt8] = []
    /// How many rows are removed.
    package private(set) var removed = 0
    /// The rows that stay.
    package private(set) var kept = 0
    /// The first lines of rows that stay and hold what was searched for, or cannot be read.
    package private(set) var doubtful: [Int] = []

    private enum Fate { case removed, kept, doubtful }

    /// Reads a file and takes out the rows that `isRemoved` chooses.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isRemoved: Whether a row goes.
    ///   - mentions: Whether a value of a row that stays holds what nothing should hold any more.
    /// - Throws: `DataError` when the file cannot be read, or is not in UTF-8 or Windows-1252.
    package init(
        path: String, removing isRemoved: (InputRow) -> Bool, mentions: (String) -> Bool
    ) throws(DataError) {
        original = try FileInput.bytes(of: path)
        guard !original.isEmpty else { return }
        let reader = try RowReader(bytes: original, name: path)
        var fates: [(line: Int, fate: Fate)] = []
        while let row = try reader.next() {
            switch row {
            case .failure(let bad): fates.append((bad.line, .doubtful))
            case .success(let row):
                let isGone = isRemoved(row)
                let isDoubtful = !isGone && row.fields.values.contains { $0.hasText(mentions) }
                fates.append((row.line, isGone ? .removed : isDoubtful ? .doubtful : .kept))
            }
        }
        if let encoding = reader.encoding, encoding.hasPrefix("UTF-16") {
            throw .unreadable(
                path: path, reason: "it is \(encoding), from which rows are not removed; save it as UTF-8")
        }
        remove(fates)
    }

    private mutating func remove(_ fates: [(line: Int, fate: Fate)]) {
        let starts = RowRemoval.lineStarts(original)
        func place(ofLine line: Int) -> Int {
            line - 1 < starts.count ? starts[max(line - 1, 0)] : original.count
        }
        remaining.reserveCapacity(original.count)
        remaining += original[..<place(ofLine: fates.first?.line ?? .max)]
        for (number, row) in fates.enumerated() {
            let next = number + 1 < fates.count ? fates[number + 1].line : .max
            if row.fate == .doubtful { doubtful.append(row.line) }
            if row.fate == .removed {
                removed += 1
            } else {
                kept += 1
                remaining += original[place(ofLine: row.line)..<place(ofLine: next)]
            }
        }
    }

    /// Where each line begins; a line feed, a carriage return or both end a line, as `LineSplitter` reads them.
    private static func lineStarts(_ bytes: [UInt8]) -> [Int] {
        var starts = [0]
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0x0D, place < bytes.count, bytes[place] == 0x0A { place += 1 }
            if byte == 0x0A || byte == 0x0D { starts.append(place) }
        }
        return starts
    }
}

extension JSONValue {
    /// Whether a text in it, at any depth, fulfils a condition.
    fileprivate func hasText(_ condition: (String) -> Bool) -> Bool {
        switch self {
        case .array(let elements): elements.contains { $0.hasText(condition) }
        case .object(let members): members.values.contains { $0.hasText(condition) }
        default: text.map(condition) ?? false
        }
    }
}
