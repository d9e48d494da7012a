internal import TriageData
internal import TriagePages

/// A page of the console, whose content a visit completes.
protocol HTMLPageOfConsole {
    func title(_ words: ConsoleWords) -> String
    func main(_ visit: ConsoleVisit) -> HTML
}

extension HTMLPageOfConsole {
    func page(_ visit: ConsoleVisit) -> HTMLPage {
        HTMLPage(
            title: "\(title(visit.words)) · triage", header: ConsoleFrame.header(visit), main: main(visit),
            script: ConsolePage.script, isFile: false, language: visit.words.code)
    }
}

/// What every page of the console has around its content.
enum ConsoleFrame {
    /// The head of each page.
    static func header(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        var links = [("/ui", words.tryPage)]
        if visit.hasStore, visit.mayRead(.triage, .audit) { links.append(("/ui/queue", words.queue)) }
        if visit.hasArticles, visit.mayRead(.triage, .audit) {
            links.append(("/ui/knowledge", words.knowledge))
        }
        if visit.hasStore, visit.mayRead(.audit, .admin) {
            links.append(("/ui/operations", words.operations))
        }
        if visit.hasModelPage, visit.mayRead(.audit, .models) { links.append(("/ui/model", words.model)) }
        if visit.hasStore || visit.requiresKey, visit.mayRead(.admin, .audit) {
            links.append(("/ui/access", words.access))
        }
        links.append(("/docs", words.interface))
        let pages = links.map { address, name in
            HTML.tag(
                "a", ["href": address, "aria-current": visit.path == address ? "page" : nil], HTML(name))
        }
        let mode = HTML.tag("button", ["type": "button", "id": "mode", "hidden": ""], HTML(words.mode))
        let nav = HTML.tag("nav", ["aria-label": words.pages], HTML(pages, separator: " "))
        let tools = HTML.tag(
            "div", ["class": "tools"], HTML([languages(visit), mode, session(visit)], separator: " "))
        let skip = HTML.tag("a", ["class": "skip", "href": "#main"], HTML(words.skip))
        return .tag("header", [:], skip, .tag("h1", [:], "triage"), nav, tools)
    }

    /// Links to the page in the other languages.
    private static func languages(_ visit: ConsoleVisit) -> HTML {
        let others = ConsoleWords.all.filter { $0.code != visit.words.code }
        let links = others.map { language in
            HTML.tag(
                "a",
                [
                    "href": visit.address(in: language),
                    "lang": language.code, "hreflang": language.code,
                ], HTML(language.name))
        }
        return HTML(visit.path.hasPrefix("/ui") ? links : [], separator: " ")
    }

    private static func session(_ visit: ConsoleVisit) -> HTML {
        guard visit.requiresKey else { return "" }
        guard let name = visit.name, visit.formToken != nil else {
            let address = ConsoleAddress.make("/ui/sign-in", [("to", ConsoleAddress.local(visit.address))])
            return .link(address, HTML(visit.words.signIn))
        }
        let button = HTML.tag("button", ["type": "submit", "class": "plain"], HTML(visit.words.signOut))
        return .tag(
            "form", ["method": "post", "action": "/ui/sign-out", "class": "inline"],
            "\(name) \(hidden(visit))\(button)")
    }

    /// What every form of a session sends back.
    static func hidden(_ visit: ConsoleVisit, _ fields: [(name: String, value: String)] = []) -> HTML {
        let token = visit.formToken.map { [("form", $0)] } ?? []
        return HTML(
            (token + fields).map { name, value in
                HTML.tag("input", ["type": "hidden", "name": name, "value": value])
            })
    }

    /// A sentence that screen readers announce.
    static func status(_ message: String?) -> HTML {
        .tag(
            "p", ["id": "status", "role": "status", "class": message == nil ? "unseen" : "message"],
            HTML(message ?? ""))
    }

    /// A moment; a script shows it in the reader's own time zone.
    static func time(_ milliseconds: Int64, _ words: ConsoleWords) -> HTML {
        let text = Timestamp(milliseconds: milliseconds).text
        let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        let shown =
            parts.count == 3
            ? words.moment(parts[2], parts[1], parts[0], String(text.dropFirst(11).prefix(5))) : text
        return .tag("time", ["datetime": text], HTML(shown))
    }

    /// A button that copies an element's text.
    static func copyButton(_ id: String, _ title: String, _ words: ConsoleWords) -> HTML {
        .tag(
            "button",
            [
                "type": "button", "data-copy": id, "data-done": words.copied,
                "data-selected": words.pressCopy, "hidden": "",
            ], HTML(title))
    }

    static func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }
}

/// The page on which a person signs in with a key, or goes to the identity provider.
struct SignInPage: HTMLPageOfConsole {
    /// Where the person goes afterwards.
    var target: String
    var message: String?
    /// The ticket of a form that was sent without a session; nil for none.
    var draft: String?
    /// Where a person who signed out here signs out of the provider too; nil for none.
    var endAddress: String?

    func title(_ words: ConsoleWords) -> String { words.signIn }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let field = HTML.tag(
            "input",
            [
                "type": "password", "id": "key", "name": "key", "required": "",
                "autofocus": visit.hasProvider ? nil : "",
                "autocomplete": "current-password", "aria-describedby": "key-help",
            ])
        // Password managers keep a key under a name.
        let name = HTML.tag(
            "input",
            ["type": "text", "name": "user", "autocomplete": "username", "value": "triage", "hidden": ""])
        let help = HTML.tag("p", ["class": "quiet", "id": "key-help"], HTML(words.keyHelp))
        let button = HTML.tag("button", ["type": "submit"], HTML(words.signIn))
        let to = HTML.tag("input", ["type": "hidden", "name": "to", "value": target])
        return HTML([
            .tag("h2", [:], HTML(words.signIn)), ConsoleFrame.status(message), provider(visit),
            .tag(
                "form", ["method": "post", "action": "/ui/sign-in", "class": "narrow"],
                .tag("label", ["for": "key"], HTML(words.key)), name, field, help, to, .p(button),
                ticket(words)),
        ])
    }

    /// A link, since a form may not lead to another site.
    private func provider(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard visit.hasProvider else { return "" }
        let address = ConsoleAddress.make(ProviderSignInController.beginPath, [("to", target)])
        let end = endAddress.map { HTML.p(.link($0, HTML(words.signOutThere))) } ?? ""
        return HTML([
            end,
            .p(.tag("a", ["href": address, "class": "button", "autofocus": ""], HTML(words.signInThere))),
            .tag("h3", [:], HTML(words.orWithKey)),
        ])
    }

    /// The ticket, which the page to try tickets has again after signing in.
    private func ticket(_ words: ConsoleWords) -> HTML {
        guard let draft, !draft.isEmpty else { return "" }
        return HTML([
            .tag("label", ["for": "description"], HTML(words.aTicket)),
            .tag("textarea", ["id": "description", "name": FormFields.ticket, "rows": "5"], HTML(draft)),
        ])
    }
}
