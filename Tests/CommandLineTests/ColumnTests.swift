import Foundation
import Testing

/// Exports with the columns of their products: what is read, remembered and reported.
struct ColumnTests {
    private static let kinds = [
        ("password locked", "Access"), ("invoice refund", "Billing"), ("printer toner", "Hardware"),
    ]

    /// An export of 36 tickets; the words that tell the teams apart stand in the ticket's text alone.
    private static func export(_ header: String, _ row: (Int, String, String) -> String) -> String {
        let rows = (0..<36).map { number in
            row(number, kinds[number % 3].0, kinds[number % 3].1)
        }
        return ([header] + rows).joined(separator: "\n") + "\n"
    }

    private static let desk = export("Ticket ID,Created,Subject,Ticket text,Team") { number, words, team in
        "T-\(number),2026-01-\(10 + number % 20),Request \(number),please help with \(words) today,\(team)"
    }

    private func trained(_ more: [String] = []) throws -> (Workspace, Outcome) {
        let workspace = try Workspace()
        try workspace.write("desk.csv", Self.desk)
        let outcome = try workspace.run(
            ["train", "--data", "desk.csv", "--label", "Team", "--role", "category=Team", "--fixed"]
                + ["--embedding", "none", "--bits", "8", "--output", "m"] + more)
        return (workspace, outcome)
    }

    private func input(_ workspace: Workspace) throws -> NSDictionary? {
        let manifest = try JSONSerialization.jsonObject(with: Data(workspace.bytes("m/manifest.json")))
        return (manifest as? [String: Any])?["input"] as? NSDictionary
    }

    private func classify(_ workspace: Workspace, _ rows: String, _ more: [String] = []) throws -> Outcome {
        try workspace.write("new.csv", rows)
        return try workspace.run(
            ["classify", "--json", "--model", "m", "--kb", "none", "--input", "new.csv"] + more)
    }

