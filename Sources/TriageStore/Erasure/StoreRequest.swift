internal import Foundation
internal import GRDB
internal import TriageData

/// A request of another process to a store's one writer; it is kept in the store until the writer answers.
package enum StoreRequest: Sendable, Equatable {
    /// `by` is the id of the API key that requests it.
    case erase(ErasureSubject, by: String?)
    /// To delete what is older than some days.
    case expire(days: Int)
    /// To erase the memory of corrections.
    case eraseMemory(by: String?)
    /// To store corrections, `maximumCorrections` at most.
    case correct([NewFeedback])

    /// Corrections of one request, which the writer stores before it looks at anything else.
    static let maximumCorrections = 200

    private var bytes: [UInt8] {
        JSONWriter.object { json in
            switch self {
            case .erase(let subject, let by):
                switch subject {
                case .ticket(let id): json.string("ticket", id)
                case .decision(let id): json.string("decision", id)
                case .requester(let hash, let earlier):
                    json.string("requester_hash", Hexadecimal.text(hash))
                    json.string("earlier_requester_hash", earlier.map { Hexadecimal.text($0) })
                }
                json.string("by", by)
            case .expire(let days): json.integer("expire_days", days)
            case .eraseMemory(let by):
                json.bool("erase_memory", true)
                json.string("by", by)
            case .correct(let corrections):
                json.array("feedback", corrections) { $1.write(to: &$0) }
            }
        }
    }

    fileprivate init?(_ bytes: [UInt8]) {
        guard let value = JSONValue(parsing: bytes) else { return nil }
        let by = value["by"]?.text
        if let id = value["ticket"]?.text {
            self = .erase(.ticket(id), by: by)
        } else if let id = value["decision"]?.text {
            self = .erase(.decision(id), by: by)
        } else if let hash = value["requester_hash"]?.text.flatMap({ Hexadecimal.bytes($0) }) {
            let earlier = value["earlier_requester_hash"]?.text.flatMap { Hexadecimal.bytes($0) }
            self = .erase(.requester(hash: hash, earlier: earlier), by: by)
        } else if case .integer(let days)? = value["expire_days"] {
            self = .expire(days: Int(days))
        } else if value["erase_memory"] != nil {
            self = .eraseMemory(by: by)
        } else if let corrections = value["feedback"]?.elements {
            self = .correct(corrections.compactMap { NewFeedback($0) })
        } else {
            return nil
        }
    }
}

// MARK: - The process that sends

extension StoreRequest {
    /// Puts the request into the store that another process writes, and waits for what that process answers.
    ///
    /// - Parameters:
    ///   - path: The store's folder.
    ///   - seconds: How long to wait for the answer.
    /// - Returns: What was deleted.
    /// - Throws: `StoreError.unanswered` when none came in time: the request stays and is carried out later; `.outdated` when
    ///   the store has older tables, `.requestFailed` with the writer's problem, `.notFound`.
    package func send(to path: String, waiting seconds: Int = 60) async throws(StoreError) -> DeletionReport {
        try await answer(from: path, waiting: seconds).report(of: self)
    }

    /// The same for corrections.
    func sendFeedback(to path: String, waiting seconds: Int) async throws(StoreError) -> FeedbackReport {
        switch try await answer(from: path, waiting: seconds) {
        case .corrected(let report): return report
        case .failed(let problem): throw .requestFailed(problem: problem)
        case .done, .notFound: throw .requestFailed(problem: "the answer to the request cannot be read")
        }
    }

    private func answer(from path: String, waiting seconds: Int) async throws(StoreError) -> StoreAnswer {
        let folder = StoreFolder(path: path)
        try folder.check()
        do {
            let database = try StoreRequest.open(folder)
            let number = try await database.write { database in
                try database.execute(
                    sql: "INSERT INTO requests (request) VALUES (?)", arguments: [Data(self.bytes)])
                return database.lastInsertedRowID
            }
            let end = ContinuousClock.now + .seconds(seconds)
            repeat {
                if let answer = try await StoreRequest.takeAnswer(number, database) {
                    return answer
                }
                try await Task.sleep(for: .milliseconds(50))
            } while ContinuousClock.now < end
        } catch { throw StoreError(error, path: folder.path) }
        throw .unanswered(path: folder.path, seconds: seconds)
    }

