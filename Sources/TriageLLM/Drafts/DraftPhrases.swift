/// The sentences of a template draft in one language.
struct DraftPhrases: Sendable {
    /// ISO 639-1.
    var language: String
    /// Its name in English, for a prompt.
    var name: String
    var greeting: String
    var understood: String
    /// Before the steps of an article.
    var steps: String
    /// Before an article's action, when it has no steps.
    var action: String
    var next: String
    /// When no article answers.
    var noArticle: String
    var closing: String
    /// Before the ids of articles.
    var basedOn: String

    /// The phrases of a language; English when it has none here.
    static func of(_ language: String?) -> DraftPhrases {
        all.first { $0.language == language } ?? english
    }

    private static let english = DraftPhrases(
        language: "en", name: "English", greeting: "Hello,",
        understood: "Thank you for your message. We understand:",
        steps: "This is how we handle it:", action: "What we do about it:", next: "What happens next:",
        noArticle:
            "This is not a problem we have a ready answer for, so a colleague looks at it in person.",
        closing:
            "If we have misunderstood something, simply reply to this message.\n\nKind regards\nYour service desk",
        basedOn: "Based on")

    private static let all = [
        english,
        DraftPhrases(
            language: "de", name: "German", greeting: "Guten Tag,",
            understood: "vielen Dank für Ihre Nachricht. Wir haben verstanden:", steps: "So gehen wir vor:",
            action: "Das tun wir:", next: "Wie es weitergeht:",
            noArticle:
                "Für dieses Anliegen haben wir noch keine fertige Antwort; eine Kollegin oder ein Kollege sieht es sich "
                + "persönlich an.",
            closing:
                "Falls wir etwas falsch verstanden haben, antworten Sie einfach auf diese Nachricht.\n\n"
                + "Mit freundlichen Grüßen\nIhr Service Desk",
            basedOn: "Grundlage"),
        DraftPhrases(
            language: "fr", name: "French", greeting: "Bonjour,",
            understood: "Merci pour votre message. Voici ce que nous avons compris :",
            steps: "Voici comment nous procédons :", action: "Voici ce que nous faisons :",
            next: "La suite :",
            noArticle:
                "Nous n'avons pas encore de réponse toute prête à cette demande ; un collègue l'examine personnellement.",
            closing:
                "Si nous avons mal compris, répondez simplement à ce message.\n\nCordialement\nVotre centre de services",
            basedOn: "Source"),
        DraftPhrases(
            language: "es", name: "Spanish", greeting: "Buenos días:",
            understood: "Gracias por su mensaje. Hemos entendido lo siguiente:", steps: "Así procedemos:",
            action: "Lo que hacemos:", next: "Siguiente paso:",
            noArticle:
                "Todavía no tenemos una respuesta preparada para este asunto; una persona del equipo lo revisa.",
            closing:
                "Si hemos entendido algo mal, responda simplemente a este mensaje.\n\nUn saludo\nSu centro de servicio",
            basedOn: "Fuente"),
        DraftPhrases(
            language: "it", name: "Italian", greeting: "Buongiorno,",
            understood: "grazie per il Suo messaggio. Abbiamo capito quanto segue:",
            steps: "Ecco come procediamo:",
            action: "Ecco cosa facciamo:", next: "Il prossimo passo:",
            noArticle:
                "Per questa richiesta non abbiamo ancora una risposta pronta; la esamina personalmente un collega.",
            closing:
                "Se abbiamo frainteso qualcosa, basta rispondere a questo messaggio.\n\nCordiali saluti\nIl Suo service desk",
            basedOn: "Fonte"),
        DraftPhrases(
            language: "pt", name: "Portuguese", greeting: "Bom dia,",
            understood: "Obrigado pela sua mensagem. Entendemos o seguinte:",
            steps: "É assim que procedemos:",
            action: "O que fazemos:", next: "O próximo passo:",
            noArticle:
                "Ainda não temos uma resposta pronta para este assunto; um colega irá analisá-lo pessoalmente.",
            closing:
                "Se entendemos algo mal, basta responder a esta mensagem.\n\nCom os melhores cumprimentos\n"
                + "O seu centro de serviços",
            basedOn: "Fonte"),
        DraftPhrases(
            language: "nl", name: "Dutch", greeting: "Goedendag,",
            understood: "Bedankt voor uw bericht. Wij hebben begrepen:", steps: "Zo pakken wij het aan:",
            action: "Dit doen wij:", next: "Hoe het verder gaat:",
            noArticle:
                "Voor deze vraag hebben wij nog geen kant-en-klaar antwoord; een collega bekijkt het persoonlijk.",
            closing:
                "Hebben wij iets verkeerd begrepen, antwoord dan gewoon op dit bericht.\n\nMet vriendelijke groet\n"
                + "Uw servicedesk",
            basedOn: "Bron"),
        DraftPhrases(
            language: "pl", name: "Polish", greeting: "Dzień dobry,",
            understood: "dziękujemy za wiadomość. Zrozumieliśmy, co następuje:", steps: "Tak postępujemy:",
            action: "Co robimy:", next: "Co dalej:",
            noArticle:
                "Nie mamy jeszcze gotowej odpowiedzi na to zgłoszenie; zajmie się nim osobiście nasz pracownik.",
            closing:
                "Jeśli coś źle zrozumieliśmy, wystarczy odpowiedzieć na tę wiadomość.\n\nZ poważaniem\nPaństwa service desk",
            basedOn: "Źródło"),
    ]

    /// The English name of a language that a model may be asked to write in; nil when it is not known here.
    static func name(of language: String) -> String? {
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
