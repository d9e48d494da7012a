internal import TriageEngine
internal import TriagePages

/// The page of `/ui`: a ticket's text, samples, and the decision with the words that made it.
struct ConsolePage {
    /// Sample tickets.
    static let samples: [(name: String, text: String)] = [
        (
            "Locked out",
            "My account is locked after the password change and payroll closes at noon. Please unlock it."
        ),
        (
            "Charged twice",
            "On the 3rd you took 588.00 EUR for our annual plan and on the 4th the same amount again. One has to be refunded."
        ),
        (
            "Everything is down",
            "Nobody in the hospital can open the patient record system since 06:52. All wards are on paper. We need somebody now."
        ),
        (
            "Slow reports",
            "The monthly report takes eleven minutes to open since the update; it used to be ten seconds."
        ),
        (
            "Phishing",
            "I clicked a link in a mail that looked like ours and typed my password into a strange page."
        ),
        ("How do I…", "How can I record a Teams meeting and share it with people who were not there?"),
    ]

    var text: String
    var decision: Decision?
    /// Why there is no decision, and what to do.
    var message: String?

    var page: HTMLPage {
        let main = HTML([form, status, decision.map { ConsoleDecision(decision: $0, text: text).html } ?? ""])
        return HTMLPage(
            title: decision == nil ? "triage" : "Decision · triage",
            header: ConsolePage.header(of: "/ui"), main: main, script: ConsolePage.script, isFile: false)
    }

    /// The head of each page of the service; `path` is the page's own.
    static func header(of path: String) -> HTML {
        let links = [("/ui", "Console"), ("/docs", "HTTP interface"), ("/openapi.json", "OpenAPI")].map {
            address, name in
            HTML.tag("a", ["href": address, "aria-current": address == path ? "page" : nil], HTML(name))
        }
        let mode = HTML.tag("button", ["type": "button", "id": "mode", "hidden": ""], "Dark or light")
        let nav = HTML.tag("nav", ["aria-label": "Pages"], HTML(links + [mode], separator: " "))
        return .tag("header", [:], .tag("h1", [:], "triage"), nav)
    }

    private var form: HTML {
        let field: HTML = .tag(
            "textarea",
            [
                "id": "description", "name": "description", "rows": "7", "required": "",
                "autofocus": decision == nil ? "" : nil, "placeholder": "Paste a ticket here.",
                "aria-describedby": "keys",
            ], HTML(text))
        let samples = ConsolePage.samples.enumerated().map { number, sample in
            HTML.link("/ui?sample=\(number)", HTML(sample.name))
        }
        let submit = HTML.tag("button", ["type": "submit"], "Triage")
        let keys = HTML.tag("span", ["class": "quiet", "id": "keys"], "or press Ctrl+Enter")
        return .tag(
            "form", ["method": "post", "action": "/ui"],
            .tag("label", ["for": "description"], "A support ticket"), field,
            .tag("p", ["class": "samples"], "Samples: \(HTML(samples, separator: " "))"),
            .p("\(submit) \(keys)"))
    }

    /// What went wrong; otherwise the place where the script announces the decision.
    private var status: HTML {
        .tag(
            "p", ["id": "status", "role": "status", "class": message == nil ? "unseen" : nil],
            HTML(message ?? ""))
    }
}
