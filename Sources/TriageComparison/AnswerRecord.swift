#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif
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
    private let descriptor: Int32
    private var unsaved = 0
    private var saved = ContinuousClock.now

    private static let maximumBytes = 1 << 30
    private static let maximumUnsaved = 16
    private static let maximumUnsavedTime = Duration.seconds(2)

    /// Opens a record to go on with it, or begins one.
    ///
    /// - Throws: `LLMError.badSetting` when it is no record, belongs to another run, or another process writes to it;
    ///   `LLMError.data` when it cannot be read or written.
    package init(continuing path: String, header: RecordHeader) throws(LLMError) {
        self.path = path
        self.header = header
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .data(.unwritable(path, errno: errno)) }
        var isOpen = false
        defer { if !isOpen { close(descriptor) } }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw .badSetting(
                name: path,
                problem: "another run writes to this record; wait for its end, or name another file")
        }
        let contents = try AnswerRecord.contents(path)
        guard let found = contents.header else {
            guard ftruncate(descriptor, 0) == 0 else { throw .data(.unwritable(path, errno: errno)) }
            var json = JSONWriter()
            header.write(to: &json)
            json.newline()
            try write(json.bytes)
            try save()
            isOpen = true
            return
        }
        try AnswerRecord.check(found, header, path)
        answers = contents.answers
        guard ftruncate(descriptor, off_t(contents.length)) == 0 else {
            throw .data(.unwritable(path, errno: errno))
        }
        isOpen = true
    }

    deinit { close(descriptor) }

    /// Adds an answer.
    package func append(_ answer: RecordedAnswer) throws(LLMError) {
        var json = JSONWriter()
        answer.write(to: &json)
        try write(json.bytes)
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
        guard fsync(descriptor) == 0 else { throw .data(.unwritable(path, errno: errno)) }
        unsaved = 0
        saved = .now
    }

    private func write(_ bytes: [UInt8]) throws(LLMError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .data(.unwritable(path, errno: errno)) }
            written += count
        }
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
            throw .badSetting(name: path, problem: "no answers are recorded in it; record some first")
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
        .badSetting(
            name: path,
            problem:
                "line \(line) is not what a record of answers has there; name another file, or take that line away"
        )
    }
}
