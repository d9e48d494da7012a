internal import Foundation
internal import TriageData

/// A piece of an HTML page.
///
/// Literals and interpolated text are escaped; markup comes from `tag` alone. So no page can turn the text of a ticket
/// into markup.
package struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
    package let markup: String

    private init(markup: String) { self.markup = markup }

    package init(_ text: some StringProtocol) { markup = HTML.escaped(text) }

    package init(stringLiteral text: String) { self.init(text) }

    package init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

    /// The parts one after another, with markup-free text between them.
    package init(_ parts: [HTML], separator: String = "") {
        markup = parts.lazy.map(\.markup).joined(separator: HTML.escaped(separator))
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity)
        }
        package mutating func appendLiteral(_ literal: String) { markup += HTML.escaped(literal) }
        package mutating func appendInterpolation(_ text: some StringProtocol) {
            markup += HTML.escaped(text)
        }
        package mutating func appendInterpolation(_ number: some BinaryInteger) { markup += String(number) }
        package mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
    }

    /// An element with attributes and content.
    ///
    /// An attribute whose value is nil is left out; one with an empty value has its name alone, as `required`.
    package static func tag(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], _ content: HTML...
    ) -> HTML {
        var markup = "<\(name)"
        for (name, value) in attributes {
            guard let value else { continue }
            markup += value.isEmpty ? " \(name)" : " \(name)=\"\(escaped(value))\""
        }
        markup += ">"
        guard !voids.contains(name.description) else { return HTML(markup: markup) }
        for part in content { markup += part.markup }
        return HTML(markup: markup + "</\(name)>" + (blocks.contains(name.description) ? "\n" : ""))
    }

    private static let voids: Set = ["br", "input", "meta"]
    /// A line feed follows these, so that a page can be read and searched by lines.
    private static let blocks: Set = [
        "article", "div", "figure", "head", "header", "main", "p", "section", "table", "tr", "ul",
    ]

    /// Text that HTML shows as it is, in content and in attributes; what could turn the direction of reading becomes
    /// U+FFFD.
    private static func escaped(_ text: some StringProtocol) -> String {
        var escaped = ""
        for scalar in String(text).shownKeepingLines.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension HTML {
    package static func p(_ content: HTML) -> HTML { tag("p", [:], content) }
    package static func code(_ text: some StringProtocol) -> HTML { tag("code", [:], HTML(text)) }
    package static func link(_ address: String, _ content: HTML) -> HTML {
        tag("a", ["href": address], content)
    }
    package static func list(_ items: [HTML], style: String? = nil) -> HTML {
        tag("ul", ["class": style], HTML(items.map { tag("li", [:], $0) }))
    }

    /// Text with `code` where backticks enclose it.
    package init(prose text: String) {
        self.init(
            text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { place, part in
                place.isMultiple(of: 2) ? HTML(part) : .code(part)
            })
    }

    /// A number with a sign of full width, as "+0.475" or "−0.475".
    package static func signed(_ number: Float, decimals: Int) -> String {
        String(format: "%+.\(decimals)f", number).replacing("-", with: "−")
    }

    /// Text whose line breaks are kept.
    package init(lines text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let parts = lines.enumerated().map { place, line in
            place == 0 ? HTML(line) : "\(HTML.tag("br"))\(HTML(line))"
        }
        self.init(parts)
    }

    /// A whole page: the one place where a style sheet and a script become part of it, both from the program's text.
    fileprivate init(_ page: HTMLPage) {
        let policy =
            page.isFile
            ? HTML.tag("meta", ["http-equiv": "Content-Security-Policy", "content": HTMLPage.filePolicy]) : ""
        let head = HTML.tag(
            "head", [:], .tag("meta", ["charset": "utf-8"]),
            .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]), policy,
            .tag("title", [:], HTML(page.title)), HTML(markup: "<style>\(HTMLPage.style)</style>"))
        let script = page.script.map { HTML(markup: "<script>\($0)</script>") } ?? ""
        let body = HTML.tag(
            "body", [:], page.header, .tag("main", ["id": page.isFile ? nil : "main"], page.main), script)
        self.init(
            markup: "<!doctype html>\n\(HTML.tag("html", ["lang": page.language], head, body).markup)\n")
    }
}

/// A page that is whole in itself: the browser fetches no font, script, style or image.
package struct HTMLPage: Sendable {
    package var title: String
    /// The page's head, above the content.
    package var header: HTML
    package var main: HTML
    package var script: StaticString?
    /// Whether the page is opened from a file, so that its policy must be in it.
    package var isFile: Bool
    /// ISO 639-1.
    package var language: String

    package init(
        title: String, header: HTML = "", main: HTML, script: StaticString? = nil, isFile: Bool = true,
        language: String = "en"
    ) {
        (self.title, self.header, self.main) = (title, header, main)
        (self.script, self.isFile, self.language) = (script, isFile, language)
    }

    package var text: String { HTML(self).markup }

    /// A file has no headers: its own style may apply, and nothing else may load.
    fileprivate static let filePolicy = "default-src 'none'; style-src 'unsafe-inline'"
}
