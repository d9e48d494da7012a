import Testing
import TriageText

struct EscapedTextTests {
    private func clean(_ text: String) -> String {
        Cleaner().clean(text).text.string.split(separator: "\n").joined(separator: "|")
    }

    @Test(arguments: [
        ("It doesn&#39;t start", "It doesn't start"), ("It&#x27;s slow &amp; hot", "It's slow & hot"),
        ("Der Drucker l&auml;uft nicht", "Der Drucker läuft nicht"), ("&Uuml;ber Nacht", "Über Nacht"),
        ("Il n&rsquo;y a plus de r&eacute;seau", "Il n’y a plus de réseau"), ("caf&eacute;", "café"),
        ("The &quot;Save&quot; button is grey", "The \"Save\" button is grey"),
        ("R&amp;D cannot print", "R&D cannot print"),
        ("Sales &amp; Marketing, Finance &amp; Legal", "Sales & Marketing, Finance & Legal"),
        ("Ann &lt;ann@example.org&gt; wrote", "Ann <ann@example.org> wrote"),
        ("z&aacute;znam p&rcaron;ed", "záznam před"),
        ("Hello&nbsp;&nbsp;all, it&#8217;s me", "Hello  all, it’s me"),
        ("Druc&shy;ker l&auml;uft", "Drucker läuft"),
        (
            "See https://x.example/?a=1&amp;b=2 &ndash; it doesn&#39;t load",
            "See https://x.example/?a=1&b=2 – it doesn't load"
        ),
        ("Terms &amp; Conditions are blank", "Terms & Conditions are blank"),
        ("> It doesn&#39;t start &gt; 3 times", "> It doesn't start > 3 times"),
    ])
    func `escaped text is read as its author wrote it`(text: String, expected: String) {
        #expect(Cleaner(Cleaner.Options(quotes: false)).clean(text).text.string == expected)
    }

    @Test(arguments: [
        (
            "&lt;p&gt;The screen is black&lt;/p&gt;&lt;p&gt;Please help&lt;/p&gt;",
            "The screen is black|Please help"
        ),
        ("&lt;div&gt;It doesn&amp;#39;t start&lt;/div&gt;", "It doesn't start"),
        ("&amp;lt;p&amp;gt;The screen is black&amp;lt;/p&amp;gt;", "The screen is black"),
        (
            "Hello,&lt;br&gt;the screen is black&lt;br /&gt;since today",
            "Hello,|the screen is black|since today"
        ),
        (
            "<html><body>&lt;p&gt;The screen&lt;/p&gt;&lt;p&gt;is black&lt;/p&gt;</body></html>",
            "The screen|is black"
        ),
        ("<p>It doesn&amp;#39;t start</p>", "It doesn't start"),
        ("It doesn&amp;#39;t start", "It doesn't start"),
        (
            "&lt;p&gt;&lt;img src=&quot;data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA&quot; /&gt;Black&lt;/p&gt;",
            "Black"
        ),
    ])
    func `escaped mails become text like HTML`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: [
        "The subject shows \"&amp;\" instead of an ampersand", "We see &amp; in each title",
        "Write &lt; for less",
        "The title shows M&uuml;ller instead of Müller", "Names show as &quot;x&quot; and not \"x\"",
        "shows can&#39;t instead of can't", "The export writes &amp; and &lt; and &quot; into the file",
        "AT&T became AT&amp;T", "Umlauts such as &uuml; and &ouml; are wrong",
        "`&lt;b&gt;` is printed, `&amp;` too",
        "```\n&lt;p&gt;Hi&lt;/p&gt;\n```", "The encoding is wrong: Caf&eacute;", "Remove the &nbsp; please",
        "https://x.example/?a=1&copy=2&lt=3", "q?x=1&amp=2", "5 &gt; 3", "if (a && b) return &x;",
        "&nosuch; &xyz;",
        "in List&lt;String&gt; I see List<String>", "(&amp;) '&lt;' [&gt;]", "p = &times;\nq = &reg;", "&",
        "&#", "&#;",
    ])
    func `text about entities stays`(text: String) {
        #expect(Cleaner().clean(text).text.string == text)
    }

    @Test(arguments: [
        (
            "We show &amp;amp; and he said &quot;no&quot; to R&amp;D",
            "We show &amp; and he said \"no\" to R&D"
        ),
        ("&lt;script&gt;x()&lt;/script&gt; was stored", "<script>x()</script> was stored"),
        ("In &lt;p&gt;Text&lt;/p&gt; the tag shows", "In <p>Text</p> the tag shows"),
        (
            "<p>Use this:</p><pre>&lt;b&gt;x&lt;/b&gt;</pre><p>Thanks for it</p>",
            "Use this:|<b>x</b>|Thanks for it"
        ),
    ])
    func `mark-up that the author wrote about stays`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: 0..<200)
    func `a text that was escaped whole comes back`(seed: Int) {
        let words = [
            "don't", "l'écran", "Müller & Söhne", "\"Speichern\"", "5 < 7", "Größe", "printer", "doesn't",
            "<ann@x.example>",
            "naïve", "the", "R&D", "café", "señal", "it's",
        ]
        var random = RandomText(seed: UInt64(seed))
        let plain =
            (0..<12).map { _ in words[random.next(words.count)] }.joined(separator: " ") + " isn't & wasn't"
        #expect(clean(escaped(plain, letters: seed % 2 == 0)) == plain)
    }

    private func escaped(_ text: String, letters: Bool) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: letters && scalar.value >= 0x80 ? "&#\(scalar.value);" : String(scalar)
            }
        }.joined()
    }
}
