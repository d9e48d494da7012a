import Foundation
import ServerTestSupport
import Synchronization
import Testing

@testable import TriageLLM

/// `triage compare` as it runs, against a scripted server.
struct CompareCommandTests {
    static let program: String = {
        let running = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let tests = URL(fileURLWithPath: running ?? CommandLine.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("triage").path
    }()

    static let labels = ["Billing", "Bug", "Login", "Other", "Performance", "Security", "Support"]

    /// 50 labelled tickets, one of a foreign label, one unlabelled, one empty, one that is no JSON.
    static let tickets: String = {
        let texts = ["charged twice for invoice", "the app crashes on page", "locked out of account"]
        let rows = (0..<50).map { row in
            #"{"id":"t\#(row)","text":"\#(texts[row % 3]) \#(row) xyzzy","category":"\#(["Billing", "Bug", "Login"][row % 3])"}"#
        }
        return
            (rows + [
                #"{"text":"elsewhere","category":"Gardening"}"#, #"{"text":"unlabelled"}"#,
                #"{"text":" ","category":"Bug"}"#, "no JSON",
            ]).joined(separator: "\n") + "\n"
    }()

    struct Run {
        var status: Int32
        var said: String
    }

    func words(_ folder: Scratch, _ more: [String]) throws -> [String] {
        try Data(Self.tickets.utf8).write(to: URL(fileURLWithPath: folder.file("data.jsonl")))
        return ["TRIAGE_HOME=\(projectRoot)", Self.program, "compare", "--data", folder.file("data.jsonl")]
            + more
    }

    func run(_ folder: Scratch, _ more: [String]) throws -> Run {
        let log = folder.file("\(UUID().uuidString).log")
        let peer = try Peer(words(folder, more), log: log)
        return Run(status: peer.wait(), said: try String(contentsOfFile: log, encoding: .utf8))
    }

    /// A valid answer that depends on the ticket alone.
    static func reply(_ request: ScriptedServer.Captured) -> String {
        let lines = request.messages.split(separator: "\n")
        let text = lines.firstIndex { $0.hasPrefix("BEGIN T") }.map { lines[$0 + 1] } ?? ""
        return #"{"category":"\#(labels[number(of: text) % labels.count])"}"#
    }

    /// A number that depends on a ticket's text alone.
    static func number(of text: some StringProtocol) -> Int {
        text.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) % 1000 }
    }

    func model(_ server: ScriptedServer) -> [String] {
        ["--llm-url", server.url, "--llm-model", "small"]
    }

    func lines(_ path: String) -> Int {
        (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n").count ?? 0
    }

    func bytes(_ folder: Scratch, _ report: String) throws -> [Data] {
        try ["report.html", "report.md", "report.json"].map {
            try Data(contentsOf: URL(fileURLWithPath: folder.file("\(report)/\($0)")))
        }
    }

    @Test func `a run that was killed goes on where it stopped, and its replay has the same bytes`()
        async throws
    {
        let folder = try Scratch()
        let record = folder.file("answers.jsonl")
        try await ScriptedServer.run({ [.pause(150), .chat(Self.reply($0))] }) { server in
            let peer = try Peer(
                words(folder, model(server) + ["--record", record]), log: folder.file("killed.log"))
            #expect(await eventually { lines(record) > 15 })
            peer.end()
            let recorded = lines(record) - 1
            #expect(recorded < 50)
            let asked = server.captured.count
            let whole = try run(
                folder, model(server) + ["--record", record, "--report", folder.file("whole")])
            #expect(whole.status == 65 && whole.said.contains("50 tickets"), "\(whole.said)")
            // What was under way at the kill is asked about again, and nothing else.
            #expect(server.captured.count - asked <= 50 - recorded && lines(record) == 51)
        }
        let replayed = try run(folder, ["--replay", record, "--report", folder.file("replayed")])
        #expect(replayed.status == 65, "\(replayed.said)")
        #expect(try bytes(folder, "whole") == bytes(folder, "replayed"))
        let text = try String(contentsOfFile: record, encoding: .utf8)
        #expect(!text.contains("xyzzy") && !replayed.said.contains("xyzzy"))
        let report = try String(contentsOfFile: folder.file("whole/report.md"), encoding: .utf8)
        #expect(report.contains("1 could not be read, 1 have no text, 2 have no label that the bundle knows"))
        #expect(!report.contains("xyzzy"))
    }

    @Test func `SIGINT ends a run cleanly, keeps what came, and a replay says how much is missing`()
        async throws
    {
        let folder = try Scratch()
        let record = folder.file("answers.jsonl")
        try await ScriptedServer.run({ [.pause(150), .chat(Self.reply($0))] }) { server in
            let log = folder.file("stopped.log")
            let peer = try Peer(words(folder, model(server) + ["--record", record]), log: log)
            #expect(await eventually { lines(record) > 8 })
            peer.signal(SIGINT)
            #expect(peer.wait() == 130)
            let said = try String(contentsOfFile: log, encoding: .utf8)
            #expect(said.contains("stopped; answers are kept in \(record)"), "\(said)")
        }
        let count = lines(record) - 1
        let replayed = try run(folder, ["--replay", record])
        #expect(replayed.said.contains("\(50 - count) more have no answer yet"), "\(replayed.said)")
    }

    @Test func `failed tickets are asked about again, a larger limit goes on, and labels alone may change`()
        async throws
    {
        let folder = try Scratch()
        let record = folder.file("answers.jsonl")
        let script: @Sendable (ScriptedServer.Captured) -> [ScriptedServer.Act] = {
            $0.number == 2 ? [.answer(404, "")] : [.chat(Self.reply($0))]
        }
        try await ScriptedServer.run(script) { server in
            let first = try run(
                folder,
                model(server) + ["--record", record, "--limit", "10", "--llm-concurrency", "1", "--json"])
            #expect(first.said.contains(#""failed":{"http_404":1}"#) && server.captured.count == 10)
            let second = try run(
                folder,
                model(server) + ["--record", record, "--limit", "20", "--llm-concurrency", "1", "--json"])
            #expect(second.said.contains(#""failed":{}"#) && server.captured.count == 21, "\(second.said)")
            let other = try run(
                folder, ["--llm-url", server.url, "--llm-model", "large", "--record", record])
            #expect(other.status == 78 && other.said.contains("model (recorded small, now large)"))
            #expect(server.captured.count == 21)
        }
    }

    /// What is wrong with the data is found before the first call.
    @Test(
        arguments: [
            (
                #"{"text":"the app crashes NUMBER","category":"Bug"}"#, 30, ["--field", "severity"],
                [#"no ticket has a value in column "severity""#, "compare other fields"]
            ),
            (
                #"{"text":"the app crashes NUMBER","category":"Bug","severity":"P1"}"#, 30,
                ["--field", "severity"],
                [
                    #"no ticket has a label of "severity" that the bundle knows: the file has "P1", the bundle "Critical""#
                ]
            ),
            (
                #"{"text":"the app crashes NUMBER","category":"Bug"}"#, 4, [],
                [
                    #"4 tickets with a label of "category" that the bundle knows are too few to compare; give 10 or more"#
                ]
            ),
        ] as [(String, Int, [String], [String])])
    func `rows and fields are checked before a model is called`(
        row: String, count: Int, more: [String], says: [String]
    ) async throws {
        let folder = try Scratch()
        let rows = (0..<count).map { row.replacing("NUMBER", with: "\($0)") }.joined(separator: "\n")
        try await ScriptedServer.run({ [.chat(Self.reply($0))] }) { server in
            let words = try words(folder, model(server) + ["--record", folder.file("a.jsonl")] + more)
            try Data(rows.utf8).write(to: URL(fileURLWithPath: folder.file("data.jsonl")))
            let log = folder.file("checked.log")
            let status = try Peer(words, log: log).wait()
            let said = try String(contentsOfFile: log, encoding: .utf8)
            #expect(status == 65 && says.allSatisfy { said.contains($0) }, "\(said)")
            #expect(server.captured.isEmpty)
        }
    }

    @Test func `what a run will not compare is said before it starts`() async throws {
        let folder = try Scratch()
        try await ScriptedServer.run({ [.chat(Self.reply($0))] }) { server in
            let few = try run(
                folder, model(server) + ["--record", folder.file("a.jsonl"), "--limit", "10"])
            #expect(few.said.contains("10 tickets show only large differences"), "\(few.said)")
            #expect(few.said.contains("severity is not compared"))
            let many = try run(
                folder, model(server) + ["--record", folder.file("b.jsonl"), "--limit", "500"])
            #expect(many.said.contains("only 50 tickets can be compared, 500 were requested"), "\(many.said)")
        }
    }

    @Test func `a server that answers nothing is exit code 69, a file that is no record 65`() async throws {
        let folder = try Scratch()
        try await ScriptedServer.run({ _ in [.answer(404, "")] }) { server in
            let dead = try run(folder, model(server) + ["--record", folder.file("answers.jsonl")])
            #expect(
                dead.status == 69 && dead.said.contains("tickets in a row have no answer"), "\(dead.said)")
        }
        try Data("garbage\n".utf8).write(to: URL(fileURLWithPath: folder.file("no-record")))
        let foreign = try run(folder, ["--replay", folder.file("no-record")])
        #expect(
            foreign.status == 65 && foreign.said.contains("line 1 is not what a record"), "\(foreign.said)")
        let both = try run(folder, ["--record", "a", "--replay", "b"])
        #expect(
            both.status == 64 && both.said.contains("Give one of --record, --replay, --export and --answers.")
        )
    }

    @Test(arguments: [
        [], ["--record", "a"],
        ["--replay", "a", "--llm-url", "http://127.0.0.1:9/v1"],
        ["--replay", "a", "--limit", "0"], ["--replay", "a", "--answers", "b"],
        ["--export", "a", "--record", "b"],
        ["--export", "a", "--llm-url", "http://127.0.0.1:9/v1", "--llm-model", "m"],
        ["--replay", "a", "--error-minutes", "-1"],
    ])
    func `wrong usage is said before anything is read`(_ more: [String]) throws {
        let folder = try Scratch()
        #expect(try run(folder, more).status == 64)
    }
}
