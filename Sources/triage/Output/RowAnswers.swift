import ArgumentParser
import TriageData

/// Rows in, one answer a row out, in their order; a row that cannot be read has its error in its place.
struct RowAnswers {
    var input: String
    var output: String?
    /// Errors are lines of a table, not JSON.
    var isTable = false
    /// Written before the first answer.
    var header: [UInt8] = []
    /// Rows answered together.
    var group = 1

    /// Answers the rows one by one.
    ///
    /// - Throws: `ExitCode.badData` at the end when rows could not be read.
    func write(_ answer: (InputRow) async throws(BadRow) -> [UInt8]) async throws {
        try await writeGroups { rows in
            var answers: [Result<[UInt8], BadRow>] = []
            for row in rows {
                do throws(BadRow) { answers.append(.success(try await answer(row.get()))) } catch {
                    answers.append(.failure(error))
                }
            }
            return answers
        }
    }

    /// Answers as many rows together as `group` allows.
    func writeGroups(
        _ answer: ([Result<InputRow, BadRow>]) async throws -> [Result<[UInt8], BadRow>]
    ) async throws {
        let rows = try RowReader(path: input)
        let sink = try LineOutput(path: output, reading: input)
        var failed = 0
        do {
            try sink.write(header)
            while let next = try read(rows) {
                for line in try await answer(next) {
                    if case .failure = line { failed += 1 }
                    try sink.write(bytes(line))
                }
            }
            try sink.finish()
        } catch {
            sink.abandon()
            throw error
        }
        rows.sayIfEmpty()
        try rows.sayFailed(failed)
    }

    private func read(_ rows: RowReader) throws(DataError) -> [Result<InputRow, BadRow>]? {
        var next: [Result<InputRow, BadRow>] = []
        while next.count < group, let row = try rows.next() { next.append(row) }
        return next.isEmpty ? nil : next
    }

    private func bytes(_ answer: Result<[UInt8], BadRow>) -> [UInt8] {
        switch answer {
        case .success(let line): line
        case .failure(let bad) where isTable: Array("line \(bad.line): \(bad.message)\n".utf8)
        case .failure(let bad): JSONWriter.lineBytes { bad.write(to: &$0) }
        }
    }
}
