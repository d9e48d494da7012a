import Testing
import TriageData
import TriageTickets

/// What is reported of columns that are not read, of ids that are missing, and of names.
struct ColumnReportTests {
    private func notes(
        _ text: String, _ columns: TicketColumns = TicketColumns(), name: String = "t.csv",
        needsID: Bool = true
    ) throws -> [String] { try read(text, columns, name: name, needsID: needsID).notes }

    private func read(
        _ text: String, _ columns: TicketColumns = TicketColumns(), name: String = "t.csv",
        needsID: Bool = true
    ) throws -> (tickets: [Ticket], notes: [String]) {
        let rows = try RowReader(bytes: Array(text.utf8), name: name)
        var reader = TicketReader(columns)
        try reader.begin(rows)
        var tickets: [Ticket] = []
        while let row = try rows.next() {
            tickets.append(try reader.ticket(in: row.get(), needsID: needsID))
        }
        try reader.finish()
        return (tickets, reader.notes)
    }

    private static let words = [
        "the scanner in room four draws a grey line", "my new badge opens neither gate nor lift",
        "since noon the mail client asks for a code", "please send me last month's bill once more",
    ]

    private static func csv(_ header: String, _ row: (Int) -> String) -> String {
        ([header] + (0..<4).map(row)).joined(separator: "\n") + "\n"
    }

    // MARK: - Text that is not read

    @Test func `JSON Lines with other columns are reported as CSV is`() throws {
        let lines = Self.words.indices.map {
            #"{"id":\#($0),"subject":"Hello","wording":"\#(Self.words[$0])"}"#
        }
        let found = try notes(lines.joined(separator: "\n"), name: "t")
        #expect(found.count == 2)
        #expect(found.first == "t: text: subject; id: id; not read: wording")
        #expect(found.last?.contains(#"column "wording" looks like text and is not read"#) ?? false)
        let label = #"{"id":1,"subject":"s","body":"b","kind":"A"}"#
        #expect(try notes(label, name: "t").count == 1)
        #expect(try notes(label, TicketColumns(others: ["kind"]), name: "t").isEmpty)
        #expect(try notes(label, TicketColumns(fields: ["kind"]), name: "t").isEmpty)
    }

