import Testing
import TriageText

/// Identifiers in text without spaces, in full-width forms and beside letters of other scripts.
struct MaskBoundaryTests {
    @Test(arguments: [
        ("服务器198.51.100.7连不上", "服务器[IP]连不上"), ("サーバー198.51.100.7に接続", "サーバー[IP]に接続"),
        ("서버198.51.100.7에 접속", "서버[IP]에 접속"), ("сервер198.51.100.7упал", "сервер[IP]упал"),
        ("เซิร์ฟเวอร์198.51.100.7ล่ม", "เซิร์ฟเวอร์[IP]ล่ม"), ("地址02:1A:2B:3C:4D:5E冲突", "地址[MAC]冲突"),
        ("请发到li.na@example.org谢谢", "请发到[EMAIL]谢谢"), ("メールはsato@example.orgです", "メールは[EMAIL]です"),
        ("ann@example.orgиbob@example.org", "[EMAIL]и[EMAIL]"),
        ("打开https://a.example.org/x?id=7页面", "打开[URL]页面"),
        ("https://a.example.org/loginが開けない", "[URL]が開けない"), ("网址www.example.org，谢谢", "网址[URL]，谢谢"),
        ("密码：Haus#2031，登录不了", "密码：[SECRET]，登录不了"), ("密码是Haus#2031，不行", "密码是[SECRET]，不行"),
        ("รหัสผ่านHaus#2031ใช้ไม่ได้", "รหัสผ่าน[SECRET]ใช้ไม่ได้"), ("パスワードはHaus!31です", "パスワードは[SECRET]です"),
        ("비밀번호는 Haus#31입니다", "비밀번호는 [SECRET]입니다"),
    ])
    func `only the identifier goes`(text: String, expected: String) {
        #expect(Masker().mask(text).text.string == expected)
    }

    @Test(arguments: [
        ("ｓａｔｏ＠ｅｘａｍｐｌｅ．ｏｒｇ", "[EMAIL]"), ("１９８．５１．１００．７", "[IP]"),
        ("١٩٨.٥١.١٠٠.٧", "[IP]"), ("๑๙๘.๕๑.๑๐๐.๗", "[IP]"), ("१९८.५१.१००.७", "[IP]"),
        ("02–1A–2B–3C–4D–5E", "[MAC]"), ("ann\u{200B}@example.org", "[EMAIL]"),
        ("\u{200E}198.51.100.7\u{200E}", "\u{200E}[IP]\u{200E}"),
        ("ＭＡＣ：０２１Ａ２Ｂ３Ｃ４Ｄ５Ｅ", "ＭＡＣ：[MAC]"), ("иван@пример.рф", "[EMAIL]"),
        ("https://пример.рф/путь не открывается", "[URL] не открывается"),
        ("用户@例子.中国无法登录", "用户@例子.中国无法登录"),
    ])
    func `forms of other scripts are read as ASCII`(text: String, expected: String) {
        #expect(Masker().mask(text).text.string == expected)
    }

    @Test func `accented letters belong to the word`() {
        for text in ["é198.51.100.7", "198.51.100.7é", "ñ02:1A:2B:3C:4D:5E"] {
            #expect(Masker().mask(text).text.isIdentity, "\(text)")
        }
    }

    @Test func `the deny list finds whole words in every script`() {
        let masker = Masker(Masker.Options(denyList: ["客户甲", "Север", "acme", "O'Neil"]))
        func mask(_ text: String) -> String { masker.mask(text).text.string }
        #expect(mask("请联系客户甲处理acme问题") == "请联系[REDACTED]处理[REDACTED]问题")
        #expect(mask("Север, Северный, ацме acmes") == "[REDACTED], Северный, ацме acmes")
        #expect(mask("Mr O’Neil") == "Mr [REDACTED]")
    }

    // MARK: - Properties

    private static let scripts = [
        "打不开", "。", "，", "サーバー", "서버", "โทร", "адрес", "κωδικός", "الخادم", "סיסמה", "पासवर्ड", "é", "ß", "：",
        "（", "\u{3000}", "–",
        "１２", "٠٥", "\u{200B}", "\u{AD}", "😀", "word", "密码", "пароль ", " is ", "«", "»", "MAC ", "version ",
        "(at)", "[dot]", "[.]", "\n",
    ]

    private func mixedText(_ seed: Int) -> [UInt8] {
        var random = RandomText(seed: UInt64(seed))
        var text: [UInt8] = []
        for _ in 0..<20 {
            text +=
                random.next(2) == 0
                ? Array(Self.scripts[random.next(Self.scripts.count)].utf8) : random.pieces(1)
        }
        return text
    }

    @Test(arguments: 0..<1500)
    func `mixed scripts: masking twice equals masking once, and the rest stays`(seed: Int) {
        let bytes = mixedText(seed)
        let once = Masker().mask(bytes)
        #expect(Masker().mask(once.text.bytes).text.isIdentity, "\(String(decoding: bytes, as: UTF8.self))")
        var expected: [UInt8] = []
        var position = 0
        for span in once.spans {
            expected += bytes[position..<span.range.lowerBound]
            expected += Array("\(span.kind.placeholder)".utf8)
            position = span.range.upperBound
        }
        #expect(once.text.bytes == expected + bytes[position...])
    }
}
