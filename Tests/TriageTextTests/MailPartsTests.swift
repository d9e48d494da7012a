import Testing
import TriageText

/// Which parts of a mail are read, and which are set aside.
struct MailPartsTests {
    private let cleaner = Cleaner()

    /// The words that are read, line by line.
    private func read(_ text: String) -> String { lines(cleaner.clean(text).text.string) }

    private func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: true)
            .map { $0.drop(while: { $0 == " " }) }.filter { !$0.isEmpty }.joined(separator: "|")
    }

    private func kinds(_ text: String) -> [SetAside.Kind] { cleaner.clean(text).setAside.map(\.kind) }

    // MARK: - Notices about safety

    @Test(arguments: [
        "Report cyber incidents and malware to cert@x.org at any time.",
        "If you suspect a leak of personal data, call extension 4410.",
        "In an emergency such as fire dial 999.",
        "Im Notfall (Brand, Unfall) rufen Sie 110.",
        "En cas d'urgence (incendie), appelez le 15.",
        "Fraud hotline: 0800 555 010",
        "Verdächtige E-Mails und Sicherheitsvorfälle melden Sie an cert@x.org.",
        "This e-mail has been scanned by the Northgate Cloud Security service.",
        "Scanned by PostGuard for malware.",
        "Click here to report this message as spam.",
        "See something suspicious? Use the PhishAlarm button.",
    ])
    func `a standing notice about safety below the author's words is set aside`(notice: String) {
        let own = "The plotter in room 12 prints every second line in green."
        #expect(read(own + "\n\n" + notice) == own)
        #expect(read(notice) == notice)
    }

    @Test(arguments: [
        "This sender could not be verified. It may be a phishing attempt.",
        "[EXTERNAL]",
        "[CAUTION] Mail from elsewhere. Think before you click!",
        "Warning: this mail comes from an unknown sender; beware of malware.",
    ])
    func `a warning about the sender above the author's words is set aside`(warning: String) {
        let own = "The plotter in room 12 prints every second line in green."
        #expect(read(warning + "\n\n" + own) == own)
    }

    @Test(arguments: [
        "Emergency! Fire in building 4, call 555-0100.",
        "Incident report 4711: ransomware on server 12.",
        "Report: malware on two laptops, contact bob@x.org.",
        "We suspect a data breach, please call 4410.",
        "Case 812: ransomware, call 4410.",
        "The fraud hotline 0800 555 010 is down.",
        "Someone hacked the shop yesterday, call 4410.",
        "Bei Anruf der Hotline 0800 kommt eine Störung.",
        "Is this mail scanned by the virus filter?",
    ])
    func `an incident that its author reports stays`(incident: String) {
        #expect(read("Good morning,\n\n" + incident) == "Good morning,|" + incident)
    }

    // MARK: - Nothing of the author's

    @Test(arguments: [
        "Sent from my iPhone", "Virus-free. www.avast.com", "<div><br></div>", "<p>&nbsp;</p>",
        "<img src='cid:1'>",
        "This message is confidential and intended only for the recipient it is addressed to. If you received it by "
            + "mistake, please notify the sender and delete it.",
    ])
    func `nothing is read where the author wrote nothing`(text: String) {
        #expect(read(text).isEmpty)
    }

    @Test(arguments: [
        "> The old text", "Please delete the confidential message sent to a wrong recipient by mistake",
        "virus free avg",
        "Get Outlook for Android", "<script>let a = 1</script>",
    ])
    func `a text that is all there is stays`(text: String) {
        #expect(read(text) == text)
    }

    @Test func `a signature that is asked for stays`() {
        let signature = "Kind regards\nAnn Smith\nHead of Sales\nAcme Ltd\nTel. +44 20 7946 0000"
        #expect(read("Please change my signature to:\n\n" + signature).hasSuffix("0000"))
        #expect(kinds("The log ends here:\n\n" + signature) == [.signature])
    }

    // MARK: - Heads of further languages and short answers

    @Test(arguments: [
        "От: Помощь <h@x.org>\nОтправлено: 1 мая 2023 г. 7:50\nКому: Анна\nТема: RE: принтер",
        "Від: Допомога <h@x.org>\nНадіслано: 1 травня 2023 р. 7:50\nКому: Анна\nТема: RE: принтер",
        "Lähettäjä: Tuki <h@x.org>\nLähetetty: maanantai 1. toukokuuta 2023 7.50\nVastaanottaja: Ann\nAihe: VS: tulostin",
        "Kimden: Destek <h@x.org>\nGönderildi: 1 Mayıs 2023 Pazartesi 07:50\nKime: Ann\nKonu: YNT: yazıcı",
        "差出人: サポート <h@x.org>\n送信日時: 2023年5月1日 7:50\n宛先: 田中\n件名: RE: プリンター",
        "发件人： 支持 <h@x.org>\n发送时间： 2023年5月1日 7:50\n收件人： 王\n主题： 回复: 打印机",
        "보낸 사람: 지원팀 <h@x.org>\n보낸 날짜: 2023년 5월 1일 7:50\n받는 사람: 김\n제목: RE: 프린터",
        "Od: Podpora <h@x.org>\nOdesláno: pondělí 1. května 2023 7:50\nKomu: Ann\nPředmět: RE: tiskárna",
        "Feladó: Support <h@x.org>\nElküldve: 2023. május 1., hétfő 7:50\nCímzett: Ann\nTárgy: RE: nyomtató",
        "De la: Suport <h@x.org>\nTrimis: luni, 1 mai 2023 07:50\nCătre: Ann\nSubiect: RE: imprimantă",
        "Από: Υποστήριξη <h@x.org>\nΣτάλθηκε: Δευτέρα, 1 Μαΐου 2023 7:50\nΠρος: Ann\nΘέμα: RE: εκτυπωτής",
        "From: Ben <ben@x.org>\nSent: Monday, 1 May 2023 7:50\nTo: Ann\nSubject: Re: printer",
        "пн, 1 мая 2023 г. в 08:15, Help Desk <h@x.org>:\n\n> Проверьте",
        "在 2023年5月1日,08:15,Help Desk <h@x.org> 写道：\n\n> 请检查",
    ])
    func `a short answer above a head of any language is the author's only text`(head: String) {
        #expect(read("Still no.\n\n" + head + "\n\n> …") == "Still no.")
    }

    @Test func `an author who tells what was written is read`() {
        let text =
            "On 5 May 2023 at 10:00 I wrote to Bob <b@x.org> that the tape jams, and he wrote:\nask the desk."
        #expect(cleaner.clean(text).text.string == text)
    }

    // MARK: - Line ends in HTML

    @Test(arguments: [
        ("<br>\n", ""), ("<br />\r\n", ""), ("<br>", ""), ("</div><div>", "<br>"), ("</div>\n<div>", "<br>"),
        ("</p>\n<p class=x>", "&nbsp;"), ("</p>\r\n\r\n<p>", "&nbsp;"), ("</i></div>\n\n<div><i>", "<br>"),
    ])
    func `the line ends of HTML are those that its reader sees`(lineEnd: String, blank: String) {
        let own = "The scale in hall 2 shows nothing, although I restarted it twice."
        let head = "From: Desk\nSent: Monday, 1 May 2023 10:20\nTo: Ann\nSubject: RE: scale\n\nTry now."
        let notice =
            "This message is confidential.\nIf you are not the intended recipient,\nplease delete it."
        for below in [head, notice] {
            let lines = (own + "\n\n" + below).split(separator: "\n", omittingEmptySubsequences: false)
            let html = lines.map { $0.isEmpty ? blank : String($0) }.joined(separator: lineEnd)
            #expect(read("<div><p>" + html + "</p></div>") == own)
        }
    }

    @Test(arguments: [
        ("one\n\ntwo <b>x</b>\nthree<br>\n<br>\nfour", "one\n\ntwo x\nthree\n\nfour"),
        ("<pre>one\n\ntwo</pre>\n<p>three</p>", "one\n\ntwo\nthree\n"),
        ("<p>one<br>two</p>\n<p>three</p>", "one\ntwo\n\nthree\n\n"),
    ])
    func `line ends of the source stay where no tag ends the line`(html: String, text: String) {
        #expect(cleaner.clean(html).text.string == text)
    }

    // MARK: - Quoted replies

    @Test(arguments: [
        "On Mon, 1 May 2023 at 10:00, Bob <b@x.org> wrote:\n> Try now.\n> Bob",
        "On Mon, 1 May 2023, Bob\n<b@x.org> wrote:\nTry now.",
        "On 01/05/2023 10:02, Second Level wrote:\n> Try now.",
        "> On 1 May 2023, at 10:02, Second Level <l2@x.org> wrote:\n>\n> Try now.",
        "Desk/IT/ACME wrote on 01/05/2023 14:22:07:\n\n> Try now.",
        "---- On Mon, 01 May 2023 12:00:00 +0000 Help <h@x.org> wrote ----\n\nTry now.",
        "Quoting Help <h@x.org>:\n\n> Try now.",
        "* Help <h@x.org> [2023-05-01 03:11]:\n> Try now.",
        "Am Mo., 1. Mai 2023 um 18:20 Uhr schrieb Hilfe\n<h@x.org>:\n\nJetzt testen.",
        "Am 01.05.2023 um 10:00 schrieb Bob:\n> Bitte testen.",
        "Hilfe schrieb am 01.05.2023 um 12:00:\n\nJetzt testen.",
        "Le 1 mai 2023 à 10:00, Bob <b@x.org> a écrit :\n> Essayez.",
        "El lun, 1 may 2023 a las 9:52, Soporte (<s@x.org>)\nescribió:\n\nPruebe.",
        "Em seg., 1 de mai. de 2023 às 09:40, Suporte <s@x.org>\nescreveu:\n\n> Tente.",
        "Il giorno lun 1 mag 2023 alle ore 10:20 Assistenza <a@x.org> ha scritto:\n\nProvi adesso.",
        "Op ma 1 mei 2023 om 10:05 schreef Klantenservice <k@x.org>:\n> Probeer het nu.",
        "Op 1 mei 2023 om 11:10 heeft Beheer <b@x.org> het volgende geschreven:\n\n> Probeer het nu.",
        "pon., 1 maj 2023 o 10:00 Bob <b@x.org> napisał(a):\n\nSpróbuj teraz.",
        "Den mån 1 maj 2023 kl 10:00 skrev Bob <b@x.org>:\n> Testa nu.",
        "-----Original Message-----\nFrom: Help\nSent: Monday\nTo: Ann\nSubject: RE: printer\n\nTry now.",
        "From: Help <h@x.org>\nSent: Monday, 1 May 2023 10:20\nTo: Ann\nSubject: RE: printer\n\nTry now.",
        "*From:* Help <h@x.org>\n*Date:* Monday, 1 May 2023 10:20\n*To:* Ann\n*Subject:* printer\n\nTry now.",
        "________________________________\nVon: Hilfe\nGesendet: Montag, 1. Mai 2023\nAn: Ann\nBetreff: AW: Drucker\n\nJetzt.",
        "De\u{A0}: Support\nEnvoyé\u{A0}: lundi 1 mai 2023 09:26\nÀ\u{A0}: Ann\nObjet\u{A0}: imprimante\n\nEssayez.",
        "De: Soporte\nEnviado el: lunes, 1 de mayo de 2023 10:05\nPara: Ann\nAsunto: impresora\n\nPruebe.",
        "Da: Assistenza\nInviato: lunedì 1 maggio 2023 10:05\nA: Ann\nOggetto: stampante\n\nProvi.",
        "Van: Servicedesk\nVerzonden: maandag 1 mei 2023\nAan: Ann\nOnderwerp: printer\n\nProbeer het nu.",
        "Fra: Servicedesk\nSendt: 1. maj 2023\nTil: Ann\nEmne: SV: printer\n\nPrøv nu.",
        "Från: Servicedesk\nSkickat: den 1 maj 2023\nTill: Ann\nÄmne: SV: skrivare\n\nTesta nu.",
        "##- Please type your reply above this line -##\n\nYour request was updated.",
    ])
    func `quoted mail below the author's words is set aside`(quote: String) {
        let own = "The printer on floor 4 still does not print anything at all today."
        #expect(read(own + "\n\n" + quote) == own)
        #expect(Set(kinds(own + "\n\n" + quote)) == [.quoted])
    }

    @Test(arguments: [
        ("On 1 May 2023 10:00, Bob wrote:\n> Does it work?\n\nNo, it does not.", "No, it does not."),
        (
            "> On 1 May 2023, at 10:00, Bob <b@x.org> wrote:\n> Which version?\nIt is 7.2.\n> Which office?\nLeeds.",
            "It is 7.2.|Leeds."
        ),
        ("> Did you restart?\nTwice.\n> Which version?\n7.2", "Twice.|7.2"),
        (
            "On 1 May 2023 10:00, Bob wrote:\n> Please print the labels on the large stock with a margin of\n3 mm,\n"
                + "> else line 2 rejects them.\n\nDone.",
            "Done."
        ),
        (
            "<div>It still fails.</div><blockquote type=\"cite\"><div>Reset it.</div><div>Bob</div></blockquote><p>Ann</p>",
            "It still fails.|Ann"
        ),
    ])
    func `answers below and between quoted lines stay`(text: String, expected: String) {
        #expect(read(text) == expected)
    }

    @Test(arguments: [
        "Hello,\n\nOn 12 March I wrote:\nmy invoice is wrong.\nNobody answered.",
        "Hello,\nOn 3 May 2025 your colleague wrote:\nplease reinstall. I did, it still crashes.",
        "Hello,\nOn Monday, 5 May 2025, at 14:30 your engineer wrote:\n\"No access.\" That is wrong.",
        "Guten Tag,\nam 12. Dezember 2025 schrieb mir Ihre Kollegin:\nEin Techniker meldet sich.",
        "Bonjour,\nle 3 mai 2025 votre collègue a écrit :\nil faut réinstaller. Il plante encore.",
        "I get this error:\n> Cannot start the program. 0x80040115\nPlease help",
        "What I did:\n> Settings\n> Restart\nWhat now?",
        "Your FAQ answers:\n> Yes, go to Profile > Account.\n\nand\n\n> No, it cannot be changed.\n\nWhich is right?",
        "12c12\n> 2026;0441;9.90\n---\n< 2026;0441;990\n\nThe comma is lost.",
        "From: Berlin\nTo: Paris\nDate: 3 May",
        "From: 9 February\nTo: 20 February\nSubject to approval by: Mrs Odell\nFix it.",
        "Move\n\nFrom: Building C\nTo: Building A\nDate: 26 January or later\nSubject: 2 desks",
        ">>> import os\n>>> os.getcwd()",
        "# Report\n> TypeError: x is undefined", "```\n> npm run build\n```",
        "On 3 May we wrote code:\nit failed",
        "Problem 1: VPN drops\n--\nProblem 2: printer jams",
        "Query:\nSELECT *\n--\nWHERE id = 5\nerror ORA-00936",
    ])
    func `what only resembles quoted mail stays`(text: String) {
        #expect(cleaner.clean(text).text.isIdentity)
    }

    // MARK: - Forwarded mail

    @Test(arguments: [
        (
            "---------- Forwarded message ---------\nFrom: Ann <a@x.org>\nDate: Mon\nSubject: VPN drops\nTo: Help\n\nSee subject.",
            "VPN drops|See subject."
        ),
        (
            "Please help\n\nBegin forwarded message:\n\nFrom: Ann\nSubject: VPN\nDate: Mon\n\nIt is down.",
            "Please help|VPN|It is down."
        ),
        ("FYI\n\nFrom: Ann\nSent: Monday\nTo: Bob\nSubject: VPN\n\nIt is down.", "FYI|VPN|It is down."),
        (
            "Siehe unten, bitte heute noch jemanden zur Kühlzelle schicken.\n\nVon: Ann\nGesendet: Montag\nAn: Bob\nBetreff: Kühlung\n\n"
                + "11 Grad.",
            "Siehe unten, bitte heute noch jemanden zur Kühlzelle schicken.|Kühlung|11 Grad."
        ),
        (
            "From: Ann\nSent: Monday, 5 January 2026 09:12\nTo: Desk\nSubject: SAP user locked\n\npls help",
            "SAP user locked|pls help"
        ),
        (
            "FYI please act\n\nOn Mon, 5 Jan 2026 at 10:00, Bob <b@x.org> wrote:\nThere is smoke in room 3.",
            "FYI please act|There is smoke in room 3."
        ),
    ])
    func `forwarded mail is read with its subject`(text: String, expected: String) {
        #expect(read(text) == expected)
        #expect(Set(kinds(text)) == [.quoted])
    }

    // MARK: - Signatures

    @Test(arguments: [
        "-- \nBob Miller\nAcme Ltd\n+1 212 555 0100", "-- \nBob\nAcme Ltd",
        "Thank you.\nJane Roe\nPurchasing",
        "Kind regards,\n\nJane Roe\nLogistics Team Lead\n\nTarn Foods Ltd\nUnit 9, Meadow Park\nPhone: +44 113 496 0138",
        "Mit freundlichen Grüßen\n\ni. A. Max Muster\nLeiter Einkauf\nMuster GmbH & Co. KG\nTel. 030 23125-044 | Fax -045",
        "Cordialement,\nJeanne Martin\nResponsable des achats\nPapeteries SA\n12 quai du Port, 29600 Morlaix",
        "Un saludo\nEulalia Ferrándiz\nJefa de Prevención\nHospital del Valle - 900 000 590",
        "Atenciosamente,\nInês Prado\nGestora de Contratos\nPrado & Filhos, Lda.\nTel. 210 000 118",
        "Cordiali saluti\nPaola Verdi\nResponsabile Acquisti\nVerdi S.r.l.\nTel. 02 0000 0118",
        "Met vriendelijke groet,\n\nJan Smit\nHoofd Inkoop\nSmit Transport BV\nT 020 000 0145 | M 06 0000 0146",
        "Jane Roe\nPatient Safety Officer\nNorth Clinic",
        "Melissa Grant | Fraud Analyst\nCustomer Protection\nBlue Finch Inc.\nPhone: (202) 555-0147",
    ])
    func `signatures are set aside`(signature: String) {
        let own = "The projector in room 4 shows a green picture."
        #expect(read(own + "\n\n" + signature) == own)
        #expect(kinds(own + "\n\n" + signature) == [.signature])
    }

    @Test(arguments: [
        "Hi Anna,\n\nthank you.\nThe VPN still disconnects.\nPlease escalate.",
        "Hello\nThanks in advance\nPlease reset my password.", "Ticket\nLG\nMonitor LG 27UK850 flackert",
        "Which plan?\nBest,\nBasic or Pro for 20 users",
        "Returned.\n\nThanks\n\nOrder 4711-22\nItem: black kettle, broken",
        "Help me.\n\nKind regards,\nBob", "Kind regards,\nBob", "-- \nBob",
        "Help.\n\nThanks\n\n## Log\n\nerror 17",
        "The parcel never arrived.\nSent via DHL on Monday, tracking 00340434",
        "Still open.\nSent from my account on 3 May, reference 4711",
        "Please move it.\n\nSent from my desk, easier than from the phone that does not ring.",
        "Please prepare an account for:\n\nRosa Teague\nHead of Underwriting\nrosa@x.org",
        "The engineer should ask for\n\nGwil Prosser\nHead of Security\n07700 900431",
        "The invoice is wrong.\n\nKind regards\nMax\n\nPS: I was also charged twice.",
    ])
    func `what only resembles a signature stays`(text: String) {
        #expect(cleaner.clean(text).text.isIdentity)
    }

    @Test func `words below a signature stay`() {
        let text =
            "No toner.\n\nKind regards\nBob Miller\nOffice Manager, Acme Ltd\n020 7946 0888\n\nPS: there is smoke, too."
        #expect(read(text) == "No toner.|PS: there is smoke, too.")
        #expect(kinds(text) == [.signature])
    }

    // MARK: - Boilerplate

    @Test(arguments: [
        "Sent from my iPhone", "Gesendet von Outlook für Android", "Envoyé de mon iPad",
        "Enviado desde mi Xiaomi",
        "Get Outlook for iOS", "Verstuurd vanaf mijn iPhone", "Inviato da iPhone",
        "This e-mail is confidential. If you are not the intended recipient, please notify the sender and delete it.",
        "Diese Nachricht ist vertraulich und nur für den Adressaten bestimmt. Bitte löschen Sie sie, falls irrtümlich erhalten.",
        "Ce message est confidentiel. Si vous l'avez reçu par erreur, merci de le détruire et d'avertir l'expéditeur.",
        "Este mensaje es confidencial. Si no es usted el destinatario, elimínelo y avise al remitente.",
        "Esta mensagem é confidencial. Se não é o destinatário, apague-a e informe o remetente.",
        "Questo messaggio è riservato. Se non siete il destinatario, cancellatelo e avvisate il mittente.",
        "Dit bericht is vertrouwelijk. Bent u niet de geadresseerde, verwijder het dan en informeer de afzender.",
        "This message has been checked for viruses by Avast antivirus.", "Virus-free. www.avast.com",
        "Please consider the environment before printing this e-mail.",
        "Denk aan het milieu voordat u deze e-mail afdrukt.",
        "Think before you click: report suspicious e-mails with the Report Phishing button.",
        "You are receiving this e-mail because you signed up for updates. Unsubscribe: https://x.org/u",
        "Please do not reply, this message was generated automatically.",
        "Muster GmbH\nSitz: Kiel, Registergericht: Amtsgericht Kiel, HRB 00000\nGeschäftsführer: Max Muster",
        "________________________________\nMicrosoft Teams meeting\nJoin on your computer\nMeeting ID: 300 000\nPasscode: xx",
        "This mailbox is not read at night. If your matter is life-threatening call 112.",
    ])
    func `boilerplate below the author's words is set aside`(footer: String) {
        let own = "I would like to order a second monitor for my desk."
        #expect(read(own + "\n\n" + footer) == own)
        #expect(Set(kinds(own + "\n\n" + footer)) == [.boilerplate])
    }

    @Test(arguments: [
        "CAUTION: This e-mail originated from outside the organisation. Do not open attachments unless you know the sender.",
        "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Öffnen Sie Links nur, wenn Sie ihn kennen.",
        "ATTENTION : ce courriel provient de l'extérieur de l'organisation. Ne cliquez pas si vous ne connaissez pas l'expéditeur.",
        "PRECAUCIÓN: Este correo procede de fuera de la organización. No abra archivos adjuntos si no conoce al remitente.",
        "LET OP: deze e-mail komt van buiten de organisatie. Klik niet op links als u de afzender niet kent.",
        "*** EXTERNAL EMAIL ***",
        "[You don't often get email from a@x.org. Learn why this is important at https://x.org/l]",
    ])
    func `banners above the author's words are set aside`(banner: String) {
        let own = "I would like to order a second monitor for my desk."
        for gap in ["\n\n", "\n"] {
            #expect(read(banner + gap + own) == own)
            #expect(kinds(banner + gap + own) == [.boilerplate])
        }
    }

    @Test(arguments: [
        "Our footer must be replaced. New text:\n\nThis e-mail is confidential. If you are not the recipient, delete it.",
        "Since today internal mails carry this banner.\n\nCAUTION: This e-mail originated from outside. Do not click links.",
        "Hello,\n\nmails end with \"This email has been checked for viruses by Avast\". We do not use it. Why?",
        "Hello,\n\nI sent a confidential message to the wrong recipient by mistake. Please delete it and inform him.",
        "This e-mail is confidential. If you are not the intended recipient, please delete it.",
        "Hello,\n\nOutlook for Android crashes on my phone.",
        "Hi,\n\nplease print the sheet before the environment team comes.",
    ])
    func `a text about boilerplate stays`(text: String) {
        #expect(cleaner.clean(text).text.isIdentity)
    }

    @Test func `a paragraph that repeats across requesters is set aside at the edges`() {
        let footer =
            "Nordwind Campus, the house of good ideas since 1987, wishes you a pleasant day in our halls."
        let content = ParagraphContent.of(footer)
        let knowing = Cleaner(repeated: RepeatedParagraphs().adding(contents: [content]))
        let text = "The lamp in hall 3 flickers.\n\n" + footer
        #expect(cleaner.clean(text).text.isIdentity)
        #expect(lines(knowing.clean(text).text.string) == "The lamp in hall 3 flickers.")
        #expect(knowing.clean(footer).text.isIdentity)
    }

    @Test func `what is set aside leads to the original`() throws {
        let text = "<p>It fails.</p><p>-- <br>Bob M&uuml;ller<br>Acme Ltd</p>"
        let part = try #require(cleaner.clean(text).setAside.first)
        #expect(String(decoding: part.text, as: UTF8.self).contains("Bob Müller"))
        #expect(
            String(decoding: Array(text.utf8)[part.range], as: UTF8.self).contains(
                "Bob M&uuml;ller<br>Acme Ltd"))
    }

    /// Each byte but white space is in the text that is read or in a part that is set aside, and not in both.
    @Test(arguments: 0..<300)
    func `each part of a mail is read or set aside`(seed: Int) {
        var random = RandomText(seed: UInt64(seed))
        let text = (0..<12).map { _ in Self.pieces[random.next(Self.pieces.count)] }.joined(separator: "\n")
        let cleaned = cleaner.clean(text)
        let rest = cleaned.setAside.reduce(cleaned.text.bytes.count) { $0 + $1.range.count }
        #expect(rest == text.utf8.count)
        #expect(cleaned.setAside.allSatisfy { Array(text.utf8)[$0.range].elementsEqual($0.text) })
        #expect(!cleaned.text.bytes.allSatisfy { $0 <= 0x20 })
    }

    private static let pieces = [
        "", "The printer is broken.", "Please help", "> quoted", "> Does it work?", "Kind regards",
        "Jane Roe",
        "Head of Sales", "Acme Ltd", "Tel. +1 212 555 0100", "-- ", "--", "Sent from my iPhone",
        "PS: one more thing",
        "On Mon, 1 May 2023 at 10:00, Bob <b@x.org> wrote:", "---------- Forwarded message ---------",
        "From: Bob\nSent: Monday\nTo: Ann\nSubject: VPN", "-----Original Message-----", "FYI",
        "##- Reply above this line -##",
        "This e-mail is confidential. If you are not the intended recipient, delete it.",
        "________________________________",
        "CAUTION: This e-mail came from outside the organisation. Do not click links unless you know the sender.",
        "The lid is loose. This e-mail is confidential. If you are not the intended recipient, delete it. Toner is empty.",
        "[EXTERNAL] Scanner shows E-17",
    ]
}

private enum ParagraphContent {
    /// The content by which a paragraph is recognised.
    static func of(_ text: String) -> UInt64 {
        var reader = ParagraphReader()
        let bytes = Array(text.utf8)
        return reader.read(bytes, bytes.indices).content
    }
}
