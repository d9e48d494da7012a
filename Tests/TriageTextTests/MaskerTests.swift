import Testing
import TriageText

struct MaskerTests {
    private let masker = Masker()

    private func expectMasked(_ cases: [(String, String)], sourceLocation: SourceLocation = #_sourceLocation)
    {
        for (text, expected) in cases {
            #expect(masker.mask(text).text.string == expected, sourceLocation: sourceLocation)
        }
    }

    private func expectUntouched(_ texts: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        for text in texts {
            let masked = masker.mask(text)
            #expect(masked.text.string == text, sourceLocation: sourceLocation)
            #expect(masked.text.isIdentity && masked.spans.isEmpty, sourceLocation: sourceLocation)
        }
    }

    // MARK: - Mail, web

    @Test func `e-mail addresses`() {
        expectMasked([
            ("write to ann.lee+x@mail.example.co.uk.", "write to [EMAIL]."),
            ("<ann@example.org>", "<[EMAIL]>"),
            ("mailto:ann@example.org", "mailto:[EMAIL]"), ("(ann_lee@example.org)", "([EMAIL])"),
            ("jürgen@müller.example", "[EMAIL]"), ("ANN@EXAMPLE.ORG, bob@example.org", "[EMAIL], [EMAIL]"),
            ("'ann@example.org'", "'[EMAIL]'"), ("ann@corp.internal", "[EMAIL]"),
            ("ann@xn--mller-kva.xn--p1ai", "[EMAIL]"), ("to ann\u{FF20}example.org", "to [EMAIL]"),
        ])
        expectUntouched([
            "meet @ 5", "@Component.method", "logo@2x.png", "core@7.1.2", "a@b", "user@", "@",
            "git@host.example:team/repo",
            "x@.com", "react@18.2.0",
        ])
    }

    @Test func `web addresses and host names`() {
        expectMasked([
            ("see https://a.example/x?y=1#z.", "see [URL]."), ("(http://a.example/x_(y))", "([URL])"),
            ("[text](https://a.example/b) end", "[text]([URL]) end"), ("www.foo.co.uk", "[URL]"),
            ("go to foo.com/path, now", "go to [URL], now"),
            ("ftp://files.example/x", "[URL]"), ("jdbc:postgresql://db:5432/app", "jdbc:[URL]"),
            ("http://user:pw@host.example/", "[URL]"), ("portal.acme.com:8443/login", "[URL]"),
            ("at acme.de today", "at [URL] today"),
            ("<https://a.example>", "<[URL]>"), ("https://a.example。", "[URL]。"),
            ("“https://a.example”", "“[URL]”"),
        ])
        expectUntouched([
            "README.md", "main.rs", "foo.py", "node.js", "java.net.Socket", "com.example.app", "System.Net",
            "console.info(x)",
            "end.The next", "e.g. this", "file:///C:/x", "webpack:///./src/a.js", "and/or", "asp.net",
            "1.5.com", "this.is it",
        ])
    }

    @Test func `credentials inside addresses go even when addresses stay`() {
        let kinds = Set(IdentifierKind.allCases).subtracting([.url])
        let masked = Masker(Masker.Options(kinds: kinds)).mask(
            "see https://ann:pa55@db.example/x and https://b.example/c")
        #expect(masked.text.string == "see https://[SECRET]@db.example/x and https://b.example/c")
    }

    // MARK: - Accounts

    @Test func `payment cards`() {
        expectMasked([
            ("card 4111111111111111 lost", "card [CARD] lost"), ("4111 1111 1111 1111", "[CARD]"),
            ("4111-1111-1111-1111.", "[CARD]."),
            ("3782 822463 10005", "[CARD]"), ("30569309025904", "[CARD]"), ("6759649826438453", "[CARD]"),
            ("4111 1111 1111 1111 12/25", "[CARD] 12/25"), ("2223003122003222", "[CARD]"),
            ("3530111333300000", "[CARD]"),
            ("my credit card 9876543210987658", "my credit card [CARD]"),
            ("card: 4111\u{A0}1111\u{A0}1111\u{A0}1111, é", "card: [CARD], é"),
            ("4111\u{202F}1111\u{202F}1111\u{202F}1111", "[CARD]"),
            ("a\u{A0}4111111111111111\u{A0}b", "a\u{A0}[CARD]\u{A0}b"),
            ("4111.1111.1111.1111.", "[CARD]."), ("3782.822463.10005", "[CARD]"),
        ])
        expectUntouched([
            "4111111111111112", "4111 1111 1111 1112", "1234567890123456", "0000000000000000",
            "1700000000000", "x4111111111111111",
            "41111111111111111111111", "4111111111111111.5", "id-4111111111111111", "4111.1111.1111.1112",
            "1.4111.1111.1111.1111", "4111.1111.1111.1111.5",
        ])
    }

    @Test func `bank accounts`() {
        expectMasked([
            ("IBAN DE89370400440532013000", "IBAN [IBAN]"),
            ("DE89 3704 0044 0532 0130 00 today", "[IBAN] today"),
            ("gb82west12345698765432", "[IBAN]"), ("IBAN:FR1420041010050500013M02606.", "IBAN:[IBAN]."),
            ("NO9386011117947", "[IBAN]"),
        ])
        expectUntouched([
            "DE89370400440532013001", "DE8937040044053201300", "XX82 WEST", "GB82", "DE89 3704 0044",
        ])
    }

    // MARK: - Telephone

    @Test(arguments: [
        "+49 30 901820", "+1 (212) 555-0123", "+44 20 7946 0958", "+49 (0)30 123456", "0049 170 1234567",
        "212-555-0123",
        "(212) 555-0123", "(212)555-0123", "212.555.0123", "1-212-555-0123", "212-555-0123 ext. 45",
        "001-212-555-0123x45",
        "020 7946 0958", "07700 900123", "07700900123", "030/1234567", "0171-1234567", "0171 1234567",
        "01 23 45 67 89", "01.23.45.67.89",
        "(08) 8747 6301", "(71) 4233-6306", "(0511) 123456", "032 288 79 44", "+33 6 12 34 56 78",
        "+4915112345678", "083 564 9312", "+49\u{A0}30\u{202F}901820", "212\u{2011}555\u{2011}0123",
    ])
    func `telephone numbers need no word before them in these forms`(number: String) {
        #expect(masker.mask(number).text.string == "[PHONE]")
        #expect(masker.mask("It is (\(number)), thanks").text.string == "It is ([PHONE]), thanks")
    }

    @Test func `telephone numbers after a word for them`() {
        expectMasked([
            ("Phone: 467 3395", "Phone: [PHONE]"), ("Phone:\n60-56-85-91\nE-mail", "Phone:\n[PHONE]\nE-mail"),
            ("call me at 555-0123 please", "call me at [PHONE] please"),
            ("my number is 2025550123.", "my number is [PHONE]."),
            ("Tel. 72 128 827", "Tel. [PHONE]"), ("tel:5550123", "tel:[PHONE]"),
            ("Rufnummer 4711 0815", "Rufnummer [PHONE]"),
            ("516-799-2222-Office, 799-3333 (fax)", "[PHONE]-Office, [PHONE] (fax)"),
            ("Llámame al 612 34 56 78", "Llámame al [PHONE]"),
            ("phone 2012345678, ext. 55.", "phone [PHONE]."),
            ("fax 0490 75 40 81", "fax [PHONE]"), ("Mobile (work): 555 0123", "Mobile (work): [PHONE]"),
        ])
    }

    @Test func `other numbers are no telephone numbers`() {
        expectUntouched([
            "2023-01-02", "01.02.2023 12:30", "01/02/2023", "ticket 1234567", "order number 123-4567890",
            "version 1.2.3", "12:30:45",
            "1,234,567.89", "100-1000", "1 234 567,89 EUR", "error 0x80070005", "CVE-2021-44228",
            "call 3 times", "$1234567890",
            "1700000000", "555-1234", "03262 2437 Main St", "2023-01-02 10 11", "10.15.7", "phone 12",
            "3.141592653", "JIRA-212-555-0123",
            "1920 1080", "Case 00123456", "call me on 01/02/2023",
        ])
    }

    // MARK: - Network

    @Test func `internet and hardware addresses`() {
        expectMasked([
            ("from 192.168.1.10:8080", "from [IP]:8080"), ("|10.1.2.3|", "|[IP]|"),
            ("10.0.0.0/24", "[IP]/24"), ("ip=10.1.2.3", "ip=[IP]"),
            ("2001:db8::8a2e:370:7334.", "[IP]."), ("fe80::1%eth0", "[IP]"), ("[::1]:80", "[[IP]]:80"),
            ("::ffff:192.0.2.1", "[IP]"),
            ("6e40:4041:c617:e898:c11:40d2:c669:2eb4", "[IP]"), ("localhost/127.0.0.1", "localhost/[IP]"),
            ("00:1A:2b:3c:4d:5e", "[MAC]"), ("00-1a-2b-3c-4d-5e up", "[MAC] up"), ("001a.2b3c.4d5e", "[MAC]"),
        ])
        expectUntouched([
            "version 1.2.3.4", "v1.2.3.4", "1.2.3.4.5", "256.1.1.1", "1.2.3", "01.2.3.4", "Chrome/115.0.0.0",
            "pkg==8.6.0.163", "std::string",
            "a::b", "x[::2]", "12:30:45", "::", "Face::add", "lib-1.2.3.4.jar", "00:1a:2b:3c:4d", "ab:cd:ef",
            "1.2.3.4-beta", "versions: 3.4.10.37, 3.4.11.39, 4.5.1.48", "TensorFlow version\n\n2.11.0.5",
            "0.1.2.3",
        ])
    }

    // MARK: - Secrets

    @Test func `secrets after their names`() {
        expectMasked([
            ("password: hunter2", "password: [SECRET]"), ("Passwort: Geheim1!", "Passwort: [SECRET]"),
            ("pwd=abc123;x", "pwd=[SECRET];x"),
            ("token=8f3a9c1b2d", "token=[SECRET]"),
            ("db_password = \"s3cr3t pw\"", "db_password = \"[SECRET]\""),
            ("password: P@ss&w0rd$1!", "password: [SECRET]"), ("pwd=P@ss&w0rd$1!", "pwd=[SECRET]"),
            ("pwd=abc", "pwd=[SECRET]"), ("uid=sa;pwd=abcd;db=x", "uid=sa;pwd=[SECRET];db=x"),
            ("password is \"correct horse battery\".", "password is \"[SECRET]\"."),
            ("My password is 'correct horse battery'", "My password is '[SECRET]'"),
            ("password is “correct horse battery”", "password is “[SECRET]”"),
            ("Das Passwort lautet Geheim!23.", "Das Passwort lautet [SECRET]."),
            ("the password\u{A0}is Winter2024!", "the password\u{A0}is [SECRET]"),
            ("\"api_key\": \"k9f8e7d6\"", "\"api_key\": \"[SECRET]\""),
            ("Authorization: Bearer abc.def-123", "Authorization: Bearer [SECRET]"),
            ("PIN: 4711", "PIN: [SECRET]"), ("my password is Winter2024!", "my password is [SECRET]"),
            ("password: xyzzy", "password: [SECRET]"),
            ("?access_token=a1b2c3d4&x=1", "?access_token=[SECRET]&x=1"),
            ("client-secret: Zx9-yy", "client-secret: [SECRET]"),
        ])
        expectUntouched([
            "password: please reset it", "Password: string", "token: required", "password = getPassword()",
            "I forgot my password",
            "password is incorrect", "token=${TOKEN}", "password: ********", "max_tokens=512", "token: 512",
            "pass: suite/test", "Password:",
            "The secret: be patient with it", "password == other1", "my password is not working",
            "the password is wrong", "pass the ball", "password is \"not valid\"",
            "password is \"too short\"",
            "it says my password is 'about to expire' again", "password is \"\"",
            "\"password\": \"Enter a password\"",
            "pass: \"all tests green\"", "das Passwort lautet anders",
        ])
    }

    @Test func `keys known by their form`() {
        let random = "x9K2mQ7vR4tY8wZ1nB5cL0"
        expectMasked([
            ("AKIAIOSFODNN7EXAMPLE", "[SECRET]"), ("key ghp_" + random + random, "key [SECRET]"),
            ("xoxb-123456789012-abcdef", "[SECRET]"),
            ("sk-" + random, "[SECRET]"), ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "[SECRET]"),
            ("use \(random) here", "use [SECRET] here"),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nbye", "[SECRET]\nbye"),
            ("a -----BEGIN PRIVATE KEY-----\nMIIE", "a [SECRET]"),
            ("curl -H 'Bearer 0123456789abcdef'", "curl -H 'Bearer [SECRET]'"),
        ])
        expectUntouched([
            "550e8400-e29b-41d4-a716-446655440000", "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
            "TestMatMulV2Float32Kernel", "AKIA",
            "sha256-x9K2mQ7vR4tY8wZ1nB5cL0x9K2mQ7vR4", "-----BEGIN CERTIFICATE-----", "ghp_short",
            "desk-side support", "Bearer of bad news",
            "ConvolutionalNeuralNetwork2DLayer", "basic authentication",
        ])
    }

