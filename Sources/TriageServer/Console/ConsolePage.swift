internal import TriageEngine
internal import TriagePages

/// The page of `/ui`: a ticket's text, samples, and the decision with the words that made it.
struct ConsolePage: HTMLPageOfConsole {
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

    func title(_ words: ConsoleWords) -> String { decision == nil ? words.tryPage : words.decision }

    func main(_ visit: ConsoleVisit) -> HTML {
        let shown = decision.map { ConsoleDecision(decision: $0, text: text, words: visit.words).html }
        return HTML([form(visit), ConsoleFrame.status(message), shown ?? ""])
    }

    private func form(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let field: HTML = .tag(
            "textarea",
            [
                "id": "description", "name": "description", "rows": "7", "required": "",
                "autofocus": decision == nil ? "" : nil, "placeholder": words.pasteHere,
                "aria-describedby": "keys",
            ], HTML(text))
        let samples = ConsolePage.samples.enumerated().map { number, sample in
            HTML.link("/ui?sample=\(number)", HTML(sample.name))
        }
        let submit = HTML.tag("button", ["type": "submit"], HTML(words.triage))
        let keys = HTML.tag("span", ["class": "quiet", "id": "keys"], HTML(words.orPress))
        return .tag(
            "form", ["method": "post", "action": "/ui"],
            ConsoleFrame.hidden(visit), .tag("label", ["for": "description"], HTML(words.aTicket)), field,
            .tag("p", ["class": "samples"], "\(words.samples) \(HTML(samples, separator: " "))"),
            .p("\(submit) \(keys)"))
    }
}
