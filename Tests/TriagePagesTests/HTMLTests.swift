import Foundation
import Testing

@testable import TriagePages

struct HTMLTests {
    private let hostile = "</p><script>alert('1')</script>&\"\u{1B}[2J\u{202E}x"
    private let escaped =
        "&lt;/p&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;\u{FFFD}[2J\u{FFFD}x"

    @Test func `text is escaped on each way into a page`() {
        let ways: [HTML] = [
            HTML(hostile), "\(hostile)", HTML(hostile[...]), HTML(prose: hostile), HTML(lines: hostile),
            HTML([HTML(hostile)]), "\(HTML(hostile))", HTML(["", ""], separator: hostile),
        ]
        for way in ways { #expect(way.markup == escaped) }
        #expect(HTML.p(HTML(hostile)).markup == "<p>\(escaped)</p>\n")
        #expect(HTML.tag("p", ["title": hostile]).markup == "<p title=\"\(escaped)\"></p>\n")
        #expect(HTML.link(hostile, "x").markup == "<a href=\"\(escaped)\">x</a>")
        #expect(("<b>" as HTML).markup == "&lt;b&gt;")
        let table = HTMLTable(caption: hostile, [.init(hostile)], [[HTML(hostile)]], style: "stack").html()
        #expect(table.markup.components(separatedBy: escaped).count == 5)
        #expect(!table.markup.contains("<script"))
        #expect(!HTMLPage(title: hostile, main: HTML(hostile)).text.contains("<script"))
    }

    @Test func `attributes without a value have their name alone, those of nil are left out`() {
        let field = HTML.tag("textarea", ["required": "", "autofocus": nil, "rows": "7"], "a\nb")
        #expect(field.markup == "<textarea required rows=\"7\">a\nb</textarea>")
        #expect(HTML.tag("br").markup == "<br>")
        #expect(HTML(lines: "a\n\nb").markup == "a<br><br>b")
        #expect(HTML(prose: "send `a<b` now").markup == "send <code>a&lt;b</code> now")
    }

    @Test func `a table has headings for columns and rows, classes for numbers and a footer`() {
        let table = HTMLTable(
            caption: "Sums", [.init("Name"), .init("Count", isNumber: true)], [["a", "1"], ["b", "2"]],
            footer: ["all", "3"])
        let markup = table.html { row, _ in row == 1 ? "good" : nil }.markup
        #expect(
            markup == """
                <table><caption>Sums</caption><thead><tr><th scope="col"><span>Name</span></th>\
                <th scope="col" class="n"><span>Count</span></th></tr>
                </thead><tbody><tr><th scope="row">a</th><td class="n">1</td></tr>
                <tr><th scope="row">b</th><td class="n good">2</td></tr>
                </tbody><tfoot><tr><th scope="row">all</th><td class="n">3</td></tr>
                </tfoot></table>

                """)
    }

    @Test func `a page is whole in itself, and a file brings its policy`() {
        let page = HTMLPage(title: "Title", main: .p("Text"))
        #expect(page.text.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
        #expect(
            page.text.contains("<title>Title</title>") && page.text.contains("<main><p>Text</p>\n</main>"))
        #expect(
            page.text.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;\""))
        for word in ["http:", "https:", "src=", "href=", "@import", "url(", " style=", "<script"] {
            #expect(!page.text.contains(word), "\(word)")
        }
        let served = HTMLPage(title: "T", main: "", script: "let a = 1 < 2", isFile: false)
        #expect(served.text.contains("<script>let a = 1 < 2</script>"))
        #expect(!served.text.contains("Content-Security-Policy"))
    }

    @Test func `a negative number has a minus sign, not a hyphen`() {
        #expect(HTML.signed(-0.475, decimals: 3) == "−0.475")
        #expect(HTML.signed(0.5, decimals: 2) == "+0.50")
    }

    /// Where a table scrolls, a column is at least as wide as its longest word.
    @Test func `cells of a table that scrolls break at words, and long words on a card anywhere`() {
        #expect(
            HTMLPage.style.contains(
                ".scroll table:not(.stack) :is(td, tbody th) { overflow-wrap: break-word;"))
        #expect(HTMLPage.style.contains(".words li { display: inline-block; max-width: 100%;"))
        #expect(HTMLPage.style.contains(".card { overflow-wrap: anywhere;"))
    }

    @Test func `each class of a tint has its share in the style sheet`() {
        for step in 0...HTMLPage.shareSteps { #expect(HTMLPage.style.contains(".share\(step) { --share: ")) }
        #expect(
            HTMLPage.style.contains(".share0 { --share: 8%; }")
                && HTMLPage.style.contains(".share20 { --share: 45%; }"))
    }
}
