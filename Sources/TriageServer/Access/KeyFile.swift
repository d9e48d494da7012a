internal import TriageData

/// A file of API keys: hashes only, readable by its owner alone.
package struct KeyFile: Sendable, Equatable {
    /// In order of creation.
    package private(set) var keys: [KeyRecord]

    /// Valid keys of one name at a time: the one in use and its replacement.
    static let validPerName = 2
    private static let version: Int64 = 1
    private static let maximumSize = 16 << 20

    package init() { keys = [] }

    /// - Throws: `AccessError` when the file cannot be read or is malformed.
    package init(path: String) throws(AccessError) {
        let bytes: [UInt8]
        do throws(DataError) { bytes = try FileInput.bytes(of: path, limit: Self.maximumSize) } catch {
            throw .keyFile(error)
        }
        try self.init(bytes, path: path)
    }

    /// Parses a file's bytes; `path` is for errors.
    init(_ bytes: [UInt8], path: String) throws(AccessError) {
        let json: JSONValue
        do throws(JSONError) { json = try JSONValue(reading: bytes) } catch {
            throw .badKeyFile(path: path, key: nil, problem: "not JSON at line \(error.line(in: bytes))")
        }
        guard case .integer(let version)? = json["version"], let entries = json["keys"]?.elements else {
            throw .badKeyFile(path: path, key: nil, problem: "expected an object with version and keys")
        }
        guard version == Self.version else {
            throw .badKeyFile(
                path: path, key: nil,
                problem: "version \(version), but this program reads version \(Self.version)")
        }
        keys = []
        for (index, entry) in entries.enumerated() {
            do throws(KeyRecord.FormatError) { keys.append(try KeyRecord(entry)) } catch {
                throw .badKeyFile(path: path, key: index + 1, problem: error.problem)
            }
            guard !keys.dropLast().contains(where: { $0.id == keys[index].id }) else {
                throw .badKeyFile(path: path, key: index + 1, problem: "an earlier key has the same id")
            }
        }
    }

    /// One line a key.
    var bytes: [UInt8] {
        var lines: [String] = []
        for key in keys {
            var json = JSONWriter()
            key.write(to: &json)
            lines.append(json.text)
        }
        return Array("{\"version\":\(Self.version),\"keys\":[\n\(lines.joined(separator: ",\n"))\n]}\n".utf8)
    }

    /// Adds a key and returns it: it cannot be read again.
    ///
    /// - Throws: `AccessError.tooManyKeys` when the name already has two valid keys.
    mutating func create(
        name: String, scopes: Set<Scope>, expires: Timestamp?, note: String?, now: Timestamp
    ) throws(AccessError) -> APIKey {
        let valid = keys.filter { $0.name == name && $0.state(at: now) == .valid }
        guard valid.count < Self.validPerName else { throw .tooManyKeys(name: name, ids: valid.map(\.id)) }
        let key = APIKey.make()
        keys.append(
            KeyRecord(
                id: key.id, name: name, sha256: APIKey.hash(key.text), scopes: scopes, created: now,
                expires: expires, revoked: nil, note: note))
        return key
    }

    /// Revokes a key; one that was revoked before does not change.
    mutating func revoke(id: String, path: String, now: Timestamp) throws(AccessError) {
        guard let index = keys.firstIndex(where: { $0.id == id }) else {
            throw .noSuchKey(id: id, path: path)
        }
        keys[index].revoked = keys[index].revoked ?? now
    }
}

// MARK: - Commands

extension KeyFile {
    /// Creates a key in the file at `path` and returns it; it cannot be read again.
    ///
    /// The lifetime is in seconds; nil for a key that does not expire.
    ///
    /// - Throws: `AccessError`; the file does not change then.
    package static func create(
        in path: String, name: String, scopes: Set<Scope>, lifetime: Double?, note: String?
    ) throws(AccessError) -> String {
        try change(path) { file throws(AccessError) in
            let now = Timestamp.now
            return try file.create(
                name: name, scopes: scopes, expires: lifetime.map { now + $0 }, note: note, now: now
            ).text
        }
    }

    /// Revokes a key; services that use the file reject it within a second.
    ///
    /// - Throws: `AccessError`; the file does not change then.
    package static func revoke(id: String, in path: String) throws(AccessError) {
        try change(path) { file throws(AccessError) in try file.revoke(id: id, path: path, now: .now) }
    }

    /// Reads, changes and writes the file under a lock.
    private static func change<Result>(
        _ path: String, _ body: (inout KeyFile) throws(AccessError) -> Result
    ) throws(AccessError) -> Result {
        let lock: FolderLock
        do throws(DataError) { lock = try FolderLock(holding: path) } catch { throw .keyFile(error) }
        defer { lock.release() }
        var file = FileInput.exists(path) ? try KeyFile(path: path) : KeyFile()
        let result = try body(&file)
        do throws(DataError) { try AtomicOutput.write(file.bytes, to: path, permissions: 0o600) } catch {
            throw .keyFile(error)
        }
        return result
    }

    /// The seconds of a time such as 90d, 12h or 52w; nil for never.
    package static func lifetime(_ text: String) throws(AccessError) -> Double? {
        if text == "never" { return nil }
        let units: [Character: Double] = ["h": 3600, "d": 86400, "w": 7 * 86400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (1...100_000).contains(count)
        else { throw .badLifetime(text) }
        return Double(count) * unit
    }
}
