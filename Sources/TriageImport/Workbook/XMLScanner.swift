internal import TriageData

/// The tags and texts of an XML file, one after the other, in bounded memory.
///
/// For the parts of workbooks alone: there are no document types and no namespaces beyond a prefix, which is dropped.
struct XMLScanner {
    enum Event: Equatable {
        case open(String, attributes: [String: String])
        case close(String)
        case text(String)
    }

    private let source: ByteSource
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// The close of a tag such as `<v/>`.
    private var closing: String?
    /// A tag or text is shorter.
    private static let maximumBytes = 16 << 20

    init(_ source: ByteSource) { self.source = source }

    /// The next event; nil at the end, or where the XML is broken.
    mutating func next() throws(DataError) -> Event? {
        if let closing {
            self.closing = nil
            return .close(closing)
        }
        while true {
            guard try fill(1) else { return nil }
            guard buffer[position] == 0x3C else {
                guard let end = try find([0x3C], from: position) else { return nil }
                let text = String(decoding: buffer[position..<end], as: UTF8.self)
                position = end
                return .text(XMLScanner.unescaped(text))
            }
            if try starts("<!--") {
                guard let end = try find(Array("-->".utf8), from: position) else { return nil }
                position = end + 3
                continue
            }
            if try starts("<![CDATA[") {
                guard let end = try find(Array("]]>".utf8), from: position) else { return nil }
                defer { position = end + 3 }
                return .text(String(decoding: buffer[(position + 9)..<end], as: UTF8.self))
            }
            guard let end = try find([0x3E], from: position) else { return nil }
            let tag = buffer[(position + 1)..<end]
            position = end + 1
            guard let first = tag.first, first != 0x3F, first != 0x21 else { continue }
            if first == 0x2F { return .close(XMLScanner.name(tag.dropFirst())) }
            let isEmpty = tag.last == 0x2F
            let name = XMLScanner.name(tag)
            if isEmpty { closing = name }
            return .open(name, attributes: XMLScanner.attributes(String(decoding: tag, as: UTF8.self)))
        }
    }

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

    /// The place of some bytes from a place on; nil when the file ends before, or they are too far.
    private mutating func find(_ bytes: [UInt8], from start: Int) throws(DataError) -> Int? {
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
            guard buffer.count - start < XMLScanner.maximumBytes, !isAtEnd, let piece = try source.read()
            else {
                return nil
            }
            place = max(start, min(place, buffer.count))
            buffer += piece
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