    // MARK: - Deny list, kinds, placeholders

    @Test func `the deny list masks whole words and the longest phrase`() {
        let masker = Masker(Masker.Options(denyList: ["Acme", "acme north", "Ümlaut", " #42 ", "", "email"]))
        func mask(_ text: String) -> String { masker.mask(text).text.string }
        #expect(mask("ACME and Acme North, acmes") == "[REDACTED] and [REDACTED], acmes")
        #expect(mask("the Ümlaut, xÜmlaut #42 #421") == "the [REDACTED], xÜmlaut [REDACTED] #421")
        #expect(mask("email a@b.example") == "[REDACTED] [EMAIL]")
    }

    @Test(arguments: IdentifierKind.allCases)
    func `a kind that is off is left alone`(kind: IdentifierKind) {
        let text =
            "a@b.example +49 30 901820 4111111111111111 GB82WEST12345698765432 10.1.2.3 00:1a:2b:3c:4d:5e http://x.example pwd=abc123 acme"
        let kinds = Set(IdentifierKind.allCases).subtracting([kind])
        let all = Masker(Masker.Options(denyList: ["acme"])).mask(text)
        let some = Masker(Masker.Options(kinds: kinds, denyList: ["acme"])).mask(text)
        #expect(Set(all.spans.map(\.kind)) == Set(IdentifierKind.allCases))
        #expect(Set(some.spans.map(\.kind)) == kinds)
    }

