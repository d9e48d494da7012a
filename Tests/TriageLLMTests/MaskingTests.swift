import Foundation
import ServerTestSupport
import Synchronization
import Testing
import TriageEngine
import TriageText

@testable import TriageLLM
import TriageTickets

/// A seeded generator of tickets with personal data planted in them.
private struct Planter {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    private mutating func pick(_ list: [String]) -> String { list[next(list.count)] }

    private mutating func digits(_ count: Int) -> String {
        (0..<count).map { _ in String(next(10)) }.joined()
    }

    /// A planted value and the part of it that would give it away.
    mutating func secret() -> (text: String, core: String) {
        let name = pick(["anna.schmidt", "jürgen_k", "b.o'neil", "x.y.z", "maria-teresa", "佐藤"])
        switch next(9) {
        case 0:
            let mail =
                "\(pick(["anna.schmidt", "j.k", "maria-teresa", "root"]))\(digits(3))@\(pick(["firma", "corp"]))\(digits(2)).example.org"
            return (mail, mail)
        case 1:
            let phone = "+49 \(next(800) + 100) \(digits(7))"
            return (phone, phone)
        case 2:
            let card = luhn("4" + digits(14))
            return (card, card)
        case 3:
            let iban = Planter.iban("DE", "37040044" + digits(10))
            return (iban, iban)
        case 4:
            let address = "10.\(next(250)).\(next(250)).\(next(249) + 1)"
            return (address, address)
        case 5:
            let mac = (0..<6).map { _ in String(format: "%02x", next(256)) }.joined(separator: ":")
            return (mac, mac)
        case 6:
            let url = "https://intern\(digits(4)).example.net/u/\(digits(5))?n=\(digits(2))"
            return (url, url)
        case 7:
            let word = "Zx9\(digits(6))q!"
            return ("password: \(word)", word)
        default:
            _ = name
            let key =
                "sk-live-" + (0..<32).map { _ in pick(["a", "b", "c", "3", "7", "9", "f", "e"]) }.joined()
            return (key, key)
        }
    }

    private func luhn(_ digits: String) -> String {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let value = digit.wholeNumberValue ?? 0
            let doubled = place % 2 == 0 ? value * 2 : value
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return digits + String((10 - sum % 10) % 10)
    }

    private static func iban(_ country: String, _ account: String) -> String {
        let letters = country.map { String(Int($0.asciiValue ?? 65) - 55) }.joined()
        let remainder = (account + letters + "00").reduce(0) { ($0 * 10 + ($1.wholeNumberValue ?? 0)) % 97 }
        return country + String(format: "%02d", 98 - remainder) + account
    }

    mutating func ticket(_ number: Int) -> (ticket: Ticket, cores: [String]) {
        let frames = [
            "Please help, I cannot log in any more, my details: %@. It worked yesterday.",
            "Seit heute kommt keine Rechnung mehr an. Bitte an %@ senden, danke.",
            "The export fails with an error.\n\nContact: %@\n\nWe need it for the audit.",
            "Bonjour, l'imprimante est bloquée (%@) depuis la mise à jour.",
            "Two charges on my account, see %@, please check both bookings.",
        ]
        var cores: [String] = []
        let parts = (0..<1 + next(3)).map { _ in
            let planted = secret()
            cores.append(planted.core)
            return planted.text
        }
        let body = String(format: pick(frames), parts.joined(separator: ", "))
        return (Ticket(id: "\(number)", subject: "Ticket \(number)", body: body), cores)
    }
}

