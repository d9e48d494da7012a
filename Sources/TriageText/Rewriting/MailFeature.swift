/// What a word of a mail can be a sign of.
///
/// No word decides alone: a form is recognised by several features together (`Boilerplate`, `MailSignature`,
/// `ReplyBoundary`).
struct MailFeature: OptionSet, Sendable {
    let rawValue: UInt64

    private init(bit: UInt64) { rawValue = 1 << bit }
    init(rawValue: UInt64) { self.rawValue = rawValue }

    // Legal notices.
    static let message = MailFeature(bit: 0)
    static let this = MailFeature(bit: 1)
    static let confidential = MailFeature(bit: 2)
    static let recipient = MailFeature(bit: 3)
    static let intended = MailFeature(bit: 4)
    static let mistake = MailFeature(bit: 5)
    static let notify = MailFeature(bit: 6)
    static let delete = MailFeature(bit: 7)
    static let prohibited = MailFeature(bit: 8)
    static let spread = MailFeature(bit: 9)
    static let liability = MailFeature(bit: 10)
    static let warranty = MailFeature(bit: 11)
    static let privacy = MailFeature(bit: 12)
    static let personalData = MailFeature(bit: 13)
    static let rights = MailFeature(bit: 14)
    static let register = MailFeature(bit: 15)
    static let seat = MailFeature(bit: 16)
    static let taxNumber = MailFeature(bit: 17)
    static let directors = MailFeature(bit: 18)
    static let copyright = MailFeature(bit: 19)

    // Banners and scanners.
    static let virus = MailFeature(bit: 20)
    static let checked = MailFeature(bit: 21)
    static let clean = MailFeature(bit: 22)
    static let scanner = MailFeature(bit: 23)
    static let caution = MailFeature(bit: 24)
    static let external = MailFeature(bit: 25)
    static let sender = MailFeature(bit: 26)
    static let link = MailFeature(bit: 27)
    static let click = MailFeature(bit: 28)
    static let prudence = MailFeature(bit: 29)
    static let organisation = MailFeature(bit: 30)
    static let phishing = MailFeature(bit: 31)
    static let report = MailFeature(bit: 32)
    static let button = MailFeature(bit: 33)
    static let often = MailFeature(bit: 34)
    static let important = MailFeature(bit: 35)

    // Footers.
    static let printing = MailFeature(bit: 36)
    static let environment = MailFeature(bit: 37)
    static let consider = MailFeature(bit: 38)
    static let before = MailFeature(bit: 39)
    static let unsubscribe = MailFeature(bit: 40)
    static let receive = MailFeature(bit: 41)
    static let list = MailFeature(bit: 42)
    static let because = MailFeature(bit: 43)
    static let automatic = MailFeature(bit: 44)
    static let reply = MailFeature(bit: 45)
    static let not = MailFeature(bit: 46)
    static let mailbox = MailFeature(bit: 47)
    static let service = MailFeature(bit: 48)
    static let promotion = MailFeature(bit: 49)
    static let above = MailFeature(bit: 50)
    static let line = MailFeature(bit: 51)

    // Invitations to calls.
    static let meeting = MailFeature(bit: 52)
    static let join = MailFeature(bit: 53)
    static let passcode = MailFeature(bit: 54)
    static let identifier = MailFeature(bit: 55)
    static let dialIn = MailFeature(bit: 56)

    // Mail programs.
    static let device = MailFeature(bit: 57)
    static let sent = MailFeature(bit: 58)
    static let get = MailFeature(bit: 59)

    // Against a form: the author speaks of himself, or wants something.
    static let firstPerson = MailFeature(bit: 60)
    static let request = MailFeature(bit: 61)
    /// The text is about a banner or a disclaimer.
    static let topic = MailFeature(bit: 62)
    static let attended = MailFeature(bit: 63)
}

/// What a line at the end of a mail can hold of its author.
struct SignatureFeature: OptionSet, Sendable {
    let rawValue: UInt64
    private init(bit: UInt64) { rawValue = 1 << bit }
    init(rawValue: UInt64) { self.rawValue = rawValue }

    static let title = SignatureFeature(bit: 0)
    static let organisation = SignatureFeature(bit: 1)
    static let company = SignatureFeature(bit: 2)
    static let phone = SignatureFeature(bit: 3)
    static let email = SignatureFeature(bit: 4)
    static let web = SignatureFeature(bit: 5)
    static let address = SignatureFeature(bit: 6)
    static let social = SignatureFeature(bit: 7)
    static let contactHours = SignatureFeature(bit: 8)
    static let name = SignatureFeature(bit: 9)
}
