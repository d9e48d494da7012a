import Testing
import TriageText

/// What an author writes beside signatures, disclaimers and heads is read.
struct OwnWordsTests {
    private let cleaner = Cleaner()

    /// The words that are read, line by line.
    private func read(_ text: String, subject: String = "") -> String {
        cleaner.clean(text, subject: subject).text.string.split(separator: "\n")
            .map { $0.trimming(while: { $0 == " " }) }.filter { !$0.isEmpty }.joined(separator: "|")
    }

    // MARK: - Behind a signature

    private static let signatures = [
        "Many thanks,\nIda Stone\nStore Manager\nFernhill Books Ltd\n3 Bridge Road, York YO1 7AB\nT: +44 1904 555 010",
        "Viele Grüße\nUwe Brandt\nLeiter Versand\nBrandt Logistik GmbH\nHafenweg 9, 28195 Bremen\nTel. 0421 555010",
        "Cordialement,\nLise Roux\nDirectrice des ventes\nRoux SARL\n4 rue Neuve, 44000 Nantes\nTél. 02 40 55 50 10",
    ]

    @Test(
        arguments: signatures,
        [
            "Extension 3321 drops every call.", "Fax 17 shows no paper",
            "Office 2019 wants a new licence key",
            "Teams freezes at noon", "E-mail to our suppliers bounces",
            "Website shows an error with code 500",
            "Please reply to ida@home.example instead", "Smoke in Unit 4, call 999!",
            "Telefon 4711 klingelt nicht",
            "Mobilnummer 0171 5550100 ist gesperrt", "Firma Meyer GmbH bekommt keine Rechnungen",
            "Kasse in der Hafenstraße 7 geht nicht auf", "Téléphone 4711 sans tonalité", "Le fax est muet.",
            "Courriel refusé avec le code 550", "Il y a le feu au 4 rue Neuve, tél 18", "Plotter: E-17",
        ])
    func `a sentence with a word or a number of signatures is own text below one`(
        signature: String, sentence: String
    ) {
        for gap in ["\n\n", "\n"] where gap.count == 2 || !sentence.contains(": ") {
            #expect(
                read("My badge is lost.\n\n" + signature + gap + sentence) == "My badge is lost.|" + sentence)
        }
    }

    @Test(arguments: [
        "Tel. 4711", "ida.stone@fernhill.example", "www.fernhill.example", "Fernhill Books Ltd",
        "[cid:logo.png]",
        "LinkedIn | Twitter", "Ferry House, 12 Quay Road, York",
        "Registered office: 3 Bridge Road, York YO1 7AB",
        "Head of Stores", "M: +44 7700 900 123",
    ])
    func `what shows by itself that it belongs to a signature is set aside behind an empty line`(line: String)
    {
        #expect(read("My badge is lost.\n\n" + Self.signatures[0] + "\n\n" + line) == "My badge is lost.")
    }

    @Test(arguments: [
        "Kind regards,\nAnna\n\nPhone 4711 has no dial tone.",
        "Kind regards,\nAnna\nPhone 4711 does not ring",
        "Thanks,\nFax shows error 17",
    ])
    func `a name alone makes no signature of the words below`(text: String) {
        #expect(cleaner.clean("The lamp flickers.\n\n" + text).text.isIdentity)
    }

    @Test(arguments: [
        "С уважением,\nИван Петров\nГлавный инженер\nООО «Ромашка»\nг. Тверь, ул. Мира, 8\nтел. +7 482 255-50-10",
        "Saygılarımla,\nAli Demir\nSatış Müdürü\nDemir A.Ş.\nBarış Cad. 8, Ankara\nTel: 0312 555 01 00",
        "Pozdrawiam\nJan Kos\nGłówny specjalista\nKos Sp. z o.o.\nul. Długa 8, 00-950 Łódź\ntel. 42 555 01 00",
        "--\n有限会社みどり\n営業部 佐藤健\n〒530-0001 大阪市北区1-2\nTEL 06-5555-0100",
    ])
    func `signatures of further languages are set aside`(signature: String) {
        #expect(read("The lamp flickers.\n\n" + signature) == "The lamp flickers.")
    }

    // MARK: - On the lines of boilerplate

    private static let boilerplate = [
        "This message is confidential and intended only for the recipient. If you got it by mistake, please inform the sender "
            + "and delete it.",
        "Diese Nachricht ist vertraulich. Wenn Sie nicht der Adressat sind, informieren Sie bitte den Absender und löschen "
            + "Sie sie.",
        "Esta mensagem é confidencial e destina-se ao destinatário. Se a recebeu por engano, por favor elimine-a.",
        "CAUTION: This email originated from outside. Do not click links unless you know the sender.",
        "Please consider the environment before printing this email.",
        "This email was scanned for viruses by MailGate.",
    ]

    @Test(
        arguments: boilerplate,
        [
            "The toner is empty.", "Fax on floor 2 is broken!", "There is smoke in hall 3.",
            "Das Fax ist kaputt.",
            "O fax está avariado.", "Paper jam in tray 2.", "Teams freezes again.",
            "Wrong price on invoice 4500123.",
        ])
    func `a sentence on the line of boilerplate is own text`(notice: String, sentence: String) {
        let own = "My badge is lost."
        #expect(read(own + "\n\n" + notice + " " + sentence) == own + "|" + sentence)
        #expect(read(own + "\n\n" + sentence + " " + notice) == own + "|" + sentence)
    }

    @Test func `a sentence behind a disclaimer is read where the text has nothing else`() {
        let notice =
            "This message and its attachments are confidential and intended only for the recipient. If you got it by mistake, "
            + "please inform the sender and delete it."
        #expect(read(notice + " There is a fire in the archive.") == "There is a fire in the archive.")
        #expect(
            read("My badge is lost.\n" + notice + "\nThe toner is empty.")
                == "My badge is lost.|The toner is empty.")
        #expect(read(notice).isEmpty)
        let around =
            "Confidential. Smoke in the archive: all lamps are out. If you are not the intended recipient, please notify the "
            + "sender and delete this message."
        #expect(read(around) == "Confidential. Smoke in the archive: all lamps are out.")
    }

    @Test func `a mark of the mail system goes without the words behind it`() {
        #expect(read("[EXTERNAL] Scanner shows E-17\nPlease help") == "Scanner shows E-17|Please help")
        #expect(read("[EXTERN] Drucker defekt") == "Drucker defekt")
        #expect(read("[EXTERNAL] banner is on all mails") == "[EXTERNAL] banner is on all mails")
        #expect(read("[JIRA] Scanner shows E-17") == "[JIRA] Scanner shows E-17")
    }

    // MARK: - The ticket's subject

    private func mail(_ subject: String) -> String {
        "Still no.\n\nFrom: Ben Hale\nSent: Monday, 1 May 2023 7:50\nTo: Ann\nSubject: \(subject)\n\nRestart it, please."
    }

    @Test(arguments: [
        ("RE: Scales", "Scales"), ("AW: Scales", "scales"), ("SV: [#4711] Scales", "Scales"),
        ("R: Scales", "[EXTERNAL] Scales"),
        ("Re: RE: Scales", "Re: Scales"), ("回复：秤", "秤"), ("RES: Balança", "Balança"),
    ])
    func `a mail with the subject that the ticket answers is a quoted one`(ticket: String, head: String) {
        #expect(read(mail(head), subject: ticket) == "Still no.")
    }

    @Test(arguments: [
        ("FW: Scales", "Scales"), ("WG: RE: Scales", "RE: Scales"), ("TR: Scales", "Scales"),
        ("RE: Printer", "Scales"),
        ("VS: Scales", "Scales"),
    ])
    func `a mail that the ticket passes on is read`(ticket: String, head: String) {
        let isNordic = ticket.hasPrefix("VS")
        let text = isNordic ? mail(head).replacing("From:", with: "Fra:") : mail(head)
        #expect(read(text, subject: ticket).hasSuffix("Restart it, please."))
    }

    // MARK: - Mail programs

    @Test(arguments: [
        "Отправлено с моего iPhone", "iPhone'umdan gönderildi", "iPadから送信", "发自我的华为手机", "나의 iPhone에서 보냄",
        "Wysłano z iPhone'a", "Holen Sie sich Outlook für Android", "Odesláno z mého Samsungu Galaxy",
    ])
    func `the line of a mail program is set aside in any language`(line: String) {
        #expect(read("The lamp flickers.\n\n" + line) == "The lamp flickers.")
    }

    @Test(arguments: [
        "iPhoneから送信できません", "Не отправлено письмо с вложением 4711", "发自服务器的错误",
    ])
    func `a fault of sending is no line of a mail program`(line: String) {
        #expect(cleaner.clean("The lamp flickers.\n\n" + line).text.isIdentity)
    }

    @Test(arguments: [
        "Сообщение является конфиденциальным и предназначено исключительно адресату. При ошибке удалите его и уведомите отправителя.",
        "このメールには秘密情報が含まれ、宛先の方のみを対象とします。誤って届いた場合は破棄してください。",
        "此邮件含有机密信息，仅供收件人使用。如误收，请通知发件人并删除。",
    ])
    func `disclaimers of further languages are set aside`(notice: String) {
        #expect(read("The lamp flickers.\n\n" + notice) == "The lamp flickers.")
        #expect(read("The lamp flickers.\n\n" + notice + " Лампа 3 мигает.").hasSuffix("Лампа 3 мигает."))
    }

    @Test(arguments: [
        "מאת: דן <d@x.org>\nנשלח: יום שני 1 מאי 2023 7:50\nאל: אן\nנושא: משקל",
        "من: سامي <s@x.org>\nتم الإرسال: الاثنين 1 مايو 2023 7:50\nإلى: آن\nالموضوع: الميزان",
        "Từ: Minh <m@x.org>\nĐã gửi: Thứ Hai, 1 tháng 5, 2023 7:50\nTới: An\nChủ đề: cân",
    ])
    func `heads of further languages end the author's words`(head: String) throws {
        let subject = try #require(head.split(separator: ":").last)
        #expect(read("Still no.\n\n" + head + "\n\nTry now.", subject: "RE:" + subject) == "Still no.")
    }
}

extension Substring {
    /// Without the characters at both ends that satisfy a condition.
    fileprivate func trimming(while condition: (Character) -> Bool) -> Substring {
        var rest = drop(while: condition)
        while let last = rest.last, condition(last) { rest.removeLast() }
        return rest
    }
}