struct MaskingTests {
    @Test func `of personal data planted in 1,000 tickets none leaves, in drafts, streams and LLM mode`()
        async throws
    {
        let snapshot = try starter.get()
        var planter = Planter(seed: 20_261_125)
        let tickets = (0..<1000).map { planter.ticket($0) }
        let masker = Masker()
        // What the masker claims to cover is what is asked of the client; nearly all that is planted must be among it.
        let covered = tickets.map { planted in
            let masked = masker.mask(planted.ticket.body).text.string
            return planted.cores.filter { !masked.contains($0) }
        }
        let planted = tickets.reduce(0) { $0 + $1.cores.count }
        #expect(Double(covered.reduce(0) { $0 + $1.count }) >= 0.99 * Double(planted))
        try await ScriptedServer.run({ request in
            request.object["stream"] as? Bool == true
                ? ScriptedServer.Act.stream(["Thank you. ", "We look at it."])
                : [.chat(#"{"category":"Login","severity":"Low"}"#)]
        }) { server in
            let client = try LLMClient.http(options(server))
            let (drafter, decider) = (Drafter(client), try LLMDecider(client, for: snapshot))
            for (number, planted) in tickets.enumerated() {
                let decision = await decider.decide(planted.ticket, with: snapshot).decision
                guard number % 5 == 0 else { continue }
                _ = await drafter.draft(snapshot.prepare(planted.ticket), decision, with: snapshot)
                _ = await drafter.draft(snapshot.prepare(planted.ticket), decision, with: snapshot) { _ in }
            }
            var (seen, kinds): (Set<Int>, Set<String>) = ([], [])
            for request in server.captured {
                let text = request.text
                let number = try #require(MaskingTests.number(in: text))
                seen.insert(number)
                kinds.formUnion(PlaceholderMap.placeholders(in: text))
                let leaked = covered[number].filter { text.contains($0) }
                #expect(leaked.isEmpty, "ticket \(number): \(leaked)")
            }
            #expect(seen.count == 1000 && server.captured.count >= 1400)
            #expect(kinds.isSuperset(of: ["[EMAIL_1]", "[SECRET_1]", "[IBAN_1]", "[PHONE_1]", "[URL_1]"]))
            await client.shutdown()
        }
    }

    /// The number that a prompt's ticket has in its subject.
    private static func number(in text: String) -> Int? {
        text.range(of: "Subject: Ticket ").map { text[$0.upperBound...].prefix { $0.isNumber } }.flatMap {
            Int($0)
        }
    }

    @Test func `equal data have equal numbers, and come back into the draft; secrets and cards do not`() {
        var book = PlaceholderMap()
        let masked = book.mask(
            "Mail a@example.org or b@example.org, again a@example.org, password: hunter2xyz, card 4111 1111 1111 1111."
        )
        #expect(masked.contains("[EMAIL_1] or [EMAIL_2], again [EMAIL_1]"))
        #expect(!masked.contains("hunter2xyz") && !masked.contains("4111"))
        #expect(
            book.restore("To [EMAIL_2] and [EMAIL_1]: [CARD_1]")
                == "To b@example.org and a@example.org: [CARD_1]")
        #expect(!book.hasUnknown(in: "[EMAIL_2] [CARD_1]") && book.hasUnknown(in: "[EMAIL_3]"))
    }

    @Test func `a placeholder that a ticket already has is not confused with one of ours`() {
        var book = PlaceholderMap()
        let masked = book.mask("[EMAIL_1] wrote to a@example.org")
        #expect(masked == "[EMAIL_1] wrote to [EMAIL_2]")
        #expect(book.restore(masked) == "[EMAIL_1] wrote to a@example.org")
    }

    @Test func `an address of the site's own article does not leave either, and comes back`() async throws {
        var book = PlaceholderMap()
        let text = PromptText.own(
            "See https://wiki.example.net/reset or write to desk@example.net.", &book, longest: 500)
        #expect(!text.contains("example.net"))
        #expect(book.restore("Use [URL_1].") == "Use https://wiki.example.net/reset.")
    }

    @Test func `what nobody sees and chat marks do not reach the prompt`() {
        var book = PlaceholderMap()
        let hidden = "a\u{200B}b \u{202E}c\u{E0041} d\u{0007} <|im_start|> [/INST] <START_OF_TURN>"
        let text = PromptText.masked(Array(("First line. " + hidden).utf8), &book, longest: 500)
        #expect(text.contains("ab c d"))
        #expect(
            !text.contains("<|im_start|>") && !text.contains("[/INST]") && !text.contains("<START_OF_TURN>"))
    }
}
