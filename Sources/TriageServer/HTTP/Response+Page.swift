internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import TriageModel
internal import TriagePages

extension Response {
    /// A page, with a policy that lets the browser use the page's own style and script and send its forms here alone.
    init(page: HTMLPage) {
        self.init(bytes: page.text.utf8, type: "text/html; charset=utf-8")
        headers[.contentSecurityPolicy] = page.policy
    }
}

extension HTMLPage {
    /// Inline styles and scripts are allowed by their hash (Content Security Policy 3).
    var policy: String {
        let script = script.map { " script-src '\(HTMLPage.source($0.description))';" } ?? ""
        return
            "default-src 'none'; style-src '\(HTMLPage.source(HTMLPage.style))';\(script) connect-src 'self'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'"
    }

    /// The source expression of a text, as `sha256-…`.
    static func source(_ text: String) -> String {
        "sha256-" + Data(SHA256.digest(Array(text.utf8))).base64EncodedString()
    }
}
