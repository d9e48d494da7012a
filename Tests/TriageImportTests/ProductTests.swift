import Testing
import TriageData
@testable import TriageImport

/// A help desk's export, the ids and texts of its customers, and what must not be read.
struct ProductCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var ids: [String]
    var bodies: [String]
    var labels: [String: [String]]
    var times: [String] = []
    var leftOut: [String] = []

    init(
        _ name: String, _ text: String, ids: [String], bodies: [String], labels: [String: [String]] = [:],
        times: [String] = [], leftOut: [String] = []
    ) {
        (testDescription, self.text, self.ids, self.bodies) = (name, text, ids, bodies)
        (self.labels, self.times, self.leftOut) = (labels, times, leftOut)
    }

    static let all = helpDesks + chats + forges + labelFiles

    static let helpDesks = [
        ProductCase(
            "Zammad, articles inside",
            #"""
            [{"id":7,"number":"31007","title":"Tunnel drops","group":"Network","priority":{"id":2,"name":"2 normal"},
              "state":"open","customer":{"email":"ana@example.org"},"created_at":"2025-03-04T08:15:00.000Z","site":"Porto",
              "owner":"bob","articles":[
               {"id":1,"sender":"System","internal":false,"body":"SECRET auto reply","created_at":"2025-03-04T08:15:00Z"},
               {"id":2,"sender":"Agent","internal":true,"type":"note","body":"SECRET note","created_at":"2025-03-04T08:16:00Z"},
               {"id":3,"sender":"Customer","internal":false,"type":"email","content_type":"text/html",
                "body":"<p>It drops at noon.</p><p>Each day.</p><span class=\"js-signatureMarker\"></span>SECRET signature",
                "created_at":"2025-03-04T08:14:00Z"}]},
             {"id":8,"number":"31008","title":"Call","group":"Network","priority":"2 normal","state":"new","articles":[
               {"id":4,"sender":"Agent","internal":false,"type":"phone","body":"SECRET call"}]}]
            """#, ids: ["7"], bodies: ["It drops at noon.\nEach day."],
            labels: ["group": ["Network"], "priority": ["2 normal"], "site": ["Porto"]],
            times: ["2025-03-04T08:15:00Z"],
            leftOut: ["no article of a customer: an agent or the system wrote it"]),
        ProductCase(
            "Zammad, an event",
            #"{"ticket":{"id":9,"title":"VPN","state":"new","priority":{"name":"3 high"},"group":{"name":"Net"},"#
                + #""customer":{"email":"z@example.org"}},"article":{"id":1,"sender":"Customer","internal":false,"#
                + #""body":"No tunnel","content_type":"text/plain"}}"#, ids: ["9"], bodies: ["No tunnel"],
            labels: ["group": ["Net"], "priority": ["3 high"]]),
        ProductCase(
            "Zammad, assets",
            #"""
            {"tickets":[4],"assets":{"Ticket":{"4":{"id":4,"title":"Mail","group_id":2,"state_id":1,"priority_id":2,
             "customer_id":5,"article_ids":[1]}},"Group":{"2":{"id":2,"name":"Post"}},
             "TicketArticle":{"1":{"id":1,"ticket_id":4,"sender":"Customer","internal":false,"body":"No mail since noon"}}}}
            """#, ids: ["4"], bodies: ["No mail since noon"], labels: ["group": ["Post"]]),
        ProductCase(
            "ServiceNow, values",
            #"{"result":[{"sys_id":"a1","number":"INC0001","short_description":"Printer","description":"It jams","#
                + #""category":"hardware","priority":"3","assignment_group":{"link":"https://x/y","value":"77"},"#
                + #""opened_at":"2025-02-03 04:05:06","reopen_count":"1","reassignment_count":"2","close_notes":"SECRET","#
                + #""work_notes":"SECRET","caller_id":{"link":"https://x/u","value":"u1"}}]}"#,
            ids: ["INC0001"],
            bodies: ["It jams"],
            labels: ["category": ["hardware"], "reopens": ["1"], "reassignments": ["2"]],
            times: ["2025-02-03T04:05:06Z"]),
        ProductCase(
            "ServiceNow, both forms of each value",
            #"{"result":[{"sys_id":{"value":"a1","display_value":"a1"},"number":{"value":"INC0002","display_value":"INC0002"},"#
                + #""short_description":{"value":"Printer","display_value":"Printer"},"description":{"value":"It jams","#
                + #""display_value":"It jams"},"priority":{"value":"2","display_value":"2 - High"},"assignment_group":"#
                + #"{"value":"77","display_value":"Desk side","link":"https://x"},"opened_at":{"value":"2025-02-03 04:05:06","#
                + #""display_value":"03.02.2025 05:05:06"},"comments":{"value":"SECRET","display_value":"SECRET"}}]}"#,
            ids: ["INC0002"], bodies: ["It jams"],
            labels: ["priority": ["2 - High"], "assignment_group": ["Desk side"]],
            times: ["2025-02-03T04:05:06Z"]),
        ProductCase(
            "Jira, a document",
            #"{"startAt":0,"total":1,"issues":[{"id":"1","key":"OPS-1","fields":{"summary":"Login","description":"#
                + #"{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"I cannot "},"#
                + #"{"type":"text","text":"log in","marks":[{"type":"strong"}]}]},{"type":"paragraph","content":[{"type":"text","#
                + #""text":"Since today"}]}]},"issuetype":{"name":"Incident"},"priority":{"name":"High"},"labels":["sso","web"],"#
                + #""project":{"key":"OPS","name":"Ops"},"created":"2024-03-12T09:41:00.000+0100","reporter":{"emailAddress":"#
                + #""ana@example.org"},"comment":{"comments":[{"body":"SECRET"}]},"resolution":{"name":"SECRET"}},"#
                + #""changelog":{"histories":[{"items":[{"field":"assignee","fromString":"A","toString":"B"},{"field":"status","#
                + #""fromString":"Done","toString":"Open"}]}]}}]}"#, ids: ["OPS-1"],
            bodies: ["I cannot log in\nSince today"],
            labels: [
                "issuetype": ["Incident"], "priority": ["High"], "labels": ["sso;web"], "project": ["OPS"],
                "reassignments": ["1"], "reopens": ["1"],
            ], times: ["2024-03-12T08:41:00Z"]),
        ProductCase(
            "Jira, wiki text",
            #"{"key":"OPS-2","fields":{"summary":"Crash","description":"h2. Steps\n{code:java}run(){code} see "#
                + #"[the log|https://x/log] !shot.png|thumbnail!","issuetype":{"name":"Bug"}}}"#,
            ids: ["OPS-2"],
            bodies: ["Steps\nrun() see the log"], labels: ["issuetype": ["Bug"]]),
        ProductCase(
            "Zendesk, a page with names",
            #"{"tickets":[{"id":35,"subject":"Bill","raw_subject":"Bill","description":"I was charged twice","requester_id":1,"#
                + #""group_id":4,"tags":["billing","vip"],"type":"problem","priority":"high","status":"open","via":{"channel":"#
                + #""email"},"custom_fields":[{"id":9,"value":"refund"},{"id":10,"value":null}],"created_at":"#
                + #""2025-01-02T03:04:05Z"},{"id":36,"subject":"Gone","description":"x","requester_id":1,"status":"deleted"}],"#
                + #""groups":[{"id":4,"name":"Accounts"}],"users":[{"id":1,"email":"ana@example.org"}],"#
                + #""ticket_fields":[{"id":9,"title":"Reason"}]}"#, ids: ["35"],
            bodies: ["I was charged twice"],
            labels: [
                "group": ["Accounts"], "tags": ["billing;vip"], "Reason": ["refund"], "channel": ["email"],
                "requester": ["ana@example.org"],
            ], leftOut: ["a deleted ticket"]),
        ProductCase(
            "Zendesk, comments",
            #"{"id":1,"subject":"Bill","description":"SECRET","requester_id":5,"comments":[{"id":1,"type":"Comment","author_id":9,"#
                + #""public":false,"body":"SECRET"},{"id":2,"author_id":9,"public":true,"body":"SECRET"},{"id":3,"author_id":5,"#
                + #""public":true,"plain_body":"I was charged"}]}"#, ids: ["1"], bodies: ["I was charged"]),
        ProductCase(
            "Freshdesk",
            #"[{"id":3,"subject":"Login","description":"<div>I cannot log in</div>","description_text":"I cannot log in","#
                + #""status":2,"priority":4,"source":1,"type":"Question","responder_id":8,"requester_id":7,"tags":["sso"],"#
                + #""custom_fields":{"cf_area":"Web"},"created_at":"2025-05-06T07:08:09Z","spam":false},"#
                + #"{"id":4,"subject":"Win","description_text":"SECRET","responder_id":null,"spam":true}]"#,
            ids: ["3"],
            bodies: ["I cannot log in"],
            labels: ["priority": ["Urgent"], "status": ["Open"], "source": ["Email"], "cf_area": ["Web"]],
            leftOut: ["spam or deleted"]),
        ProductCase(
            "Freshdesk, a webhook",
            #"{"freshdesk_webhook":{"ticket_id":5,"ticket_subject":"Hi","ticket_description":"<p>No sound</p>","#
                + #""ticket_contact_email":"b@example.org","ticket_priority":"Low"}}"#, ids: ["5"],
            bodies: ["No sound"],
            labels: ["priority": ["Low"], "requester": ["b@example.org"]]),
        ProductCase(
            "GLPI, the old interface",
            #"[{"id":11,"name":"Screen","content":"&lt;p&gt;It flickers&lt;/p&gt;","itilcategories_id":"Hardware &#62; Screen","#
                + #""urgency":3,"type":1,"date":"2025-01-01 10:00:00","is_deleted":0},{"id":12,"name":"x","content":"SECRET","#
                + #""urgency":3,"is_deleted":1}]"#, ids: ["11"], bodies: ["It flickers"],
            labels: ["category": ["Hardware > Screen"], "type": ["Incident"]], leftOut: ["a deleted ticket"]),
        ProductCase(
            "GLPI, the new interface",
            #"[{"id":13,"name":"Mouse","content":"<p>It sticks</p>","category":{"id":2,"name":"Mouse","completename":"#
                + #""Hardware > Mouse"},"urgency":2,"type":2,"date_creation":"2025-01-01T10:00:00+01:00","is_deleted":false}]"#,
            ids: ["13"], bodies: ["It sticks"],
            labels: ["category": ["Hardware > Mouse"], "type": ["Request"]],
            times: ["2025-01-01T09:00:00Z"]),
        ProductCase(
            "OTRS",
            #"{"Ticket":[{"TicketNumber":"20250001","TicketID":"1","Title":"Mail","Queue":"IT::Mail","Priority":"3 normal","#
                + #""CustomerUserID":"ana","Created":"2025-01-01 10:00:00","Article":[{"SenderType":"agent","#
                + #""IsVisibleForCustomer":"1","Body":"SECRET"},{"SenderType":"customer","IsVisibleForCustomer":"0","Body":"SECRET"},"#
                + #"{"SenderType":"customer","IsVisibleForCustomer":"1","Body":"No mail","ContentType":"text/plain"}],"#
                + #""DynamicField":[{"Name":"Site","Value":"Porto"}]}]}"#, ids: ["20250001"],
            bodies: ["No mail"],
            labels: ["Queue": ["IT::Mail"], "DynamicField_Site": ["Porto"]]),
    ]

    static let chats = [
        ProductCase(
            "FreeScout, newest thread first",
            #"{"_embedded":{"conversations":[{"id":21,"number":5,"subject":"Sound","status":"active","state":"published","#
                + #""mailbox":{"id":1,"name":"Help"},"tags":[{"id":1,"name":"audio"}],"customer":{"email":"a@example.org"},"#
                + #""createdAt":"2025-01-01T10:00:00Z","_embedded":{"threads":[{"id":3,"type":"note","body":"SECRET","createdAt":"#
                + #""2025-01-01T12:00:00Z"},{"id":2,"type":"customer","body":"SECRET later","createdAt":"2025-01-01T11:00:00Z"},"#
                + #"{"id":1,"type":"customer","body":"<b>No</b> sound","createdAt":"2025-01-01T10:00:00Z"}]}},{"id":22,"subject":"#
                + #""Win","status":"spam","mailboxId":1}]},"page":{"size":2}}"#, ids: ["21"],
            bodies: ["No sound"],
            labels: ["mailbox": ["Help"], "tags": ["audio"]], leftOut: ["spam, a draft or deleted"]),
        ProductCase(
            "Chatwoot, events",
            #"{"event":"message_created","id":1,"content":"No sound","message_type":"incoming","private":false,"created_at":1735725600,"#
                + #""sender":{"id":1,"name":"Ana","email":"a@example.org"},"inbox":{"id":1,"name":"Site"},"conversation":{"id":31,"#
                + #""labels":["audio"],"priority":"high"}}"# + "\n"
                + #"{"event":"message_created","id":2,"content":"SECRET","message_type":"outgoing","conversation":{"id":31}}"#
                + "\n"
                + #"{"event":"message_created","id":3,"content":"SECRET","message_type":"incoming","conversation":{"id":31}}"#
                + "\n"
                + #"{"event":"conversation_updated","id":31,"content":"SECRET"}"#, ids: ["31"],
            bodies: ["No sound"],
            labels: ["labels": ["audio"], "priority": ["high"], "inbox": ["Site"]],
            times: ["2025-01-01T10:00:00Z"],
            leftOut: [
                "a message of an agent or a private note", "a later message of a conversation that was read",
                "an event that brings no new message",
            ]),
        ProductCase(
            "Chatwoot, conversations",
            #"{"data":{"meta":{"count":1},"payload":[{"id":32,"inbox_id":1,"status":"open","labels":["bill"],"created_at":1735725600,"#
                + #""meta":{"sender":{"email":"a@example.org"},"team":{"name":"Accounts"}},"messages":[{"content":"SECRET","#
                + #""message_type":1,"created_at":1735725500},{"content":"Charged twice","message_type":0,"created_at":1735725600}]}]}}"#,
            ids: ["32"], bodies: ["Charged twice"], labels: ["labels": ["bill"], "team": ["Accounts"]]),
    ]

    static let forges = [
        ProductCase(
            "GitHub, with a pull request",
            #"[{"number":5,"title":"Crash","body":"It crashes","labels":[{"id":1,"name":"bug"}],"user":{"login":"ana"},"#
                + #""html_url":"https://x","created_at":"2025-01-01T10:00:00Z","state":"open"},{"number":6,"title":"Fix","body":"#
                + #""SECRET","labels":[],"pull_request":{"url":"x"},"html_url":"https://x"},{"number":7,"title":"Empty","body":null,"#
                + #""labels":[{"name":"bug"},{"name":"ui"}],"html_url":"https://x"}]"#, ids: ["5", "7"],
            bodies: ["It crashes", "nil"], labels: ["labels": ["bug", "bug;ui"]],
            leftOut: ["a pull request, not an issue"]),
        ProductCase(
            "GitHub's event of a pull request",
            #"{"action":"opened","number":8,"pull_request":{"number":8,"title":"Fix","body":"SECRET"},"repository":{"id":1}}"#,
            ids: [], bodies: [], leftOut: ["a pull request, not an issue"]),
        ProductCase(
            "GitLab, issues and an event",
            #"{"iid":3,"title":"Crash","description":"It crashes","labels":["bug"],"web_url":"https://x","author":{"username":"ana"}}"#
                + "\n"
                + #"{"object_kind":"issue","object_attributes":{"iid":4,"title":"Mail","description":"No mail"},"labels":[{"title":"#
                + #""mail"}],"user":{"username":"bo"},"project":{"path_with_namespace":"a/b"}}"#,
            ids: ["3", "4"],
            bodies: ["It crashes", "No mail"], labels: ["labels": ["bug", "mail"]]),
    ]

    static let labelFiles = [
        ProductCase(
            "Label Studio",
            #"[{"id":1,"data":{"text":"No sound"},"annotations":[{"was_cancelled":true,"result":[{"from_name":"topic","type":"choices","#
                + #""value":{"choices":["SECRET"]}}]},{"result":[{"from_name":"topic","type":"choices","value":{"choices":["Audio"]}}]}],"#
                + #""predictions":[]}]"#, ids: ["1"], bodies: ["No sound"], labels: ["topic": ["Audio"]]),
        ProductCase(
            "Prodigy",
            #"{"text":"No sound","label":"Audio","answer":"accept","_input_hash":1}"# + "\n"
                + #"{"text":"SECRET","label":"Audio","answer":"reject","_input_hash":2}"#, ids: ["1"],
            bodies: ["No sound"],
            labels: ["label": ["Audio"]], leftOut: ["an answer that accepts no label"]),
        ProductCase(
            "spaCy", #"{"text":"No sound","cats":{"Audio":1.0,"Video":0.0}}"#, ids: ["nil"],
            bodies: ["No sound"],
            labels: ["label": ["Audio"]]),
    ]
}

struct ProductTests {
    @Test(arguments: ProductCase.all)
    func `a product's export gives its customers' first messages`(product: ProductCase) throws {
        let name = product.text.contains("\n{") ? "t.jsonl" : "t.json"
        let read = try ImportedRows(product.text, name: name)
        #expect(read.values("id") == product.ids)
        #expect(read.values("body") == product.bodies)
        for (label, values) in product.labels { #expect(read.values(label) == values, "\(label)") }
        if !product.times.isEmpty { #expect(read.values("time") == product.times) }
        #expect(read.faults.map(\.message) == product.leftOut)
        #expect(read.faults.allSatisfy { $0.code == .leftOut })
        #expect(!read.contain("SECRET"))
    }

    @Test(arguments: ProductCase.all)
    func `the same export over many lines gives the same tickets`(product: ProductCase) throws {
        let name = product.text.contains("\n{") ? "t.jsonl" : "t.json"
        let read = try ImportedRows(product.text, name: name)
        let spread = product.text.replacing(",\"", with: ",\n \"").replacing("{\"", with: "{\n\"")
        let again = try ImportedRows(spread, name: "t.json")
        #expect(again.rows.map(\.fields) == read.rows.map(\.fields))
        #expect(again.faults.map(\.message) == read.faults.map(\.message))
    }

    @Test func `fastText labels are words of the line`() throws {
        let read = try ImportedRows(
            "__label__audio No sound\nNo bill __label__bill __label__mail\n", name: "t.txt")
        #expect(read.values("text") == ["No sound", "No bill"])
        #expect(read.values("label") == ["audio", "bill;mail"])
    }

    @Test func `pairs of text and label are rows`() throws {
        let read = try ImportedRows(#"[["No sound","audio"],["Charged twice","bill"]]"#)
        #expect(read.values("text") == ["No sound", "Charged twice"])
        #expect(read.values("label") == ["audio", "bill"])
    }

    @Test func `records of no known product keep their columns, inner ones by their path`() throws {
        let read = try ImportedRows(
            #"{"total":2,"stuff":[{"ref":1,"ticket":{"text":"No sound"},"queue":{"id":3,"name":"Audio"},"seen":["a","b"]}]}"#
        )
        #expect(read.values("ticket.text") == ["No sound"])
        #expect(read.values("queue") == ["Audio"])
        #expect(read.values("seen") == ["a;b"])
    }
}
