import Testing
import TriageData
@testable import TriageImport
import TriageTickets

struct TableTests {
    private let jira = """
        Summary,Issue key,Labels,Labels,Description,Comment,Comment,Created,Reporter,Priority
        Login,OPS-1,sso,web,"I cannot
        log in",12/Mar/24;bo;SECRET,SECRET,12/Mar/24 9:41 AM,ana,High
        Mail,OPS-2,,,No mail,,,13/Mar/24 9:41 PM,bo,Low

        """

    @Test func `columns of one name are a list, and comments are left out`() throws {
        let files = try TestFiles(["jira.csv": jira])
        let (tickets, rejected, counts, notes) = try files.imported("jira.csv")
        #expect(rejected.isEmpty)
        #expect(counts.read == 2 && counts.written == 2)
        #expect(tickets[0]["id"] == .string("OPS-1"))
        #expect(tickets[0]["body"] == .string("I cannot\nlog in"))
        #expect(tickets[0]["Labels"] == .array([.string("sso"), .string("web")]))
        #expect(tickets[1]["Labels"] == .array([]))
        #expect(tickets.map { $0["time"]?.text } == ["2024-03-12T09:41:00Z", "2024-03-13T21:41:00Z"])
        #expect(tickets[0]["requester"] == .string("ana"))
        #expect(tickets[0]["Priority"] == .string("High"))
        #expect(tickets.allSatisfy { !"\($0)".contains("SECRET") })
        #expect(notes.contains { $0.contains("left out") && $0.contains("Comment") })
    }

    @Test func `a table without text takes the texts of an export by id`() throws {
        let files = try TestFiles([
            "z.csv":
                "Summation column,Id,Requester,Subject,Group,Group stations,Reopens\n1,35,Ana,Bill,Accounts,3,1\n1,36,Bo,Log in,Web,1,0\n",
            "z.json":
                #"{"tickets":[{"id":36,"subject":"Log in","description":"I cannot log in","requester_id":2,"tags":["sso"]},"#
                + #"{"id":35,"subject":"Bill","description":"Charged twice","requester_id":1},"#
                + #"{"id":37,"subject":"Alone","description":"No sound","requester_id":1}]}"#,
        ])
        let (tickets, _, counts, notes) = try files.imported("z.csv", "z.json")
        #expect(tickets.map { $0["id"]?.text } == ["35", "36", "37"])
        #expect(tickets.map { $0["body"]?.text } == ["Charged twice", "I cannot log in", "No sound"])
        #expect(tickets[0]["Group"] == .string("Accounts"))
        #expect(tickets[0]["group_hops"] == .integer(3))
        #expect(tickets[0]["reopens"] == .integer(1))
        #expect(tickets[1]["tags"] == .array([.string("sso")]))
        #expect(counts.read == counts.written + counts.rejected + counts.joined)
        #expect(notes.contains { $0.contains("by id") })
    }

    @Test func `Zammad's tickets take their articles from another file`() throws {
        let files = try TestFiles([
            "tickets.json":
                #"[{"id":7,"title":"Tunnel","group_id":2,"state_id":1,"priority_id":2,"customer_id":5}]"#,
            "articles.json":
                #"[{"id":1,"ticket_id":7,"sender":"Agent","internal":true,"body":"SECRET"},{"id":2,"ticket_id":7,"#
                + #""sender":"Customer","internal":false,"body":"It drops"}]"#,
        ])
        let (tickets, _, _, _) = try files.imported("tickets.json", "articles.json")
        #expect(tickets.map { $0["body"]?.text } == ["It drops"])
    }

    @Test func `osTicket's queue has no text, and the advice names what to do`() throws {
        let files = try TestFiles([
            "o.csv":
                "Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic\n1,2025-01-01,Screen,Ana,a@example.org,Normal,IT,Hardware\n"
        ])
        let (tickets, _, _, notes) = try files.imported("o.csv")
        #expect(tickets.map { $0["subject"]?.text } == ["Screen"])
        #expect(notes.contains { $0.contains("ost_thread_entry") })
    }

    @Test func `rows without text and copies are rejected with their reason`() throws {
        let files = try TestFiles([
            "t.csv": "id,body,queue\n1,No sound,a\n2,,b\n1,No sound,a\n3,x,a,b,c\n4,Mail,b\n"
        ])
        let (tickets, rejected, counts, _) = try files.imported("t.csv")
        #expect(tickets.map { $0["id"]?.text } == ["1", "4"])
        #expect(rejected.map(\.line) == [3, 4, 5])
        #expect(counts.leftOut == ["no text": 1, "a copy of a row that was read": 1])
        #expect(counts.unreadable == 1)
        #expect(counts.read == counts.written + counts.rejected)
    }

