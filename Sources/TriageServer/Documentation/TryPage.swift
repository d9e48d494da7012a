internal import TriageData
internal import TriageEngine

/// The page of `/ui`: a ticket's text, samples, and the decision with the words that made it.
///
/// Everything is in the one answer: the browser fetches no font, script or image.
struct TryPage {
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
    /// Whether the form came without a text.
    var isBlank = false

    /// The page in UTF-8.
    var html: [UInt8] {
        let samples = TryPage.samples.enumerated().map { number, sample in
            "<a href=\"/ui?sample=\(number)\">\(sample.name.htmlEscaped)</a>"
        }
        let page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(decision == nil ? "triage" : "Decision · triage")</title><style>\(TryPage.style)</style></head>
            <body><header><h1>triage</h1><nav aria-label="Documents"><a href="/docs">API documents</a>
            <a href="/openapi.json">OpenAPI</a> <button type="button" id="mode" hidden>Dark or light</button></nav></header>
            <main>
            <form method="post" action="/ui">
            <label for="description">A support ticket</label>
            <textarea id="description" name="description" rows="7" required\(decision == nil ? " autofocus" : "")
            placeholder="Paste a ticket here." aria-describedby="keys">\(text.htmlEscaped)</textarea>
            <p class="samples">Samples: \(samples.joined(separator: " "))</p>
            <p><button type="submit">Triage</button> <span class="quiet" id="keys">or press Ctrl+Enter</span></p>
            </form>
            <p id="status" role="status"\(isBlank ? "" : " class=\"unseen\"")>\(isBlank ? "The ticket has no text. Write or paste one, then press Triage." : "")</p>
            \(decision.map { DecisionSection(decision: $0).html } ?? "")
            </main><script>\(TryPage.script)</script></body></html>

            """
        return Array(page.utf8)
    }
}
