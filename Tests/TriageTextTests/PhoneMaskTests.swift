import Testing
import TriageText

/// Telephone numbers of many countries, and the numbers of things that only look like them.
struct PhoneMaskTests {
    private let masker = Masker()

    private func mask(_ text: String) -> String { masker.mask(text).text.string }

    // MARK: - Telephone numbers

    @Test(arguments: [
        // German, Dutch.
        "Fon 08987654321", "Tel 0 30 / 98 76 54 32", "Telefon-Nr.: 4711 9815", "TelNr 03098765432",
        "Diensthandy 1514711",
        "Rückruf bitte an 9876 5432", "Meine Nummer lautet 9876543210", "Durchwahl: 98765-43",
        "SIM-Karte 0171 9876543",
        "Handy  0171  9876543", "bel 0698765432", "vast nr 030 987 65 43", "mijn nummer is 987654321",
        "GSM 0470 98 76 54",
        // English.
        "phone #2025550147", "tel=2025550147", "mobile-9876543210", "mobile no. 98765 43210",
        "Cell # 415-555-0147",
        "my cell is 2025550147", "Please call John on 2025550147", "toll-free 800.555.0147",
        "Ph: 03 9123 4567",
        "phone: 202–555–0147", "phone: 202\n555-0147", "phone: 202-555-\n0147", "desk phone 7946 0947",
        "Phone\n2025550147",
        // French, Spanish, Portuguese, Italian.
        "tél 0123456798", "mon numéro : 0612345698", "joignable au 0123456798", "llame al 900 123 457",
        "móvil 612345698",
        "tfno. 912345698", "mi número es 612345698", "celular: 11 91234-5698", "o meu número é 912345698",
        "cell.3471234569",
        "il mio numero è 347 1234569", "lasciato il numero 347 123 4569", "recapito 06/12345698",
        "tel.02/1234.5698",
        "numéro d'urgence 0612345698",
        // Polish, Czech, Hungarian, Turkish, Scandinavian, Finnish.
        "komórka 601-234-569", "mój numer to 601234569", "numer 601 234 569", "telefonní číslo 601 234 569",
        "telefonszám: 06 30 123 4569", "telefon numaram 0 532 123 45 69", "tlf. 22 12 34 59",
        "ring meg på 912 34 569",
        "soita 0401234569",
        // Cyrillic and Greek.
        "тел. 8 (912) 345-67-98", "ТЕЛ. 8 912 345 67 98", "моб.89123456798", "мой номер 8 912 345 67 98",
        "позвоните на 89123456798", "τηλ: 2101234569", "κινητό6941234569", "ο αριθμός μου είναι 6941234569",
        // Arabic, Hebrew, Hindi.
        "هاتف: ٠٥٠ ١٢٣ ٤٥٦٩", "رقم هاتفي 0501234569", "اتصل على 0501234569", "טלפון: 03-1234569",
        "נייד 0501234569",
        "मोबाइल: ९८७६५४३२१०", "फोन नंबर 98765 43210",
        // Chinese, Japanese, Korean, Thai, Vietnamese.
        "电话:010-12345698", "手机号13812345698", "请拨打400-800-1298", "我的号码是13812345698", "联系张先生13812345698",
        "電話は03-1234-5698", "携帯０９０－１２３４－５６９８", "전화번호는 010-1234-5698", "휴대폰번호 010 1234 5698",
        "โทร.0812345698", "เบอร์๐๘๑-๒๓๔-๕๖๙๘", "số điện thoại: 091 234 5698",
    ])
    func `a word before a number tells that it is a telephone number`(text: String) {
        let masked = mask(text)
        #expect(masked.hasSuffix("[PHONE]") && !masked.contains { $0.isNumber }, "\(masked)")
    }

