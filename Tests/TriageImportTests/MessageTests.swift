import Testing
import TriageData
@testable import TriageImport

/// Messages of tickets without their tickets, and events of which a ticket has several.
struct MessageTests {
    @Test(arguments: [
        #"[{"id":1,"ticket_id":7,"sender":"Agent","internal":true,"subject":"x","body":"SECRET"}]"#,
        #"[{"id":1,"type":"Comment","author_id":2,"body":"SECRET","public":false}]"#,
        #"[{"id":1,"body":"SECRET","body_text":"SECRET","private":true,"incoming":false,"ticket_id":1,"user_id":2}]"#,
        #"[{"id":1,"body":"SECRET","noteable_id":1,"noteable_type":"Issue","internal":true}]"#,
        #"[{"id":1,"items_id":1,"itemtype":"Ticket","content":"SECRET","is_private":1}]"#,
        #"[{"id":1,"body":"SECRET","user":{"login":"x"},"issue_url":"https://x/issues/1"}]"#,
        #"[{"self":"u","author":{"displayName":"x"},"body":"SECRET","jsdPublic":false}]"#,
        #"{"ArticleID":1,"TicketID":1,"SenderType":"agent","Subject":"x","Body":"SECRET"}"#,
    ])
    func `messages alone are no tickets`(text: String) throws {
        let read = try ImportedRows(text)
        #expect(read.rows.isEmpty)
        #expect(read.faults.map(\.message) == [MessageRecords.reason])
    }

    @Test(arguments: [
        "ArticleID,TicketID,SenderType,IsVisibleForCustomer,Subject,Body\n1,1,agent,0,note,SECRET\n",
        "id,thread_id,type,poster,title,body\n1,1,N,ag,note,SECRET\n",
    ])
    func `a table of messages alone is refused`(text: String) {
        #expect(throws: DataError.messagesAlone(path: "t.csv")) { try ImportedRows(text, name: "t.csv") }
    }

    @Test(arguments: [
        #"{"ticket_id":"T1","body":"No sound","category":"a"}"#,
        #"{"conversation_id":5,"text":"No sound","intent":"a","user":"x"}"#,
        #"{"id":1,"subject":"Sound","body":"No sound","is_private":true,"author":"ana"}"#,
        #"{"body":"No sound","createdBy":"ana","createdAt":"2025-01-01","type":"incident"}"#,
        #"{"id":1,"message":{"type":"message","text":"No sound"}}"#,
        #"{"text":"No sound","internal":false,"category":"a"}"#,
    ])
    func `tickets that only look like messages are read`(text: String) throws {
        let read = try ImportedRows(text, name: "t.jsonl")
        #expect(read.rows.count == 1 && read.faults.isEmpty)
    }

    private func webhook(
        _ id: Int, title: String?, _ body: String, sender: String = "Customer", isInternal: Bool = false
    ) -> String {
        let title = title.map { "\"title\":\"\($0)\"," } ?? ""
        return
            "{\"ticket\":{\"id\":\(id),\"number\":\"7000\(id)\",\(title)\"group\":\"IT\",\"priority\":\"2 normal\",\"state\":"
            + "\"open\"},\"article\":{\"sender\":\"\(sender)\",\"internal\":\(isInternal),\"body\":\"\(body)\"}}\n"
    }

    @Test(arguments: [
        #"{"id":9,"comment":"SECRET"}"#, #"{"id":9,"satisfaction":{"comment":{"text":"SECRET"}}}"#,
        #"{"id":9,"title":"x","thread":[{"body":"SECRET"}],"last":{"body":"SECRET"}}"#,
    ])
    func `a part of a product's record beside its records is no ticket`(part: String) throws {
        let ticket = webhook(1, title: "Screen", "It flickers").trimmed
        for text in ["[\(part),\(ticket)]", "[\(ticket),\(part)]", "\(part)\n\(ticket)\n"] {
            let read = try ImportedRows(text, name: "t.json")
            #expect(read.values("body") == ["It flickers"])
            #expect(read.faults.map(\.code) == [.invalidField])
            #expect(read.faults.first?.message.contains("unlike the records of Zammad") == true)
        }
    }

    @Test func `a record with headline and text of its own is a ticket, whatever is around it`() throws {
        let other = #"{"id":9,"subject":"Sound","body":"No sound","category":"a"}"#
        let read = try ImportedRows("[\(webhook(1, title: "Screen", "It flickers")),\(other)]")
        #expect(read.values("body") == ["It flickers", "No sound"])
    }

