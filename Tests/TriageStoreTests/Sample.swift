import Foundation
import GRDB
import Synchronization
import TriageData
import TriageEngine
import TriageModel
import TriageNumerics
import TriageText
import TriageTraining

@testable import TriageStore
import TriageTickets

/// A small model, trained once, and what tests make with it.
enum Sample {
    /// The bundle's folder; it is gone when the tests have ended.
    static let bundle: String = {
        let directory = NSTemporaryDirectory() + "store-bundle-\(getpid())"
        atexit {
            try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "store-bundle-\(getpid())")
        }
        let texts = ["password login locked", "invoice refund charged", "crash error broken"]
        let labels = [("Login", "High"), ("Billing", "Low"), ("Bug", "Medium")]
        let rows = texts.indices.flatMap { kind in
            (0..<12).map { number in
                "{\"text\":\"\(texts[kind]) number \(number) please\",\"category\":\"\(labels[kind].0)\","
                    + "\"severity\":\"\(labels[kind].1)\"}"
            }
        }
        do {
            let file = directory + ".jsonl"
            try AtomicOutput.write(Array(rows.joined(separator: "\n").utf8), to: file)
            defer { try? FileManager.default.removeItem(atPath: file) }
            let set = try TrainingSet(
                files: [file], columns: .init(labels: ["category", "severity"]), preparation: .init())
            var options = TrainingOptions()
            options.fixedHyperparameters = TrainingOptions.documentedHyperparameters
            let trained = try Trainer(options, embedding: nil, workers: Workers(1)).train(set)
            try AtomicOutput.write(trained.files, toFolder: directory)
        } catch {
            preconditionFailure("the test model cannot be trained: \(error)")
        }
        return directory
    }()

    /// The model with a policy and an article.
    static let snapshot: Snapshot = {
        do {
            let model = try ModelBundle(directory: bundle)
            let article = Article(
                id: "KB-1", title: "Account locked", category: "Login", symptoms: ["login locked"],
                recommendedAction: "Unlock it.", body: "An account is locked after five tries.")
            let policy = try Policy(
                playbook: Array("floors:\n  - {id: fire, raise_to: Critical, any: [smoke]}\n".utf8),
                path: "playbook")
            return Snapshot(
                model: model, index: SearchIndex([article], embedding: nil, calibration: nil), policy: policy)
        } catch {
            preconditionFailure("the test model cannot be read: \(error)")
        }
    }()

    static let versions = SnapshotVersions(snapshot)

    /// A decision on a ticket.
    static func decision(_ body: String, id: String? = nil, subject: String = "") -> NewDecision {
        let ticket = Ticket(id: id, subject: subject, body: body)
        let text = snapshot.prepare(ticket)
        return NewDecision(snapshot.decide(text), of: text, with: versions, by: "key-1")
    }
}

extension TicketStore {
    /// Takes a ticket in as the test model prepares it.
    func enqueue(_ new: NewTicket) async throws(StoreError) -> TicketReceipt {
        try await enqueue(new, preparedBy: Sample.snapshot)
    }
}

extension LeasedTicket {
    /// The prepared subject.
    var subject: String { text.subject.string }
    /// The prepared body.
    var body: String { text.body.string }
}

/// A folder of one test's own, gone with it.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The store's folder.
    var store: String { file("store") }

    /// All bytes of all files below, and once more what the stores among them keep packed, unpacked.
    func bytes() throws -> [UInt8] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
        return try rawBytes() + names.filter { $0.hasSuffix("triage.sqlite") }.flatMap(keptBytes)
    }

    /// All bytes of all files below.
    func rawBytes() throws -> [UInt8] {
        try FileManager.default.subpathsOfDirectory(atPath: path).sorted().flatMap { name in
            [UInt8]((try? Data(contentsOf: URL(fileURLWithPath: file(name)))) ?? Data())
        }
    }

    /// How often a word is in `bytes()`.
    func count(_ word: String) throws -> Int {
        let bytes = Data(try bytes())
        var (found, from) = (0, bytes.startIndex)
        while let range = bytes.range(of: Data(word.utf8), in: from..<bytes.endIndex) {
            (found, from) = (found + 1, range.upperBound)
        }
        return found
    }

    private func keptBytes(in name: String) throws -> [UInt8] {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: file(name), configuration: configuration)
        let texts = try database.read {
            try GRDB.Row.fetchAll($0, sql: "SELECT \(TextRecord.columns) FROM texts").map { TextRecord($0) }
        }
        return texts.flatMap { $0.map { $0.text.subject.bytes + $0.text.body.bytes + $0.answer } ?? [] }
    }
}

/// Two clocks that a test sets.
final class TestClock: Sendable {
    private let readings = Mutex((now: Int64(1_700_000_000_000), ticks: Int64(1_000)))

    var clock: StoreClock {
        StoreClock(now: { self.readings.withLock { $0.now } }, ticks: { self.readings.withLock { $0.ticks } })
    }

    /// Lets time go on.
    func advance(seconds: Double) {
        readings.withLock {
            $0.now += Int64(seconds * 1000)
            $0.ticks += Int64(seconds * 1000)
        }
    }

    /// Sets the wall clock forward or, by a negative number, back.
    func jump(seconds: Double) { readings.withLock { $0.now += Int64(seconds * 1000) } }
}
