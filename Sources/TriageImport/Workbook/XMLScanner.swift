internal import TriageData

/// The tags and texts of a part of a workbook, one after the other, in bounded memory.
///
/// For the parts of workbooks alone: there are no document types and no namespaces beyond a prefix, which is dropped.
struct XMLScanner {
    enum Event: Equatable {
        case open(String, attributes: [String: String])
        case close(String)
        case text(String)
    }

    private let source: ByteSource
    /// Makes the error of a problem in the file.
    private let damaged: (String) -> DataError
    private let limit: Int
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// The close of a tag such as `<v/>`.
    private var closing: String?
    /// The tags that are open.
    private var open: [String] = []
    private var hasRoot = false
    /// A tag or text is as long at most as a record of a file.
    static let maximumBytes = RowReader.maximumRecordBytes
    private static let maximumDepth = 256

    /// A scanner of a part, which may be in UTF-16.
    init(_ part: WorkbookPart, limit: Int = XMLScanner.maximumBytes) throws(DataError) {
        (source, damaged, self.limit) = (try part.source.asUTF8().source, part.damaged, limit)
    }

    /// The next event; nil at the end.
    ///
    /// - Throws: `DataError` where the XML is ill-formed or cut off, since rows would be missing.
    mutating func next() throws(DataError) -> Event? {
        if let closing {
            self.closing = nil
            return .close(closing)
        }
        while true {
            guard try fill(1) else { return try end() }
            guard buffer[position] == 0x3C else {
                if let text = try text() { return text }
                continue
            }
            if try starts("<!--") {
                position = try find(Array("-->".utf8), from: position) + 3
                continue
            }
            if try starts("<![CDATA[") {
                let end = try find(Array("]]>".utf8), from: position)
                defer { position = end + 3 }
                return .text(String(decoding: buffer[(position + 9)..<end], as: UTF8.self))
            }
            let isDeclaration = try starts("<?")
            let end = try isDeclaration ? find(Array("?>".utf8), from: position) + 1 : tagEnd()
            let tag = buffer[(position + 1)..<end]
            position = end + 1
            if let event = try event(of: tag) { return event }
        }
    }

    /// The text up to the next tag; nil for the white space around the root.
    private mutating func text() throws(DataError) -> Event? {
        guard !open.isEmpty else {
            let byte = buffer[position]
            // A byte order mark may stand before the root.
            guard byte <= 0x20 || !hasRoot && [0xEF, 0xBB, 0xBF].contains(byte) else {
                throw damaged("it is not XML")
            }
            position += 1
            return nil
        }
        let end = try find([0x3C], from: position)
        let text = String(decoding: buffer[position..<end], as: UTF8.self)
        position = end
        return .text(XMLScanner.unescaped(text))
    }

    /// The event of what stands between `<` and `>`; nil for declarations.
    private mutating func event(of tag: ArraySlice<UInt8>) throws(DataError) -> Event? {
        guard let first = tag.first else { throw damaged("a tag has no name") }
        if first == 0x3F { try checkEncoding(tag) }
        if first == 0x3F || first == 0x21 { return nil }
        if first == 0x2F {
            let name = XMLScanner.name(tag.dropFirst())
            guard open.popLast() == name else { throw damaged("a tag is closed that is not open") }
            return .close(name)
        }
        let name = XMLScanner.name(tag)
        hasRoot = true
        if tag.last == 0x2F {
            closing = name
        } else {
            guard open.count < XMLScanner.maximumDepth else {
                throw damaged("its tags are nested too deeply")
            }
            open.append(name)
        }
        return .open(name, attributes: XMLScanner.attributes(String(decoding: tag, as: UTF8.self)))
    }

    /// Refuses a part that declares another encoding than UTF-8 and UTF-16, which nothing but XML could show.
    private func checkEncoding(_ declaration: ArraySlice<UInt8>) throws(DataError) {
        guard XMLScanner.name(declaration) == "?xml" else { return }
        let text = String(decoding: declaration, as: UTF8.self)
        guard let name = XMLScanner.attributes(text)["encoding"]?.lowercased() else { return }
        guard name.hasPrefix("utf-") || name.hasPrefix("utf8") || name == "us-ascii" else {
            throw damaged("its encoding is \(name.shown)")
        }
    }

