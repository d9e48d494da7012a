import Foundation
import Testing
import TriageEngine
import TriageStore
import TriageTickets

struct ForgetTests {
    /// A workspace with a store of three decisions, a copy of it, files of tickets, and a model of them.
    private func make() async throws -> Workspace {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        let snapshot = try Snapshot(at: .init(model: workspace.file("plain")))
        let store = try TicketStore(workspace.file("store"))
        for (id, body, requester) in [
            ("T-1", "invoice flurbword", "ann@example.org"), ("T-2", "login locked", "bob@example.org"),
            ("T-3", "crash flurbword again", "Ann@example.org"),
        ] {
            let text = snapshot.prepare(Ticket(id: id, body: body, requester: requester))
            _ = try await store.record(
                NewDecision(snapshot.decide(text), of: text, with: SnapshotVersions(snapshot)))
        }
        try store.backup(to: workspace.file("copy"))
        try store.close()
        let kinds = [("login password", "Login"), ("invoice refund", "Billing"), ("crash error", "Bug")]
        let rows = (0..<36).map { number in
            let (words, label) = kinds[number % 3]
            return #"{"id":"R-\#(number)","text":"\#(words) number \#(number)","category":"\#(label)","#
                + #""requester":"user\#(number)@example.org"}"#
        }
        let hers = [
            #"{"id":"R-90","text":"flurbword invoice","category":"Billing","requester":"ANN@example.org"}"#,
            #"{"id":"T-3","text":"flurbword crash","category":"Bug"}"#,
        ]
        try workspace.write(
            "rows.jsonl",
            (Array(rows[..<9]) + [hers[0], ""] + Array(rows[9...]) + [hers[1]]).joined(separator: "\r\n")
                + "\r\n")
        try workspace.write("kept.jsonl", rows.joined(separator: "\r\n") + "\r\n")
        try workspace.write(
            "rows.csv",
            "ticket id,From,text,category\n1,bob,\"two\nlines\",Bug\n2, ann@example.org ,\"her\nflurbword\",Bug\n"
                + "3,eve,reply to ann@example.org please,Login\n")
        let trained = try workspace.run([
            "train", "--data", "rows.jsonl", "--label", "category", "--role", "category=category",
            "--group", "requester", "--embedding", "none", "--fixed", "--output", "mine",
        ])
        try #require(trained.status == 0, "\(trained.errors)")
        return workspace
    }

    private func bytes(_ name: String, _ workspace: Workspace) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: workspace.file(name))))
    }

    @Test func `a person is in no store, backup, file or model afterwards, and the receipt verifies`()
        async throws
    {
        let workspace = try await make()
        let manifest = try bytes("mine/manifest.json", workspace)
        let done = try workspace.run([
            "forget", "--requester", "ann@Example.org", "--by", "request 17", "--backup", "copy",
            "--data", "rows.jsonl", "--data", "rows.csv", "--model", "mine", "--receipt", "receipt.json",
        ])
        try #require(done.status == 0, "\(done.errors)")
        #expect(done.text.contains("removed 2 rows of rows.jsonl; 36 stay"), "\(done.text)")
        #expect(done.text.contains("removed 1 row of rows.csv; 2 stay"))
        #expect(done.text.contains("erased 4 decisions with 4 texts, and 0 waiting tickets"))
        #expect(done.errors.contains("rows.csv: rows that stay mention the requester"), "\(done.errors)")
        #expect(done.errors.contains("lines 6;"), "\(done.errors)")
        #expect(!(done.text + done.errors).lowercased().contains("ann@example.org"))
        let kept = try bytes("kept.jsonl", workspace)
        #expect(try bytes("rows.jsonl", workspace) == kept)
        let csv = try String(contentsOfFile: workspace.file("rows.csv"), encoding: .utf8)
        #expect(
            csv == "ticket id,From,text,category\n1,bob,\"two\nlines\",Bug\n"
                + "3,eve,reply to ann@example.org please,Login\n")
        #expect(!FileManager.default.fileExists(atPath: workspace.file("mine.previous")))
        #expect(try bytes("mine/manifest.json", workspace) != manifest)
        for store in ["store", "copy"] {
            #expect(try workspace.run(["ledger", "verify", "--store", store]).status == 0)
            let search = try workspace.shell("grep -rlia flurbword \(store) mine rows.jsonl rows.csv || true")
            #expect(search.text == "")
        }

        let receipt = try String(contentsOfFile: workspace.file("receipt.json"), encoding: .utf8)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(receipt.utf8)) as? [String: Any])
        let places = try #require(object["places"] as? [[String: Any]])
        #expect(
            places.map { $0["kind"] as? String } == [
                "store", "backup", "tickets", "tickets", "model", "previous model",
            ])
        #expect(places.allSatisfy { $0["before"] as? String != $0["after"] as? String })
        #expect(!receipt.contains("ann@"))
        let command = try #require(
            done.text.split(separator: "\n").first { $0.hasPrefix("check it: triage ") })
        let words = command.dropFirst("check it: triage ".count).split(separator: " ").map(String.init)
        #expect(try workspace.run(words).status == 0)
        try workspace.write("receipt.json", receipt.replacing("request 17", with: "request 18"))
        #expect(try workspace.run(words).status == 65)
    }

    @Test func `what cannot be found or read is named before anything is deleted`() async throws {
        let workspace = try await make()
        let before = try bytes("rows.jsonl", workspace)
        try workspace.write("list.json", "[{\"id\":\"T-1\",\"text\":\"x\"}]\n")
        let nobody = try workspace.run(["forget", "--requester", "eve@example.org", "--data", "rows.jsonl"])
        #expect(nobody.status == 1)
        #expect(nobody.errors.contains("no ticket of this requester in this store"), "\(nobody.errors)")
        for words in [
            ["--requester", " "], ["--requester", "a", "--ticket", "b"],
            ["--requester", "a", "--model", "mine"],
            ["--decision", "a", "--data", "rows.jsonl"], ["--requester", "a", "--data", "-"],
        ] {
            #expect(try workspace.run(["forget"] + words).status == 64, "\(words)")
        }
        for words in [
            ["--data", "none.jsonl"], ["--data", "list.json"], ["--backup", "none"],
            ["--data", "rows.jsonl", "--model", "none"],
            ["--receipt", "no/such/folder/r.json"], ["--secret-key", "none.key"],
            ["--data", "rows.csv", "--requester-column", "who"],
        ] {
            let failed = try workspace.run(["forget", "--requester", "ann@example.org"] + words)
            #expect(failed.status != 0, "\(words)")
        }
        #expect(try bytes("rows.jsonl", workspace) == before)
        #expect(try workspace.run(["ledger", "verify"]).text.contains("3 texts kept"))
    }

    @Test func `rows of one ticket go by its id`() async throws {
        let workspace = try await make()
        let done = try workspace.run(["forget", "--ticket", "T-3", "--data", "rows.jsonl"])
        #expect(done.text.contains("removed 1 row of rows.jsonl; 37 stay"), "\(done.text)\(done.errors)")
        let receipts = try FileManager.default.contentsOfDirectory(atPath: workspace.file("store/receipts"))
        #expect(receipts.count == 2 && receipts.contains { $0.hasSuffix(".json.minisig") })
    }
}
