import Testing
import TriageData
@testable import TriageImport
import TriageTickets

struct InspectionTests {
    private func rows(_ count: Int, _ line: (Int) -> String) -> String {
        (0..<count).map { line($0) + "\n" }.joined()
    }

    private func table() -> String {
        "Case No;Betreff;Beschreibung;Warteschlange;Priorität;Bearbeiter;Antwort\n"
            + rows(60) {
                "\($0);Fehler \($0);Der Drucker \($0) im Flur druckt seit heute nicht mehr;\(["A", "B", "C"][$0 % 3]);"
                    + "\(["hoch", "tief"][$0 % 2]);p\($0 % 3);SECRET"
            }
    }

    @Test func `an inspection shows what is read as what`() throws {
        let files = try TestFiles(["t.csv": table()])
        let inspection = try Inspection(files.path("t.csv"))
        #expect(inspection.kind == .table)
        #expect(inspection.separator == ";")
        #expect(inspection.rows == 60)
        #expect(inspection.choice.subject == ["Betreff"])
        #expect(inspection.choice.body == ["Beschreibung"])
        #expect(inspection.choice.id == "Case No")
        #expect(inspection.labels == ["Warteschlange", "Priorität"])
        #expect(inspection.questions.isEmpty)
        #expect(inspection.leaks.contains { $0.contains("Bearbeiter") && $0.contains("Warteschlange") })
    }

    @Test func `examples are masked`() throws {
        let files = try TestFiles(["t.csv": "id,body,queue\n1,write to ana@example.org please,a\n"])
        let lines = try Inspection(files.path("t.csv")).lines.joined(separator: "\n")
        #expect(lines.contains("[EMAIL]"))
        #expect(!lines.contains("ana@example.org"))
    }

    @Test func `no ticket of a file without a header, and no address in a name, is shown`() throws {
        let files = try TestFiles([
            "h.csv": "1,ana.ruiz@example.org,My screen flickers since this morning,A\n"
                + rows(9) { "\($0 + 2),b\($0)@example.org,The printer \($0) is jammed again today,B" },
            "k.json":
                #"[{"text":"No sound","ana.ruiz@example.org":"x","4111 1111 1111 1111":"y","custom_field_360012345678":"z"}]"#,
        ])
        let table = try Inspection(files.path("h.csv"))
        let lines = table.lines.joined(separator: "\n") + JSONWriter.line { table.write(to: &$0) }
        #expect(!lines.contains("ana.ruiz") && !lines.contains("My screen"), "\(lines)")
        #expect(lines.contains("column 3"))
        let keys = try Inspection(files.path("k.json")).lines.joined(separator: "\n")
        #expect(!keys.contains("ana.ruiz") && !keys.contains("4111 1111"), "\(keys)")
        #expect(keys.contains("custom_field_360012345678"))
    }

    @Test func `of a table without a header no column is named, though some are equal`() throws {
        let files = try TestFiles([
            "t.csv":
                "1,My screen flickers,SECRET,SECRET\n2,The printer is jammed,b,c\n3,No sound at all today,b,c\n"
        ])
        var said: [String] = []
        do { said += try files.imported("t.csv").notes } catch { said.append("\(error)") }
        let lines = said + (try Inspection(files.path("t.csv")).lines)
        #expect(
            !said.isEmpty && !lines.contains { $0.contains("SECRET") || $0.contains("flickers") }, "\(lines)")
    }

    @Test func `a file that does not show its text is asked about`() throws {
        let text =
            "a,b,c\n"
            + rows(40) { "\($0),The printer number \($0) in the hall is jammed again today,\($0 % 3)" }
        let files = try TestFiles(["t.csv": text])
        let inspection = try Inspection(files.path("t.csv"))
        #expect(inspection.choice.text.isEmpty)
        #expect(
            inspection.questions.contains {
                $0.contains("which column holds the text?") && $0.contains("\"b\"")
            })
        let named = try Inspection(files.path("t.csv"), TicketColumns(["b"]))
        #expect(named.choice.body == ["b"])
        #expect(!named.questions.contains { $0.contains("which column holds the text?") })
    }

    @Test func `a label that begins at a date is a warning`() throws {
        func text(_ label: (Int) -> String) -> String {
            "id,body,category,created\n"
                + rows(200) { "\($0),text \($0),\(label($0)),2025-\($0 < 100 ? "01" : "06")-\(10 + $0 % 19)" }
        }
        let files = try TestFiles([
            "late.csv": text { $0 >= 120 && $0 % 2 == 0 ? "New" : "Old" },
            "even.csv": text { $0 % 2 == 0 ? "A" : "B" },
        ])
        #expect(
            try Inspection(files.path("late.csv")).leaks.contains { $0.contains("\"New\" begins at 2025-06") }
        )
        #expect(try Inspection(files.path("even.csv")).leaks.isEmpty)
    }

    @Test func `labels with a known name are suggested of two rows too`() throws {
        let files = try TestFiles([
            "t.csv":
                "id,subject,body,category,severity\n1,a,The screen flickers,Screen,High\n2,b,No sound,Sound,Low\n"
        ])
        #expect(try Inspection(files.path("t.csv")).labels == ["category", "severity"])
    }

    @Test func `a map is written, read and used`() throws {
        let files = try TestFiles(["t.csv": table()])
        let map = try Inspection(files.path("t.csv")).asMap
        try files.write(Array(map.yaml.utf8), to: "map.yaml")
        var read = try ImportMap(path: files.path("map.yaml"))
        #expect(read.input == map.input)
        #expect(read.labels == map.labels)
        read.labels = ["Priorität"]
        let (tickets, _, _, _) = try files.imported("t.csv", columns: read.columns, map: read)
        #expect(tickets[0]["Priorität"] == .string("hoch"))
        #expect(tickets[0]["Warteschlange"] == nil)
        read.input.body = ["Beschreibungen"]
        #expect(throws: ImportError.self) { try files.imported("t.csv", columns: read.columns, map: read) }
    }

    @Test(arguments: [
        ("subjekt: [a]", "(did you mean subject?); the settings: subject, "),
        ("subject: [a]\nsubject: [b]", "a name twice"), ("subject: {a: b}", "takes names"),
        ("- a", "names with values"),
        ("subject: [a]\nzone: noon", "offset"), ("id: x", "no column of text"), ("subject: [", "not YAML"),
        ("a: &a [x]\nsubject: *a", "refers to another place"),
    ])
    func `a map that is wrong is an error with its reason`(yaml: String, reason: String) {
        let error = #expect(throws: ImportError.self) {
            try ImportMap(bytes: Array(yaml.utf8), path: "map.yaml")
        }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func `a map that Windows saved with a byte order mark is read`() throws {
        let map = try ImportMap(bytes: [0xEF, 0xBB, 0xBF] + Array("body: [a]\n".utf8), path: "map.yaml")
        #expect(map.input.body == ["a"])
    }

    @Test func `a table whose text is in another file is not asked to bring it`() throws {
        let files = try TestFiles(["z.csv": "Summation column,Id,Subject,Group\n1,35,Bill,Net\n"])
        let path = files.path("z.csv")
        #expect(try Inspection(path).questions.contains { $0.contains("give the JSON export too") })
        #expect(try !Inspection(path, isAlone: false).questions.contains { $0.contains("give the JSON") })
    }
}
