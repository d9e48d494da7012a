import Foundation
import Testing
import TriageData
import TriageEngine
import TriageStore
import TriageTickets

struct StoreTests {
    /// A workspace with a bundle and a store of six decisions, two of them queued ones; the store is closed.
    private func make() async throws -> (workspace: Workspace, ids: [String]) {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        let snapshot = try Snapshot(at: .init(model: workspace.file("plain")))
        let versions = SnapshotVersions(snapshot)
        var options = StoreOptions()
        options.queue.attempts = 1
        let store = try TicketStore(workspace.file("store"), .write, options)
        var ids: [String] = []
        for number in 0..<6 {
            let ticket = Ticket(
                id: "T-\(number)", subject: "Re: \(Program.secret)",
                body: "invoice refund charged \(number), write to ann@example.org")
            let new = NewDecision(snapshot.decide(ticket), of: snapshot.prepare(ticket), with: versions)
            ids.append(try await store.record(new).id)
        }
        for number in 0..<3 {
            let new = NewTicket(Ticket(body: "crash \(number)"))
            _ = try await store.enqueue(new, preparedBy: snapshot)
        }
        for leased in try await store.lease(2) { _ = try await store.fail(leased, code: "model_gone") }
        try store.close()
        return (workspace, ids)
    }

    @Test func `a ledger verifies, and a head kept in a log shows that its tail was cut`() async throws {
        let (workspace, _) = try await make()
        let good = try workspace.run(["ledger", "verify"])
        #expect(good.status == 0, "\(good.errors)")
        #expect(good.text.hasPrefix("store: good; 7 rows, 6 decisions, 6 texts kept\nlast hash "))
        #expect(good.text.contains("not checked: tickets that wait in the queue"))
        let head = try workspace.run(["ledger", "head"]).text.trimmingCharacters(in: .newlines)
        #expect(head.hasPrefix("triage-head-1:7:"))
        try workspace.write("service.log", "{\"level\":\"info\",\"head\":\"\(head)\"}\nanother line\n")
        let held = try workspace.run(["ledger", "verify", "--heads", "service.log", "--json"])
        #expect(held.objects.first?["heads"] as? Int == 1)
        #expect(held.objects.first?["rows"] as? Int == 7)
        let other = try await make().workspace.run(["ledger", "head"]).text
        try workspace.write("other.log", other)
        for files in [["other.log", "service.log"], ["service.log", "other.log"]] {
            let mixed = try workspace.run(["ledger", "verify"] + files.flatMap { ["--heads", $0] })
            #expect(mixed.status == 65 && mixed.errors.contains("not signed by this store's key"))
        }

        let cut = try workspace.shell(
            """
            python3 - <<'END'
            import sqlite3
            store = sqlite3.connect("store/triage.sqlite")
            store.execute("DELETE FROM ledger WHERE seq > 5")
            store.execute("DELETE FROM texts WHERE seq > 5")
            store.commit()
            END
            """)
        #expect(cut.status == 0, "\(cut.errors)")
        #expect(try workspace.run(["ledger", "verify"]).status == 0)
        let bad = try workspace.run(["ledger", "verify", "--head", head])
        #expect(bad.status == 65)
        #expect(
            bad.errors
                == "triage: store: the ledger ends at row 5, and the head names row 7: its tail was cut off, "
                + "or a backup from before that head was restored\n"
        )
        #expect(try workspace.run(["ledger", "verify", "--head", "nonsense"]).status == 64)
        #expect(try workspace.run(["ledger", "verify", "--store", "elsewhere"]).status == 66)
    }

    @Test func `a decision is made again, or the error says which part is another`() async throws {
        let (workspace, ids) = try await make()
        let plain = ["--model", "plain", "--kb", "none"]
        let same = try workspace.run(["ledger", "replay", ids[2]] + plain)
        #expect(same.text == "decision \(ids[2]): the same, byte for byte\n", "\(same.errors)")
        let json = try workspace.run(["ledger", "replay", ids[2], "--json"] + plain)
        #expect(json.objects.first?["id"] as? String == "T-2")
        let other = try workspace.run(["ledger", "replay", ids[2], "--model", "embedded", "--kb", "none"])
        #expect(other.status == 69)
        #expect(other.errors.contains("was made with model ") && other.errors.contains("(--model, --kb"))
        try workspace.write("p.yaml", "defaults: {Login: Reset it.}")
        let ruled = try workspace.run(["ledger", "replay", ids[2], "--playbook", "p.yaml"] + plain)
        #expect(ruled.status == 69 && ruled.errors.contains("was made with playbook "), "\(ruled.errors)")
        #expect(try workspace.run(["ledger", "replay", ids[2], "--language", "none"] + plain).status == 0)
        #expect(try workspace.run(["ledger", "replay", "nobody"] + plain).status == 1)
        let expired = try workspace.run(["store", "expire", "--days", "0"])
        #expect(expired.text == "deleted 6 texts and 0 tickets\n", "\(expired.errors)")
        for days in [["--days", "-1"], ["--days=-1"]] {
            let negative = try workspace.run(["store", "expire"] + days)
            #expect(negative.status == 64 && negative.errors.contains("--days takes a number from 0."))
        }
        let gone = try workspace.run(["ledger", "replay", ids[2]] + plain)
        #expect(gone.status == 69)
        #expect(gone.errors.contains("is no longer kept"))
        let verified = try workspace.run(["ledger", "verify"])
        #expect(verified.text.contains("0 texts kept, 6 expired or erased"))
    }

    @Test func `a ticket is forgotten, also while another process has the store open`() async throws {
        let (workspace, ids) = try await make()
        let alone = try workspace.run(["forget", "--ticket", "T-1", "--by", "ann"])
        #expect(
            alone.text.hasPrefix("erased 1 decision with 1 text, and 0 waiting tickets\n"), "\(alone.errors)")
        let missing = try workspace.run(["forget", "--ticket", "T-99"])
        #expect(missing.status == 1)
        #expect(missing.errors == "triage: no ticket T-99 in this store; check the id\n")
        for words in [[], ["--ticket", "a", "--decision", "b"], ["--ticket", "a", "--wait", "0"]] {
            #expect(try workspace.run(["forget"] + words).status == 64)
        }

        let store = try TicketStore(workspace.file("store"))
        let late = try workspace.run(["forget", "--ticket", "T-2", "--wait", "900ms"])
        #expect(late.status == 69)
        #expect(late.errors.contains("did not answer within 1 s; the request is stored"))
        #expect(try store.decision(ids[2])?.text != nil)
        let server = ServedStore(store)
        defer { withExtendedLifetime(server) {} }
        let held = try workspace.run(["forget", "--decision", ids[3]])
        #expect(held.text.hasPrefix("erased 1 decision"), "\(held.errors)")
        let expired = try workspace.run(["store", "expire", "--days", "0"])
        #expect(expired.text == "deleted 3 texts and 0 tickets\n", "\(expired.errors)")
        #expect(try workspace.run(["forget", "--ticket", "T-99"]).status == 1)
        let verified = try workspace.run(["ledger", "verify"])
        #expect(verified.text.contains("0 texts kept, 6 expired or erased"), "\(verified.errors)")
        #expect(try store.decision(ids[2])?.isErased == true)
        try store.close()
        #expect(try workspace.run(["store", "compact"]).status == 0)
    }

    @Test func `corrections are added, listed, undone, exported and trained on`() async throws {
        let (workspace, ids) = try await make()
        func add(_ words: [String]) throws -> Outcome {
            try workspace.run(["feedback", "add", "--field", "category", "--model", "plain"] + words)
        }
        let first = try add([
            "--decision", ids[0], "--label", "Login", "--by", "ann", "--note", "call bob@example.org",
        ])
        #expect(first.objects.first?["note"] as? String == "call [EMAIL]", "\(first.errors)")
        #expect(first.objects.first?["decided"] as? String == "Billing")
        #expect(first.objects.first?["version"] as? Int == 2)
        #expect(try add(["--ticket", "T-1", "--label", "Bug", "--expecting", "7"]).status == 1)
        let second = try add(["--ticket", "T-1", "--label", "Bug", "--expecting", "1"])
        let id = try #require(second.objects.first?["id"] as? String)
        #expect(try add(["--ticket", "T-3", "--label", "Login"]).status == 0)
        let undone = try workspace.run(["feedback", "undo", id])
        #expect(undone.objects.first?["undone"] as? Bool == true)
        #expect(try workspace.run(["feedback", "undo", id]).status == 1)
        #expect(try workspace.run(["feedback", "list"]).objects.count == 3)
        #expect(try workspace.run(["feedback", "list", "--decision", ids[0]]).objects.count == 1)
        let export = try workspace.run(["feedback", "export"])
        #expect(export.objects.map { $0["id"] as? String } == ["T-0", "T-3"])
        #expect(export.objects.allSatisfy { $0["category"] as? String == "Login" })
        #expect(export.text.contains("write to [EMAIL]") && !export.text.contains("ann@example.org"))
        #expect(export.errors == "triage: 2 rows, 2 of the labels corrected, 0 more whose text has expired\n")

        try workspace.write("train.jsonl", TrainedBundle.tickets)
        let trained = try workspace.run([
            "train", "--data", "train.jsonl", "--label", "category", "--fixed", "--bits", "8", "--embedding",
            "none",
            "--registry", "reg", "--feedback", "store", "--json",
        ])
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.objects.first?["rows"] as? Int == 38)
        #expect(trained.objects.first?["feedback_rows"] as? Int == 2)
        #expect(trained.errors.contains("triage: 2 rows from feedback in store, 2 of the labels corrected\n"))
        // A retraining takes the corrections of the same store.
        let recipe = String(decoding: try workspace.bytes("reg/train.json"), as: UTF8.self)
        #expect(recipe.contains("\"store\":\"\(workspace.path)/store\""), "\(recipe)")
    }

    @Test func `a label that the model does not have is taken only when it is meant`() async throws {
        let (workspace, ids) = try await make()
        func add(_ label: String, _ more: [String] = []) throws -> Outcome {
            try workspace.run(
                ["feedback", "add", "--decision", ids[0], "--field", "category", "--label", label] + more)
        }
        let refused = try add("Lgoin", ["--model", "plain"])
        #expect(refused.status == 65)
        #expect(
            refused.errors.contains(
                "has no label Lgoin of category (did you mean Login?); it has Billing, Bug, Login"),
            "\(refused.errors)")
        #expect(try add("login", ["--model", "plain"]).errors.contains("did you mean Login?"))
        let starter = "mkdir models && cp -r embedded models/starter && cp -r embeddings models/"
        #expect(try workspace.shell(starter).status == 0)
        let other = try add("Bug")
        #expect(
            other.status == 65 && other.errors.contains("name its folder with --model DIR"), "\(other.errors)"
        )
        #expect(try add("Billing").status == 0, "a label that was decided needs no model")
        #expect(try add(" Login\u{A0}", ["--model", "plain"]).objects.first?["label"] as? String == "Login")
        #expect(try add("Hardware", ["--new-label"]).status == 0)
        let broken = try add("a\nb", ["--new-label"])
        #expect(broken.status == 65 && broken.errors.contains("control character"), "\(broken.errors)")
        #expect(try workspace.run(["feedback", "list"]).objects.count == 3)
    }

    @Test func `a store is backed up while it is in use, and restored when it is not`() async throws {
        let (workspace, ids) = try await make()
        let store = try TicketStore(workspace.file("store"))
        let backup = try workspace.run(["store", "backup", "saved"])
        #expect(backup.text == "wrote saved: 7 rows of the ledger\n", "\(backup.errors)")
        #expect(try workspace.run(["store", "backup", "saved"]).status == 73)
        let refused = try workspace.run(["store", "restore", "saved"])
        #expect(refused.status == 69)
        #expect(refused.errors.contains("another process (\(getpid())) writes this store"))
        #expect(
            try workspace.run(["feedback", "add", "--ticket", "T-1", "--field", "category", "--label", "Bug"])
                .status == 69)
        _ = try await store.addFeedback(NewFeedback(.decision(ids[0]), field: "category", label: "Bug"))
        try store.close()
        let restored = try workspace.run(["store", "restore", "saved"])
        #expect(
            restored.text
                == "restored store: 7 rows of the ledger, verified; the store that was there is store.previous now\n",
            "\(restored.errors)")
        let info = try #require(try workspace.run(["store", "status", "--json"]).objects.first)
        #expect(info["decisions"] as? Int == 6)
        #expect(info["feedback"] as? Int == 0)
        #expect(info["queue_dead"] as? Int == 2)
        let bytes = try #require(info["bytes"] as? Int)
        #expect(info["bytes_per_decision"] as? Int == bytes / 6)
        #expect(try workspace.run(["store", "info"]).text.contains("decisions: 6\n"))
        #expect(try workspace.run(["store", "restore", "saved"]).text.contains(" store.previous-2 now"))
        #expect(try workspace.run(["feedback", "list", "--store", "store.previous"]).objects.count == 1)
    }

    @Test func `dead tickets are listed and tried again`() async throws {
        let (workspace, _) = try await make()
        let dead = try workspace.run(["queue", "dead"])
        #expect(
            dead.objects.map { $0["error"] as? String } == ["model_gone", "model_gone"], "\(dead.errors)")
        #expect(!dead.text.contains("crash"))
        let id = try #require(dead.objects.first?["id"] as? String)
        #expect(try workspace.run(["queue", "requeue", id]).text == "1 ticket will be tried again\n")
        #expect(try workspace.run(["queue", "requeue", id]).status == 1)
        #expect(try workspace.run(["queue", "requeue"]).status == 64)
        #expect(try workspace.run(["queue", "list", "--state", "waiting"]).objects.count == 2)
        #expect(try workspace.run(["queue", "requeue", "--all"]).text == "1 ticket will be tried again\n")
        #expect(try workspace.run(["queue", "list"]).objects.count == 3)
        let none = try workspace.run(["queue", "list", "--limit", "-1"])
        #expect(none.status == 64 && none.errors.contains("--limit takes a number from 1."))
        #expect(try workspace.run(["ledger", "verify"]).text.contains("9 rows"))
    }

    @Test func `corrections are imported from a file, also while another process has the store open`()
        async throws
    {
        let (workspace, ids) = try await make()
        try workspace.write(
            "corrections.csv",
            "Ticket ID,category,severity,comment\nT-1, Bug ,,x\n\(ids[2]),Login,High,\nT-77,Bug,,\nT-3,Bugs,,\nT-4,,,\n,Bug,,\n"
        )
        let words = ["feedback", "import", "corrections.csv", "--model", "plain", "--by", "lead"]
        let alone = try workspace.run(words)
        #expect(alone.status == 65)
        #expect(alone.text == "stored 3 corrections of 6 rows; 4 failed\n", "\(alone.errors)")
        for line in [
            "corrections.csv: line 4: no decision on ticket T-77 in this store",
            "corrections.csv: line 5: the model plain has no label Bugs of category (did you mean Bug?)",
            "corrections.csv: line 6: no label; give one in a column called like a field: category, severity",
            "corrections.csv: line 7: no id",
        ] { #expect(alone.errors.contains(line), "\(alone.errors)") }
        let twice = try workspace.run(words)
        #expect(
            twice.text == "stored 0 corrections of 6 rows; 3 were there already; 4 failed\n", "\(twice.text)")
        #expect(try workspace.run(["feedback", "list"]).objects.count == 3)

        let store = try TicketStore(workspace.file("store"))
        defer { try? store.close() }
        let server = ServedStore(store)
        defer { withExtendedLifetime(server) {} }
        try workspace.write("more.jsonl", #"{"id":"T-1","category":"Login"}"# + "\n")
        let held = try workspace.run(["feedback", "import", "more.jsonl", "--model", "plain"])
        #expect(held.status == 0 && held.text == "stored 1 correction of 1 row; 0 failed\n", "\(held.errors)")
        #expect(try store.decision(ofTicket: "T-1")?.corrections.map(\.label) == ["Login"])
        #expect(try store.decision(ids[2])?.corrections.map(\.label) == ["Login", "High"])
        let cleared = try workspace.run(["feedback", "clear"])
        #expect(cleared.text == "erased the memory of 0 tickets\n", "\(cleared.errors)")
        #expect(try store.verify().rows > 0)
    }

    @Test func `an import names each unknown label once, rows that contradict others, and new labels`()
        async throws
    {
        let (workspace, _) = try await make()
        try workspace.write(
            "c.csv",
            "id,category\nT-0,Bugg\nT-1,Bugg\nT-2,Bugg\nT-3,Bug\nT-3,Bug\nT-3,Login\nT-4,Refunds of Billing\n"
        )
        let words = ["feedback", "import", "c.csv", "--model", "plain"]
        let strict = try workspace.run(words)
        #expect(strict.status == 65, "\(strict)")
        for line in [
            "c.csv: 3 rows (lines 2, 3, 4): the model plain has no label Bugg of category (did you mean Bug?)\n",
            "c.csv: line 7: category of T-3 is Login here and Bug in line 5, which counts",
            "category has the labels Billing, Bug, Login: give one of these, --new-label to add others",
        ] { #expect(strict.errors.contains(line), "\(strict.errors)") }
        #expect(
            strict.text == "stored 1 correction of 7 rows; 1 was there already; 5 failed\n", "\(strict.text)"
        )
        let loose = try workspace.run(words + ["--new-label"])
        #expect(
            loose.errors.contains(
                "category: 2 labels that plain does not have: Refunds of Billing (1 row), "
                    + "Bugg (3 rows; did you mean Bug?)"), "\(loose.errors)")
        #expect(
            loose.text == "stored 4 corrections of 7 rows; 2 were there already; 1 failed\n", "\(loose.text)")
        let nothing = try workspace.run(["monitor", "--model", "plain", "--restore", "category"])
        #expect(
            nothing.status == 64
                && nothing.errors.contains("category is not demoted, so there is nothing to take back"),
            "\(nothing)")
    }

    @Test func `an id that a sheet guards from a spreadsheet finds its ticket`() async throws {
        let (workspace, _) = try await make()
        let snapshot = try Snapshot(at: .init(model: workspace.file("plain")))
        let store = try TicketStore(workspace.file("store"))
        for id in ["=X-1", "'@X-2"] {
            let ticket = Ticket(id: id, body: "crash error")
            _ = try await store.record(
                NewDecision(
                    snapshot.decide(ticket), of: snapshot.prepare(ticket), with: SnapshotVersions(snapshot)))
        }
        try store.close()
        try workspace.write("c.csv", "id,category\n'=X-1,Login\n'@X-2,Login\n")
        let outcome = try workspace.run(["feedback", "import", "c.csv", "--model", "plain"])
        #expect(outcome.status == 0 && outcome.text.hasPrefix("stored 2 corrections"), "\(outcome)")
        #expect(
            try workspace.run(["feedback", "list"]).objects.compactMap { $0["ticket"] as? String }
                == ["=X-1", "'@X-2"])
    }
}
