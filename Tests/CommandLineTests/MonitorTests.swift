import Foundation
import Testing

/// What is watched in production, and the tickets to label next.
struct MonitorTests {
    private static let starter = ["--model", "\(ServeTests.root)/models/starter"]
    private let tickets = [
        #"{"id":"T-1","body":"my account is locked since the password change"}"#,
        #"{"id":"T-2","body":"the printer and the invoice and something else of ann@example.org"}"#,
        #"{"id":"T-3","body":"I was charged twice for my order, please refund"}"#,
        #"{"id":"T-4","body":""}"#,
    ].joined(separator: "\n")

    @Test func `the sheet of the next tickets is masked, has no answer of the model, and is the same again`()
        throws
    {
        let workspace = try Workspace()
        try workspace.write("new.jsonl", tickets)
        let words = ["label", "--next", "3", "--data", "new.jsonl", "--output", "next.csv"] + Self.starter
        let outcome = try workspace.run(words)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors == "triage: 3 of 4 tickets without a label\n", "\(outcome.errors)")
        let sheet = String(decoding: try workspace.bytes("next.csv"), as: UTF8.self)
        let lines = sheet.split(whereSeparator: \.isNewline)
        #expect(lines[0].hasSuffix("id,subject,body,category,severity"))
        #expect(lines.count == 4 && lines.dropFirst().allSatisfy { $0.hasSuffix(",,") }, "\(sheet)")
        #expect(sheet.contains("[EMAIL]") && !sheet.contains("ann@example.org") && !sheet.contains("T-4"))
        _ = try workspace.run(words)
        #expect(try String(decoding: workspace.bytes("next.csv"), as: UTF8.self) == sheet)
    }

    @Test(
        arguments: [
            (["label"], 64, "Give either --store or --data"),
            (["label", "--data", "new.jsonl", "--store", "s"], 64, "Give either --store or --data"),
            (["label", "--data", "new.jsonl", "--next", "0"], 64, "numbers from 1"),
            (["label", "--data", "gone.jsonl"], 66, "gone.jsonl"),
            (["label", "--store", "gone"], 66, "gone"),
            (["label", "--data", "new.jsonl", "--output", "new.jsonl"], 73, "it is the input too"),
            (["monitor", "--store", "gone"], 66, "gone"),
            (["monitor", "--store", "gone", "--recent", "5"], 64, "--recent takes a number from 100"),
        ] as [([String], Int32, String)])
    func `wrong use is named`(words: [String], status: Int32, problem: String) throws {
        let workspace = try Workspace()
        try workspace.write("new.jsonl", tickets)
        let outcome = try workspace.run(words[0] == "label" ? words + Self.starter : words)
        #expect(outcome.status == status && outcome.errors.contains(problem), "\(outcome)")
    }
}
