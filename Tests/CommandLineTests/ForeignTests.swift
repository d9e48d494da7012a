import Foundation
import Testing

/// `--foreign`: level `auto` where some tickets belong to none of the labels.
struct ForeignTests {
    /// Tickets of labels with four words each, the last of which the next label has too.
    private func rows(_ labels: Range<Int>, of all: Int, count: Int) -> String {
        labels.flatMap { label in
            (0..<count).map { row in
                let words = (0..<4).map { place in
                    let word = (row * (place + 3) + place * place) % 4
                    return word == 3 ? "t\((label + 1) % all)w0" : "t\(label)w\(word)"
                }
                return
                    #"{"text":"\#(words.joined(separator: " ")) number u\#(row)","category":"c\#(label)"}"#
            }
        }.joined(separator: "\n")
    }

    private func train(_ workspace: Workspace, _ labels: Int, _ more: [String] = [], output: String = "m")
        throws -> Outcome
    {
        try workspace.write("t.jsonl", rows(0..<labels, of: labels, count: 60))
        return try workspace.run(
            [
                "train", "--data", "t.jsonl", "--label", "category", "--embedding", "none", "--fixed",
                "--calibrate", "--output", output, "--target", "80%",
            ] + more)
    }

    @Test func `a share is stated, estimated, kept by a later training, and taken back`() throws {
        let workspace = try Workspace()
        let trained = try train(workspace, 6, ["--foreign", "10%"])
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.text.contains("with 10 % foreign tickets"), "\(trained.text)")
        let later = try train(workspace, 6, ["--warm-start", "m"], output: "next")
        #expect(later.errors.contains("10 % foreign tickets, as in the earlier model"), "\(later.errors)")
        try workspace.write("month.jsonl", rows(20..<24, of: 30, count: 30))
        let estimated = try workspace.run(["models", "tune", "m", "--foreign-from", "month.jsonl"])
        #expect(estimated.status == 0, "\(estimated.errors)")
        #expect(
            estimated.text.contains("% of 120 tickets are foreign")
                && estimated.text.contains("(estimated from 120 tickets)"), "\(estimated.text)")
        let back = try workspace.run(["models", "tune", "m", "--foreign", "0"])
        #expect(back.text.contains("solved without foreign tickets"), "\(back.text)")
        #expect(try workspace.run(["models", "verify", "m"]).status == 0)
    }

    @Test func `too few labels for foreign tickets are named`() throws {
        let workspace = try Workspace()
        let trained = try train(workspace, 3, ["--foreign", "0.1"])
        #expect(trained.status == 0)
        #expect(
            trained.errors.contains("foreign tickets are not counted: it takes four labels at least"),
            "\(trained.errors)")
        let tuned = try workspace.run(["models", "tune", "m", "--foreign", "0.1"])
        #expect(tuned.status == 0 && tuned.text.contains("foreign tickets are not counted"), "\(tuned.text)")
        try workspace.write("month.jsonl", rows(0..<1, of: 3, count: 5))
        let estimated = try workspace.run(["models", "tune", "m", "--foreign-from", "month.jsonl"])
        #expect(estimated.text.contains("cannot be estimated: it takes four labels"), "\(estimated.text)")
    }

    @Test(arguments: ["1", "0.96", "-0.1", "many", "120%"])
    func `a share that is none is refused`(share: String) throws {
        let workspace = try Workspace()
        for command in [
            ["train", "--data", "t.jsonl", "--label", "a", "--output", "m"], ["models", "tune", "m"],
        ] {
            let outcome = try workspace.run(command + ["--foreign=\(share)"])
            #expect(outcome.status == 64 && outcome.errors.contains("--foreign takes a share from 0 to 0.95"))
        }
        let both = try workspace.run(["models", "tune", "m", "--foreign", "0.1", "--foreign-from", "f"])
        #expect(both.status == 64 && both.errors.contains("not both"))
    }
}
