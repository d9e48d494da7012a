import Foundation
import Logging
import ServerTestSupport
import Testing
import TriageData
import TriageEngine
import TriagePages
import TriageStore
import TriageText

@testable import TriageServer
import TriageTickets

/// What a person reads on `/ui` and `/docs`.
struct PageTests {
    private static let raised = Remark.severityRaised(from: "Medium", to: "Critical", floor: "fire")
    private static let form = ["Content-Type": "application/x-www-form-urlencoded"]

    private func section(
        _ text: String, _ change: (inout Decision) -> Void = { _ in }
    ) throws -> String {
        var decision = try starter.get().decide(Ticket(body: text), explaining: true)
        change(&decision)
        return ConsoleDecision(decision: decision, text: text).html.markup
    }

    @Test func `the decided severity is shown, not the label that the model predicted`() throws {
        let page = try section("The report is slow.") { decision in
            for index in decision.predictions.indices {
                let isSeverity = decision.predictions[index].field == "severity"
                decision.predictions[index].field = isSeverity ? "priority" : "queue"
                if isSeverity {
                    decision.predictions[index].label = "P3"
                    decision.predictions[index].decided = "P1"
                }
            }
        }
        #expect(page.contains(", severity P1</h2>"))
        #expect(page.contains(#"<h3>priority</h3>"#))
        #expect(page.contains(#"<p class="label">P1 <span"#))
        #expect(!page.contains(#"<p class="label">P3"#))
        #expect(page.contains("The model&#39;s own label is P3."))
    }

    @Test func `a bundle without roles still shows the decision's category and severity`() throws {
        let page = try section("The report is slow.") { decision in
            decision.predictions = []
            decision.remarks = [Self.raised]
        }
        #expect(page.contains(#"<h3>category</h3><p class="label">Other</p>"#))
        #expect(page.contains(#"<h3>severity</h3><p class="label">Critical</p>"#))
    }

