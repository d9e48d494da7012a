import Foundation
import Testing

/// A file of site tests that cannot be used, and what is said of it.
struct BadSiteTest: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var lines: String
    var says: String

    init(_ name: String, _ lines: String, _ says: String) {
        (testDescription, self.lines, self.says) = (name, lines, says)
    }

    private static let good = #"{"text":"\#(Program.secret) password","category":{"is":"Login"}}"# + "\n"

    private static func demand(_ name: String, _ members: String, _ says: String) -> BadSiteTest {
        BadSiteTest(
            name, good + #"{"text":"\#(Program.secret)",\#(members)}"#, "tests.jsonl: line 2: " + says)
    }

    static let all: [BadSiteTest] = [
        BadSiteTest("an empty file", "", "tests.jsonl: no records"),
        BadSiteTest("no JSON", good + #"{"text":"\#(Program.secret)"#, "tests.jsonl: line 2: "),
        BadSiteTest(
            "no text", #"{"words":"\#(Program.secret)","category":{"is":"Bug"}}"#,
            "tests.jsonl: line 1: no column is known as a ticket's text; its columns: category, words"),
        demand("no demand", #""id":"7""#, "it demands nothing"),
        demand(
            "an unknown field", #""team":{"is":"A"}"#,
            "\"team\" is not a field of the model, which has category"),
        demand("a label alone", #""category":"Bug""#, "\"category\" has no object of is, not or at_least"),
        demand("an empty demand", #""category":{}"#, "\"category\" has no object"),
        demand("an unknown label", #""category":{"is":"Bag"}"#, "\"Bag\" is not a label of \"category\""),
        demand(
            "an unknown severity", #""severity":{"is":"P9"}"#,
            "\"P9\" is not a label of \"severity\", which has High, Low, Medium, Critical"),
        demand("a list of labels", #""category":{"is":["Bug"]}"#, "\"is\" of \"category\" is not text"),
        demand(
            "an unknown demand", #""category":{"like":"Bug"}"#,
            "\"like\" of \"category\" is not one of is, not, at_least"),
        demand(
            "an order where none is", #""category":{"at_least":"Bug"}"#,
            "\"at_least\" is given for \"category\"; only the field with the role severity has an order"),
        demand(
            "no severity", #""severity":{"at_least":"Bug"}"#,
            "\"Bug\" of \"severity\" cannot be compared: the playbook's order is Low, Medium, High, Critical"),
    ]
}

struct SiteTestTests {
    @Test func `a test may name a label in a form that the training joins`() throws {
        let workspace = try Workspace()
        let tests = #"{"text":"password login","category":{"is":" LOGIN"}}"#
        #expect(try train(workspace, tests).errors.contains("is not a label of"))
        let joined = try train(workspace, tests, ["--merge-labels", "--kb", "none"])
        #expect(joined.status == 0, "\(joined.errors)")
    }

    private func train(_ workspace: Workspace, _ tests: String, _ more: [String] = []) throws -> Outcome {
        try workspace.write("train.jsonl", TrainedBundle.tickets)
        try workspace.write("tests.jsonl", tests)
        return try workspace.run(
            [
                "train", "--data", "train.jsonl", "--label", "category", "--label", "severity", "--fixed",
                "--embedding", "none", "--output", "new", "--tests", "tests.jsonl",
            ] + (more.isEmpty ? ["--kb", "none"] : more))
    }

    @Test func `a bundle that meets every demand is written`() throws {
        let workspace = try Workspace()
        let outcome = try train(
            workspace,
            """
            {"text":"password locked","category":{"is":"Login","not":"Bug"},"severity":{"at_least":"High"}}
            {"subject":"invoice","body":"refund charged","note":"mild","severity":{"not":"Critical"}}
            """)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.contains("tests.jsonl: all 2 tests hold"))
        #expect(try workspace.names("new").contains("manifest.json"))
    }

    @Test func `one that fails is not, and each failed line is named without its text`() throws {
        let workspace = try Workspace()
        let outcome = try train(
            workspace,
            """
            {"text":"password locked","category":{"is":"Login"}}
            {"text":"\(Program.secret) invoice refund","severity":{"at_least":"High"},"category":{"not":"Billing"}}
            """)
        #expect(outcome.status == 65)
        for part in [
            "tests.jsonl: line 2: category is Billing, must not be Billing",
            "tests.jsonl: line 2: severity is Low, must be at least High",
            "tests.jsonl: 1 of 2 tests fail, so nothing was written",
        ] { #expect(outcome.errors.contains(part), "\(part)") }
        #expect(!outcome.errors.contains("line 1"))
        #expect(!FileManager.default.fileExists(atPath: workspace.file("new")))
    }

    @Test func `the floors of the playbook count`() throws {
        let test = #"{"text":"invoice refund ransomware","severity":{"at_least":"High"}}"#
        let workspace = try Workspace()
        #expect(try train(workspace, test).status == 65)
        try workspace.write(
            "kb/playbook.yaml", "floors:\n  - {id: r, raise_to: Critical, any: [ransomware]}\n")
        #expect(try train(workspace, test, ["--kb", "kb"]).status == 0)
    }

    @Test(arguments: BadSiteTest.all)
    func `a bad file is refused before the fit`(bad: BadSiteTest) throws {
        let workspace = try Workspace()
        let outcome = try train(workspace, bad.lines)
        #expect(outcome.status == (bad.lines.isEmpty ? 66 : 65))
        #expect(outcome.errors.contains(bad.says), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: workspace.file("new")))
    }
}