    private func end() throws(DataError) -> Event? {
        guard hasRoot, open.isEmpty else { throw cutOff }
        return nil
    }

    private var cutOff: DataError { damaged("it is cut off") }

    // MARK: - Bytes

    private mutating func fill(_ count: Int) throws(DataError) -> Bool {
        if position > 1 << 16 {
            buffer.removeSubrange(0..<position)
            position = 0
        }
        while buffer.count - position < count {
            guard !isAtEnd, let piece = try source.read() else {
                isAtEnd = true
                return false
            }
            buffer += piece
        }
        return true
    }

    private mutating func starts(_ text: String) throws(DataError) -> Bool {
        guard try fill(text.utf8.count) else { return false }
        return buffer[position...].starts(with: text.utf8)
    }

    /// The place of the `>` that ends the tag at the position; one in quotes is a value's.
    private mutating func tagEnd() throws(DataError) -> Int {
        var place = position + 1
        var quote: UInt8?
        while true {
            while place < buffer.count {
                let byte = buffer[place]
                if let open = quote {
                    if byte == open { quote = nil }
                } else if byte == 0x3E {
                    return place
                } else if byte == 0x22 || byte == 0x27 {
                    quote = byte
                }
                place += 1
            }
            try more(after: position)
        }
    }

    /// Reads on while a tag or text is not too long.
    private mutating func more(after start: Int) throws(DataError) {
        guard buffer.count - start < limit else {
            throw damaged("a value in it is over \(limit >> 20) MB")
        }
        guard !isAtEnd, let piece = try source.read() else { throw cutOff }
        buffer += piece
    }

    /// The place of some bytes from a place on.
    private mutating func find(_ bytes: [UInt8], from start: Int) throws(DataError) -> Int {
        var place = start
        while true {
            while place + bytes.count <= buffer.count {
                place = buffer[place...].firstIndex(of: bytes[0]) ?? buffer.count
                if place + bytes.count <= buffer.count,
                    buffer[place..<place + bytes.count].elementsEqual(bytes)
                {
                    return place
                }
                if place + bytes.count > buffer.count { break }
                place += 1
            }
            place = max(start, min(place, buffer.count))
            try more(after: start)
        }
    }

    // MARK: - Tags

    /// A tag's name without its prefix.
    private static func name(_ tag: ArraySlice<UInt8>) -> String {
        let name = tag.prefix { $0 > 0x20 && $0 != 0x2F }
        let local = name.lastIndex(of: 0x3A).map { name[name.index(after: $0)...] } ?? name
        return String(decoding: local, as: UTF8.self)
    }

    private static func attributes(_ tag: String) -> [String: String] {
        guard tag.utf8.contains(0x3D) else { return [:] }
        var found: [String: String] = [:]
        var rest = Substring(tag)
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].split(whereSeparator: \.isWhitespace).last ?? ""
            let behind = rest[rest.index(after: equals)...].drop { $0.isWhitespace }
            guard let quote = behind.first, quote == "\"" || quote == "'" else { break }
            let inside = behind.dropFirst()
            guard let end = inside.firstIndex(of: quote) else { break }
            let local = name.split(separator: ":").last ?? ""
            found[String(local)] = unescaped(String(inside[..<end]))
            rest = inside[inside.index(after: end)...]
        }
        return found
    }

    private static let entities = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"]

    static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x26) else { return text }
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            let inside = rest[rest.index(after: start)...]
            guard let end = inside.prefix(12).firstIndex(of: ";") else {
                result += "&"
                rest = inside
                continue
            }
            let name = String(inside[..<end])
            result += entities[name] ?? character(name) ?? "&\(name);"
            rest = inside[inside.index(after: end)...]
        }
        return result + rest
    }

    private static func character(_ name: String) -> String? {
        guard name.first == "#" else { return nil }
        let isHexadecimal = name.dropFirst().first == "x"
        let value = isHexadecimal ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
        return value.flatMap { Unicode.Scalar($0) }.map { String(Character($0)) }
    }
}
