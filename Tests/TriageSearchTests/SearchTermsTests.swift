import Foundation
import Testing
import TriageTickets

@testable import TriageSearch

/// A question, and the place of the article that it should find first.
struct Finding: Sendable, CustomTestStringConvertible {
    var question: String
    var article: Int

    var testDescription: String { question }

    init(_ question: String, _ article: Int) { (self.question, self.article) = (question, article) }
}

/// Searches by words alone, so that no embedding finds what the terms miss.
struct SearchTermsTests {
    private func index(_ titles: [String]) -> SearchIndex {
        SearchIndex(
            titles.enumerated().map { Article(id: "\($0)", title: $1, body: "Steps for agents.") },
            embedding: nil, calibration: nil)
    }

    private func expect(_ finding: Finding, among titles: [String]) {
        let index = index(titles)
        let found = index.search(Ticket(body: finding.question), count: titles.count).hits
        #expect(found.first?.article == finding.article)
        // Found by its terms, and not as the first of many that have none.
        #expect(found[0].score > found[titles.count - 1].score)
    }

    private static let codes = [
        "Backup job reports DB2-0815", "Backup job reports DB2-0851", "Sign-in ends with MSAL70011",
        "Installer stops with 0xC0070643", "Installer stops with 0xC0070652", "Fault Q-7731 on the plotter",
        "Patch HF220417 cannot be removed", "Badge reader BR4410 blinks red", "Job ends with FILE_NOT_SAVED",
        "Settings of the TCP/IP stack", "Device 00:1B:44:11:3A:B7 is blocked",
    ]

    @Test(arguments: [
        Finding("DB2 0851", 1), Finding("db2-0815 again", 0), Finding("70011", 2), Finding("MSAL-70011", 2),
        Finding("C0070652", 4), Finding("(0XC0070643)", 3), Finding("Q7731", 5), Finding("q\u{2011}7731", 5),
        Finding("HF 220417", 6), Finding("220417", 6), Finding("BR-4410", 7), Finding("4410 blinking", 7),
        Finding("file not saved", 8), Finding("FILENOTSAVED", 8), Finding("tcpip", 9),
        Finding("001b44113ab7", 10),
    ])
    func `a code is found with and without hyphen, space and prefix`(_ finding: Finding) {
        expect(finding, among: Self.codes)
    }

    private static let versions = [
        "Viewer 4.3.8 closes", "Viewer 8.3.4 closes", "Viewer 3.4.8 closes", "Viewer 3.8.4 closes",
        "Agent 12.0.2 hangs", "Agent 2.0.12 hangs", "Gateway 10.4.7.31 is full", "Gateway 10.7.4.31 is full",
    ]

    @Test(
        arguments: Self.versions.enumerated().map { place, title in
            Finding(String(title.split(separator: " ")[1]), place)
        } + [
            Finding("viewer v8.3.4", 1), Finding("version 3.8.4 of the viewer closes", 3), Finding("12.0", 4),
            Finding("10.7.4", 7),
        ])
    func `a version is found before another order of its numbers`(_ finding: Finding) {
        expect(finding, among: Self.versions)
    }

    private static let spellings = [
        "Ruby 2.7.4 cannot load gems", "Ruby 4.7.2 cannot load gems", "Sign-in ends with MSAL65001",
        "Error 17 on the error display", "Error code list of the plotter", "Lamp fault L07",
        "Port of 3C:5A:B4:01:9F:E2 is closed", "Hotline +44 20 7946 0815 is silent",
    ]

    @Test(arguments: [
        Finding("ruby2.7.4", 0), Finding("rb4.7.2", 1), Finding("rel2.7.4", 0), Finding("ver4.7.2", 1),
        Finding("２.７.４", 0), Finding("ｒｕｂｙ ４．７．２", 1), Finding("error code: 65001", 2),
        Finding("got error code 65001 on the laptop", 2), Finding("ＭＳＡＬ６５００１", 2), Finding("L7", 5),
        Finding("3c5a.b401.9fe2", 6), Finding("3C-5A-B4-01-9F-E2", 6), Finding("+442079460815", 7),
        Finding("020 7946 0815", 7),
    ])
    func `a code is found glued to letters, in full width, and before the words around it`(_ finding: Finding)
    {
        expect(finding, among: Self.spellings)
    }

