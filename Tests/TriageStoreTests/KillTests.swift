import Foundation
import Testing
import TriageData
import TriageEngine
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
        let process = Process()
        process.executableURL = URL(fileURLWithPath: KillTests.probe)
        process.arguments = [folder.store, Sample.bundle, "\(run)"]
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