    @Test(arguments: [
        ("2024-03-12T09:41:00.000+0100", "2024-03-12T08:41:00Z"),
        ("2024-03-12 09:41", "2024-03-12T09:41:00Z"),
        ("12/Mar/24 9:41 AM", "2024-03-12T09:41:00Z"), ("12/Mar/24 12:05 AM", "2024-03-12T00:05:00Z"),
        ("13.3.2024 09:41", "2024-03-13T09:41:00Z"),
        ("Tue, 4 Mar 2025 09:15:00 +0100 (CET)", "2025-03-04T08:15:00Z"),
        ("6/21/2025 16:14", "2025-06-21T16:14:00Z"), ("1735725600", "2025-01-01T10:00:00Z"),
        ("1735725600123", "2025-01-01T10:00:00.123Z"), ("Mar 4, 2025, 9:15:30 PM", "2025-03-04T21:15:30Z"),
        ("2024-02-30", "nil"), ("6/7/2025", "nil"), ("tomorrow", "nil"), ("12345", "nil"), ("", "nil"),
        ("0001-01-01T00:00:00", "nil"), ("2025-06-07 13:00 PM", "nil"), ("12.03.24", "2024-03-12T00:00:00Z"),
        ("2025-01-01T10:00:00+05:30", "2025-01-01T04:30:00Z"), ("2024-02-29", "2024-02-29T00:00:00Z"),
    ])
    func `dates are written in UTC`(text: String, iso: String) {
        #expect(DateReader().iso(text) ?? "nil" == iso)
    }

