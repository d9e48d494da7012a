import Testing
import TriageData
import TriageTickets

/// A header of an export, and the columns that are a ticket's parts.
struct ExportHeader: Sendable, CustomTestStringConvertible {
    var names: [String]
    var reads: ColumnChoice
    var testDescription: String { names.joined(separator: ",") }

    init(
        _ names: String, subject: [String] = [], body: [String] = [], alternatives: [String] = [],
        id: String? = nil
    ) {
        self.names = names.split(separator: ",").map(String.init)
        reads = ColumnChoice(subject: subject, body: body, alternatives: alternatives)
        reads.id = id
    }

    static let all = [
        ExportHeader(
            "Created,Summary,Issue id,Issue key,Status,Description,Labels", subject: ["Summary"],
            body: ["Description"], id: "Issue key"),
        ExportHeader(
            "sys_id,number,short_description,description,priority,close_notes",
            subject: ["short_description"], body: ["description"], id: "number"),
        ExportHeader(
            "Number,Short description,Description,Assignment group", subject: ["Short description"],
            body: ["Description"], id: "Number"),
        ExportHeader("Summation column,Id,Requester id,Subject,Tags", subject: ["Subject"], id: "Id"),
        ExportHeader(
            "Ticket ID,Customer Name,Ticket Subject,Ticket Description,Resolution",
            subject: ["Ticket Subject"], body: ["Ticket Description"], id: "Ticket ID"),
        ExportHeader(
            "TicketNumber,Betreff,Queue,Nachricht", subject: ["Betreff"], body: ["Nachricht"],
            id: "TicketNumber"),
        ExportHeader("ID,Titre,Statut,Contenu", subject: ["Titre"], body: ["Contenu"], id: "ID"),
        ExportHeader(
            "#,Project,Tracker,Thema,Beschreibung", subject: ["Thema"], body: ["Beschreibung"], id: "#"),
        ExportHeader(" subject ,BODY\t,ID ", subject: [" subject "], body: ["BODY\t"], id: "ID "),
        ExportHeader(
            "Case Number,Case Title,Customer message [txt]", subject: ["Case Title"],
            body: ["Customer message [txt]"], id: "Case Number"),
        ExportHeader("工单号,标题,问题描述", subject: ["标题"], body: ["问题描述"], id: "工单号"),
        ExportHeader(
            "Ref,Título,Descripción,Comment,Text", subject: ["Título"], body: ["Text"],
            alternatives: ["Descripción"], id: "Ref"),
        ExportHeader(
            "Summary,Description,Comment,Comment (2)", subject: ["Summary"], body: ["Description"]),
        ExportHeader("ID,Rating,Kommentar", body: ["Kommentar"], id: "ID"),
        ExportHeader("Customer ID,Username,Notes,Resolution,Help topic,Phone number"),
    ]
}

struct TicketColumnsTests {
    private func reader(
        _ text: String, _ columns: TicketColumns = TicketColumns(), name: String = "t.csv"
    ) throws -> (tickets: [Ticket], notes: [String]) {
        let rows = try RowReader(bytes: Array(text.utf8), name: name)
        var reader = TicketReader(columns)
        try reader.begin(rows)
        var tickets: [Ticket] = []
        while let row = try rows.next() { tickets.append(try reader.ticket(in: row.get())) }
        try reader.finish(requiringText: true)
        return (tickets, reader.notes)
    }

    @Test(arguments: ExportHeader.all)
    func `the columns of an export are found by their names`(header: ExportHeader) {
        #expect(TicketColumns().choice(among: header.names) == header.reads)
    }

    @Test(arguments: [
        " ", "null", "NULL", "NaN", "nan", "N/A", "None", "\u{A0}", "<NA>", "#N/A", "undefined", "(blank)",
        "-", "ＮＵＬＬ", "--None--", "-- None --", "(none)", "<None>", "[NULL]", "#NV", "_No response_", "k. A.",
    ])
    func `a word for a missing value is no text, and the next column is read`(word: String) throws {
        let (tickets, notes) = try reader("subject,body,description\n\(word),\(word),The tunnel drops\n")
        #expect(tickets == [Ticket(body: "The tunnel drops")])
        #expect(notes == ["t.csv: text: subject + body (if empty: description); id: none"])
    }

