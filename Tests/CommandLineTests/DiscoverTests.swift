import Foundation
import Testing

/// `discover` groups tickets, and takes the names of the groups back as labels.
struct DiscoverTests {
    private static let words = [
        "password login account locked reset sign", "invoice refund charged payment fee price",
        "crash error broken fails exception wrong",
    ].map { $0.split(separator: " ") }

    /// 240 tickets of three matters in turn.
    private static func tickets(label: Bool = false) -> String {
        (0..<240).map { number in
            let list = words[number % 3]
            let picked = (0..<4).map { list[number * (31 + 7 * $0) % 97 % 6] }.joined(separator: " ")
            let matter = label ? #","matter":"\#(number % 3)""# : ""
            return
                #"{"id":"t\#(number)","subject":"\#(picked)","body":"\#(Program.secret) a\#(number)@example.com"\#(matter)}"#
        }.joined(separator: "\n")
    }

    private func discover(_ workspace: Workspace, _ more: [String], data: String = "t.jsonl") throws
        -> Outcome
    {
        try workspace.run(["discover", "--data", data, "--embedding", "none"] + more)
    }

    /// The sheet with each group named by the matter of its words.
    private func named(_ sheet: [UInt8]) -> String {
        String(decoding: sheet, as: UTF8.self).split(separator: "\r\n").map { line in
            let cells = line.components(separatedBy: ",")
            guard let matter = DiscoverTests.words.firstIndex(where: { $0.contains { line.contains($0) } }),
                Int(cells[0]) != nil
            else { return String(line) }
            return ([cells[0], "Matter \(matter)"] + cells.dropFirst(2)).joined(separator: ",")
        }.joined(separator: "\r\n")
    }

    @Test func `groups are named in a sheet and become labels that train reads`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", DiscoverTests.tickets())
        let first = try discover(workspace, ["--groups", "5", "--output", "g.csv"])
        #expect(first.status == 0 && first.output.isEmpty, "\(first.errors)")
        #expect(first.errors.contains("240 tickets in 5 groups") && first.errors.contains("--names g.csv"))
        let sheet = try workspace.bytes("g.csv")
        #expect(!String(decoding: sheet, as: UTF8.self).contains("@example.com"))
        try workspace.write("n.csv", named(sheet))
        let second = try discover(workspace, ["--names", "n.csv", "--label", "topic", "--output", "l.jsonl"])
        #expect(second.status == 0 && second.errors.contains("labelled with 3 names"), "\(second.errors)")
        let lines = String(decoding: try workspace.bytes("l.jsonl"), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 240)
        var labelled = 0
        for (number, line) in lines.enumerated() {
            let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(row["id"] as? String == "t\(number)" && row.keys.count == 4)
            #expect((row["body"] as? String)?.hasSuffix("[EMAIL]") == true)
            guard let label = row["topic"] as? String else { continue }
            labelled += 1
            #expect(label == "Matter \(number % 3)")
        }
        #expect(labelled > 200)
        let trained = try workspace.run([
            "train", "--data", "l.jsonl", "--label", "topic", "--output", "m", "--fixed", "--embedding",
            "none",
            "--language", "none",
        ])
        #expect(trained.status == 0 && trained.text.contains("\(labelled) rows"), "\(trained.errors)")
    }

    @Test func `labelled tickets may be corrections of the file they came from`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", DiscoverTests.tickets())
        _ = try discover(workspace, ["--groups", "5", "--output", "g.csv"])
        try workspace.write("n.csv", named(try workspace.bytes("g.csv")))
        let second = try discover(workspace, ["--names", "n.csv", "--output", "l.csv"])
        #expect(second.status == 0)
        #expect(try workspace.bytes("l.csv").starts(with: [0xEF, 0xBB, 0xBF]))
        let trained = try workspace.run([
            "train", "--data", "t.jsonl", "--corrections", "l.csv", "--label", "category", "--output", "m",
            "--fixed",
            "--embedding", "none", "--language", "none",
        ])
        #expect(trained.status == 0, "\(trained.errors)")
    }

    @Test func `two runs give the same bytes, whatever the threads`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", DiscoverTests.tickets())
        let one = try discover(workspace, ["--threads", "1"])
        let three = try discover(workspace, ["--threads", "3"])
        #expect(one.status == 0 && one.output == three.output && !one.output.isEmpty)
        #expect(one.errors.contains("two random halves of the tickets"))
    }

    @Test func `known labels are compared and not read as text`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", DiscoverTests.tickets(label: true))
        let outcome = try discover(
            workspace, ["--groups", "3", "--against", "matter", "--output", "g.csv", "--json"])
        let json = try #require(outcome.objects.first)
        #expect(json["groups"] as? Int == 3 && json["tickets"] as? Int == 240)
        #expect((json["adjusted_mutual_information"] as? Double ?? 0) > 0.8, "\(outcome.text)")
    }

    @Test func `a sheet in which names were typed is not replaced`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", DiscoverTests.tickets())
        _ = try discover(workspace, ["--output", "g.csv"])
        #expect(try discover(workspace, ["--output", "g.csv"]).status == 0)
        let typed = named(try workspace.bytes("g.csv"))
        try workspace.write("g.csv", typed)
        let outcome = try discover(workspace, ["--output", "g.csv"])
        #expect(outcome.status == 73 && outcome.errors.contains("typed names"), "\(outcome.errors)")
        #expect(String(decoding: try workspace.bytes("g.csv"), as: UTF8.self) == typed)
    }

    @Test(arguments: [
        (["--groups", "1"], Int32(64), "from 2"), (["--label", "x"], 64, "goes with --names"),
        (["--names", "n.csv", "--groups", "3"], 64, "leave out --groups"),
        (["--names", "gone.csv"], 66, "gone.csv"), (["--names", "t.jsonl"], 65, "t.jsonl"),
        (["--far", "6"], 64, "--far"), (["--json"], 64, "goes with --output"),
        (["--csv"], 64, "goes with --names"),
        (["--output", "t.jsonl"], 73, "it is the input too"),
        (["--against", "subject", "--text", "subject"], 64, "label and text at once"),
    ])
    func `wrong use is refused`(words: [String], status: Int32, says: String) throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", DiscoverTests.tickets())
        let outcome = try discover(workspace, words)
        #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test(arguments: [
        ("", Int32(66), "no records"), (#"{"text":"x"}"#, 65, "no two rows share a word"),
        ("{", 65, "line 1"),
        (#"{"team":"A"}"#, 65, "no column is known as a ticket's text"),
    ])
    func `files without tickets are refused`(text: String, status: Int32, says: String) throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", text)
        let outcome = try discover(workspace, [])
        #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test func `bad rows are named, and the good ones count`() throws {
        let workspace = try Workspace()
        var lines = DiscoverTests.tickets().split(separator: "\n").map(String.init)
        lines.insert("{", at: 3)
        try workspace.write("t.jsonl", lines.joined(separator: "\n"))
        let first = try discover(workspace, ["--output", "g.csv"])
        #expect(first.status == 0 && first.errors.contains("line 4") && first.errors.contains("240 tickets"))
        try workspace.write("n.csv", named(try workspace.bytes("g.csv")))
        let second = try discover(workspace, ["--names", "n.csv"])
        #expect(second.objects.count == 240 && second.objects[239]["id"] as? String == "t239")
    }
}
