import ArgumentParser
import TriageData
import TriageTickets

/// Tickets in, one answer a row out, in their order; a row that cannot be read has its error in its place.
struct RowAnswers {
    var input: String
    var columns = TicketColumns()
    var output: String?
    /// Errors are lines of a table, not JSON.
    var isTable = false
    /// Written before the first answer.
    var header: [UInt8] = []
    /// Rows answered together.
    var group = 1

    /// Answers the tickets one by one.
    ///
    /// - Throws: `ExitCode.badData` at the end when rows could not be read.
    func write(_ answer: (Ticket) async throws(BadRow) -> [UInt8]) async throws {
        try await writeGroups { tickets in
            var answers: [Result<[UInt8], BadRow>] = []
            for ticket in tickets {
                do throws(BadRow) { answers.append(.success(try await answer(ticket.get()))) } catch {
                    answers.append(.failure(error))
                }
            }
            return answers
        }
    }

    /// Answers as many tickets together as `group` allows.
    func writeGroups(
        _ answer: ([Result<Ticket, BadRow>]) async throws -> [Result<[UInt8], BadRow>]
    ) async throws {
        let rows = try RowReader(path: input)
        var tickets = TicketReader(columns)
        try tickets.begin(rows)
        Terminal.say(columnNotes: tickets.takeNotes())
        let sink = try LineOutput(path: output, reading: input)
        var failed = 0
        do {
            try sink.write(header)
            while let next = try read(rows, &tickets) {
                for line in try await answer(next) {
                    if case .failure = line { failed += 1 }
                    try sink.write(bytes(line))
                }
            }
            try sink.finish()
            try tickets.finish()
        } catch {
            sink.abandon()
            throw error
        }
        Terminal.say(columnNotes: tickets.takeNotes())
        rows.sayIfEmpty()
        try rows.sayFailed(failed)
    }

    private func read(
        _ rows: RowReader, _ tickets: inout TicketReader
    ) throws(DataError) -> [Result<Ticket, BadRow>]? {
        var next: [Result<Ticket, BadRow>] = []
        while next.count < group, let row = try rows.next() {
            next.append(Result { () throws(BadRow) in try tickets.ticket(in: row.get()) })
        }
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