    @Test func `what is left keeps its no-break spaces and curly quotes`() {
        let text = "“a\u{A0}b” costs 5\u{202F}€ \u{FF20}home"
        #expect(masker.mask(text).text.isIdentity)
        let masked = masker.mask("5\u{A0}€ ann\u{FF20}example.org 6\u{A0}€")
        #expect(masked.text.string == "5\u{A0}€ [EMAIL] 6\u{A0}€")
        #expect(masked.spans == [IdentifierSpan(kind: .email, range: 7..<24)])
        #expect(masked.text.sourceRange(of: 7..<14) == 7..<24)
    }

    @Test func `spans are ranges of the text that was given`() {
        let text = "é a@b.example, 10.1.2.3"
        let spans = masker.mask(text).spans
        #expect(
            spans.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) } == [
                "a@b.example", "10.1.2.3",
            ])
    }

    // MARK: - Properties

    @Test(arguments: 0..<1500)
    func `masking masked text changes nothing`(seed: Int) {
        var random = RandomText(seed: UInt64(seed))
        let bytes = seed % 5 == 0 ? random.bytes(200) : random.pieces(30)
        let masker = Masker(Masker.Options(denyList: ["acme", "acme north", "path"]))
        let once = masker.mask(bytes)
        let twice = masker.mask(once.text.bytes)
        #expect(twice.text.isIdentity, "\(String(decoding: bytes, as: UTF8.self))")
        #expect(once.text.sourceCount == bytes.count)
        #expect(
            zip(once.spans, once.spans.dropFirst()).allSatisfy { $0.range.upperBound <= $1.range.lowerBound })
        #expect(once.spans.allSatisfy { !$0.range.isEmpty && $0.range.upperBound <= bytes.count })
    }
}
