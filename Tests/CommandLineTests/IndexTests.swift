import Foundation
import Testing
import TriageData

/// `triage kb index`, and searches in the index that it makes.
struct IndexTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        let rows = (0..<5_000).map { number in
            let words = ["door", "badge", "printer", "router"].map { "\($0)\(number % 97)" }
            return
                #"{"id":"a\#(number)","title":"\#(words.joined(separator: " ")) \#(number)","text":"Reset it."}"#
        }
        try workspace.write("kb/corpus.jsonl", rows.joined(separator: "\n"))
    }

    private func run(_ words: [String]) throws -> JSONValue {
        let done = try workspace.run(words + ["--kb", "kb", "--state", "state", "--json"])
        #expect(done.status == 0, "\(done.errors)")
        return try JSONValue(reading: done.output)
    }

    @Test func `a large knowledge base is indexed once, and found again`() throws {
        let first = try run(["kb", "index"])
        #expect(first["articles"]?.text == "5000" && first["made"] == .bool(true))
        let second = try run(["kb", "index"])
        #expect(second["made"] == .bool(false) && second["folder"] == first["folder"])
        let stored = try run(["search", "badge96 printer96 4946"])
        let inMemory = try workspace.run(
            ["search", "badge96 printer96 4946", "--kb", "kb", "--state", "/proc/none", "--json"])
        #expect(stored["matches"]?.elements?.first?["id"]?.text == "a4946")
        let exact = try JSONValue(reading: inMemory.output)
        #expect(
            stored["matches"]?.elements?.map { $0["id"]?.text }
                == exact["matches"]?.elements?.map { $0["id"]?.text })
        #expect(inMemory.errors.contains("5000 articles are indexed in memory at each start"))
    }

    @Test func `a small knowledge base needs no index, and none cannot be indexed`() throws {
        try workspace.write("small/kb.json", #"[{"id":"a","title":"Badge"}]"#)
        let small = try workspace.run(["kb", "index", "--kb", "small", "--state", "state"])
        #expect(small.text.hasPrefix("1 article: read at each start") && small.status == 0)
        #expect(try workspace.run(["kb", "index", "--kb", "none"]).status == 64)
        #expect(try workspace.run(["kb", "index", "--kb", "nowhere", "--state", "state"]).status == 66)
    }
}
