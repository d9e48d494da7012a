internal import Hummingbird
internal import NIOCore
internal import TriageData
internal import TriageEngine
internal import TriageTickets

/// Tickets in as JSON Lines, decisions out in the same order, both streamed: memory does not grow with their number.
struct BatchController {
    let decider: TriageService
    /// The largest line, in bytes; a longer one is an error in its place.
    let largestLine: Int

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/triage/batch",
                summary:
                    "Decide many tickets: one JSON object a line in, one decision or error a line out, in order.",
                scope: .triage,
                body: .init(
                    type: "application/x-ndjson",
                    schema: JSONSchema(type: "string").described("Tickets, one a line."), isRequired: false),
                answers: [
                    .init(
                        status: .ok,
                        summary: "Decisions, one a line; a bad line gives {id, line, error} in its place.",
                        content: .init(type: "application/x-ndjson", schema: JSONSchema(type: "string")))
                ],
                isStreamed: true,
                handler: { request, context in
                    try request.checkCoding()
                    return batch(request, context.caller)
                })
        ]
    }

    private func batch(_ request: Request, _ caller: Caller?) -> Response {
        let served = decider.snapshots.served
        let body = request.body
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: ResponseBody { writer in
                var lines = LineSplitter(limit: largestLine)
                for try await piece in body {
                    for portion in decider.portions(of: lines.add(piece.readableBytesView)) {
                        let answers = await answers(to: portion, served, caller)
                        if !answers.isEmpty { try await writer.write(ByteBuffer(bytes: answers)) }
                    }
                }
                let answers = await answers(to: lines.finish()[...], served, caller)
                if !answers.isEmpty { try await writer.write(ByteBuffer(bytes: answers)) }
                try await writer.finish(nil)
            })
    }

    /// A decision or an error for each line.
    ///
    /// What could not be stored is an error: nobody is told of a decision that
    /// is not there.
    private func answers(
        to lines: ArraySlice<LineSplitter.Line>, _ served: ServedSnapshot, _ caller: Caller?
    ) async -> [UInt8] {
        let tickets = lines.map { line in
            Result { () throws(BadRow) in try TextColumns().ticket(in: line.row(limit: largestLine)) }
        }
        var json = JSONWriter()
        do {
            var decisions = try await decider.decide(
                tickets.compactMap { try? $0.get() }, with: served, by: caller)[...]
            for ticket in tickets {
                switch ticket {
                case .success: if let decided = decisions.popFirst() { json.json(decided.json.text) }
                case .failure(let bad): bad.write(to: &json)
                }
                json.newline()
            }
        } catch {
            for (line, ticket) in zip(lines, tickets) {
                let message = Problem(error, limit: largestLine).detail
                BadRow(line: line.number, id: try? ticket.get().id, code: .unavailable, message: message)
                    .write(to: &json)
                json.newline()
            }
        }
        return json.bytes
    }
}

/// Cuts a stream of bytes into lines, holding at most one unfinished line.
struct LineSplitter {
    /// A line that is not blank.
    struct Line: Equatable {
        var number: Int
        /// Its bytes; nil when there were too many.
        var bytes: [UInt8]?

        /// The line as a row.
        func row(limit: Int) throws(BadRow) -> Row {
            guard let bytes else {
                throw BadRow(
                    line: number, code: .tooLarge,
                    message: "the line is over \(limit) bytes; shorten its text")
            }
            return try RowReader.row(bytes, line: number).get()
        }
    }

    private let limit: Int
    private var number = 1
    private var pending: [UInt8] = []
    private var isTooLong = false

    init(limit: Int) { self.limit = limit }

    /// The lines that end within the next piece of the stream.
    mutating func add(_ piece: some RandomAccessCollection<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = piece[...]
        while let end = rest.firstIndex(of: 0x0A) {
            keep(rest[..<end])
            rest = rest[rest.index(after: end)...]
            if let line = take() { lines.append(line) }
            number += 1
        }
        keep(rest)
        return lines
    }

    /// The last line, when no line end follows it.
    mutating func finish() -> [Line] { take().map { [$0] } ?? [] }

    private mutating func keep(_ bytes: some Collection<UInt8>) {
        guard !isTooLong else { return }
        guard pending.count + bytes.count <= limit else {
            isTooLong = true
            pending = []
            return
        }
        pending += bytes
    }

    private mutating func take() -> Line? {
        defer {
            pending.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        if isTooLong { return Line(number: number, bytes: nil) }
        if number == 1, pending.starts(with: [0xEF, 0xBB, 0xBF]) { pending.removeFirst(3) }
        let isBlank = pending.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        return isBlank ? nil : Line(number: number, bytes: pending)
    }
}
