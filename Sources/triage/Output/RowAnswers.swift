import ArgumentParser
import TriageData
import TriageImport
import TriageTickets

/// Tickets in, one answer a row out, in their order; a row that cannot be read has its error in its place.
struct RowAnswers {
    var input: String
    /// The text of one ticket to be read instead of the input.
    var given: String?
    var columns = TicketColumns()
    var output: String?
    /// Written before the first answer.
    var header: [UInt8] = []
    /// What stands in the place of a row that could not be read.
    var line: (BadRow) -> [UInt8] = \.jsonLine
    var badRows = BadRowsOption.Answer.fail
    /// Rows answered together.
    var group = 1

    /// A ticket, and the row of a spreadsheet that it is in.
    typealias Row = (ticket: Ticket, row: Int?)

    /// Answers the tickets one by one.
    ///
    /// - Throws: `ExitCode.badData` at the end when rows could not be read, `DataError.empty` when there were none; neither
    ///   where bad rows are kept.
    func write(_ answer: (Ticket, Int?) async throws(BadRow) -> [UInt8]) async throws {
        try await writeGroups { rows in
            var answers: [Result<[UInt8], BadRow>] = []
            for row in rows {
                do throws(BadRow) {
                    let (ticket, row) = try row.get()
                    answers.append(.success(try await answer(ticket, row)))
                } catch {
                    answers.append(.failure(error))
                }
            }
            return answers
        }
    }

    /// Answers as many tickets together as `group` allows.
    func writeGroups(
        _ answer: ([Result<Row, BadRow>]) async throws -> [Result<[UInt8], BadRow>]
    ) async throws {
        let rows = try given.map { try RowReader(ticket: $0) } ?? TicketFile.rows(input)
        var tickets = TicketReader(columns)
        try tickets.begin(rows)
        Terminal.say(columnNotes: tickets.takeNotes())
        let sink = try LineOutput(path: output, reading: given == nil ? input : nil)
        var failed = 0
        var leftOut = 0
        do {
            while let next = try read(rows, &tickets) {
                if rows.count == next.count { try sink.write(header) }
                for line in try await answer(next) {
                    if case .failure(let bad) = line {
                        if bad.code == .leftOut { leftOut += 1 } else { failed += 1 }
                    }
                    try sink.write(bytes(line))
                }
            }
            if badRows == .fail { try rows.requireRecords() }
            try tickets.finish()
            try sink.finish()
        } catch {
            sink.abandon()
            throw error
        }
        Terminal.say(columnNotes: tickets.takeNotes())
        rows.sayLeftOut(leftOut)
        try rows.sayFailed(failed, badRows)
    }

    private func read(
        _ rows: RowReader, _ tickets: inout TicketReader
    ) throws(DataError) -> [Result<Row, BadRow>]? {
        var next: [Result<Row, BadRow>] = []
        while next.count < group, let row = try rows.next() {
            next.append(
                Result { () throws(BadRow) in
                    let row = try row.get()
                    return (try tickets.ticket(in: row), row.row)
                })
        }
        return next.isEmpty ? nil : next
    }

    private func bytes(_ answer: Result<[UInt8], BadRow>) -> [UInt8] {
        switch answer {
        case .success(let bytes): bytes
        case .failure(let bad): line(bad)
        }
    }
}

extension BadRow {
    /// The error as a line of JSON.
    var jsonLine: [UInt8] { JSONWriter.lineBytes { write(to: &$0) } }
}

extension RowReader {
    /// One ticket as if it were a file's only row, its text in the column `text`.
    fileprivate convenience init(ticket text: String) throws(DataError) {
        try self.init(
            bytes: JSONWriter.lineBytes { json in json.object { $0.string("text", text) } },
            name: "the argument")
    }
}
