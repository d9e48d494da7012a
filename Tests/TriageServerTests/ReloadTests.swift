import Foundation
import Logging
import ServerTestSupport
import Synchronization
import Testing
import TriageData
import TriageEngine
import TriageModel
import TriageStore

@testable import TriageServer
import TriageTelemetry
import TriageTickets

/// A copy of the starter bundle that a test may change.
final class BundleCopy: Sendable {
    let path = NSTemporaryDirectory() + "triage-bundle-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.copyItem(atPath: "\(projectRoot)/models/starter", toPath: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Changes its manifest, and so its identity; nothing else of it.
    func changeManifest(_ from: String, to: String) throws {
        let file = URL(fileURLWithPath: "\(path)/manifest.json")
        let manifest = try String(contentsOf: file, encoding: .utf8)
        let changed = manifest.replacing(from, with: to)
        try #require(changed != manifest)
        try Data(ModelManifest.signed(Array(changed.utf8))).write(to: file, options: .atomic)
    }

    @Sendable func load() throws -> Snapshot {
        var places = Snapshot.Places(
            model: path, kb: "\(projectRoot)/kb", homes: ["\(projectRoot)"])
        places.isCopied = true
        return try Snapshot(at: places)
    }
}

/// A number that several tasks add to.
final class Tally: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    @discardableResult
    func add() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }
}

struct ReloadTests {
    private static let body = #"{"id":"7","body":"My account is locked."}"#
    private static let ticket = Ticket(id: "7", body: "My account is locked.")

    private func logger() -> Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }

    @Test func `a stored decision reads back as equal bytes after a reload and after a roll-back`()
        async throws
    {
        let bundle = try BundleCopy()
        let dependencies = ServerDependencies(snapshots: SnapshotHolder(try bundle.load()), logger: logger())
        let reloader = SnapshotReloader(dependencies) { LoadedSnapshots(deciding: try bundle.load()) }
        let folder = NSTemporaryDirectory() + "triage-store-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try TicketStore(folder, .write, StoreOptions())
        defer { try? store.close() }
        try await LiveServer.run(change: {
            $0.snapshots = dependencies.snapshots
            $0.reloader = reloader
            $0.store = store
        }) { server in
            let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
            let place = "/v1/decisions/\(try #require(answer.headers["triage-decision-id"]))"
            let before = try await server.ask("GET", place).text
            #expect(before.contains(answer.text))
            for (from, to) in [("starter", "tuesday"), ("tuesday", "starter")] {
                try bundle.changeManifest("\"\(from)\"", to: "\"\(to)\"")
                #expect(try await server.ask("POST", "/v1/admin/reload").status == 200)
                #expect(try await server.ask("GET", place).text == before)
            }
        }
    }

    @Test func `a reload decides with what is on disk now; a bad one is refused and the old stays`()
        async throws
    {
        let bundle = try BundleCopy()
        let first = try bundle.load()
        let dependencies = ServerDependencies(snapshots: SnapshotHolder(first), logger: logger())
        let reloader = SnapshotReloader(dependencies) { LoadedSnapshots(deciding: try bundle.load()) }
        try await LiveServer.run(change: {
            $0.snapshots = dependencies.snapshots
            $0.reloader = reloader
        }) { server in
            try bundle.changeManifest("\"starter\"", to: "\"tuesday\"")
            #expect(
                try await server.ask("POST", "/v1/triage", json: Self.body).text
                    == first.decide(Self.ticket).json)
            let answer = try await server.ask("POST", "/v1/admin/reload")
            #expect(answer.status == 200)
            #expect((answer.object["deciding"] as? [String: Any])?["name"] as? String == "tuesday")
            let second = try bundle.load()
            let decision = try await server.ask("POST", "/v1/triage", json: Self.body).text
            #expect(decision == second.decide(Self.ticket).json)
            #expect(decision != first.decide(Self.ticket).json)
            try Data("broken".utf8).write(to: URL(fileURLWithPath: "\(bundle.path)/model.safetensors"))
            let refused = try await server.ask("POST", "/v1/admin/reload")
            #expect(refused.status == 409)
            #expect(refused.object["code"] as? String == "reload_refused")
            #expect("\(refused.object["detail"] ?? "")".contains("model.safetensors"))
            #expect(try await server.ask("POST", "/v1/triage", json: Self.body).text == decision)
            // Both series exist from the start, so that an alert on their increase sees the first failure.
            let counted = await dependencies.telemetry.metrics.exposition().split(separator: "\n").filter {
                $0.hasPrefix("triage_reloads_total{")
            }
            #expect(
                counted == [
                    #"triage_reloads_total{outcome="error"} 1"#, #"triage_reloads_total{outcome="ok"} 1"#,
                ])
        }
    }

    @Test func `the log of a reload has numbers as numbers, as that of a request`() async throws {
        let log = RecordedLog()
        let dependencies = ServerDependencies(
            snapshots: SnapshotHolder(try starter.get()), logger: log.logger)
        let reloader = SnapshotReloader(dependencies) { LoadedSnapshots(deciding: try starter.get()) }
        try await reloader.reload()
        let members = try #require(log.metadata(of: "reloaded"))
        for name in ["duration_ms", "articles"] {
            guard case .stringConvertible(let value)? = members[name] else {
                Issue.record("\(name) is no number")
                continue
            }
            #expect(value is Double || value is Int)
        }
    }

    @Test func `requests during reloads get a whole decision of one snapshot or the other`() async throws {
        let bundles = [try BundleCopy(), try BundleCopy()]
        try bundles[1].changeManifest("\"starter\"", to: "\"other\"")
        let snapshots = try bundles.map { try $0.load() }
        let expected = Set(snapshots.map { $0.decide(Self.ticket).json })
        try #require(expected.count == 2)
        let holder = SnapshotHolder(snapshots[0])
        let count = Tally()
        let reloader = SnapshotReloader(ServerDependencies(snapshots: holder, logger: logger())) {
            let turn = count.add()
            return LoadedSnapshots(deciding: try bundles[turn % 2].load())
        }
        let seen = try await LiveServer.run(change: { $0.snapshots = holder }) { server in
            try await withThrowingTaskGroup(of: Set<String>.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var seen: Set<String> = []
                        for _ in 0..<50 {
                            seen.insert(try await server.ask("POST", "/v1/triage", json: Self.body).text)
                        }
                        return seen
                    }
                }
                for _ in 0..<6 { try await reloader.reload() }
                return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
            }
        }
        #expect(seen.isSubset(of: expected))
        #expect(count.count == 6)
    }

    @Test func `calls at the same time share readings, each of which begins after the call`() async throws {
        let snapshot = try starter.get()
        let started = Tally()
        let reloader = SnapshotReloader(
            ServerDependencies(snapshots: SnapshotHolder(snapshot), logger: logger())
        ) {
            started.add()
            usleep(50_000)
            return LoadedSnapshots(deciding: snapshot)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let before = started.count
                    try await reloader.reload()
                    #expect(started.count > before)
                }
            }
            try await group.waitForAll()
        }
        #expect(started.count <= 4)
    }
}
