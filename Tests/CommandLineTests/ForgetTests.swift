import Foundation
import Testing
import TriageEngine
import TriageStore
import TriageTickets

struct ForgetTests {
    /// Trains the first version of a registry.
    private static let training = [
        "train", "--data", "rows.jsonl", "--label", "category", "--embedding", "none", "--language", "none",
        "--fixed", "--bits", "10", "--registry", "reg",
    ]

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
                "tickets", "tickets", "backup", "store", "model", "previous model",
            ])
        #expect(places.allSatisfy { $0["before"] as? String != $0["after"] as? String })
        #expect(!receipt.contains("ann@"))
        let command = try #require(
            done.text.split(separator: "\n").first { $0.hasPrefix("check it: triage ") })
        let words = command.dropFirst("check it: triage ".count).split(separator: " ").map(String.init)
        #expect(try workspace.run(Self.training).status == 0)
        try workspace.write("receipt.json", receipt.replacing("request 17", with: "request 18"))
        let changed = try workspace.run(words)
        #expect(changed.status == 65 && changed.errors.contains("do not trust it"), "\(changed.errors)")
        let other = try workspace.run(["forget", "--ticket", "T-2", "--receipt", "receipt.json"])
        #expect(other.status == 73 && other.errors.contains("name a new file with --receipt"), "\(other)")
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

    @Test func `a registry's model is trained again, becomes champion, and all others go`() async throws {
        let workspace = try await make()
        try #require(try workspace.run(Self.training).status == 0)
        try #require(try workspace.run(Self.training + ["--minimum-rows", "1"]).status == 0)
        for (name, version) in [("staging", "v2"), ("best", "v1")] {
            let outcome = try workspace.run(["models", "alias", name, version, "--registry", "reg"])
            try #require(outcome.status == 0, "\(outcome.errors)")
        }
        let done = try workspace.run([
            "forget", "--requester", "ann@example.org", "--by", "request 17", "--model", "reg/champion",
            "--receipt", "receipt.json",
        ])
        try #require(done.status == 0, "\(done.text) \(done.errors)")
        #expect(done.text.contains("rows.jsonl; 36 stay"), "\(done.text)")
        #expect(done.text.contains("reg: champion v1 → v3"), "\(done.text)")
        let versions = try FileManager.default.contentsOfDirectory(atPath: workspace.file("reg/versions"))
        #expect(versions == ["v3"])
        let history = try workspace.run(["models", "history", "--registry", "reg", "--json"]).objects
        let promoted = try #require(history.last { $0["event"] as? String == "promoted" })
        #expect(promoted["version"] as? String == "v3" && promoted["reason"] as? String == "forget")
        #expect(try workspace.run(["models", "show", "reg"]).status == 0)
        #expect(try workspace.run(["models", "show", "reg/staging"]).status != 0)
        #expect(try workspace.run(["models", "rollback", "--registry", "reg"]).status == 69)
        let before = try bytes("reg/history.jsonl", workspace)
        let receipt = try JSONSerialization.jsonObject(with: Data(bytes("receipt.json", workspace)))
        let places = try #require((receipt as? [String: Any])?["places"] as? [[String: Any]])
        #expect(
            places.suffix(3).map { $0["kind"] as? String } == ["model", "previous model", "previous model"])
        #expect(places.suffix(2).allSatisfy { $0["before"] is String && $0["after"] is NSNull })

        // Given again, the command finds nothing new, keeps what the first run accounts for, and changes no model.
        let again = try workspace.run([
            "forget", "--requester", "ann@example.org", "--model", "reg", "--receipt", "receipt.json",
        ])
        #expect(again.status == 0, "\(again.text) \(again.errors)")
        let second = try JSONSerialization.jsonObject(with: Data(bytes("receipt.json", workspace)))
        let kept = try #require((second as? [String: Any])?["places"] as? [[String: Any]])
        #expect(kept.prefix(places.count).map { $0 as NSDictionary } == places.map { $0 as NSDictionary })
        #expect(try bytes("reg/history.jsonl", workspace) == before)
    }

    @Test func `a registry that cannot be trained again is named before anything is deleted`() async throws {
        let workspace = try await make()
        try #require(try workspace.run(Self.training).status == 0)
        let before = try bytes("rows.csv", workspace)
        try FileManager.default.moveItem(
            atPath: workspace.file("rows.jsonl"), toPath: workspace.file("moved.jsonl"))
        let moved = try workspace.run([
            "forget", "--requester", "ann@example.org", "--model", "reg",
        ])
        #expect(moved.status == 64 && moved.errors.contains("give the files with --data"), "\(moved)")
        let recipe = String(decoding: try bytes("reg/train.json", workspace), as: UTF8.self)
        try workspace.write(
            "reg/train.json",
            recipe.replacing("\"store\":null", with: "\"store\":\"\(workspace.file("copy"))\""))
        let store = try workspace.run([
            "forget", "--requester", "ann@example.org", "--model", "reg", "--data", "moved.jsonl",
        ])
        #expect(store.status == 64 && store.errors.contains("with --backup"), "\(store)")
        let named = try workspace.run([
            "forget", "--requester", "ann@example.org", "--by", "for ANN@example.org", "--data", "rows.csv",
        ])
        #expect(named.status == 64 && named.errors.contains("--by holds the requester's name"), "\(named)")
        #expect(try bytes("rows.csv", workspace) == before)
        #expect(try workspace.run(["ledger", "verify"]).text.contains("3 texts kept"))

        // Of one label nothing is left: the training fails, after which one command remains.
        try workspace.write("reg/train.json", recipe)
        try workspace.write(
            "moved.jsonl", #"{"id":"T-3","text":"flurbword crash","category":"Bug"}"# + "\n")
        let failed = try workspace.run([
            "forget", "--requester", "ann@example.org", "--model", "reg", "--data", "moved.jsonl",
        ])
        #expect(failed.status != 0 && failed.errors.contains("then run: triage forget"), "\(failed)")
        #expect(!failed.errors.contains("ann@"))
        let kept = try bytes("kept.jsonl", workspace)
        try workspace.write("moved.jsonl", String(decoding: kept, as: UTF8.self))
        let done = try workspace.run([
            "forget", "--requester", "ann@example.org", "--model", "reg", "--data", "moved.jsonl",
        ])
        #expect(done.status == 0, "\(done.text) \(done.errors)")
        let receipts = try FileManager.default.contentsOfDirectory(atPath: workspace.file("store/receipts"))
        let name = try #require(receipts.first { $0.hasSuffix(".json") })
        #expect(receipts.count == 2)
        let text = String(decoding: try bytes("store/receipts/\(name)", workspace), as: UTF8.self)
        #expect(text.contains("\"decisions\":2") && text.contains("\"finished\":true"), "\(text)")
        #expect(try workspace.run(["models", "list", "reg"]).text.contains("v2"))
    }

    @Test func `without a model or files the next command is named, and works`() async throws {
        let workspace = try await make()
        let first = try workspace.run(["forget", "--requester", "ann@example.org"])
        #expect(first.text.contains("as --ticket instead of --requester: T-1, T-3"), "\(first.text)")
        let byID = try workspace.run(["forget", "--ticket", "T-3", "--data", "rows.jsonl"])
        #expect(byID.text.contains("removed 1 row of rows.jsonl"), "\(byID)")
        #expect(
            byID.text.contains("triage forget --store store --ticket T-3 --data rows.jsonl --model DIR"),
            "\(byID.text)")
        let next = try workspace.run([
            "forget", "--store", "store", "--ticket", "T-3", "--data", "rows.jsonl", "--model", "mine",
        ])
        #expect(next.status == 0, "\(next)")
        let typo = try workspace.run([
            "forget", "--requester", "nobody@example.org", "--data", "rows.jsonl", "--model", "mine",
        ])
        #expect(typo.status == 1 && typo.errors.contains("the model was left as it is"), "\(typo)")
    }

    /// The test holds the registry's lock, for which a training waits before it looks whether its rows are still there; the
    /// recipe is written before that.
    @Test(arguments: [true, false])
    func `a training keeps no model when its rows were erased meanwhile`(isInStore: Bool) async throws {
        let workspace = try await make()
        let trained = try workspace.run(Self.training)
        try #require(trained.status == 0, "\(trained.errors)")
        let new = (0..<12).map { number in
            let (words, label) = [("login password", "Login"), ("invoice refund", "Billing")][number % 2]
            return #"{"id":"N-\#(number)","text":"\#(words) new \#(number)","category":"\#(label)"}"# + "\r\n"
        }
        let rows = String(decoding: try bytes("rows.jsonl", workspace), as: UTF8.self)
        try workspace.write("rows.jsonl", rows + new.joined())
        let place = isInStore ? "" : "--data rows.jsonl"
        let outcome = try workspace.shell(
            """
            exec 3< reg
            flock -x 3
            recipe=$(stat -c %i reg/train.json)
            timeout 250 $TRIAGE retrain --registry reg --kb none --store store --data rows.jsonl > out 2> errors 3<&- &
            until [ "$(stat -c %i reg/train.json)" != $recipe ] || ! kill -0 $!; do sleep 0.1; done
            $TRIAGE forget --ticket T-3 \(place) > forgotten 2>&1 3<&- || cat forgotten
            flock -u 3
            wait $!
            echo status $?
            """)
        let errors = String(decoding: try bytes("errors", workspace), as: UTF8.self)
        #expect(outcome.text.hasSuffix("status 69\n"), "\(outcome.text) \(errors)")
        #expect(errors.contains(isInStore ? "tickets were erased in" : "rows.jsonl changed"), "\(errors)")
        #expect(errors.contains("run the command again"))
        let versions = try FileManager.default.contentsOfDirectory(atPath: workspace.file("reg/versions"))
        #expect(versions == ["v1"])
    }

    @Test func `rows of one ticket go by its id`() async throws {
        let workspace = try await make()
        let done = try workspace.run(["forget", "--ticket", "T-3", "--data", "rows.jsonl"])
        #expect(done.text.contains("removed 1 row of rows.jsonl; 37 stay"), "\(done.text)\(done.errors)")
        let receipts = try FileManager.default.contentsOfDirectory(atPath: workspace.file("store/receipts"))
        #expect(receipts.count == 2 && receipts.contains { $0.hasSuffix(".json.minisig") })
    }
}
