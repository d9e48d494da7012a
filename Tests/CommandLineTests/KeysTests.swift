import Foundation
import Testing

/// `triage keys`.
struct KeysTests {
    @Test func `a key is made, shown once, listed without its secret, and revoked`() throws {
        let space = try Workspace()
        let made = try space.run(
            [
                "keys", "create", "--keys", "keys.json", "--name", "desk", "--scope", "triage", "--scope",
                "feedback",
            ])
        let key = made.text.trimmingCharacters(in: .newlines)
        #expect(made.status == 0 && key.hasPrefix("tt_") && key.count == 59)
        #expect(
            try space.run([
                "keys", "create", "--keys", "keys.json", "--name", "ops", "--scope", "admin",
                "--expires", "never", "--note", "for the cron job",
            ]).status == 0)
        let listed = try space.run(["keys", "list", "--keys", "keys.json"]).text
        #expect(
            listed.contains("desk  triage,feedback  until ")
                && listed.contains("ops  admin  without end  for the"))
        #expect(
            try space.run(["keys", "create", "--keys", "k.json", "--name", "ann", "--role", "lead"]).status
                == 0)
        let lead = try space.run(["keys", "list", "--keys", "k.json"]).text
        #expect(lead.contains("ann  triage,feedback,audit,models  until "))
        let kept = String(decoding: try space.bytes("keys.json"), as: UTF8.self)
        #expect(!listed.contains(key) && !kept.contains(key))
        let first = try #require(
            try space.run(["keys", "list", "--keys", "keys.json", "--json"]).objects.first)
        let id = try #require(first["id"] as? String)
        #expect(first["state"] as? String == "valid" && key.contains("_\(id)_"))
        #expect(try space.run(["keys", "revoke", "--keys", "keys.json", id]).status == 0)
        #expect(try space.run(["keys", "list", "--keys", "keys.json"]).text.contains("\(id)  revoked  desk"))
    }

    @Test func `what is wrong is told, and the file stays as it is`() throws {
        let space = try Workspace()
        let create = ["keys", "create", "--keys", "keys.json", "--name", "desk"]
        #expect(try space.run(create).status == 64)
        #expect(try space.run(create + ["--scope", "everything"]).status == 64)
        #expect(try space.run(create + ["--scope", "triage", "--expires", "soon"]).status == 78)
        #expect(try space.names().isEmpty)
        #expect(try space.run(["keys", "list", "--keys", "keys.json"]).status == 66)
        for _ in 0..<2 { #expect(try space.run(create + ["--scope", "triage"]).status == 0) }
        let before = try space.bytes("keys.json")
        let third = try space.run(create + ["--scope", "triage"])
        #expect(third.status == 78 && third.errors.contains("revoke one first"))
        #expect(try space.run(["keys", "revoke", "--keys", "keys.json", "none"]).status == 78)
        #expect(try space.bytes("keys.json") == before)
        try space.write("bad.json", "{\"version\":1,\"keys\":[{}]}")
        let bad = try space.run(["keys", "list", "--keys", "bad.json"])
        #expect(bad.status == 65 && bad.errors.contains("bad.json: key 1: id is missing"))
    }
}
