import Testing

@testable import TriageLLM

struct ClaimCheckerTests {
    private static let ticket =
        "I was charged 588.00 EUR twice on 3 November for order 4711. Please answer by Friday. Version 3.5.2, 1.234,50 € in all."
    private static let article =
        "KB-121 Refund a booked duplicate the same day. The bank releases it within 3 to 10 days, card 5 to 10 working "
        + "days. Two colleagues check it within one hour. A discount of 15 % is possible. See portal.example.net."
    private let checker = ClaimChecker(sources: [ticket, article])

    @Test(arguments: [
        "Hello, we refund the duplicate of 588 EUR to your card.",
        "Guten Tag, wir erstatten die 588,00 € zurück.",
        "Sie erhalten den Betrag in 5 bis 10 Arbeitstagen.", "Order 4711 (KB-121) was charged on 3 November.",
        "La banque libère le montant sous 3 à 10 jours.", "We answer by Friday.",
        "Wir antworten bis Freitag.",
        "1. Check the order.\n2. Refund it.\n3. Tell the customer.", "It is 1,234.50 EUR in all.", "€588.00",
        "Es sind 1 234,50 EUR.", "You have version 3.5.2.", "Within one hour two colleagues check it.",
        "Innerhalb einer Stunde prüfen es zwei Kollegen.", "A discount of 15% is possible.",
        "See portal.example.net.",
        "One of us looks at it; have a nice day!", "Guten Morgen, wir kümmern uns darum.",
        "We may need more details.",
        "I feel free to say: e.g. z.B. this works.", "５８８ ＥＵＲ",
        "Wir haben Ihre Nachricht erhalten und melden uns.",
        "Nous avons bien reçu votre message.", "Recibimos su mensaje y lo estamos revisando.",
        "ご連絡ありがとうございます。確認いたします。", "感谢您的来信，我们会尽快查看。", "Bestellung 4711: 588,- EUR.",
    ])
    func `what the sources say may be said, in other words and formats`(reply: String) {
        #expect(checker.claim(in: reply) == nil)
    }

    @Test(arguments: [
        ("We refund 589 EUR.", "amount"), ("We refund 588 USD.", "amount"), ("We refund 588k EUR.", "amount"),
        ("We refund 5.880,00 EUR.", "amount"), ("Wir erstatten 58,80 €.", "amount"),
        ("You get it in 4 days.", "amount"), ("You get it within 3 hours.", "amount"),
        ("You get it within two hours.", "amount"), ("Sie erhalten es binnen zwei Tagen.", "amount"),
        ("Sie erhalten es in fünfundzwanzig Tagen.", "amount"), ("We pay five hundred euros.", "amount"),
        ("Wir zahlen fünfhundert Euro.", "amount"), ("Vous l'aurez sous deux semaines.", "amount"),
        ("Lo tendrá en dos semanas.", "amount"), ("Entro due ore è risolto.", "amount"),
        ("It is done within a week.", "amount"), ("In einer Woche ist es erledigt.", "amount"),
        ("A discount of 20 %.", "amount"), ("Half a month at most.", "amount"), ("12 % off", "amount"),
        ("お支払いは5000円です。", "amount"), ("三天 5天内", "amount"), ("سنحول ٥٠٠ دولار", "amount"),
        ("Order 4712 is fine.", "number"), ("Version 3.5.3 mends it.", "number"), ("Call 112.", "number"),
        ("On 04.11.2026.", "number"), ("2026-11-30", "number"), ("at 17:30", "number"),
        ("x²⁹ things", "number"),
        ("𝟵𝟬𝟬 things", "number"), ("１２３４ things", "number"), ("①⑦ things", "number"),
        ("1. First.\n2. Then.\n7. Seventh.", "number"), ("7. Seventh first.", "number"),
        ("We answer on Monday.", "date"), ("Wir antworten bis Dienstag.", "date"), ("Réponse lundi.", "date"),
        ("We answer tomorrow.", "date"), ("Wir lösen es morgen.", "date"), ("Mañana lo resolvemos.", "date"),
        ("It is done by end of day.", "date"), ("Next week it works.", "date"), ("in December", "date"),
        ("Done by May.", "date"), ("明日対応します", "date"), ("Ответим завтра.", "date"), ("aujourd'hui", "date"),
        ("We guarantee it.", "promise"), ("It is free of charge.", "promise"),
        ("Sie erhalten einen Gutschein.", "promise"),
        ("Wir entschädigen Sie.", "promise"), ("Das ist kostenlos.", "promise"),
        ("Nous vous indemnisons.", "promise"),
        ("We waive the fee.", "promise"), ("We accept liability.", "promise"), ("È gratuito.", "promise"),
        ("Daremos una compensación: le indemnizamos.", "promise"), ("無料です", "promise"), ("免费", "promise"),
    ])
    func `amounts, numbers, days and promises of its own are refused`(reply: String, claim: String) {
        #expect(checker.claim(in: reply)?.rawValue == claim)
    }

    @Test(arguments: [
        ("See https://example.com/x", "link"), ("See http://portal.example.net/login", "link"),
        ("www.evil.com", "link"),
        ("Go to evil.com now", "link"), ("evil.com/pay", "link"), ("EVIL.COM", "link"),
        ("ev\u{200B}il.com", "link"),
        ("ｅｖｉｌ．ｃｏｍ", "link"), ("evil。com", "link"), ("hxxp evil", "link"), ("evil[.]com", "link"),
        ("evil dot com", "link"), ("javascript:alert()", "link"), ("mailto:help", "link"),
        ("portal.example.net.evil.com", "link"),
        ("\\\\server\\share", "link"), ("пример.рф", "link"), ("bücher.de", "link"),
        ("localhost:8080/x", "link"),
        ("write to help@evil.com", "address"), ("help＠evil．com", "address"),
        ("call +49 30 901820", "address"),
        ("[here](x)", "markup"), ("![logo](x)", "markup"), ("<b>Hi</b>", "markup"), ("<a href=x>", "markup"),
        ("[1]: x", "markup"), ("[x][1]", "markup"), ("<!-- -->", "markup"),
        ("card 4111 1111 1111 1111", "identifier"),
        ("DE89 3704 0044 0532 0130 00", "identifier"), ("server 10.20.30.40", "identifier"),
    ])
    func `links, addresses, markup and identifiers of its own are refused, however they are dressed`(
        reply: String, claim: String
    ) {
        let found = checker.claim(in: reply)?.rawValue
        #expect(found != nil)
        // A port or a call by number may be named first for another of its faults.
        if !["localhost:8080/x", "call +49 30 901820"].contains(reply) { #expect(found == claim) }
    }
}