    @Test(arguments: [
        ("", "while Details is empty in most rows", "Subject,Wording"),
        ("see below", "while Details is the same in most rows", "Subject,Wording"),
        ("short #", "although it has far more words than Details", "Subject,Details,Wording"),
    ])
    func `a body that is empty, constant or short does not hide another text`(
        body: String, reason: String, advice: String
    ) throws {
        let text = Self.csv("Ticket ID,Subject,Details,Wording") {
            "\($0),Request \($0),\(body.replacing("#", with: "\($0)")),\(Self.words[$0])"
        }
        let found = try notes(text)
        #expect(
            found.last
                == "t.csv: column \"Wording\" looks like text and is not read, \(reason); to read it, name the text "
                + "columns: \(advice)")
        #expect(try notes(text, TicketColumns(["Subject,Details"])).count == 1)
    }

    @Test func `a long answer beside a body, and a text repeated in each row, are not pointed out`() throws {
        let text = Self.csv("id,Description,Resolution,Footer") {
            "\($0),printer \($0),\(Self.words[$0]),this message is confidential and for its reader only"
        }
        #expect(try notes(text).count == 1)
    }

    @Test func `what later rows are decided from is not reported as unread`() throws {
        let lines = [
            #"{"id":1,"Betreff":"s","Beschreibung":"b"}"#, #"{"id":2,"subject":"s","body":"b","x":1}"#,
            #"{"key":"3","text":"t"}"#,
        ]
        let remembered = InputColumns(subject: ["Betreff"], body: ["Beschreibung"], id: "id")
        let found = try notes(lines.joined(separator: "\n"), TicketColumns(remembered: remembered), name: "t")
        #expect(
            found == [
                "t: text: Betreff + Beschreibung (in other rows: subject, body, text); id: id, key; not read: x"
            ])
    }

    @Test func `a label column in decomposed letters is not reported as unread`() throws {
        let found = try notes("id,Priorita\u{308}t,body\n1,Hoch,x\n", TicketColumns(others: ["Priorität"]))
        #expect(found == ["t.csv: text: body; id: id"])
    }

    // MARK: - Ids

    @Test func `a file without a known column of ids is reported with the likely one`() throws {
        let text = Self.csv("Sign,When,Subject,Team") { "Q-\($0),2026-01-0\($0 + 1),Request \($0),A" }
        #expect(
            try notes(text).last == "t.csv: no id column found; name it with --id-column, perhaps \"Sign\"")
        #expect(try notes(text, TicketColumns(id: "Sign")).count == 1)
        let none = Self.csv("Team,Subject") { "A,Request \($0)" }
        #expect(try notes(none).last == "t.csv: no id column found; name it with --id-column")
        #expect(try notes(none, needsID: false).count == 1)
        #expect(try notes("Subject,Text\na,b\n").count == 1)
        let lines = #"{"mark":"A1","body":"one"}"# + "\n" + #"{"mark":"A2","body":"two"}"#
        #expect(try notes(lines, name: "t").last?.hasSuffix("perhaps \"mark\"") ?? false)
    }

    @Test(arguments: [
        "Ticket", "Incident", "Tkt No", "ID number", "SR #", "N° de ticket", "N.º", "No. de ticket",
        "Identifiant", "Auftragsnummer", "Sagsnr.", "Ärende-ID", "AERENDENUMMER", "Nr zgłoszenia",
        "NUMER ZGLOSZENIA",
        "Αριθμός", "ΑΡΙΘΜΟΣ", "رقم التذكرة", "Bug reference", "caseNumber", "ticket_no",
        "Numéro de la demande",
        "Numero della richiesta", "Número do chamado", "Zaaknummer", "Störungs-Nr.", "Stoerungsnummer",
        "受付番号",
        "Номер обращения", "ＩＤ", "Ticket ID (auto)", "ID of the ticket",
    ])
    func `names of ids are known in their general form`(name: String) {
        #expect(TicketColumns().choice(among: ["Subject", name, "Team"]).id == name)
    }

    @Test(arguments: [
        "Number of comments", "Number of tickets", "Número de tickets", "Related issue id", "Parent ID",
        "Customer number", "Agent ID", "Phone number", "Card number", "Serial number", "Order", "Caller ID",
        "Keyword",
    ])
    func `numbers of other things are no ids`(name: String) {
        #expect(TicketColumns().choice(among: ["Subject", name, "Team"]).id == nil)
    }

    @Test func `an id is trimmed where it is read, and a text under a ticket's name is none`() throws {
        #expect(try read("id,body\n  42 ,x\n").tickets.map(\.id) == ["42"])
        let text = Self.csv("Subject,Issue") { "Request \($0),\(Self.words[$0])" }
        let (tickets, notes) = try read(text)
        #expect(tickets.allSatisfy { $0.id == nil })
        #expect(notes.contains { $0.contains("column \"Issue\" looks like text and is not read") })
    }

    // MARK: - Names

    @Test(arguments: [
        "Short description (Details)", "Summary Description", "ＳＵＭＭＡＲＹ", "ΘΕΜΑ", "Ueberschrift", "Intitule",
    ])
    func `headlines are known in other spellings`(name: String) {
        #expect(TicketColumns().choice(among: [name, "Team"]).subject == [name])
    }

    @Test(arguments: [
        "Initial Description", "Description HTML", "Description (Plain Text)", "ΠΕΡΙΓΡΑΦΗ",
        "Stoerungsbeschreibung",
        "Request", "AÇIKLAMA", "Aciklama", "Detalle", "ＢＯＤＹ", "description_en",
    ])
    func `texts are known in other spellings`(name: String) {
        #expect(TicketColumns().choice(among: [name, "Team"]).body == [name])
    }

    @Test func `a summary beside a title is the text, where there is no other`() throws {
        let choice = TicketColumns().choice(among: ["Summary", "Title", "ID"])
        #expect(choice.subject == ["Title"] && choice.body == ["Summary"])
        #expect(TicketColumns().choice(among: ["Summary", "Title", "Body"]).body == ["Body"])
    }

    @Test func `a long name of a form is shown and suggested`() throws {
        let question = "Please describe your problem in detail"
        let text = Self.csv("id,\(question)") { "\($0),\(Self.words[$0])" }
        let error = #expect(throws: DataError.self) { try notes(text) }
        #expect(error?.description.contains("its columns: id, \(question)") ?? false)
        #expect(error?.description.contains("like text looks \"\(question)\"") ?? false)
        let found = try notes(Self.csv("id,Subject,\(question)") { "\($0),Request,\(Self.words[$0])" })
        #expect(found.first == "t.csv: text: Subject; id: id; not read: \(question)")
        let long = String(repeating: "Подробное описание ", count: 20)
        let cut = try notes(Self.csv("id,Тема,\(long)") { "\($0),Request,a" })
        #expect(cut.first?.hasPrefix("t.csv: text: Тема; id: id; not read: Подробное") ?? false)
        #expect(cut.first?.hasSuffix("…") ?? false)
    }

    @Test(arguments: [
        "17,Login,The gate in hall four stays shut\n18,Bug,It broke again today\n",
        "The gate in hall four stays shut.\nIt broke again today.\n",
        "Login,My card is stuck in the reader and I cannot work. Please help!\nBug,It broke again today\n",
        "Incident,a@b.org,The gate in hall four stays shut!\nIncident,c@d.org,It broke again today!\n",
    ])
    func `the first ticket of a file without a header is never shown`(text: String) throws {
        let error = #expect(throws: DataError.self) { try notes(text) }
        #expect(error?.description.contains("gate") == false && error?.description.contains("card") == false)
    }
}
