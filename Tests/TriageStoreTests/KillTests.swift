import Foundation
import Testing
import TriageData
import TriageEngine
import TriageModel
import TriageStore
import TriageTickets

/// Ends a writer with SIGKILL at random moments, again and again on one store.
struct KillTests {
    private static let probe: String = {
        let running = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let tests = URL(fileURLWithPath: running ?? CommandLine.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("StoreProbe").path
    }()

    /// Whole lines that the probe wrote before it was killed, `milliseconds` after the first.
    private func lines(_ folder: Folder, run: Int, milliseconds: Int) throws -> [[String]] {
        try lines(folder, [folder.store, Sample.bundle, "\(run)"], run: run, milliseconds: milliseconds)
    }

    private func lines(
        _ folder: Folder, _ arguments: [String], run: Int, milliseconds: Int
    ) throws -> [[String]] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: KillTests.probe)
        process.arguments = arguments
        let output = folder.file("output-\(run)")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        try process.run()
        let end = ContinuousClock.now + .seconds(60)
        while try Data(contentsOf: URL(fileURLWithPath: output)).isEmpty, ContinuousClock.now < end {
            usleep(1_000)
        }
        usleep(UInt32(milliseconds) * 1_000)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self)
        return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    @Test func `after kill -9 at 100 moments a registry has one valid champion, which its history names`()
        throws
    {
        let folder = try Folder()
        let registry = try ModelRegistry(making: folder.file("registry"))
        let files = try ModelBundle.fileNames.map { name in
            (name, try FileInput.bytes(of: "\(Sample.bundle)/\(name)"))
        }
        let change = try registry.change()
        for name in ["v1", "v2"] {
            // Another name is another bundle.
            try AtomicOutput.write(
                files.map { ($0.0, $0.0 == "manifest.json" ? renamed($0.1, to: name) : $0.1) },
                toFolder: registry.folder(of: name))
        }
        try change.promote(RegistryEntry(.promoted, "v1", sha256: nil, by: "test", reason: ""))
        change.end()
        for run in 0..<100 {
            let begun = try lines(folder, ["registry", registry.path], run: run, milliseconds: run % 20)
            #expect(begun == [["begun"]])
            let path = try ModelRegistry.bundleFolder(of: registry.path)
            let model = try ModelBundle(directory: path)
            #expect(model.manifest.name == registry.champion)
            // The next program to change it first records what did not happen.
            try registry.change().end()
            #expect(ModelRegistry.champions(try registry.history()).last == registry.champion)
        }
        #expect(try registry.history().count > 1, "the program changed nothing before it was killed")
    }

    private func renamed(_ manifest: [UInt8], to name: String) -> [UInt8] {
        let text = String(decoding: manifest, as: UTF8.self)
        return ModelManifest.signed(
            Array(
                text.replacing(/"name" ?: ?"[^"]*"/, with: "\"name\" : \"\(name)\"", maxReplacements: 1).utf8)
        )
    }

    @Test func `what was acknowledged is there after kill -9 at 24 random moments, and nothing twice`()
        async throws
    {
        let folder = try Folder()
        var acknowledged: [[String]] = []
        for run in 0..<24 {
            let new = try lines(folder, run: run, milliseconds: Int.random(in: 0...120))
            #expect(!new.isEmpty)
            acknowledged += new
            let store = try TicketStore(folder.store, .read)
            let report = try store.verify()
            #expect(report.texts == report.decisions)
        }
        let store = try TicketStore(folder.store)
        try await check(store, acknowledged)
        // What was left waiting can still be done.
        while true {
            let leased = try await store.lease(50)
            if leased.isEmpty { break }
            for one in leased {
                _ = try await store.complete(one, with: Sample.decision("crash", id: one.text.id))
            }
        }
        #expect(try store.statistics().queue[.waiting] == 0)
        let decided = try store.decisions(limit: 1_000_000).compactMap(\.ticket)
        #expect(decided.count == Set(decided).count, "a ticket was decided twice")
        _ = try store.verify()
        try store.checkIntegrity()
    }

    private func check(_ store: TicketStore, _ acknowledged: [[String]]) async throws {
        #expect(Set(acknowledged.map { $0[0] }) == ["decision", "feedback", "ticket", "done"])
        for line in acknowledged {
            let (id, about) = (line[1], line[2])
            switch line[0] {
            case "decision": #expect(try store.decision(id)?.ticket == about)
            case "feedback":
                #expect(try store.feedback(onDecision: about)?.map(\.id) == [id])
            case "ticket":
                let again = try await store.enqueue(
                    NewTicket(Ticket(id: about, body: "invoice refund \(about)"), idempotencyKey: about))
                #expect(again.id == id && !again.isNew)
            default:
                #expect(try store.decision(ofTicket: about)?.id == id)
            }
        }
    }
}