    private static let masked = [
        "intranet.lumen-works.example is closed at night", "Orders from shop@lumen-works.example are late",
        "The scales at 172.16.8.44 do not answer", "The scales at 172.16.44.8 do not answer",
        "Build 6.1.0.7 loses its licence", "Proposals in the forum", "Meeting rooms of the works",
    ]

    @Test(arguments: [
        Finding("intranet.lumen-works.example", 0),
        Finding("https://intranet.lumen-works.example/start?x=1", 0),
        Finding("Why can't I see INTRANET.Lumen-Works.example?", 0), Finding("shop@lumen-works.example", 1),
        Finding("nothing from shop@lumen-works.example since Monday", 1), Finding("172.16.44.8", 3),
        Finding("ping 172.16.8.44 fails", 2), Finding("6.1.0.7", 4),
    ])
    func `what is masked in a question finds the article that names it`(_ finding: Finding) {
        expect(finding, among: Self.masked)
    }

    @Test func `words of an address that was masked find nothing`() {
        let index = index(Self.masked)
        let plain = index.search(Ticket(body: "the rooms are late"), count: 7)
        for address in [
            "orders.forum@post.example", "meeting@lumen-works.example", "www.lumen-works.example",
            "https://forum.lumen-works.example/proposals",
        ] {
            #expect(
                index.search(Ticket(body: "the rooms are late \(address)"), count: 7) == plain, "\(address)")
        }
    }

    @Test func `text from a store is searched by what it has`() {
        let index = index(Self.masked)
        let stored = TicketText(stored: .init(subject: [], body: Array("ping [IP] fails".utf8)))
        let plain = index.search(Ticket(body: "ping fails"), count: 7)
        #expect(index.search(stored, count: 7).hits.map(\.score) == plain.hits.map(\.score))
    }

    private static let scripts = [
        "เปลี่ยนที่อยู่จัดส่งสินค้า", "ขอใบเสร็จรับเงินย้อนหลัง", "請求書を再発行する", "カメラが起動しない",
        "无法上传照片", "退款需要多长时间", "배송 주소를 바꾸고 싶어요", "영수증이 필요해요", "ປ່ຽນທີ່ຢູ່ຈັດສົ່ງ",
        "Lösung für größere Anhänge", "Réglage du siège arrière", "تغيير عنوان الشحن",
    ]

    @Test(arguments: [
        Finding("ที่อยู่", 0), Finding("อยากเปลี่ยนที่อยู่ครับ", 0), Finding("ใบเสร็จ", 1), Finding("請求書がほしい", 2),
        Finding("ｶﾒﾗの起動", 3), Finding("照片上传不了", 4), Finding("什么时候退款", 5), Finding("주소", 6),
        Finding("영수증을 받고 싶습니다", 7), Finding("ທີ່ຢູ່", 8), Finding("groessere Anhaenge", 9),
        Finding("loesung", 9), Finding("grossere", 9), Finding("reglage du siege", 10),
        Finding("ARRIÈRE", 10),
        Finding("عُنوان", 11),
    ])
    func `scripts without spaces, accents and umlauts are found as people type them`(_ finding: Finding) {
        expect(finding, among: Self.scripts)
    }

    @Test func `an action is searched, and counts less than a symptom`() {
        let index = SearchIndex(
            [
                Article(id: "1", title: "Scanner", recommendedAction: "Clean the glass plate."),
                Article(id: "2", title: "Scanner", symptoms: ["glass plate is dirty"]),
                Article(id: "3", title: "Scanner", recommendedAction: "Restart it."),
            ], embedding: nil, calibration: nil)
        #expect(index.search(Ticket(body: "glass plate"), count: 3).hits.map(\.article) == [1, 0, 2])
    }

    @Test func `long chains and runs cost no more than their length`() {
        let index = index(Self.codes)
        let clock = ContinuousClock()
        for part in ["a-", "1.", "a.b@", "ก", "字", "x_1", "1:"] {
            let times = [5_000, 20_000].map { count in
                let text = TicketText(
                    stored: .init(subject: [], body: Array(String(repeating: part, count: count).utf8)))
                return clock.measure { _ = index.search(text, count: 1) }
            }
            #expect(times[1] < times[0] * 12 + .milliseconds(50), "\(part): \(times)")
        }
    }
}
