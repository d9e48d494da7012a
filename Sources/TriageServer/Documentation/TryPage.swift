internal import TriageData
internal import TriageEngine

/// The page of `/ui`: a ticket's text, samples, and the decision with the words that made it.
///
/// Everything is in the one answer: no font, script or image is fetched.
struct TryPage {
    /// Tickets to begin with.
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

    var subject: String
    var body: String
    var decision: Decision?

    init(subject: String, body: String) {
        self.subject = subject
        self.body = body
    }

    /// The page in UTF-8.
    var html: [UInt8] {
        let samples = TryPage.samples.enumerated().map { number, sample in
            "<a href=\"/ui?sample=\(number)\">\(sample.name.htmlEscaped)</a>"
        }
        let page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>triage</title><style>\(TryPage.style)</style></head>
            <body><main>
            <header><h1>triage</h1><nav><a href="/docs">API documents</a> <a href="/openapi.json">OpenAPI</a>
            <button type="button" id="mode" hidden>Dark or light</button></nav></header>
            <form method="post" action="/ui">
            <label for="description">A support ticket</label>
            <textarea id="description" name="description" rows="7" required autofocus
            placeholder="Paste a ticket here.">\(body.htmlEscaped)</textarea>
            <p class="samples">Samples: \(samples.joined(separator: " "))</p>
            <p><button type="submit">Triage</button></p>
            </form>
            \(decision.map { TryPage.result($0) } ?? "")
            </main><script>\(TryPage.script)</script></body></html>

            """
        return Array(page.utf8)
    }

    // MARK: - The decision

    private static func result(_ decision: Decision) -> String {
        let issue =
            decision.isKnownIssue
            ? matches("Known issue", decision.matches)
            : decision.nearMisses.isEmpty
                ? "<p>New issue.</p>" : matches("New issue; the nearest articles are", decision.nearMisses)
        return """
            <section aria-label="Decision" id="decision">
            <p class="summary">\(decision.summary.htmlEscaped)</p>
            <div class="fields">\(decision.predictions.map { field($0, decision) }.joined())</div>
            \(decision.notes.map { "<p class=\"notes\">\($0.htmlEscaped)</p>" } ?? "")
            <h2>Next</h2><p class="next">\(decision.nextAction.htmlEscaped)</p>
            \(issue)
            <h2>As JSON</h2><button type="button" id="copy" hidden>Copy</button>
            <pre id="json">\(decision.json.htmlEscaped)</pre>
            </section>
            """
    }

    private static func field(_ prediction: Decision.Prediction, _ decision: Decision) -> String {
        let others = prediction.alternatives.map { "\($0.label.htmlEscaped) \(percent($0.probability))" }
        let reasons = prediction.reasons.map { "<span class=\"reason\">\($0.rawValue)</span>" }.joined(
            separator: " ")
        let decided = prediction.field == "severity" ? decision.severity : prediction.label
        return """
            <article><h2>\(prediction.field.htmlEscaped)</h2>
            <p class="label">\(decided.htmlEscaped) <span class="level \(prediction.level.rawValue)">\(prediction.level.rawValue)</span></p>
            <meter min="0" max="1" value="\(prediction.probability)" title="\(percent(prediction.probability))"></meter>
            <p class="quiet">\(prediction.label.htmlEscaped) \(percent(prediction.probability)) · \(others.joined(separator: " · "))</p>
            <p>\(reasons)</p>
            \(decision.explanations?.first { $0.field == prediction.field }.map { words($0) } ?? "")</article>
            """
    }

    /// The words that speak most for the label rather than the runner-up, and against it.
    private static func words(_ explanation: Explanation) -> String {
        let sum = explanation.against?.sum ?? explanation.own
        let terms = sum.terms.prefix(6).map { term in
            let weight = (term.weight * 100).rounded() / 100
            return
                "<li class=\"\(term.weight < 0 ? "against" : "for")\"><b>\(weight > 0 ? "+" : "")\(weight)</b> \(term.text.htmlEscaped)</li>"
        }
        let rival = explanation.against.map { " rather than \($0.label.htmlEscaped)" } ?? ""
        return
            "<p class=\"quiet\">Why \(explanation.label.htmlEscaped)\(rival):</p><ul>\(terms.joined())</ul>"
    }

    private static func matches(_ title: String, _ matches: [Decision.Match]) -> String {
        let items = matches.map { match in
            "<li><b>\(match.id.htmlEscaped)</b> \(match.title.htmlEscaped) <span class=\"quiet\">\(percent(match.score))</span></li>"
        }
        return "<h2>\(title)</h2><ul class=\"articles\">\(items.joined())</ul>"
    }

    private static func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }
}