    private static func open(_ folder: StoreFolder) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(StoreOptions().busyTimeout)
        configuration.label = "triage.request"
        let onStatement = TicketStore.onStatement
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA secure_delete = ON")
            if let onStatement { TicketStore.trace(database, onStatement) }
        }
        let database = try DatabaseQueue(path: folder.database, configuration: configuration)
        guard try database.read({ try $0.tableExists("requests") }) else {
            throw StoreError.outdated(path: folder.path)
        }
        return database
    }

    private static func takeAnswer(_ number: Int64, _ database: DatabaseQueue) async throws -> StoreAnswer? {
        let answer = try await database.read {
            try Data.fetchOne($0, sql: "SELECT answer FROM requests WHERE number = ?", arguments: [number])
        }
        guard let answer else { return nil }
        try await database.write {
            try $0.execute(sql: "DELETE FROM requests WHERE number = ?", arguments: [number])
        }
        return StoreAnswer(Array(answer))
    }
}

// MARK: - The process that writes

extension TicketStore {
    /// Carries out the requests of other processes; to be run every second or so.
    ///
    /// - Throws: `StoreError` when the store cannot work at the moment; what is not answered is done at the next call.
    package func serveRequests() async throws(StoreError) {
        let waiting = try read {
            try Row.fetchAll(
                $0.cachedStatement(
                    sql: "SELECT number, request FROM requests WHERE answer IS NULL ORDER BY number"))
        }
        for row in waiting {
            let (number, request) = (row[0] as Int64, StoreRequest(Array(row[1] as Data)))
            let answer = try await answer(request).bytes
            try await alone {
                try $0.execute(
                    sql: "UPDATE requests SET answer = ? WHERE number = ?", arguments: [Data(answer), number])
            }
        }
    }

    private func answer(_ request: StoreRequest?) async throws(StoreError) -> StoreAnswer {
        do throws(StoreError) {
            switch request {
            case .erase(let subject, let by): return .done(try await erase(subject, by: by))
            case .expire(let days): return .done(try await expire(olderThanDays: days))
            case .eraseMemory(let by): return .done(try await eraseMemory(by: by))
            case .correct(let corrections): return .corrected(try await addFeedback(all: corrections))
            case nil: return .failed(problem: "the service that writes this store does not know this request")
            }
        } catch .notFound {
            return .notFound
        } catch .unknownRequester {
            return .notFound
        } catch {
            guard !error.isUnavailable else { throw error }
            return .failed(problem: error.description)
        }
    }
}

extension StoreRequest {
    /// Removes answers that no process fetched.
    static func removeAnswered(_ transaction: WriteTransaction) throws {
        try transaction.execute("DELETE FROM requests WHERE answer IS NOT NULL")
    }
}

private enum StoreAnswer: Sendable {
    case done(DeletionReport)
    case corrected(FeedbackReport)
    case notFound
    case failed(problem: String)

    var bytes: [UInt8] {
        JSONWriter.object { json in
            switch self {
            case .done(let report):
                json.integer("texts", report.texts)
                json.integer("tickets", report.tickets)
                json.integer("decisions", report.decisions)
                json.bool("clean", report.isClean)
                json.array("ids", report.ids) { $0.string($1) }
            case .corrected(let report):
                json.integer("stored", report.stored)
                json.integer("unchanged", report.unchanged)
                json.array("failures", report.failures) { json, failure in
                    json.object { json in
                        json.integer("place", failure.place)
                        json.string("problem", failure.problem)
                    }
                }
            case .notFound: json.bool("not_found", true)
            case .failed(let problem): json.string("problem", problem)
            }
        }
    }

    init(_ bytes: [UInt8]) {
        let value = JSONValue(parsing: bytes)
        func count(_ name: String) -> Int {
            if case .integer(let count)? = value?[name] { Int(count) } else { 0 }
        }
        if case .bool(let isClean)? = value?["clean"] {
            self = .done(
                DeletionReport(
                    texts: count("texts"), tickets: count("tickets"), decisions: count("decisions"),
                    ids: value?["ids"]?.elements?.compactMap(\.text) ?? [], isClean: isClean))
        } else if let failures = value?["failures"]?.elements {
            var report = FeedbackReport()
            (report.stored, report.unchanged) = (count("stored"), count("unchanged"))
            report.failures = failures.compactMap { failure in
                guard case .integer(let place)? = failure["place"] else { return nil }
                return .init(place: Int(place), problem: failure["problem"]?.text ?? "")
            }
            self = .corrected(report)
        } else if value?["not_found"] != nil {
            self = .notFound
        } else {
            self = .failed(problem: value?["problem"]?.text ?? "the answer to the request cannot be read")
        }
    }

    func report(of request: StoreRequest) throws(StoreError) -> DeletionReport {
        switch self {
        case .done(let report): return report
        case .notFound:
            guard case .erase(let subject, _) = request else {
                throw .requestFailed(problem: "the answer to the request cannot be read")
            }
            throw subject.notFound
        case .failed(let problem): throw .requestFailed(problem: problem)
        case .corrected: throw .requestFailed(problem: "the answer to the request cannot be read")
        }
    }
}