    @Test(arguments: [
        "0 30 / 98 76 54 32", "0611 / 123 45-98", "(03) 9123 4598", "8 (912) 345-67-98", "8-912-345-67-98",
        "138-1234-5698",
        "11 91234-5698", "1 (202) 555-0147", "020\u{A0}7946\u{2009}0947", "+49–30–987654",
        "0041 79 123 45 98",
        "+49 (0)171 / 98 76 543", "(212)-555-0147", "93 555 01 49 int. 12", "010-12345698转123",
        "030 1234569/70",
    ])
    func `these forms need no word`(number: String) {
        #expect(mask("Siehe \(number), danke") == "Siehe [PHONE], danke")
        #expect(mask("页\(number)、") == "页[PHONE]、")
    }

    @Test func `commas of a list hide no number in a sure form`() {
        #expect(mask("phones: 01719876543,01729876543") == "phones: [PHONE],[PHONE]")
        #expect(mask("7,01719876543") == "7,[PHONE]")
        #expect(mask("Ben,0171 9876543,7") == "Ben,[PHONE],7")
        #expect(mask("[\"a\",+49171987654,+49171987655]") == "[\"a\",[PHONE],[PHONE]]")
        #expect(mask("call 12345,6789012 and 0,01719876543") == "call 12345,6789012 and 0,01719876543")
    }

    @Test func `extensions belong to the number`() {
        let extensions = [
            "x12", " ext. 12", ", Durchwahl 12", " poste 12", " wew. 12", " доб. 12", "转12", "，分机12",
            " ต่อ 12",
        ]
        for ending in extensions { #expect(mask("tel 020 7946 0947\(ending).") == "tel [PHONE].") }
    }

    @Test func `numbers and the words around them may touch`() {
        #expect(mask("Tel:03098765432Fax:03098765433") == "Tel:[PHONE]Fax:[PHONE]")
        #expect(mask("fax030/98765432bitte") == "fax[PHONE]bitte")
        #expect(mask("сервис89123456798не отвечает") == "сервис[PHONE]не отвечает")
        #expect(mask("tel 22 987 01 42/22 987 01 43, fax") == "tel [PHONE]/[PHONE], fax")
        #expect(mask("Call [PHONE] or 98765432101.") == "Call [PHONE] or [PHONE].")
        #expect(mask("Tel. 0171 98765432.Bitte") == "Tel. [PHONE].Bitte")
    }

    @Test func `a line break inside a number and one after it`() {
        #expect(mask("Telefon +49 171\n9876543 ab 9") == "Telefon [PHONE] ab 9")
        #expect(mask("Tel.: 030 98765432\n10115 Berlin") == "Tel.: [PHONE]\n10115 Berlin")
        #expect(mask("212 555\n0147") == "212 555\n0147")
    }

    @Test func `labels of signatures`() {
        #expect(mask("T. 900 000 456 · M. 600 000 078") == "T. [PHONE] · M. [PHONE]")
        #expect(mask("T 987 000 0145 | M 987 000 146") == "T [PHONE] | M [PHONE]")
        #expect(mask("a@b.example / 910 000 377") == "[EMAIL] / [PHONE]")
    }

    @Test func `labels on a line of their own`() {
        #expect(
            mask("Mobile phone\n2025550147\nSerial number\n0612345698")
                == "Mobile phone\n[PHONE]\nSerial number\n0612345698")
        #expect(mask("Read the order.\n0612345698") == "Read the order.\n[PHONE]")
    }

    // MARK: - Numbers of things