    @Test func `a bundle remembers its columns, and classify reads them and echoes the ids`() throws {
        let (workspace, training) = try trained(["--group", "Subject", "--time", "created"])
        #expect(training.status == 0)
        #expect(training.errors.contains("text: Ticket text; id: Ticket ID\n"), "\(training.errors)")
        #expect(
            try input(workspace) == [
                "subject": [String](), "body": ["Ticket text"], "id": "Ticket ID", "requester": "Subject",
                "time": "Created",
            ])
        let answers = try classify(
            workspace, "ticket id,ticket text,description\nA-7,my invoice needs a refund,printer toner\n")
        #expect(answers.objects.first?["id"] as? String == "A-7")
        #expect(answers.objects.first?["category"] as? String == "Billing")
        #expect(answers.errors.contains("new.csv: text: ticket text; id: ticket id; not read: description"))
        #expect(!answers.errors.contains("warning: new.csv"))
    }

    @Test
    func `without options the subject and the text are read, and other columns stand in with a warning`()
        throws
    {
        let (workspace, training) = try trained()
        #expect(training.errors.contains("text: Subject + Ticket text; id: Ticket ID; not read: Created"))
        let answers = try classify(workspace, "number,title,body\n7,Help,the printer has no toner\n")
        #expect(answers.status == 0)
        #expect(answers.objects.first?["id"] as? String == "7")
        #expect(answers.objects.first?["category"] as? String == "Hardware")
        #expect(answers.errors.contains("warning: new.csv: the model was trained on Subject + Ticket text"))
        for command in ["explain", "bench", "evaluate"] {
            let words = command == "explain" ? ["--input"] : ["--data"]
            let outcome = try workspace.run([command, "--model", "m", "--kb", "none"] + words + ["desk.csv"])
            #expect(
                outcome.errors.contains("desk.csv: text: Subject + Ticket text; id: Ticket ID"), "\(command)")
        }
        let again = try workspace.run(
            ["audit", "--model", "m", "--data", "desk.csv", "--label", "Team", "--embedding", "none"])
        #expect(again.status == 0 && again.errors.contains("text: Subject + Ticket text"))
    }

    @Test func `a training that begins with a bundle reads its columns, requesters and dates`() throws {
        let (workspace, first) = try trained(
            ["--group", "Subject", "--time", "Created", "--text", "Ticket text", "--id-column", "Subject"])
        #expect(first.errors.contains("text: Ticket text; id: Subject"), "\(first.errors)")
        let again = try workspace.run(
            ["train", "--data", "desk.csv", "--label", "Team", "--role", "category=Team", "--fixed"]
                + ["--embedding", "none", "--bits", "8", "--output", "m", "--warm-start", "m"])
        #expect(again.status == 0)
        #expect(again.errors.contains("desk.csv: text: Ticket text; id: Subject"), "\(again.errors)")
        #expect(
            again.errors.contains("column 'Created' was the earlier model's time: rows are split in time"))
        #expect(again.errors.contains("rows with equal values of column 'Subject' stay together"))
        #expect(try input(workspace)?["time"] as? String == "Created")
    }

    @Test(arguments: [
        (["--text", "Subject", "--text", "Tiket text"], 65, "did you mean \"Ticket text\"?"),
        (
            ["--text", "Subject,Tiket text"], 65,
            "its columns: Ticket ID, Created, Subject, Ticket text, Team"
        ),
        (["--id-column", "Key"], 65, "no column \"Key\""), (["--label", "ticket-id"], 64, "so it is an id"),
        (["--text", "Team,Ticket text"], 64, "a label and text at once"),
        (["--label", "ID"], 64, "a label and the id at once"),
        (["--label", "Subject"], 64, "a label and text at once"),
        (["--text", "Created", "--label", "Ticket text"], 0, "column 'Ticket text' has 3 values"),
    ])
    func `columns that cannot be meant are refused by name`(words: [String], status: Int, says: String) throws
    {
        let (_, outcome) = try trained(words)
        guard status != 0 else { return #expect(!outcome.errors.contains(says)) }
        #expect(outcome.status == Int32(status) && outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test func `a label with a value for each row is questioned`() throws {
        let workspace = try Workspace()
        try workspace.write(
            "t.csv",
            Self.export("id,text,solution") { "\($0),please help with \($1),\($2) was reset \($0 / 2)" })
        let outcome = try workspace.run(
            ["train", "--data", "t.csv", "--label", "solution", "--fixed", "--embedding", "none"]
                + ["--bits", "8", "--output", "m"])
        #expect(
            outcome.errors.contains("column 'solution' has 36 values in 36 labelled rows: is it free text"))
    }

    @Test func `most rows without text are an error where labels are learned or measured, else a warning`()
        throws
    {
        let (workspace, _) = try trained()
        let empty = Self.export("Ticket ID,Subject,Ticket text,Team") { number, words, team in
            number < 17 ? "\(number),,\(words),\(team)" : "\(number),null,N/A,\(team)"
        }
        try workspace.write("empty.csv", empty)
        let says = "empty.csv: 19 of 36 rows have no text in Subject + Ticket text"
        for words in [
            ["train", "--label", "Team", "--output", "n", "--embedding", "none", "--fixed"],
            ["audit", "--label", "Team"], ["evaluate", "--model", "m", "--kb", "none"],
        ] {
            let outcome = try workspace.run(words + ["--data", "empty.csv"])
            #expect(outcome.status == 65 && outcome.errors.contains(says), "\(outcome.errors)")
            #expect(outcome.errors.contains("(--text)"))
        }
        let answers = try classify(workspace, empty)
        #expect(answers.status == 0 && answers.objects.count == 36)
        #expect(answers.errors.contains("new.csv: 19 of 36 rows have no text"))
    }

    @Test func `a file without a known column of text is refused before anything is written`() throws {
        let (workspace, _) = try trained()
        let outcome = try classify(
            workspace, "Ticket ID,Words\n1,\(Program.secret)\n", ["--output", "out.jsonl"])
        #expect(outcome.status == 65)
        #expect(
            outcome.errors.contains("no column is known as a ticket's text; its columns: Ticket ID, Words"))
        #expect(outcome.errors.contains("(--text)"))
        #expect(try !workspace.names().contains("out.jsonl"))
    }
}
