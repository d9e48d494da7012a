import Testing
import TriageText

@testable import TriageEngine
import TriageTickets

/// The size limit counts cleaned text, and safety floors read what lies behind it.
struct SizeLimitTests {
    private static let filler = String(repeating: "invoice refund charged\n", count: 3_000)
    private static let style =
        "<html><head><style>" + String(repeating: "p.x{margin:0}\n", count: 8_000) + "</style></head>"

    private let preparation = TextPreparation()

    private func snapshot() throws -> Snapshot {
        let playbook = "floors:\n  - {id: fire, raise_to: High, any: [on fire]}\n"
        return Snapshot(
            model: Trained.model, policy: try Policy(playbook: Array(playbook.utf8), path: "p.yaml"))
    }

    @Test func `mark-up, pictures and invisible characters do not count`() {
        let picture =
            "<img src=\"data:image/png;base64," + String(repeating: "iVBORw0KGgo9", count: 20_000) + "\">"
        let hidden = String(repeating: "\u{200B}", count: 40_000)
        for markUp in [Self.style + "<body>", "<p>" + picture, "<p>" + hidden] {
            let text = preparation.prepare(Ticket(body: markUp + "<p>invoice refund charged</p>"))
            #expect(!text.wasCut && text.setAside.isEmpty)
            #expect(text.body.string.contains("invoice refund charged"))
            #expect(text.byteCount < 100)
        }
    }

    @Test(arguments: ["a", "é", "語", "🙂"])
    func `a field is cut at a character, and the offset leads to the original`(letter: String) throws {
        let body = "<p>x\(String(repeating: letter + "&amp;", count: 40_000))</p>"
        let text = preparation.prepare(Ticket(subject: "short", body: body))
        let limit = Ticket.maximumFieldBytes
        #expect(text.wasCut && text.cutOffset(of: "subject") == nil)
        #expect(text.body.bytes.count <= limit && text.body.bytes.count > limit - 4)
        #expect(String(validating: text.body.bytes, as: UTF8.self) != nil)
        #expect(text.unmasked.body == text.body.bytes)
        let offset = try #require(text.cutOffset(of: "body"))
        let end = text.body.bytes.count
        #expect(text.body.sourceRange(of: end - 1..<end).upperBound == offset)
        #expect(text.body.sourceCount == body.utf8.count)
    }

    @Test func `exactly the limit is not cut, and one byte more is`() {
        let whole = String(repeating: "a ", count: Ticket.maximumFieldBytes / 2)
        #expect(!preparation.prepare(Ticket(body: whole)).wasCut)
        #expect(preparation.prepare(Ticket(body: whole + "b")).cutOffset(of: "body") == whole.utf8.count)
        #expect(
            preparation.prepare(Ticket(subject: whole + "b", body: "x")).cutOffset(of: "subject")
                == whole.utf8.count)
    }

    @Test func `floors read the cleaned text behind the limit`() throws {
        let snapshot = try snapshot()
        for end in ["The rack is on fire", "<p>The rack is on <b>fi&shy;re</b></p>", "It is o\u{200B}n fire"]
        {
            let body = end.hasPrefix("<") ? "<p>\(Self.filler)</p>\(end)" : Self.filler + end
            let text = snapshot.prepare(Ticket(body: body))
            #expect(text.wasCut && text.floorsSetAside.map(\.id) == ["fire"])
            #expect(snapshot.decide(Ticket(body: body)).severity == "High")
        }
        #expect(snapshot.prepare(Ticket(body: Self.filler + "all is well")).floorsSetAside.isEmpty)
    }

    @Test func `a phrase across the limit or across two windows is found`() throws {
        let snapshot = try snapshot()
        for place in [1, 2] {
            for shift in 0..<9 {
                let count = place * Ticket.maximumFieldBytes - (place - 1) * 256 - shift
                let body =
                    String(repeating: "a ", count: count / 2) + (count % 2 == 1 ? "," : "") + "on fire "
                    + Self.filler
                let floors = snapshot.prepare(Ticket(body: body)).floorsSetAside.map(\.id)
                #expect(floors == ["fire"], "\(place) \(shift)")
            }
        }
    }

    @Test func `text that is too long to be cleaned counts as behind the limit`() throws {
        let snapshot = try snapshot()
        let data = String(repeating: "iVBORw0KGgo9", count: Ticket.maximumRawBytes / 12 + 1)
        let body =
            "<p>invoice refund</p><img src=\"data:image/png;base64,\(data)\">é<p>the rack is on fire</p>"
        let text = snapshot.prepare(Ticket(body: body))
        #expect(text.cutOffset(of: "body") == Ticket.maximumRawBytes)
        #expect(text.body.string.contains("invoice refund") && text.floorsSetAside.map(\.id) == ["fire"])
    }
}

extension TicketText {
    /// The byte of the original at which a field was cut; nil where it was not.
    fileprivate func cutOffset(of field: String) -> Int? {
        setAside.first { $0.field == field && $0.part.kind == .cut }?.part.range.lowerBound
    }
}
