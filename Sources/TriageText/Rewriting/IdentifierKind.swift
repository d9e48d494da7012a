/// A kind of identifier that is masked, and measured, under its own name.
package enum IdentifierKind: String, CaseIterable, Sendable {
    /// An e-mail address.
    case email
    /// A telephone number, with its extension.
    case phone
    /// A payment card number of 12 to 19 digits that passes the Luhn check.
    case card
    /// An international bank account number that passes its check digits.
    case iban
    /// An IPv4 or IPv6 address.
    case ip
    /// A hardware address of six or eight bytes.
    case mac
    /// A web address or host name, whole; without this kind only credentials inside it are masked.
    case url
    /// A password, key, token or private key.
    case secret
    /// A word or phrase of the site's own deny list.
    case denied

    /// Its replacement in the text.
    package var placeholder: StaticString {
        switch self {
        case .email: "[EMAIL]"
        case .phone: "[PHONE]"
        case .card: "[CARD]"
        case .iban: "[IBAN]"
        case .ip: "[IP]"
        case .mac: "[MAC]"
        case .url: "[URL]"
        case .secret: "[SECRET]"
        case .denied: "[REDACTED]"
        }
    }

    /// The bit of this kind in a mask of kinds.
    var bit: UInt16 {
        switch self {
        case .email: 1
        case .phone: 2
        case .card: 4
        case .iban: 8
        case .ip: 16
        case .mac: 32
        case .url: 64
        case .secret: 128
        case .denied: 256
        }
    }

    /// The ranges of masked text in which a placeholder stands, in order.
    package static func placeholders(in text: [UInt8]) -> [Range<Int>] {
        text.indices.compactMap { start in endOfPlaceholder(in: text, at: start).map { start..<$0 } }
    }

    /// The end of the placeholder that starts at `index`, or nil if none does.
    static func endOfPlaceholder(in text: [UInt8], at index: Int) -> Int? {
        guard text.peek(index) == ASCII.openBracket, ASCII.isUpper(text.peek(index + 1)) else { return nil }
        for kind in allCases {
            let placeholder = kind.placeholder
            let end = index + placeholder.utf8CodeUnitCount
            guard end <= text.count else { continue }
            let matches = placeholder.withUTF8Buffer { $0.elementsEqual(text[index..<end]) }
            if matches { return end }
        }
        return nil
    }
}

/// A found identifier: its kind and its place.
package struct IdentifierSpan: Sendable, Equatable {
    /// What was found.
    package var kind: IdentifierKind
    /// The half-open byte range in the text that was searched.
    package var range: Range<Int>

    /// Names a found range.
    package init(kind: IdentifierKind, range: Range<Int>) {
        self.kind = kind
        self.range = range
    }
}