    @Test func `the zone and the order of dates without them are stated`() throws {
        #expect(DateReader(zone: 120, order: .dayFirst).iso("6/7/2025 10:00") == "2025-07-06T08:00:00Z")
        #expect(DateReader(order: .monthFirst).iso("6/7/2025") == "2025-06-07T00:00:00Z")
        #expect(DateReader.order(of: ["6/7/2025", "13/7/2025"]) == .dayFirst)
        #expect(DateReader.order(of: ["6/7/2025", "6/13/2025"]) == .monthFirst)
        #expect(DateReader.order(of: ["6/7/2025"]) == nil)
        #expect(DateReader.zone("-03:30") == -210)
        #expect(DateReader.zone(-210) == "-03:30")
        let files = try TestFiles(["t.csv": "id,created,body\n1,6/7/2025,No sound\n2,13/7/2025,No mail\n"])
        #expect(
            try files.imported("t.csv").tickets.map { $0["time"]?.text } == [
                "2025-07-06T00:00:00Z", "2025-07-13T00:00:00Z",
            ])
        let unclear = try TestFiles(["t.csv": "id,created,body\n1,6/7/2025,No sound\n"])
        let (tickets, _, _, notes) = try unclear.imported("t.csv")
        #expect(tickets.map { $0["time"] } == [.null])
        #expect(notes.contains { $0.contains("--date-order") })
    }

    @Test func `a value that is no date, and a date that can be read two ways, are told apart`() throws {
        let files = try TestFiles([
            "t.csv": "id,body,created\n1,a,0001-01-01T00:00:00\n2,b,6/7/2025\n3,c,2025-02-30\n4,d,\n"
        ])
        let notes = try files.imported("t.csv").notes
        #expect(notes.contains { $0.contains("2 values in created are no date") }, "\(notes)")
        #expect(notes.contains { $0.contains("1 date in created can be read two ways") }, "\(notes)")
    }

    @Test func `columns of Label Studio's annotators are no labels`() throws {
        let rows =
            #"[{"id":1,"text":"No sound","cat":"A","annotator":1,"annotation_id":2,"created_at":"2025-01-02","lead_time":1.5}]"#
        let files = try TestFiles([
            "t.json": rows, "t.csv": "id,text,cat,annotator,annotation_id,lead_time\n1,No sound,A,1,2,1.5\n",
        ])
        for name in ["t.json", "t.csv"] {
            let ticket = try files.imported(name).tickets[0]
            #expect(ticket["cat"] == .string("A"))
            #expect(
                ticket["annotator"] == nil && ticket["annotation_id"] == nil && ticket["lead_time"] == nil)
            #expect(ticket["time"] == .null)
        }
    }

    @Test func `of several texts of a ticket the first is read, and each row is counted`() throws {
        let files = try TestFiles([
            "t.csv": "Id,Subject,Queue\n1,Screen,a\n2,Mail,b\n",
            "x.csv": "id,body\n1,It flickers\n1,SECRET answer\n1,SECRET again\n3,No sound\n4,a,b,c\n",
        ])
        let (tickets, rejected, counts, notes) = try files.imported("t.csv", "x.csv")
        #expect(tickets.map { $0["body"]?.text ?? "" } == ["It flickers", "", "No sound"])
        #expect(counts.read == 7 && counts.joined == 1 && counts.unreadable == 1)
        #expect(counts.leftOut == ["a later text of a ticket that has one": 2])
        #expect(counts.read == counts.written + counts.rejected + counts.joined)
        #expect(rejected.map(\.line) == [3, 4, 6])
        #expect(
            notes.contains { $0.contains("1 of 2 rows") && $0.contains("without a row there: 1 text") },
            "\(notes)")
    }

    @Test func `a join without a common id is a warning with both numbers`() throws {
        let files = try TestFiles([
            "t.csv": "Id,Subject,Queue\n1,Screen,a\n2,Mail,b\n",
            "x.csv": "id,body\n#1,It flickers\n0002,No mail\n",
        ])
        let notes = try files.imported("t.csv", "x.csv").notes
        #expect(notes.contains { $0.contains("0 of 2 rows") && $0.contains("no id is in both") }, "\(notes)")
    }

    @Test func `messages in a table give its tickets the customer's first text`() throws {
        let files = try TestFiles([
            "t.csv": "TicketID,Title,Queue\n1,Screen,a\n2,Mail,b\n",
            "a.csv":
                "ArticleID,TicketID,SenderType,IsVisibleForCustomer,Subject,Body\n1,1,agent,1,x,SECRET\n2,1,customer,1,y,It flickers\n"
                + "3,2,customer,0,z,SECRET\n",
        ])
        let (tickets, _, _, _) = try files.imported("t.csv", "a.csv")
        #expect(tickets.map { $0["body"]?.text ?? "" } == ["It flickers", ""])
        let error = #expect(throws: DataError.self) { try files.imported("a.csv") }
        #expect(error?.description.contains("messages of tickets") == true)
    }

    @Test func `rows of one id and text with other labels are kept, and dates of changes make no other row`()
        throws
    {
        let files = try TestFiles([
            "t.csv":
                "id,body,queue,updated_at\n1,No sound,a,2025-01-01\n1,No sound,b,2025-01-01\n1,No sound,a,2025-01-02\n1,No mail,a,2025-01-02\n"
        ])
        let (tickets, _, counts, notes) = try files.imported("t.csv")
        #expect(tickets.map { $0["queue"]?.text } == ["a", "b", "a"])
        #expect(counts.leftOut == ["a copy of a row that was read": 1])
        #expect(notes.contains { $0.contains("1 row with the id and text of another one") }, "\(notes)")
        #expect(
            notes.contains { $0.contains("1 row with the id of another one and another text") }, "\(notes)")
    }

    @Test func `a ticket without tags has an empty list, and one whose tags are not known has none`() throws {
        let files = try TestFiles([
            "g.json":
                #"[{"number":1,"title":"Crash","body":"a","html_url":"u","labels":[]},{"number":2,"title":"Hang","body":"b","html_url":"u"},"#
                + #"{"number":3,"title":"Lag","body":"c","html_url":"u","labels":null}]"#,
            "p.jsonl": "{\"id\":1,\"text\":\"a\",\"tags\":[]}\n{\"id\":2,\"text\":\"b\",\"tags\":null}\n",
        ])
        let tickets = try files.imported("g.json").tickets
        #expect(tickets.map { $0["labels"] ?? .null } == [.array([]), .null, .null])
        let plain = try files.imported("p.jsonl").tickets
        #expect(plain.map { $0["tags"] } == [.array([]), .null])
    }

    @Test func `columns of agents are left out under the names that sites give them`() throws {
        let files = try TestFiles([
            "g.csv":
                "ID;Title;Opening date;Requester - Requester;Category;Description;Solution - Solution;Followups - Description;u_agent_notes\n"
                + "1;Screen;2025-01-02 10:00;ana;Hardware > Screen;It flickers;SECRET;SECRET;SECRET\n"
        ])
        let ticket = try #require(try files.imported("g.csv").tickets.first)
        #expect(!"\(ticket)".contains("SECRET"))
        #expect(ticket["time"]?.text == "2025-01-02T10:00:00Z")
        #expect(ticket["requester"]?.text == "ana")
        #expect(ticket["Category"]?.text == "Hardware > Screen")
    }

    @Test func `columns of one name are one: texts a line each, ids the first`() throws {
        let files = try TestFiles([
            "t.csv": "id,id,body,body,tag,tag\n1,2,No sound,No mail,a,b\n3,,No sound,No sound,,\n"
        ])
        let (tickets, _, _, notes) = try files.imported("t.csv")
        #expect(tickets.map { $0["id"]?.text } == ["1", "3"])
        #expect(tickets.map { $0["body"]?.text } == ["No sound\nNo mail", "No sound"])
        #expect(tickets.map { $0["tag"] } == [.array([.string("a"), .string("b")]), .array([])])
        #expect(notes.allSatisfy { !$0.contains("not read") }, "\(notes)")
    }

    @Test func `a joined ticket has each value once, whatever the case of its name`() throws {
        let files = try TestFiles([
            "z.csv": "Summation column,Id,Subject,Group,Priority\n1,35,Bill,Net,High\n",
            "z.json":
                #"{"tickets":[{"id":35,"subject":"Bill","description":"Charged twice","requester_id":1,"group_id":3,"priority":"high"}]}"#,
        ])
        let ticket = try #require(try files.imported("z.csv", "z.json").tickets.first)
        #expect(ticket["Group"]?.text == "Net" && ticket["Priority"]?.text == "High")
        #expect(ticket["group"] == nil && ticket["priority"] == nil)
    }
}