    @Test func `events of one project are told apart from those of another`() throws {
        func event(_ project: Int, _ text: String, path: String?) -> String {
            let path = path.map { ",\"path_with_namespace\":\"\($0)\"" } ?? ""
            return
                "{\"object_kind\":\"issue\",\"project\":{\"id\":\(project)\(path)},\"object_attributes\":{\"iid\":1,\"title\":\"t\","
                + "\"description\":\"\(text)\"}}\n"
        }
        let text =
            event(1, "first", path: "a/b") + event(1, "changed", path: nil) + event(2, "other", path: "a/c")
        #expect(try ImportedRows(text, name: "t.jsonl").values("body") == ["first", "other"])
        func hook(_ repository: String, _ text: String) -> String {
            "{\"action\":\"opened\",\"issue\":{\"number\":1,\"title\":\"t\",\"body\":\"\(text)\",\"labels\":[]},"
                + "\"repository\":{\"full_name\":\"\(repository)\"}}\n"
        }
        let hooks = hook("a/b", "first") + hook("a/c", "other") + hook("a/b", "again")
        #expect(try ImportedRows(hooks, name: "t.jsonl").values("body") == ["first", "other"])
    }

    @Test(arguments: ["", #"{"ticket":{},"article":{"sender":"Agent","internal":true,"body":"SECRET"}}"#])
    func `each record is judged by its own values, whatever came before`(first: String) throws {
        let text =
            "\(first)\n" + webhook(2, title: nil, "No mail")
            + webhook(4, title: "Sound", "SECRET", sender: "Agent", isInternal: true)
            + webhook(1, title: "Screen", "It flickers")
        let read = try ImportedRows(text, name: "t.jsonl")
        #expect(read.values("body") == ["No mail", "It flickers"])
        #expect(!read.contain("SECRET"))
        #expect(
            read.faults.allSatisfy { $0.code == .leftOut } && read.faults.count == (first.isEmpty ? 1 : 2))
    }

    @Test func `later events of a ticket bring no further one`() throws {
        let text =
            webhook(5, title: "Screen", "It flickers") + webhook(5, title: "Screen", "SECRET later")
            + webhook(6, title: "Mail", "No mail")
        let read = try ImportedRows(text, name: "t.jsonl")
        #expect(read.values("body") == ["It flickers", "No mail"])
        #expect(read.faults.map(\.message) == ["a later message of a conversation that was read"])
        func event(_ project: String, _ text: String) -> String {
            "{\"object_kind\":\"issue\",\"project\":{\"path_with_namespace\":\"\(project)\"},\"object_attributes\":{\"iid\":1,"
                + "\"title\":\"T\",\"description\":\"\(text)\"}}\n"
        }
        let issues = try ImportedRows(
            event("a/b", "No sound") + event("a/b", "SECRET") + event("a/c", "No mail"), name: "t.jsonl")
        #expect(issues.values("body") == ["No sound", "No mail"])
    }

    @Test func `a conversation without its threads has no text, and a warning names what to ask for`() throws
    {
        let read = try ImportedRows(
            #"{"_embedded":{"conversations":[{"id":1,"subject":"Sound","state":"published","mailboxId":1,"preview":"SECRET"}]}}"#
        )
        #expect(read.values("subject") == ["Sound"])
        #expect(!read.contain("SECRET"))
        #expect(
            read.notes.contains { $0.hasPrefix("warning") && $0.contains("embed=threads") }, "\(read.notes)")
    }

    @Test func `the messages inside a record of any program are no labels`() throws {
        let files = try TestFiles([
            "m.jsonl":
                #"{"id":1,"subject":"s","body":"No sound","labels":[{"name":"vpn","description":"d"}],"posts":[{"from":"x","text":"SECRET"}]}"#
        ])
        let ticket = try #require(try files.imported("m.jsonl").tickets.first)
        #expect(ticket["labels"] == .array([.string("vpn")]))
        #expect(!"\(ticket)".contains("SECRET"))
    }

    @Test func `several choices of Label Studio's short form are one column with a single one`() throws {
        let read = try ImportedRows(
            #"[{"id":1,"text":"No sound","cat":"a"},{"id":2,"text":"No mail","cat":{"choices":["a","b"]}}]"#)
        #expect(read.values("cat") == ["a", "a;b"])
    }

    @Test func `an agent's comment in an event is not kept`() throws {
        let files = try TestFiles([
            "f.jsonl":
                #"{"freshdesk_webhook":{"ticket_id":1,"ticket_subject":"s","ticket_description":"<p>No sound</p>","#
                + #""ticket_latest_private_comment":"SECRET","ticket_latest_public_comment":"SECRET"}}"#
        ])
        let tickets = try files.imported("f.jsonl").tickets
        #expect(tickets.map { $0["body"]?.text } == ["No sound"])
        #expect(tickets.allSatisfy { !"\($0)".contains("SECRET") })
    }
}
