import Foundation
import Testing
import TriageText

/// Texts made to be slow: every stage must take time in proportion to the length.
struct RewritingTimeTests {
    // Unoptimised code is thirty times slower; quadratic work would still show at a tenth of the length.
    #if DEBUG
    private static let length = 100_000
    #else
    private static let length = 1_000_000
    #endif

    @Test(arguments: [
        "@", "<", ">", "7", "a.", ":", "a@", "::", "1.", "1 ", "1-", "+", "(", "(1)", "+1 ", "a:", "ab:",
        "a=", "=", "/", "/a", "a/", "~.",
        "<a ", "<a x=\"", "<!--", "<script>", "&#", "&amp", "<p>", "</p", "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----\n", "eyJ", "eyJ.",
        "http://", "http://a:", "www.", "a.com ", "[", "[EMAIL]", "A", "aA1", "a1B", "ghp_", "\n", "\r\n",
        " ", "> ", ">\n", "> a\n", "-- \n",
        "On 1 wrote:\n", "On 1 wrote:\n\n", "From: a\n", "-----Original Message-----\n",
        "---------- Forwarded message\n", "Thanks\n",
        "password: ", "pwd=a1\n", "password is ", "Phone: ", "call 1", "GB82 ", "4111 ", "acme ", "\u{FFFD}",
        "é", "0x", "a-", "12:", "C:\\",
        "(at)", "a(at)", "[.]", "a[.]", "login: a / ", "\"a ", "a'", "A!", "00 ", "0a ", "02-", "a1", "a1b2",
        "中1", "中a.",
        "\u{0660}", "\u{FF10}", "private-lines: 1\n", "a=a@", "1.2.3.4", "a.com", "pin 1 ", "password for x ",
        "is ", "x: ",
        "```\n", "Subject: a\n", "12345 67@a.de ", "a@b.c1 ",
        "\u{200B}", "\u{200D}", "e\u{301}", "\u{301}", "\u{AD}", "क्\u{200D}", "\u{A0}", "data:", "data:a/b,",
        "data:image/png;base64,", "data:;base64,aGVsbG8gd29ybGQ5aGVs\n", "cid:", "cid:a@b ", "[cid:a.png",
        "[image:",
        "[image: a]", "<image0", "aGVsbG8gd29ybGQ5",
        "aGVsbG8gd29ybGQ5aGVsbG8gd29ybGQ5aGVsbG8gd29ybGQ5aGVsbG8g\n",
        "aGVsbG8gd29ybGQ5aGVsbG8gd29ybGQ5aGVsbG8gd29ybGQ5aGVsbG8g.",
        "-----BEGIN A KEY-----\naGVsbG8gd29ybGQ5\n",
        "&lt;", "&amp;lt;", "&#39;", "x&uuml;b", "&lt;p&gt;a&lt;/p&gt;", "=\"<a \"", "<a x=\"<b y='",
        "<p><a x='>", "<!a", "<?x ", "<p>x</p><!a",
        "FYI\n\nFrom: a\nSent: b\nSubject: c\n\nThanks\n",
        "Sent from my iPhone\n", "> a?\nb\n", "On 1 May 2023 10:00, A <a@b.c> wrote:\nx\n", "A <a@b.c>:\n",
        "Kind regards\nAnn Roe\nAcme Ltd\n\n", "CAUTION: external e-mail, know the sender\n\n", "Ann Roe\n",
        "This e-mail is confidential to the recipient\n", "<blockquote type=cite>a<br>", "--\n",
        "-----BEGIN PGP SIGNATURE-----\n", "Visit us\n",
    ])
    func `a megabyte of anything takes time in proportion`(unit: String) {
        let piece = Array(unit.utf8)
        let bytes = Array(repeatElement(piece, count: Self.length / piece.count).joined())
        let half = Array(bytes.prefix(bytes.count / 2))
        let masker = Masker(Masker.Options(denyList: ["acme", "acme acme acme x", "a"]))
        guard time(bytes, masker) > 1 else { return }
        // Slow machines and debug builds differ; growth does not. Quadratic work would take four times as long, each time.
        #expect((0..<3).contains { _ in time(bytes, masker) < time(half, masker) * 3 })
    }

    /// Seconds of this thread's processor time, which other tests beside it do not stretch.
    private func time(_ bytes: [UInt8], _ masker: Masker) -> Double {
        let start = Self.threadSeconds()
        let cleaned = Cleaner().clean(bytes)
        let masked = masker.mask(cleaned.text.bytes)
        _ = cleaned.text.mapped(by: masked.text).rewritten { Normalizer.normalize($0) }
        return Self.threadSeconds() - start
    }

    private static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