    @Test(arguments: [
        // English.
        "asset number 100234598", "Contract number is 0171 9876543", "incident no. 2025550147",
        "Locker number 202-555-0147",
        "There is no 1234567898", "P/N 870-222-4498", "S/N 202-555-0147", "Room 012-345-698",
        "order #202-555-0147",
        "tracking number: 07700900947", "the policy number was 020 7946 0947", "case ID 07700900947",
        "PO 202-555-0147",
        // German.
        "Kunden-Nr. 204455998", "Rechnungsnummer 017612345698", "Artikelnummer 0612345698",
        "Auftrags-Nr. 0171/2345698",
        "Vertragsnummer lautet 030/12345698", "Mat.-Nr. 030 1234569", "Zähler 0171 2345698",
        "Ihre Referenz: 030 12345698",
        // French, Spanish, Portuguese, Italian.
        "numéro de contrat 0612345698", "numéro de badge 06 12 34 56 98", "n° client 0612345698",
        "facture 06 12 34 56 98",
        "número de pedido 612345698", "número de serie: 612 345 698", "nº de factura 912345698",
        "pedido 11 91234-5698",
        "número do processo 912 345 698", "numero d'ordine 347 1234569", "matricola motore 02-5550-1429",
        "rif. 06 1234569",
        // Dutch, Polish, Czech, Finnish, Hungarian, Turkish.
        "klantnummer 06-12345698", "bestelling 0612345698", "nr zamówienia 601 234 569",
        "numer seryjny 601-234-569",
        "numer klienta 601234569", "umowa 22 123 45 69", "číslo objednávky 601 234 569",
        "tilausnumero 040 1234569",
        "rendelésszám 06 30 123 4569", "sipariş numarası 0532 123 45 69",
        // Cyrillic and Greek.
        "номер заказа 89123456798", "номер договора 8 (912) 345-67-98", "заявка № 89123456798",
        "αρ. σύμβασης 210 1234569",
        // Arabic, Hebrew, Hindi.
        "رقم الطلب 0501234569", "מספר הזמנה 0501234569", "ऑर्डर नंबर 9876543210",
        // Chinese, Japanese, Korean, Thai.
        "订单号13812345698", "合同编号：138-1234-5698", "注文番号は090-1234-5698", "お客様番号0901234569", "고객번호 01012345698",
        "เลขที่สัญญา 0812345698", "เลขครุภัณฑ์ 0812345698",
    ])
    func `the number of a thing stays`(text: String) {
        #expect(mask(text) == text)
        #expect(mask("\(text).") == "\(text).")
    }

    @Test(arguments: [
        "call on 02.12.24", "31.01.2024 08:15", "1 093 771 204", "09 144 772 118 033", "512 640 1024 2048",
        "4000 300x300",
        "2024-11-05 0930 1045 1130 runs failed", "Werte 021 022 023 024 falsch",
        "Personalnummer 00123498 fehlt",
        "size 202-555-0147.pdf", "REQ-0171-2345698", "rows 1 204 998 331", "10.15.7.1234567", "+12 x",
        "+10 000 000 EUR",
        "phone version 10.0.19045.3930", "0612345698-A",
    ])
    func `dates, amounts, sizes and parts of other numbers stay`(text: String) { #expect(mask(text) == text) }

    // MARK: - Properties

    /// Numbers and words in an order that means nothing.
    @Test(arguments: 0..<500)
    func `only the identifiers change, and once`(seed: Int) {
        var random = RandomText(seed: UInt64(seed) + 7000)
        var text = ""
        for _ in 0..<12 {
            text += Self.pieces[random.next(Self.pieces.count)] + Self.glue[random.next(Self.glue.count)]
        }
        let masked = masker.mask(text)
        #expect(masker.mask(masked.text.bytes).text.isIdentity, "\(text)")
        let source = Array(text.utf8)
        var rest: [UInt8] = []
        var start = 0
        for span in masked.spans {
            rest += source[start..<span.range.lowerBound] + Array("\(span.kind.placeholder)".utf8)
            start = span.range.upperBound
        }
        rest += source[start...]
        #expect(masked.text.bytes == rest, "\(text)")
    }

    private static let glue = ["", " ", "  ", "\n", ", ", "/", "-", ".", ": ", "\u{A0}"]

    private static let pieces = [
        "Tel", "Fax", "phone", "Nr.", "numéro de", "order", "Vertragsnummer", "电话", "订单号", "тел.", "номер",
        "โทร", "เลขที่",
        "my", "or", "0171", "2345698", "+49", "(0)", "(030)", "12", "345", "6798", "４１１１", "4111", "1111",
        "x12", "ext. 7",
        "DE89", "3704", "0044", "0532", "0130", "00", "[PHONE]", "card", "4111111111111111", "13812345698",
        "２０２", "bitte",
    ]
}
