import Testing
import TriageData
import TriageTickets

@testable import TriageImport

/// Records of one file that differ in their members, and files that belong together.
struct ShapeTests {
    /// Records whose optional members are there by turns, so that each has another set of names than the one before.
    private static let records: [String] = (0..<300).map { row in
        var members = [
            #""id":\#(row),"subject":"No tunnel \#(row)","description":"It drops at \#(row)","requester_id":7"#,
            #""created_at":"2025-03-04T08:15:00Z","via":{"channel":"email"}"#,
        ]
        if row % 2 == 0 { members.append(#""priority":"high""#) }
        if row % 3 == 0 { members.append(#""region\#(row % 12)":"north""#) }
        if row % 5 == 0 { members.append(#""tags":["a","b"]"#) }
        return "{" + members.joined(separator: ",") + "}"
    }

    @Test func `a record is read the same whatever records stand before it`() throws {
        let all = try TestFiles(["t.jsonl": Self.records.joined(separator: "\n")]).imported("t.jsonl")
            .tickets
        #expect(all.count == Self.records.count)
        for row in stride(from: 0, to: all.count, by: 7) {
            let alone = try TestFiles(["t.jsonl": Self.records[row]]).imported("t.jsonl").tickets
            #expect(alone == [all[row]])
        }
    }

    @Test func `a member of the record wins over a custom field of its name`() throws {
        let record =
            #"{"id":1,"subject":"A","description":"It jams","requester_id":7,"site":"Porto","custom_attributes":"#
            + #"{"site":"Lyon","floor":"2"}}"#
        for _ in 0..<20 {
            let tickets = try TestFiles(["t.jsonl": record]).imported("t.jsonl").tickets
            #expect(tickets.map { $0["site"]?.text } == ["Porto"] && tickets[0]["floor"]?.text == "2")
        }
    }

    @Test func `of two ways to one column the shorter wins`() throws {
        let record = #"{"text":"It jams","a":{"b":{"c":"deep"},"b.c":"middle"},"a.b.c":"own"}"#
        for _ in 0..<20 {
            let rows = try ImportedRows(record + "\n" + record, name: "t.jsonl")
            #expect(rows.values("a.b.c") == ["own", "own"])
        }
    }

    @Test(arguments: [
        ("null", true), ("(None)", true), ("--None--", true), ("_No response_", true), ("N/A", true),
        ("n.a.", true),
        ("K. A.", true), ("\\N", true), ("\\n", true), ("-", true), ("—", true), ("?", true),
        ("Ｎｏｎｅ", true),
        (" none ", true), ("NaN", true), ("nonrenseigné", false), ("non renseigné", true),
        ("Network", false),
        ("none of them", false), ("3 none", false), ("Blank", true), ("blank page", false),
        ("Über", false), ("", false),
        ("Keine Angabe", true), ("<empty>", true), ("0", false), ("user", false), ("'undefined'", true),
    ])
    func `words for a missing value are known in any form`(_ text: String, isNull: Bool) {
        #expect(LabelText.isNullWord(text) == isNull)
    }

    @Test func `a table without text takes the texts of an export, by id`() throws {
        let files = try TestFiles([
            "labels.csv": "Number,Category\nA1,Net\nA2,Mail\nA3,Net\n",
            "texts.jsonl": #"{"id":"A2","subject":"Mail","body":"No mail"}"# + "\n"
                + #"{"id":"A1","body":"No net"}"# + "\n" + #"{"id":"A9","body":"No sound","Category":"PC"}"#,
        ])
        let joined = try JoinedFiles(
            [files.path("labels.csv"), files.path("texts.jsonl")], TicketColumns(others: ["Category"]))
        #expect(joined.files == [files.path("labels.csv")] && joined.notes.count == 1)
        let rows = try joined.rows(joined.files[0])
        var reader = TicketReader(TicketColumns(others: ["Category"]))
        try reader.begin(rows)
        var bodies: [String] = []
        while let row = try rows.next() { bodies.append(try reader.ticket(in: row.get()).body) }
        #expect(bodies == ["No net", "No mail", ""])
        #expect(
            joined.notes.contains { $0.contains("2 of 3 rows") && $0.contains("1 text") }, "\(joined.notes)")
        let rest = try joined.rest()?.next()?.get()
        #expect(rest?.fields["id"] == .string("A9") && rest?.fields["Category"] == .string("PC"))
    }

    @Test func `faults and later texts of a file of texts are passed on`() throws {
        let files = try TestFiles([
            "labels.csv": "Number,Category\nA1,Net\n",
            "texts.jsonl": #"{"id":"A1","body":"No net"}"# + "\n{broken\n" + #"{"id":"A1","body":"later"}"#
                + "\n",
        ])
        let joined = try JoinedFiles(
            [files.path("labels.csv"), files.path("texts.jsonl")], TicketColumns(others: ["Category"]))
        #expect(
            joined.faults.map(\.file) == [files.path("texts.jsonl")] && joined.faults.first?.row.line == 2)
        #expect(joined.notes.contains { $0.contains("a later text of a ticket") && $0.contains("1 row") })
    }
}
