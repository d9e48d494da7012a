internal import SystemPackage
internal import TriageData
package import TriageLLM

/// The answers of a run in a file of JSON Lines: what the run depends on in the first line, then one answer a line, in
/// the order in which they came.
///
/// A line is written as soon as its answer is there, and the file is brought to the disk after every few of them. What a
/// crash cut off is taken away when the file is opened again. One process at a time may write.
package final class AnswerRecord {
    /// The answers by the tickets' places; of several for one ticket, the last.
    package private(set) var answers: [Int: RecordedAnswer] = [:]
    /// What they depend on.
    package let header: RecordHeader

    private let path: String
    private let file: OpenFile
    private var unsaved = 0
    private var saved = ContinuousClock.now

    private static let maximumBytes = 1 << 30
    private static let maximumUnsaved = 16
    private static let maximumUnsavedTime = Duration.seconds(2)

    /// Opens a record to go on with it, or begins one.
    ///
    /// - Throws: `LLMError.badRecord` when the file is not a record; `.badSetting` when it belongs to another run, or another process
    ///   writes to it; `.data` when it cannot be read or written.
    package init(continuing path: String, header: RecordHeader) throws(LLMError) {
        self.path = path
        self.header = header
        do {
            file = try OpenFile(
                path, .readWrite, options: [.create, .append], permissions: .ownerReadWrite)
        } catch {
            throw .data(.unwritable(path, errno: error))
        }
        var isOpen = false
        defer { if !isOpen { file.close() } }
        do { try file.lock(waits: false) } catch {
            throw .badSetting(
                name: path,
                problem: "another run writes to this record; wait for its end, or name another file")
        }
        let contents = try AnswerRecord.contents(path)
        guard let found = contents.header else {
            try change { file throws(Errno) in try file.truncate(to: 0) }
            let line = JSONWriter.lineBytes { header.write(to: &$0) }
            try change { file throws(Errno) in try file.write(line) }
            try save()
            isOpen = true
            return
        }
        try AnswerRecord.check(found, header, path)
        answers = contents.answers
        try change { file throws(Errno) in try file.truncate(to: contents.length) }
        isOpen = true
    }

    deinit { file.close() }

    /// Adds an answer.
    package func append(_ answer: RecordedAnswer) throws(LLMError) {
        var json = JSONWriter()
        answer.write(to: &json)
        try change { file throws(Errno) in try file.write(json.bytes) }
        answers[answer.row] = answer
        unsaved += 1
        if unsaved >= AnswerRecord.maximumUnsaved
            || saved.duration(to: .now) > AnswerRecord.maximumUnsavedTime
        {
            try save()
        }
    }

    /// Brings what was added to the disk.
    package func save() throws(LLMError) {
        try change { file throws(Errno) in try file.sync() }
        unsaved = 0
        saved = .now
    }

    private func change(_ body: (OpenFile) throws(Errno) -> Void) throws(LLMError) {
        do { try body(file) } catch { throw .data(.unwritable(path, errno: error)) }
    }

    // MARK: - Reading

    /// The answers of a record, to be counted without the model.
    ///
    /// - Throws: as `init(continuing:header:)`; also when the file is not there.
    package static func read(
        _ path: String
    ) throws(LLMError) -> (header: RecordHeader, answers: [Int: RecordedAnswer]) {
        guard FileInput.exists(path) else { throw .data(.notFound(path: path)) }
        let contents = try contents(path)
        guard let header = contents.header else {
            throw .badRecord(path: path, problem: "no answers are recorded in it; record some first")
        }
        return (header, contents.answers)
    }

    /// Refuses a record whose answers belong to another run.
    package static func check(_ recorded: RecordHeader, _ wanted: RecordHeader, _ path: String)
        throws(LLMError)
    {
        let differences = recorded.differences(from: wanted)
        guard !differences.isEmpty else { return }
        throw .badSetting(
            name: path,
            problem:
                "these answers belong to another run: \(differences.joined(separator: "; ")); use what was used "
                + "then, or record into another file")
    }

    private struct Contents {
        var header: RecordHeader?
        var answers: [Int: RecordedAnswer] = [:]
        /// Bytes up to the end of the last whole line.
        var length = 0
    }

    private static func contents(_ path: String) throws(LLMError) -> Contents {
        let bytes: [UInt8]
        do throws(DataError) { bytes = try FileInput.bytes(of: path, limit: maximumBytes) } catch {
            throw .data(error)
        }
        var contents = Contents()
        contents.length = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        for (number, line) in bytes[..<contents.length].split(separator: 0x0A).enumerated() {
            let value = JSONValue(parsing: line)
            if number == 0 {
                contents.header = value.flatMap { RecordHeader($0) }
                guard contents.header != nil else { throw foreign(path, line: 1) }
            } else {
                guard let answer = value.flatMap({ RecordedAnswer($0) }) else {
                    throw foreign(path, line: number + 1)
                }
                contents.answers[answer.row] = answer
            }
        }
        guard contents.header != nil || bytes.count <= 1 << 14 else { throw foreign(path, line: 1) }
        return contents
    }

    private static func foreign(_ path: String, line: Int) -> LLMError {
        .badRecord(
            path: path,
            problem:
                "line \(line) is not what a record of answers has there; name another file, or take that line away"
        )
    }
}
