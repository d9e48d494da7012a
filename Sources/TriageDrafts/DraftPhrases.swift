/// The sentences of a template draft in one language.
package struct DraftPhrases: Sendable {
    /// ISO 639-1.
    var language: String
    /// Its name in English, for a prompt.
    var name: String
    var greeting: String
    /// Thanks for the message.
    var thanks: String
    /// Before the ticket's summary, after the thanks.
    var understood: String
    /// Without an article: that the message was received, and who looks at it.
    var received: String
    var closing: String
    /// Before the ids of articles.
    var basedOn: String

    /// The phrases of a language; nil when it has none here.
    static func of(_ language: String?) -> DraftPhrases? { all.first { $0.language == language } }

    static let english = DraftPhrases(
        language: "en", name: "English", greeting: "Hello,",
        thanks: "Thank you for your message.", understood: "We understand:",
        received: "Your message has reached us, and a colleague looks at it in person.",
        closing:
            "If we have misunderstood something, simply reply to this message.\n\nKind regards\nYour service desk",
        basedOn: "Based on")

    private static let all = [
        english,
        DraftPhrases(
            language: "de", name: "German", greeting: "Guten Tag,",
            thanks: "vielen Dank für Ihre Nachricht.", understood: "Wir haben verstanden:",
            received:
                "Ihre Nachricht ist bei uns eingegangen; eine Kollegin oder ein Kollege sieht sie sich persönlich an.",
            closing:
                "Falls wir etwas falsch verstanden haben, antworten Sie einfach auf diese Nachricht.\n\n"
                + "Mit freundlichen Grüßen\nIhr Service Desk",
            basedOn: "Grundlage"),
        DraftPhrases(
            language: "fr", name: "French", greeting: "Bonjour,",
            thanks: "Merci pour votre message.", understood: "Voici ce que nous avons compris :",
            received: "Votre message nous est bien parvenu ; un collègue l'examine personnellement.",
            closing:
                "Si nous avons mal compris, répondez simplement à ce message.\n\nCordialement\nVotre centre de services",
            basedOn: "Source"),
        DraftPhrases(
            language: "es", name: "Spanish", greeting: "Buenos días:",
            thanks: "Gracias por su mensaje.", understood: "Hemos entendido lo siguiente:",
            received: "Hemos recibido su mensaje y una persona del equipo lo revisa personalmente.",
            closing:
                "Si hemos entendido algo mal, responda simplemente a este mensaje.\n\nUn saludo\nSu centro de servicio",
            basedOn: "Fuente"),
        DraftPhrases(
            language: "it", name: "Italian", greeting: "Buongiorno,",
            thanks: "grazie per il Suo messaggio.", understood: "Abbiamo capito quanto segue:",
            received: "Il Suo messaggio ci è arrivato; lo esamina personalmente un collega.",
            closing:
                "Se abbiamo frainteso qualcosa, basta rispondere a questo messaggio.\n\nCordiali saluti\nIl Suo service desk",
            basedOn: "Fonte"),
        DraftPhrases(
            language: "pt", name: "Portuguese", greeting: "Bom dia,",
            thanks: "Obrigado pela sua mensagem.", understood: "Entendemos o seguinte:",
            received: "Recebemos a sua mensagem e um colega irá analisá-la pessoalmente.",
            closing:
                "Se entendemos algo mal, basta responder a esta mensagem.\n\nCom os melhores cumprimentos\n"
                + "O seu centro de serviços",
            basedOn: "Fonte"),
        DraftPhrases(
            language: "nl", name: "Dutch", greeting: "Goedendag,",
            thanks: "Bedankt voor uw bericht.", understood: "Wij hebben begrepen:",
            received: "Uw bericht is bij ons binnengekomen; een collega bekijkt het persoonlijk.",
            closing:
                "Hebben wij iets verkeerd begrepen, antwoord dan gewoon op dit bericht.\n\nMet vriendelijke groet\n"
                + "Uw servicedesk",
            basedOn: "Bron"),
        DraftPhrases(
            language: "pl", name: "Polish", greeting: "Dzień dobry,",
            thanks: "dziękujemy za wiadomość.", understood: "Zrozumieliśmy, co następuje:",
            received: "Państwa wiadomość do nas dotarła; zajmie się nią osobiście nasz pracownik.",
            closing:
                "Jeśli coś źle zrozumieliśmy, wystarczy odpowiedzieć na tę wiadomość.\n\nZ poważaniem\nPaństwa service desk",
            basedOn: "Źródło"),
    ]

    /// The English name of a language that a model may be asked to write in; nil when it is not known here.
    package static func name(of language: String) -> String? {
        all.first { $0.language == language }?.name ?? others[language]
    }

    private static let others = [
        "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "el": "Greek",
        "et": "Estonian", "fi": "Finnish", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
        "id": "Indonesian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
        "nb": "Norwegian",
        "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian",
        "sv": "Swedish",
        "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
    ]
}