    @Test func `words that only begin like a missing value are text`() throws {
        let (tickets, _) = try reader("subject,body\nnull pointer,None of us can print\n")
        #expect(tickets == [Ticket(subject: "null pointer", body: "None of us can print")])
    }

    @Test func `named columns may hold commas, be repeated, and differ in case`() throws {
        let text = "Topic,\"What, exactly\",More\ns,b,m\n"
        for named in [
            ["topic,What, exactly,more"], ["Topic", "What, exactly", "More"],
            [" Topic,What, exactly ", "More"],
        ] {
            #expect(try reader(text, TicketColumns(named)).tickets == [Ticket(subject: "s", body: "b\nm")])
        }
    }

    @Test func `a named column that is missing is an error with the nearest name and all others`() throws {
        let columns = TicketColumns(["Subject,Discription"])
        #expect(
            throws: DataError.noColumn(
                path: "t.csv", name: "Discription", isID: false, columns: ["Subject", "Description"])
        ) { try reader("Subject,Description\na,b\n", columns) }
        let error = DataError.noColumn(
            path: "t", name: "Discription", isID: false, columns: ["Description", "Id"])
        #expect(error.description.contains("did you mean \"Description\"?"))
        #expect(error.description.contains("its columns: Description, Id"))
        #expect(throws: DataError.noColumn(path: "t", name: "nr", isID: true, columns: ["body"])) {
            try reader("{\"body\":\"x\"}\n", TicketColumns(id: "nr"), name: "t")
        }
        #expect(throws: DataError.noColumn(path: "t", name: "c", isID: false, columns: ["a", "b"])) {
            try reader("{\"a\":\"x\"}\n{\"b\":\"y\",\"a\":\"z\"}\n", TicketColumns(["a", "c"]), name: "t")
        }
    }

    @Test func `a header without a known column of text is an error, and so is a file that is mostly empty`()
        throws
    {
        #expect(throws: DataError.noTextColumn(path: "t.csv", columns: ["Nr", "Priority"])) {
            try reader("Nr,Priority\n1,2\n")
        }
        #expect(throws: DataError.self) { try reader("subject,body\n-,\n,null\na,\n") }
        #expect(try reader("subject,body\n-,\nb,\n,c\n").tickets.count == 3)
    }

    private static let remembered = InputColumns(subject: ["Summary"], body: ["Ticket text"], id: "Issue key")

    @Test func `a bundle's columns are read where a file has them, although others are known`() throws {
        let (tickets, notes) = try reader(
            "id,Issue key,subject,summary,ticket_text,body\n1,K-1,other,s,b,other\n",
            TicketColumns(remembered: Self.remembered))
        #expect(tickets == [Ticket(id: "K-1", subject: "s", body: "b")])
        #expect(notes == ["t.csv: text: summary + ticket_text; id: Issue key; not read: subject, body, id"])
    }

    @Test func `known columns stand in for a bundle's, which a warning names`() throws {
        let columns = TicketColumns(remembered: Self.remembered)
        let (tickets, notes) = try reader("summary,description\ns,d\n", columns)
        #expect(tickets == [Ticket(subject: "s", body: "d")])
        #expect(
            notes.last?.contains(
                "trained on Summary + Ticket text; not here: Ticket text; read instead: description;")
                ?? false, "\(notes)")
        let alone = try reader("Issue key,summary,other\nk,s,d\n", columns).notes
        #expect(alone.last?.contains("read instead: nothing;") ?? false, "\(alone)")
    }

    @Test func `JSON Lines with the product's own names are read without a word, others with one`() throws {
        let plain = "{\"id\":1,\"subject\":\"s\",\"body\":\"b\"}\n{\"id\":2,\"body\":\"b\"}\n"
        #expect(try reader(plain, name: "t").notes.isEmpty)
        #expect(try reader(plain, TicketColumns(remembered: Self.remembered), name: "t").notes.isEmpty)
        let oneColumn = InputColumns(body: ["Ticket text"])
        #expect(try reader(plain, TicketColumns(remembered: oneColumn), name: "t").notes.count == 2)
        let contract = InputColumns(subject: ["subject"], body: ["body"])
        let text = "{\"text\":\"The tunnel drops\"}\n"
        #expect(try reader(text, TicketColumns(remembered: contract), name: "t").notes.isEmpty)
        let subjects = InputColumns(subject: ["subject"], body: [])
        #expect(try reader(text, TicketColumns(remembered: subjects), name: "t").notes.count == 2)
        let issues =
            "{\"number\":7,\"title\":\"t\",\"body\":\"b\",\"comments\":3}\n{\"number\":8,\"title\":\"u\",\"body\":null}\n"
        let (tickets, notes) = try reader(issues, name: "t")
        #expect(
            tickets == [Ticket(id: "7", subject: "t", body: "b"), Ticket(id: "8", subject: "u", body: "")])
        #expect(notes == ["t: text: title + body; id: number; not read: comments"])
    }

    @Test func `a column of sentences that is not read is pointed out where no other holds the body`() throws
    {
        let rows = (1...9).map {
            "\($0),Printer \($0),the printer in room \($0) takes no paper any more,Hardware"
        }
        let text = "id,Subject,Customer words,Team\n" + rows.joined(separator: "\n")
        let notes = try reader(text).notes
        #expect(
            notes.last
                == "t.csv: column \"Customer words\" looks like text and is not read; to read it, name the text "
                + "columns: Subject,Customer words")
        #expect(try reader(text, TicketColumns(["Subject"])).notes.count == 1)
    }

    @Test func `an empty body is replaced by another text column, whatever training had`() throws {
        let columns = TicketColumns(remembered: InputColumns(subject: ["subject"], body: ["body"]))
        let text = "subject,body,description\nRequest,,The tunnel drops\nRequest,own,The tunnel drops\n"
        #expect(try reader(text, columns).tickets.map(\.body) == ["The tunnel drops", "own"])
        let named = TicketColumns(remembered: InputColumns(body: ["subject"]))
        #expect(try reader(text, named).tickets.map(\.body) == ["Request", "Request"])
    }

    @Test func `a request has the product's names or those of the bundle`() throws {
        let row = InputRow(
            line: 1,
            fields: ["Issue key": .string("K-1"), "Summary": .string("s"), "Ticket text": .string("b")])
        #expect(throws: BadRow.self) { try row.ticket() }
        let listed = InputRow(line: 1, fields: ["body": .string("b"), "description": .array([])])
        #expect(throws: BadRow.self) { try listed.ticket() }
        #expect(try row.ticket(remembering: Self.remembered) == Ticket(id: "K-1", subject: "s", body: "b"))
        let own = InputRow(
            line: 1, fields: ["Summary": .string("s"), "TEXT": .string("t"), "id": .integer(1)])
        #expect(try own.ticket(remembering: Self.remembered) == Ticket(id: "1", body: "t"))
    }

    @Test func `a label is never text, and columns of several files are remembered`() throws {
        var reader = TicketReader(TicketColumns(others: ["Description"]))
        for header in ["Subject,Text,Description", "Summary,Message,Ticket ID"] {
            let rows = try RowReader(bytes: Array("\(header)\na,b,c\n".utf8), name: "t.csv")
            try reader.begin(rows)
            let row = try #require(try rows.next())
            #expect(try reader.ticket(in: row.get()).body == "b")
            try reader.finish()
        }
        #expect(
            reader.input
                == InputColumns(
                    subject: ["Subject", "Summary"], body: ["Text"], alternatives: ["Message"],
                    id: "Ticket ID"))
    }
}
