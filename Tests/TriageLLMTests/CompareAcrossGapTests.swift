import Foundation
import ServerTestSupport
import Testing

@testable import TriageLLM

/// `triage compare` with a model on another machine, and what its report shows first.
extension CompareCommandTests {
    /// Members of a record's lines or of a report that are no times.
    private func withoutTimes(_ value: Any) -> Any {
        if let object = value as? [String: Any] {
            let times = ["model_us", "engine_us", "latency", "seconds"]
            return object.filter { !times.contains($0.key) }.mapValues(withoutTimes)
        }
        if let list = value as? [Any] { return list.map(withoutTimes) }
        return value
    }

    private func canonical(_ json: Data) throws -> Data {
        try JSONSerialization.data(
            withJSONObject: withoutTimes(JSONSerialization.jsonObject(with: json)), options: .sortedKeys)
    }

    /// The answers of a record by row, without their times.
    private func answers(_ path: String) throws -> [Data] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            Data($0.utf8)
        }
        let row = { (line: Data) in
            ((try? JSONSerialization.jsonObject(with: line)) as? [String: Any])?["row"] as? Int ?? -1
        }
        return try lines.sorted { row($0) < row($1) }.map(canonical)
    }

    /// Lets the script for the other machine answer prompts.
    private func answer(_ prompts: String, _ server: ScriptedServer, to output: String) throws -> Run {
        let log = output + ".log"
        let peer = try Peer(
            [
                "python3", "\(projectRoot)/scripts/answer_prompts.py", prompts, "--url", server.url,
                "--model",
                "small", "--output", output,
            ], log: log)
        return Run(status: peer.wait(), said: try String(contentsOfFile: log, encoding: .utf8))
    }

    /// Some answers are usable at once, some only when asked again, some never, and some are no answers.
    private static func mixedReply(_ request: ScriptedServer.Captured) -> [ScriptedServer.Act] {
        let isAgain = request.messages.contains("An earlier answer could not be used")
        let good = reply(request)
        // The text stands in the last lines but one, between the words of its fence.
        let lines = request.messages.split(separator: "\n")
        let text = lines.firstIndex { $0.hasPrefix("BEGIN T") }.map { lines[$0 + 1] } ?? ""
        switch number(of: text) / 7 % 4 {
        case 0: return [.chat(isAgain ? good : #"{"category":"Nonsense"}"#)]
        case 1: return [.chat(isAgain ? "no idea" : "")]
        case 2: return [.chat("```json\n\(good.lowercased())\n```")]
        default: return [.chat(good)]
        }
    }

    @Test func `answers that crossed an air gap count as if the model had been asked here`() async throws {
        let folder = try Scratch()
        let (prompts, crossed) = (folder.file("prompts.jsonl"), folder.file("crossed.jsonl"))
        let direct = folder.file("direct.jsonl")
        let written = try run(folder, ["--export", prompts])
        #expect(written.status == 65 && written.said.contains("the prompts of 50 tickets"), "\(written.said)")
        let first = try Data(contentsOf: URL(fileURLWithPath: prompts))
        _ = try run(folder, ["--export", prompts])
        #expect(try Data(contentsOf: URL(fileURLWithPath: prompts)) == first)
        try await ScriptedServer.run(Self.mixedReply) { server in
            let asked = try run(
                folder, model(server) + ["--record", direct, "--report", folder.file("direct")])
            #expect(asked.status == 65, "\(asked.said)")
            let count = server.captured.count
            #expect(count > 60)
            let answered = try answer(prompts, server, to: crossed)
            #expect(answered.status == 0 && answered.said.contains("answered 50 of 50"), "\(answered.said)")
            #expect(server.captured.count <= 2 * count)
            // Nothing is asked twice.
            #expect(
                try answer(prompts, server, to: crossed).status == 0 && server.captured.count == 2 * count)
        }
        let record = folder.file("record.jsonl")
        let counted = try run(
            folder, ["--answers", crossed, "--record", record, "--report", folder.file("crossed")])
        #expect(counted.status == 65, "\(counted.said)")
        #expect(try answers(record) == answers(direct))
        let reports = try ["direct", "crossed"].map {
            try canonical(Data(contentsOf: URL(fileURLWithPath: folder.file("\($0)/report.json"))))
        }
        #expect(reports[0] == reports[1])
        let replayed = try run(folder, ["--replay", record, "--report", folder.file("replayed")])
        #expect(replayed.status == 65)
        #expect(try bytes(folder, "crossed") == bytes(folder, "replayed"))
    }

    @Test func `tickets for which the server fails are named, and asked for again by the same command`()
        async throws
    {
        let folder = try Scratch()
        let (prompts, crossed) = (folder.file("prompts.jsonl"), folder.file("crossed.jsonl"))
        _ = try run(folder, ["--export", prompts, "--limit", "10"])
        try await ScriptedServer.run({
            Self.number(of: $0.messages) % 2 == 0 ? [.answer(400, "{}")] : [.chat(Self.reply($0))]
        }) { server in
            for _ in 0..<2 {
                let answered = try answer(prompts, server, to: crossed)
                #expect(answered.status == 1, "\(answered.said)")
                #expect(
                    answered.said.contains("of 10 tickets") && answered.said.contains("http_400"),
                    "\(answered.said)")
            }
        }
        try await ScriptedServer.run({ [.chat(Self.reply($0))] }) { server in
            let answered = try answer(prompts, server, to: crossed)
            #expect(answered.status == 0 && answered.said.contains("answered 10 of 10"), "\(answered.said)")
        }
    }

    @Test func `a report opens with its verdict and has what 1,000 tickets cost`() async throws {
        let folder = try Scratch()
        let record = folder.file("answers.jsonl")
        try await ScriptedServer.run({ [.chat(Self.reply($0))] }) { server in
            _ = try run(folder, model(server) + ["--record", record])
        }
        let counted = try run(
            folder,
            [
                "--replay", record, "--llm-price", "1,2", "--error-minutes", "4", "--report",
                folder.file("report"),
            ])
        #expect(counted.status == 65, "\(counted.said)")
        let report = try String(contentsOfFile: folder.file("report/report.md"), encoding: .utf8)
        let lines = report.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.first?.hasPrefix("Verdict: for category ") == true, "\(report)")
        let table = report.split(separator: "what 1,000 tickets cost").last?.prefix(600) ?? ""
        for part in ["| engine |", "| LLM mode |", "| commonest label", "| by hand |", "2000"] {
            #expect(table.contains(part), "\(table)")
        }
        #expect(!table.contains("not known") && report.contains("4.0 for each wrong answer"))
    }

    @Test func `files that do not belong together are refused with the reason`() async throws {
        let folder = try Scratch()
        let (prompts, crossed) = (folder.file("prompts.jsonl"), folder.file("crossed.jsonl"))
        _ = try run(folder, ["--export", prompts, "--limit", "10"])
        let unanswered = try run(folder, ["--answers", prompts])
        #expect(unanswered.status == 65 && unanswered.said.contains("these are prompts without answers"))
        try await ScriptedServer.run({ [.chat(Self.reply($0))] }) { server in
            #expect(try answer(prompts, server, to: crossed).status == 0)
            let other = try answer(crossed, server, to: folder.file("other"))
            #expect(other.status == 65 && other.said.contains("not the header"), "\(other.said)")
        }
        // All tickets are wanted, and ten have an answer.
        let partly = try run(folder, ["--answers", crossed])
        #expect(partly.said.contains("40 more have no answer yet"), "\(partly.said)")
        let text = try String(contentsOfFile: crossed, encoding: .utf8)
        try Data(text.replacing(#""bundle":""#, with: #""bundle":"0"#).utf8).write(
            to: URL(fileURLWithPath: crossed))
        let foreign = try run(folder, ["--answers", crossed])
        #expect(
            foreign.status == 78 && foreign.said.contains("belong to another run: bundle"), "\(foreign.said)")
        try Data((text + "{}\n").utf8).write(to: URL(fileURLWithPath: crossed))
        let broken = try run(folder, ["--answers", crossed])
        #expect(broken.status == 65 && broken.said.contains("line 12 is not an answer"), "\(broken.said)")
    }
}
