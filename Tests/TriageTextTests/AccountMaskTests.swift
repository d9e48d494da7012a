import Testing
import TriageText

/// Payment cards and bank accounts however they are grouped, and numbers that are neither.
struct AccountMaskTests {
    private let masker = Masker()

    private func mask(_ text: String) -> String { masker.mask(text).text.string }

    @Test(arguments: [
        "5500  0000  0000  0004", "5500–0000–0000–0004", "5500\u{A0}0000\u{A0}0000\u{A0}0004",
        "5500 - 0000 - 0000 - 0004",
        "5500_0000_0000_0004", "5500·0000·0000·0004", "5500 0000\n> 0000 0004",
        "5500/0000/0000/0004", "5500.0000.0000.0004", "5500 0000\n0000 0004", "5500 0000\r\n0000 0004",
        "55000000 00000004",
        "5500\u{200B}0000\u{200B}0000\u{200B}0004", "5500 00 0000 000004", "５５００ ００００ ００００ ０００４",
        "٥٥٠٠٠٠٠٠٠٠٠٠٠٠٠٤",
        "5500\t0000\t0000\t0004", "3782 822463 10005", "371449635398431",
    ])
    func `a card in any grouping`(number: String) {
        #expect(mask("It was \(number) today") == "It was [CARD] today")
        #expect(mask("卡号\(number)被扣") == "卡号[CARD]被扣")
    }

    @Test func `cards beside letters`() {
        #expect(mask("card5500000000000004exp 12/27") == "card[CARD]exp 12/27")
        #expect(mask("VISA4111111111111111cvv") == "VISA[CARD]cvv")
        #expect(mask("kaartnummer4111111111111111in een mail") == "kaartnummer[CARD]in een mail")
        #expect(mask("карта5500000000000004и") == "карта[CARD]и")
        #expect(mask("5500 0000 0000 0004 12/27 123") == "[CARD] 12/27 123")
        #expect(mask("5500000000000004.Bitte") == "[CARD].Bitte")
    }

    @Test(arguments: [
        ("amount 30 5500 0000 0000 0004", "amount 30 [CARD]"),
        ("3 5500 0000 0000 0004 first", "3 [CARD] first"),
        ("paid 19.90 5500 0000 0000 0004", "paid 19.90 [CARD]"),
        ("2024-05-03 5500 0000 0000 0004 19.90", "2024-05-03 [CARD] 19.90"),
        ("order 4500987654 5500 0000 0000 0004", "order 4500987654 [CARD]"),
        ("5500 0000 0000 0004 0530", "[CARD] 0530"), ("5500 0000 0000 0004 2031", "[CARD] 2031"),
        ("Ben,5500000000000004,19.90", "Ben,[CARD],19.90"), ("19,5500000000000004", "19,[CARD]"),
        ("[4111111111111111,5500000000000004]", "[[CARD],[CARD]]"),
        ("5500000000000004,4111111111111111;4012888888881881", "[CARD],[CARD];[CARD]"),
        ("4111 1111 1111 1111 5500 0000 0000 0004 4111 1111 1111 1111", "[CARD] [CARD] [CARD]"),
        ("0,5500000000000004", "0,5500000000000004"),
        ("5500 0000 0000 0004 3711 4812", "5500 0000 0000 0004 3711 4812"),
    ])
    func `a card beside other numbers`(text: String, expected: String) { #expect(mask(text) == expected) }

    @Test func `accounts in a row without a gap`() {
        #expect(mask("DE02120300000000202051DE02120300000000202051") == "[IBAN][IBAN]")
    }

    @Test func `other numbers with a check digit need a word for a card`() {
        #expect(mask("My card is 4222222222222") == "My card is [CARD]")
        #expect(mask("My card is 550000 00000 00004") == "My card is [CARD]")
        #expect(mask("EAN 4222222222222") == "EAN 4222222222222")
        #expect(mask("Artikel 550000 00000 00004") == "Artikel 550000 00000 00004")
    }

    @Test(arguments: [
        "5500 0000 0000 0005", "order 5500-0000-0000-0005", "x5500000000000004", "5500000000000004ab3",
        "id-5500000000000004",
        "5500 0000 0000 0004 1234 5678", "356938035643809", "8939010005922745593", "20240105 20240106",
        "1700000000123",
    ])
    func `no card`(text: String) { #expect(mask(text) == text) }

    @Test(arguments: [
        "DE02120300000000202051", "DE02 1203 0000 0000 2020 51", "de02120300000000202051",
        "DE02.1203.0000.0000.2020.51",
        "DE02-1203-0000-0000-2020-51", "DE02  1203  0000  0000  2020  51", "DE02 1203 0000\n0000 2020 51",
        "DE02\u{A0}1203\u{A0}0000\u{A0}0000\u{A0}2020\u{A0}51", "ＤＥ０２１２０３００００００００２０２０５１",
        "FR14 2004 1010 0505 0001 3M02 606", "NL91 ABNA 0417 1643 00",
        "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    ])
    func `an account in any grouping`(number: String) {
        #expect(mask("IBAN \(number), danke") == "IBAN [IBAN], danke")
        #expect(mask("账号\(number)付款") == "账号[IBAN]付款")
        #expect(mask("IBAN\(number)") == "IBAN[IBAN]")
    }

    @Test func `accounts beside letters`() {
        #expect(mask("kontoDE02120300000000202051falsch") == "konto[IBAN]falsch")
        #expect(mask("счётDE02120300000000202051оплата") == "счёт[IBAN]оплата")
    }

    @Test(arguments: [
        "DE02120300000000202052", "abcDE02120300000000202051", "DE021203000000002020511",
        "XY02120300000000202051",
        "DE02 1203\n0000 0000\n2020 51",
    ])
    func `no account`(text: String) { #expect(!mask(text).contains("[IBAN]")) }
}
