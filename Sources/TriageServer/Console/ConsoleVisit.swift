internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageModel

/// Who looks at a page of the console, in which language, and what that person may do.
struct ConsoleVisit: Sendable {
    var words: ConsoleWords
    /// The page's path and query.
    var address: String
    var caller: Caller?
    /// What each form sends back; nil without a session.
    var formToken: String?
    /// Whether the service requires keys.
    var requiresKey: Bool
    var hasStore: Bool
    var hasArticles: Bool
    var hasModelPage = false
    /// Whether people may sign in at an identity provider.
    var hasProvider = false
    /// Whether the visit's address chose the language.
    var choosesLanguage = false

    /// A visitor of a service without keys, in English.
    static func open(_ address: String, hasStore: Bool) -> ConsoleVisit {
        ConsoleVisit(
            words: .english, address: address, requiresKey: false, hasStore: hasStore, hasArticles: true)
    }

    func may(_ scope: Scope) -> Bool { !requiresKey || caller?.has(scope) == true }

    /// Whether a link to a page is of use: not where the visitor's key has none of the page's scopes.
    func mayRead(_ scopes: Scope...) -> Bool { caller == nil || scopes.contains(where: may) }

    /// The name under which others see the person.
    var name: String? { caller?.name }

    /// The path without its query.
    var path: Substring { address.prefix { $0 != "?" } }

    /// The same page in another language.
    func address(in language: ConsoleWords) -> String {
        let address = ConsoleAddress.local(address)
        let path = address.prefix { $0 != "?" }
        let query = address.dropFirst(path.count).dropFirst().split(separator: "&")
            .filter { !$0.hasPrefix("lang=") }
        return "\(path)?\((query + ["lang=\(language.code)"]).joined(separator: "&"))"
    }
}

extension ConsoleVisit {
    static let languageCookie = "triage_language"
    static let sessionCookie = "triage_session"

    init(_ request: Request, _ context: ServiceContext, _ console: ConsoleServices) {
        let chosen = request.query("lang").flatMap { ConsoleWords.named($0) }
        let kept = request.cookie(Self.languageCookie).flatMap { ConsoleWords.named($0) }
        self.init(
            words: chosen ?? kept ?? .preferred(request.headers[.acceptLanguage]),
            address: request.uri.string, caller: context.caller, formToken: context.formToken,
            requiresKey: console.requiresKey, hasStore: console.store != nil,
            hasArticles: console.snapshot.index?.onThisMachine != nil, hasModelPage: console.desk != nil,
            hasProvider: console.access.provider != nil,
            choosesLanguage: chosen != nil)
    }
}

extension Request {
    /// A cookie's value (RFC 6265, 5.4).
    func cookie(_ name: String) -> String? {
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].filter({ $0 != " " }) == name {
                    return String(parts[1].filter { $0 != " " && $0 != "\"" })
                }
            }
        }
        return nil
    }

    /// The fields of a page's form.
    ///
    /// - Throws: `FormError` with status 403 when the form is not one of the caller's session.
    func form(_ context: ServiceContext, upTo limit: Int) async throws -> FormFields {
        let form = FormFields(try await bytes(upTo: limit))
        guard let token = context.formToken else { return form }
        guard Cryptography.areEqual(Array(token.utf8), Array((form["form"] ?? "").utf8)) else {
            // The body can be read only once, so the error has the ticket.
            let problem = Problem(
                .forbidden, "form_ended",
                "This form is no longer valid. Nothing was saved; load the page again.")
            throw FormError(cause: problem, text: form[FormFields.ticket] ?? "")
        }
        return form
    }
}

extension Response {
    /// A page of the console.
    init(_ page: some HTMLPageOfConsole, for visit: ConsoleVisit) {
        self.init(page: page.page(visit))
        headers[.cacheControl] = "no-store"
        headers[.referrerPolicy] = "same-origin"
        if visit.choosesLanguage {
            let name = ConsoleVisit.languageCookie
            headers.append(
                HTTPField(
                    name: .setCookie,
                    value: "\(name)=\(visit.words.code); Path=/ui; Max-Age=31536000; SameSite=Lax; HttpOnly"))
        }
    }

    /// The answer to a form: the browser fetches a page of this service.
    static func seeOther(_ address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address, .cacheControl: "no-store"])
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name(known: "Referrer-Policy")
}

/// Addresses of the console's pages with their queries.
enum ConsoleAddress {
    /// Whether a path is one of the console's.
    static func isPage(_ path: String) -> Bool { path == "/ui" || path.hasPrefix("/ui/") }

    /// An address of a form or a link that stays in the console; the queue for any other.
    static func local(_ address: String?) -> String {
        guard let address, address.hasPrefix("/ui"), address.utf8.count <= 2048,
            address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }),
            ["", "/", "?"].contains(String(address.dropFirst(3).prefix(1)))
        else { return "/ui" }
        return address
    }

    /// A path with a query; empty values are left out.
    static func make(_ path: String, _ query: [(String, String?)]) -> String {
        let pairs = query.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : "\(name)=\(escaped($0))" }
        }
        return pairs.isEmpty ? path : "\(path)?\(pairs.joined(separator: "&"))"
    }

    /// Percent-encoded for a path or a query.
    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
                default: false
                }
            return isPlain ? String(UnicodeScalar(byte)) : "%" + Hexadecimal.text([byte]).uppercased()
        }.joined()
    }
}
