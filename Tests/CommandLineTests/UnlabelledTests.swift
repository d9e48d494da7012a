import Foundation
import Testing

/// `train --unlabelled`: tickets without labels beside labelled ones.
struct UnlabelledTests {
    private func train(_ workspace: Workspace, _ more: [String], output: String = "m") throws -> Outcome {
        try workspace.write("train.jsonl", TrainedBundle.tickets)
        return try workspace.run(
            ["train", "--data", "train.jsonl", "--label", "category", "--embedding", "none", "--bits", "8"]
                + ["--output", output] + more)
    }

    /// Tickets of the same kinds with words of their own, one bad row, and one that is there already.
    private static let tickets: String = {
        let rows = (0..<30).map { number in
            let words = ["password login badge", "invoice refund dunning", "crash error freeze"][number % 3]
            return #"{"text":"\#(words) ticket \#(number)","category":"\#(Program.secret)"}"#
        }
        return (rows + [rows[0], "{broken"]).joined(separator: "\n")
    }()

    @Test func `the report counts them and has what they gained; their labels are not read`() throws {
        let workspace = try Workspace()
        try workspace.write("rest.jsonl", Self.tickets)
        let trained = try train(workspace, ["--unlabelled", "rest.jsonl"])
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(
            trained.text.contains("30 texts of 31 tickets without labels; 1 empty or there already, 1 bad"),
            "\(trained.text)")
        #expect(trained.text.contains("category: tickets without labels "), "\(trained.text)")
        #expect(trained.errors.contains("rest.jsonl: line 32"), "\(trained.errors)")
        let manifest = try String(contentsOfFile: workspace.file("m/manifest.json"), encoding: .utf8)
        #expect(!(trained.text + trained.errors + manifest).contains(Program.secret))
        let again = try train(workspace, ["--unlabelled", "rest.jsonl", "--json"], output: "next")
        #expect(again.text.contains(#""unlabelled_tickets":30"#), "\(again.text)")
    }

    @Test(arguments: [
        (["--unlabelled", "gone.jsonl"], Int32(66), "gone.jsonl"),
        (["--unlabelled", "rest.jsonl", "--fixed"], 64, "which --fixed leaves out"),
        (["--unlabelled", "empty.jsonl"], 66, "empty.jsonl: no records"),
        (["--unlabelled", "other.jsonl"], 65, "other.jsonl"),
    ])
    func `what cannot be used is refused before anything is written`(
        words: [String], status: Int32, says: String
    ) throws {
        let workspace = try Workspace()
        try workspace.write("rest.jsonl", Self.tickets)
        try workspace.write("empty.jsonl", "")
        try workspace.write("other.jsonl", #"{"number":1,"score":2}"#)
        let outcome = try train(workspace, words)
        #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: workspace.file("m")))
    }
}
