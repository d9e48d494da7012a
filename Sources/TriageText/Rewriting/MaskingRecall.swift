/// How many identifiers of one kind the masker finds, in sentences of tickets that the program makes itself.
///
/// The identifiers have valid check digits and the usual spellings, and are the same at each run. They are easier than those
/// of real tickets, so the figures are an upper bound; they show that masking works as built and set.
package struct MaskingRecall: Sendable {
    package let kind: IdentifierKind
    package let found: Int
    package let count: Int

    package var share: Double { count == 0 ? 1 : Double(found) / Double(count) }

    /// The recall of every kind that has a form of its own: all but the site's own words.
    package static func measured(with masker: Masker = Masker()) -> [MaskingRecall] {
        SyntheticIdentifiers.kinds.map { kind in
            let texts = SyntheticIdentifiers.sentences(of: kind)
            let found = texts.count { masker.hides($0.identifier, in: $0.text) }
            return MaskingRecall(kind: kind, found: found, count: texts.count)
        }
    }
}

extension Masker {
    /// Whether no character of an identifier is left where it was in a text.
    fileprivate func hides(_ identifier: Range<Int>, in text: [UInt8]) -> Bool {
        let spans = mask(text).spans.map(\.range)
        return identifier.allSatisfy { place in spans.contains { $0.contains(place) } }
    }
}

/// Identifiers of each kind in sentences, made without chance.
enum SyntheticIdentifiers {
    static let kinds: [IdentifierKind] = [.email, .phone, .card, .iban, .ip, .mac, .url, .secret]
    private static let count = 120

    /// What stands around an identifier.
    private static let frames = [
        ("My account does not work, please write to ", " today."), ("Bitte melden Sie sich: ", ""),
        ("", " is what the form shows"), ("It failed again (", "), see above."),
        ("Merci de vérifier ", " avant lundi."), ("Details:\n", "\nThanks"),
    ]

    /// Sentences with the place of the identifier in each.
    static func sentences(of kind: IdentifierKind) -> [(text: [UInt8], identifier: Range<Int>)] {
        (0..<count).map { number in
            let frame = frames[number % frames.count]
            let (before, value, after) = identifier(kind, number)
            let start = frame.0.utf8.count + before.utf8.count
            let text = frame.0 + before + value + after + frame.1
            return (Array(text.utf8), start..<start + value.utf8.count)
        }
    }

    /// An identifier and the words that belong to it.
    private static func identifier(_ kind: IdentifierKind, _ number: Int) -> (String, String, String) {
        switch kind {
        case .email: ("", email(number), "")
        case .phone: (["", "Tel. ", "phone ", "call "][number % 4], phone(number), "")
        case .card: ("card ", card(number), "")
        case .iban: ("IBAN ", iban(number), "")
        case .ip: ("", number.isMultiple(of: 3) ? ipv6(number) : ipv4(number), "")
        case .mac: ("", mac(number), "")
        case .url: ("", url(number), "")
        case .secret: secret(number)
        case .denied: ("", "", "")
        }
    }