    @Test func `a field named severity with another role is not mistaken for it`() throws {
        let page = try section("The report is slow.") { decision in
            for index in decision.predictions.indices where decision.predictions[index].role == "severity" {
                decision.predictions[index].role = nil
            }
            decision.remarks = [Self.raised]
        }
        let predicted = try #require(
            try starter.get().decide(Ticket(body: "The report is slow.")).predictions.first {
                $0.field == "severity"
            })
        #expect(page.contains(#"<h3>severity</h3><p class="label">Critical</p>"#))
        #expect(page.contains(#"<p class="label">\#(predicted.label) <span"#))
    }

    @Test func `the page over HTTP has the severity that a safety floor raised`() async throws {
        let text = "The invoice mentions ransomware in the footer."
        let predicted = try starter.get().decide(Ticket(body: text)).predictions.first {
            $0.field == "severity"
        }
        #expect(predicted?.label == "Low")
        try await LiveServer.run { server in
            let body = "description=" + text.replacing(" ", with: "+")
            let page = try await server.ask("POST", "/ui", Array(body.utf8), headers: Self.form).text
            #expect(page.contains(", severity Critical</h2>"))
            #expect(page.contains(#"<p class="label">Critical <span class="level review">"#))
            #expect(page.contains("The model&#39;s own label is Low."))
        }
    }

    @Test func `reasons are sentences, and no code is outside the JSON`() throws {
        let page = try section("The report is slow.") { decision in
            for index in decision.predictions.indices {
                decision.predictions[index].reasons = Decision.Reason.allCases
            }
        }
        let visible = try #require(page.split(separator: "<pre").first)
        for reason in Decision.Reason.allCases {
            #expect(visible.contains(HTML(reason.sentence).markup))
            #expect(!visible.contains(reason.rawValue), "\(reason.rawValue)")
        }
    }

    @Test func `the JSON is folded away, the result has the focus and is announced`() async throws {
        try await LiveServer.run { server in
            let page = try await server.ask(
                "POST", "/ui", Array("description=my+account+is+locked".utf8), headers: Self.form
            ).text
            #expect(page.contains("<details><summary>Show the JSON</summary><pre id=\"json\">"))
            #expect(page.contains(#"<h2 id="decision" tabindex="-1" autofocus data-name="Decision">"#))
            #expect(page.contains(#"role="status""#))
            let form = try await server.ask("GET", "/ui").text
            #expect(form.contains("required autofocus") && !form.contains("id=\"decision\""))
        }
    }

    @Test func `a browser sees an error's title, detail and remedy, a program a problem document`()
        async throws
    {
        let scratch = try Scratch()
        let path = scratch.file("keys.json")
        func key(_ scope: Scope) throws -> String {
            try KeyFile.create(in: path, name: "\(scope)", scopes: [scope], lifetime: nil, note: nil)
        }
        let (desk, metrics) = (try key(.triage), try key(.metrics))
        let keys = try KeyHolder(path: path, logger: Logger(label: "test"))
        let long = "description=" + String(repeating: "x", count: 300)
        var options = ServerOptions()
        options.maximumBody = 200
        try await LiveServer.run(options, change: { $0.access.keys = keys }) { server in
            for (key, body, status, texts) in [
                (nil, "description=x", 401, ["Sign in to see this page", "action=\"/ui/sign-in\""]),
                (metrics, "description=x", 403, ["(403)", "scope triage", "use a key that has it"]),
                (desk, long, 413, ["(413)", "over 200 bytes", "send less"]),
            ] as [(String?, String, Int, [String])] {
                var headers = Self.form
                if let key { headers["X-API-Key"] = key }
                let program = try await server.ask("POST", "/ui", Array(body.utf8), headers: headers)
                #expect(program.status == status)
                #expect(program.headers["content-type"] == "application/problem+json")
                headers["Accept"] = "text/html,application/xhtml+xml,*/*;q=0.8"
                let page = try await server.ask("POST", "/ui", Array(body.utf8), headers: headers)
                #expect(page.status == status && page.headers["content-type"]?.hasPrefix("text/html") == true)
                for text in texts { #expect(page.text.contains(text), "\(status) \(text)") }
                #expect(page.text.contains("<form ") && !page.text.contains("{\"type\""))
                #expect(page.headers["www-authenticate"] == program.headers["www-authenticate"])
            }
            let sample = try await server.ask("GET", "/ui?sample=99", headers: ["Accept": "text/html"])
            #expect(sample.status == 422 && sample.text.contains("must be a whole number from 0"))
        }
    }

    @Test func `the pasted ticket is still there after a refusal`() async throws {
        let scratch = try Scratch()
        let path = scratch.file("keys.json")
        let metrics = try KeyFile.create(
            in: path, name: "metrics", scopes: [.metrics], lifetime: nil, note: nil)
        let keys = try KeyHolder(path: path, logger: Logger(label: "test"))
        let body = Array("description=my+ticket+%3Cb%3E".utf8)
        let browser = Self.form.merging(["Accept": "text/html"]) { given, _ in given }
        try await LiveServer.run(change: { $0.access.keys = keys }) { server in
            for (key, status) in [(nil, 401), (metrics, 403)] as [(String?, Int)] {
                var headers = browser
                if let key { headers["X-API-Key"] = key }
                let page = try await server.ask("POST", "/ui", body, headers: headers)
                #expect(page.status == status && page.text.contains(">my ticket &lt;b&gt;</textarea>"))
            }
        }
        let limit = RateLimit(quota: 1, window: .seconds(60))
        try await LiveServer.run(
            change: { $0.access.limiter = RequestLimiter(keyLimit: limit, addressLimit: limit) }
        ) { server in
            #expect(try await server.ask("POST", "/ui", body, headers: browser).status == 200)
            let page = try await server.ask("POST", "/ui", body, headers: browser)
            #expect(page.status == 429 && page.text.contains(">my ticket &lt;b&gt;</textarea>"))
            #expect(page.text.contains("More than 1 request in"))
        }
    }

    @Test func `the pasted ticket is still there when the store fails`() async throws {
        let folder = NSTemporaryDirectory() + "triage-store-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try TicketStore(folder, .write, StoreOptions())
        try store.close()
        let browser = Self.form.merging(["Accept": "text/html"]) { given, _ in given }
        try await LiveServer.run(change: { $0.store = store }) { server in
            let page = try await server.ask(
                "POST", "/ui", Array("description=my+ticket".utf8), headers: browser)
            #expect(page.status == 503 && page.text.contains(">my ticket</textarea>"))
        }
    }

    @Test func `a ticket that another site's page sent is not shown`() async throws {
        try await LiveServer.run { server in
            let page = try await server.ask(
                "POST", "/ui", Array("description=planted".utf8),
                headers: Self.form.merging([
                    "Accept": "text/html", "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site",
                ]) { given, _ in given })
            #expect(page.status == 403 && !page.text.contains("planted"))
        }
    }

    @Test func `a ticket of blanks gets a sentence, not an empty page`() async throws {
        try await LiveServer.run { server in
            let page = try await server.ask(
                "POST", "/ui", Array("description=+%0A+".utf8), headers: Self.form
            ).text
            #expect(page.contains("The ticket has no text.") && !page.contains("id=\"decision\""))
        }
    }

    @Test(arguments: [
        (":", false), ("…", false), ("and", false), ("All", false), ("of the", false), ("it's", false),
        ("I’m", false), ("a", false), ("und die", false), ("hospital", true), ("sign in", true),
        ("504", true), ("52", false),
        ("refunded", true), ("größe", true), ("密码", true), ("<EMAIL>", true),
    ])
    func `words that explain nothing alone are left out`(term: String, isShown: Bool) {
        #expect(StopWords.hasContent(term) == isShown)
    }

    @Test func `no shown word is punctuation or a stop word`() throws {
        let texts =
            ConsolePage.samples.map(\.text) + ["Since 06:52, all of us: nothing. It's not (at all) there!"]
        for text in texts {
            let page = try section(text)
            let words = page.matches(of: /<li class="(?:for|against)"><b>[^<]*<\/b> ([^<]*)<\/li>/)
            #expect(words.allSatisfy { StopWords.hasContent(String($0.output.1)) })
        }
        let shown = try section(ConsolePage.samples[2].text)
        #expect(shown.contains("</b> hospital</li>") && !shown.contains("</b> :</li>"))
    }

    @Test(arguments: ["/ui", "/docs"])
    func `a page's policy allows its own style and script alone`(path: String) async throws {
        try await LiveServer.run { server in
            let page = try await server.ask("GET", path)
            let policy = try #require(page.headers["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
            #expect(!policy.contains("unsafe"))
            for kind in ["style", "script"] {
                for part in page.text.matches(of: try Regex("<\(kind)>((?s:.*?))</\(kind)>")) {
                    let content = try #require(part.output[1].substring)
                    #expect(policy.contains("'\(HTMLPage.source(String(content)))'"))
                }
            }
            #expect(page.text.firstMatch(of: /\sstyle="|\son[a-z]+="/) == nil)
            // The choice of dark or light is made, and kept, on either page.
            #expect(page.text.contains("id=\"mode\" hidden>Dark or light</button>"))
            #expect(page.text.contains("localStorage.getItem('mode')"))
        }
    }

    @Test func `the documentation has contents, types, defaults and tables of members`() async throws {
        try await LiveServer.run { server in
            let page = try await server.ask("GET", "/docs").text
            let document = try await server.ask("GET", "/openapi.json").object
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            for operation in paths.values.flatMap(\.values) {
                let id = try #require(operation["operationId"] as? String)
                #expect(page.contains("<li><a href=\"#\(id)\">") && page.contains("<h3 id=\"\(id)\">"))
            }
            for link in page.matches(of: /href="#([^"]+)"/) {
                #expect(page.contains("id=\"\(link.output.1)\""), "\(link.output.1)")
            }
            let plain = page.replacing(/\s(?:class|data-name|scope)="[^"]*"/, with: "").replacing(
                "</td>", with: "")
            for row in [
                "<tr><th><code>count</code></th><td>query<td>whole number, from 1 to 100<td>no<td><code>3</code>",
                "<tr><th><code>q</code></th><td>query<td>text, 1 to 1000 characters<td>yes<td>",
                "<tr><th><code>description</code></th><td>text<td>yes",
            ] {
                #expect(plain.contains(row), "\(row)")
            }
            #expect(page.contains("<code>Triage-Decision-Id</code>"))
            #expect(!page.contains("{&quot;type&quot;") && !page.contains("\"properties\""))
        }
    }
}
