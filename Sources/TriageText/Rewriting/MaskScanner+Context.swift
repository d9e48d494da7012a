/// What the words before a number say it is.
enum NumberContext {
    /// No word that helps.
    case none
    /// "Phone", "fax", "mobile": nearly any digits are a telephone number.
    case telephone
    /// "Call", "number", "reach": digits in the shape of a telephone number are one.
    case contact
    /// "Card", "Visa": digits with a check digit are a card.
    case card
    /// "Order", "ticket", "version": not a telephone number.
    case other
}

extension MaskScanner {
    private static let telephoneWords = KeywordSet(
        "phone phones telephone tel tel. mobile cell cellphone fax landline hotline whatsapp sms mob telefon "
            + "telefonnummer telefonnr handy handynummer mobil mobilnummer rufnummer durchwahl festnetz telefax "
            + "téléphone portable fixe teléfono móvil movil celular telefone telemóvel telefoon telefono cellulare "
            + "mobiltelefon puhelin puh telephones ph dial"
    )
    private static let contactWords = KeywordSet(
        "call called calling callback reach contact ring text number num no nr nummer numéro número numero anrufen "
            + "erreichbar erreichen appeler appelez joindre llamar llame llámame llámeme ligar ligue ring bel"
    )
    private static let cardWords = KeywordSet(
        "card cards cc creditcard credit debit visa mastercard amex maestro discover diners jcb pan kreditkarte karte "
            + "kartennummer carte tarjeta cartão cartao"
    )
    private static let otherWords = KeywordSet(
        "order ticket case invoice account serial id ids ref reference version build iban isbn imei sku part model po "
            + "tracking transaction error code line lines page amount total price pid process port size bytes seed "
            + "issue pr commit customer user userid row rows bestellung rechnung konto kundennummer vorgang commande "
            + "facture compte pedido factura cuenta fatura conta zip postal booking confirmation policy employee date"
    )
    private static let linkWords = KeywordSet(
        "is at on my me us the a or and to via under with it s i am m be can you your our his her their was sure home "
            + "work office new direct main private business ist unter auf mein meine der die das oder est le la au mon "
            + "es el mi en al é o meu para ao no pelo bei til på please bitte following here digits"
    )

    /// What the number at `index` is by the words before it, going back five words or 48 bytes at most.
    func numberContext(before index: Int) -> NumberContext {
        let limit = max(floor, index - 48)
        var end = index
        var context = NumberContext.none
        for _ in 0..<6 {
            guard let wordEnd = endOfWord(before: end, limit) else { return context }
            let start = text.skipBack(from: wordEnd, to: limit, while: ASCII.isWord)
            // A word cut by the limit, or one with digits, gives no context.
            if start == limit, limit > floor, ASCII.isWord(text[limit - 1]) { return context }
            let word = start..<wordEnd
            if text[word].contains(where: ASCII.isDigit) { return context }
            if Self.telephoneWords.contains(text, word) { return .telephone }
            if Self.cardWords.contains(text, word) { return .card }
            if Self.otherWords.contains(text, word) { return .other }
            if Self.contactWords.contains(text, word) {
                context = .contact
            } else if !Self.linkWords.contains(text, word) {
                return context
            }
            end = start
        }
        return context
    }

    /// The end of the word before `end` on the same line, or on the line before if that ends with a colon.
    private func endOfWord(before end: Int, _ limit: Int) -> Int? {
        var position = end
        var crossedLine = false
        while position > limit, !ASCII.isWord(text[position - 1]) {
            switch text[position - 1] {
            case ASCII.newline, ASCII.carriageReturn: crossedLine = true
            case ASCII.colon: crossedLine = false
            case ASCII.bang, ASCII.semicolon, ASCII.openBracket, ASCII.closeBracket: return nil
            case ASCII.question where crossedLine: return nil
            default: break
            }
            position -= 1
        }
        return position > limit && !crossedLine ? position : nil
    }
}