    /// Digits that look like chance and are the same at each run: a linear congruence.
    private static func digits(_ count: Int, _ seed: Int) -> String {
        var state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return String(state >> 33 % 10)
        }.joined()
    }

    private static func hexadecimal(_ count: Int, _ seed: Int) -> [String] {
        (0..<count).map { place in
            let value = Int(digits(3, seed * 31 + place)) ?? 0
            return (value % 256 < 16 ? "0" : "") + String(value % 256, radix: 16)
        }
    }

    private static let names = ["anna.berg", "jan_visser", "m.garcia", "lee-ann", "support", "o.hara2"]
    private static let hosts = ["example.com", "desk.example.org", "firma-nord.de", "mail.example.co.uk"]

    private static func email(_ number: Int) -> String {
        "\(names[number % names.count])\(number)@\(hosts[number % hosts.count])"
    }

    private static func phone(_ number: Int) -> String {
        let digits = Array(digits(9, number)).map(String.init)
        func part(_ range: Range<Int>) -> String { digits[range].joined() }
        switch number % 5 {
        case 0: return "+49 30 \(part(0..<4)) \(part(4..<7))"
        case 1: return "+1 (212) 555-0\(part(0..<3))"
        case 2: return "+33 1 \(part(0..<2)) \(part(2..<4)) \(part(4..<6)) \(part(6..<8))"
        case 3: return "+44 20 7946 0\(part(0..<3))"
        default: return "+34 91\(part(0..<7))"
        }
    }

    /// 16 digits that pass the Luhn check, in groups or not.
    private static func card(_ number: Int) -> String {
        let body = ["4", "51", "55", "6011"][number % 4]
        let open = body + digits(15 - body.count, number)
        var sum = 0
        for (place, digit) in open.reversed().enumerated() {
            let value = (digit.wholeNumberValue ?? 0) * (place.isMultiple(of: 2) ? 2 : 1)
            sum += value > 9 ? value - 9 : value
        }
        return grouped(open + String((10 - sum % 10) % 10), by: ["", " ", "-"][number % 3])
    }

    private static func grouped(_ text: String, by separator: String) -> String {
        stride(from: 0, to: text.count, by: 4).map { text.dropFirst($0).prefix(4) }.joined(
            separator: separator)
    }

    /// A country's form of an account number, with its check digits (ISO 7064, modulo 97).
    private static func iban(_ number: Int) -> String {
        let forms = [("DE", 18, ""), ("NL", 10, "ABNA"), ("ES", 20, ""), ("GB", 14, "NWBK"), ("AT", 16, "")]
        let (country, count, bank) = forms[number % forms.count]
        let account = bank + digits(count, number)
        let rest = (account + country + "00").reduce(0) { rest, character in
            let value = character.wholeNumberValue ?? Int(character.asciiValue ?? 0) - 55
            return (rest * (value > 9 ? 100 : 10) + value) % 97
        }
        let check = 98 - rest
        let text = country + (check < 10 ? "0" : "") + String(check) + account
        return grouped(text, by: number.isMultiple(of: 2) ? " " : "")
    }

    private static func ipv4(_ number: Int) -> String {
        let parts = (0..<3).map { (Int(digits(3, number * 7 + $0)) ?? 0) % 255 }
        return ([10 + number % 200] + parts).map(String.init).joined(separator: ".")
    }

    private static func ipv6(_ number: Int) -> String {
        let bytes = hexadecimal(8, number)
        let groups = stride(from: 0, to: 8, by: 2).map { bytes[$0] + bytes[$0 + 1] }
        return number.isMultiple(of: 2)
            ? "2001:db8:" + groups.joined(separator: ":") + ":0:1"
            : "2001:db8::" + groups[0] + ":" + groups[1]
    }

    private static func mac(_ number: Int) -> String {
        let bytes = hexadecimal(6, number)
        return number % 3 == 2
            ? stride(from: 0, to: 6, by: 2).map { bytes[$0] + bytes[$0 + 1] }.joined(separator: ".")
            : bytes.joined(separator: number.isMultiple(of: 3) ? ":" : "-")
    }

    private static func url(_ number: Int) -> String {
        let host = hosts[number % hosts.count]
        switch number % 3 {
        case 0: return "https://\(host)/orders/\(digits(6, number))?user=\(number)"
        case 1: return "www.\(host)"
        default: return "http://app.\(host):8080/login"
        }
    }

    private static func secret(_ number: Int) -> (String, String, String) {
        let token = hexadecimal(16, number).joined()
        switch number % 4 {
        case 0: return ("my password is ", "Sommer\(digits(4, number))!x", "")
        case 1: return ("password: ", "kT\(digits(5, number))#q", "")
        case 2: return ("Authorization: Bearer ", token, "")
        default: return ("api_key=", "sk_live_\(token)", "")
        }
    }
}
