/// Seeded texts for property tests: bytes at random, and pieces of identifiers and mail stuck together.
struct RandomText {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The next number below `bound` (SplitMix64).
    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    /// Any bytes.
    mutating func bytes(_ length: Int) -> [UInt8] { (0..<length).map { _ in UInt8(next(256)) } }

    /// Pieces that stages look for, in senseless order and often cut off.
    mutating func pieces(_ count: Int) -> [UInt8] {
        var text: [UInt8] = []
        for _ in 0..<count {
            var piece = Array(Self.pieces[next(Self.pieces.count)].utf8)
            if next(6) == 0 { piece.removeLast(next(piece.count)) }
            text += piece
            if next(3) == 0 { text.append(Self.glue[next(Self.glue.count)]) }
        }
        return text
    }

    private static let glue = Array(" \n.,:;-@/+()[]<>=_\"'0a".utf8)

    private static let pieces = [
        "ann@example.org", "user", "@", "example.com", "www.", "https://", "http://u:p@", "/path?x=1",
        "password: ",
        "token=", "pwd=", "Secret9!", "+49 30 ", "0171 1234567", "(212) 555-0199", "555", "12345 67",
        "phone ", "call ",
        "4111 1111 1111 1111", "5500000000000004", "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000",
        "192.0.2.7",
        "10.0.0.1", "fe80::1", "::", "2001:db8::", "00:1a:2b:3c:4d:5e", "0123.4567.89ab", "[EMAIL]",
        "[SECRET]", "[", "]",
        "eyJhbGciOiJIUzI1NiJ9.", "AKIA", "AKIAABCDEFGHIJKLMNOP", "ghp_", "x9K2mQ7vR4tY8wZ1nB5c",
        "-----BEGIN ",
        "PRIVATE KEY-----", "Bearer ", "é", "日本", "ext. 12", "x9", "> ", "\n> ", "\n", "\n-- \n",
        "\nKind regards,\n",
        "\nOn 1 May Bob wrote:\n", "\n-----Original Message-----\n", "\nFrom: Bob\nDate: 1 May\nSubject: x\n",
        "\n---------- Forwarded message ----------\n", "<p>", "</p>", "<br>", "<b>", "<script>", "</script>",
        "<!-- ",
        "-->", "&amp;", "&#65;", "&", "<", "a < b", "550e8400-e29b-41d4-a716-446655440000", "0xdeadbeef",
        "deadbeef01",
        "/usr/lib/x.so", "C:\\Temp\\a.txt", "src/a/b.c", "2024-01-02T03:04:05Z", "10:15", "3.14", "<num>",
        "<time>", "word",
        " ", "acme", "Acme North", "\u{A0}", "\u{202F}", "\u{FF20}", "“", "”",
        "4111\u{A0}1111\u{A0}1111\u{A0}1111",
        "\u{AD}", "\u{200B}", "\u{200D}", "\u{FE0F}", "\u{301}", "\u{2028}", "क्", "نم", "❤", "&shy;", "&#39;",
        "&nbsp;",
        "&lt;p&gt;", "&lt;/p&gt;", "&amp;lt;", "M&uuml;ll", "data:image/png;base64,",
        "iVBORw0KGgoAAAANSUhEUgAA", "==",
        "aGVsbG8gd29ybGQ5aGVsbG8gd29ybGQ5aGVsbG8gd29ybGQ5aGVsbG8gd29ybGQ5\n", "[cid:image001.png@01D9]",
        "cid:",
        "[image: ", "<image001.png>", "-----BEGIN CERTIFICATE-----\n",
        "4111.1111.1111.1111", "password is \"", "passwort lautet ", "P@ss&w0rd", "correct horse\"",
    ]
}
