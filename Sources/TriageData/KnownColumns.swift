/// The names that help desks and their exports give to the columns of a ticket, in the order of preference.
///
/// Names are compared by `key`. The first names of each list are the product's own; the others are those of Jira,
/// ServiceNow, Zendesk, Freshdesk, OTRS, osTicket, GLPI, Redmine, GitHub, Zammad, Request Tracker, iTop and others, in
/// their usual languages. Notes and comments of agents are not text of a ticket: they hold its answer.
package struct KnownColumns: Sendable {
    private let ranks: [String: Int]
    private let prefixes: [String]
    /// Whether a name that is not listed has the general form.
    private let isGeneral: (@Sendable (String) -> Bool)?

    init(_ names: [String], prefixes: [String], isGeneral: (@Sendable (String) -> Bool)? = nil) {
        let keys = names.enumerated().flatMap { place, name in
            NameFolding.forms(KnownColumns.base(name)).map { (KnownColumns.letters($0), place) }
        }
        ranks = Dictionary(keys) { first, _ in first }
        (self.prefixes, self.isGeneral) = (prefixes.map(KnownColumns.key), isGeneral)
    }

    /// The place of a name in the order of preference, smaller for a better one; nil for one that is not known.
    ///
    /// A known name behind a word such as "Ticket" or "Case" is known too, but comes after all others; then one before
    /// brackets or a word for its form, such as "(Details)" or "HTML"; at last the general form.
    package func rank(_ name: String) -> Int? {
        let key = KnownColumns.key(name)
        if let rank = listedRank(key) { return rank }
        if let half = NameFolding.half(name), let rank = listedRank(KnownColumns.key(String(half))) {
            return rank
        }
        let levels = [
            NameFolding.withoutBrackets(name), isGeneral == nil ? KnownColumns.withoutForm(name) : nil,
        ]
        for (level, shorter) in levels.enumerated() {
            guard let shorter, let rank = listedRank(KnownColumns.key(shorter)) else { continue }
            return (level + 2) * ranks.count + rank
        }
        guard let isGeneral else { return nil }
        return isGeneral(name) ? 4 * ranks.count : TicketNumberNames.isBare(name) ? 5 * ranks.count : nil
    }

    private func listedRank(_ key: String) -> Int? {
        if let rank = ranks[key] { return rank }
        for prefix in prefixes where key.hasPrefix(prefix) {
            if let rank = ranks[String(key.dropFirst(prefix.count))] { return ranks.count + rank }
        }
        return nil
    }

    /// Words at a name's end for the form or language of its text.
    private static let textForms: Set<String> = [
        "html", "plain", "plaintext", "text", "raw", "long", "full", "en", "de", "fr", "es", "it", "nl", "pt",
    ]

    private static func withoutForm(_ name: String) -> String? {
        let words = NameFolding.words(name)
        guard words.count > 1, let last = words.last, textForms.contains(last) else { return nil }
        return words.dropLast().joined(separator: " ")
    }

    /// The known ones among names, the best first; equal ones stay in their order.
    package func found(among names: [String]) -> [String] {
        names.enumerated().compactMap { place, name in rank(name).map { (rank: $0, place: place, name: name) }
        }
        .sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.name)
    }

    /// A name as it is compared: letters, digits and # alone, without case, accents and width, without a type such as
    /// "[txt]" at its end, or a number such as "(2)", which `RowReader` gives to repeated names.
    package static func key(_ name: String) -> String { letters(NameFolding.folded(base(name))) }

    private static func base(_ name: String) -> String {
        var name = name[...]
        for (open, close) in [("[", "]"), ("(", ")")] as [(Character, Character)] where name.last == close {
            guard let bracket = name.lastIndex(of: open), bracket > name.startIndex else { continue }
            let inside = name[name.index(after: bracket)...].dropLast()
            if open == "[" || inside.allSatisfy(\.isNumber) { name = name[..<bracket] }
        }
        return String(name)
    }

    private static func letters(_ name: String) -> String {
        name.filter { $0.isLetter || $0.isNumber || $0 == "#" }
    }

    /// The one of `names` that is `name`: the same, or the same but for case, or the same by `key`; nil for none.
    package static func match(_ name: String, among names: [String]) -> String? {
        if names.contains(name) { return name }
        let (lowercased, wanted) = (name.lowercased(), key(name))
        return names.first { $0.lowercased() == lowercased }
            ?? (wanted.isEmpty ? nil : names.first { key($0) == wanted })
    }

    /// Whether a column of this name holds text of a ticket.
    package static func isText(_ name: String) -> Bool {
        [subject, body, comment].contains { $0.rank(name) != nil }
    }

    /// The names of a ticket's parts in JSON, which are the product's own.
    package static let contract = ["subject", "body", "text", "description"]

    static let objects = [
        "ticket", "issue", "case", "incident", "request", "bug", "task", "call", "vorgangs", "vorgang",
        "fall",
        "anfrage",
        "störungs", "fields",
    ]

    /// The headline.
    package static let subject = KnownColumns(
        [
            "subject", "summary", "title", "short description", "brief description", "headline",
            "subject line", "raw subject", "short desc", "ticket name", "issue name", "card name",
            "request name", "summary description",
            // German, French, Spanish, Italian, Portuguese
            "Betreff", "Betreffzeile", "Titel", "Thema", "Kurzbeschreibung", "Zusammenfassung", "Überschrift",
            "Objet", "Titre", "Sujet", "Intitulé", "Libellé", "Résumé", "Asunto", "Título", "Titulo",
            "Resumen",
            "Oggetto",
            "Titolo", "Riepilogo", "Assunto", "Resumo",
            // Dutch, Swedish, Danish, Norwegian, Finnish
            "Onderwerp", "Korte omschrijving", "Samenvatting", "Ämne", "Rubrik", "Emne", "Tittel", "Aihe",
            "Otsikko",
            // Polish, Czech, Slovak, Hungarian, Romanian, Turkish, Greek
            "Temat", "Tytuł", "Předmět", "Predmet", "Název", "Tárgy", "Subiect", "Titlu", "Konu", "Başlık",
            "Θέμα",
            "Τίτλος",
            // Russian, Ukrainian, Japanese, Chinese, Korean, Arabic, Hebrew
            "Тема", "Заголовок", "Название", "件名", "タイトル", "題名", "主题", "主題", "标题", "標題", "제목",
            "الموضوع", "العنوان", "נושא",
        ],
        prefixes: objects + ["customer", "user", "original", "article", "mail", "email", "message"])

    /// The text.
    package static let body = KnownColumns(
        [
            "body", "text", "description", "ticket text", "ticket description", "ticket body",
            "long description",
            "detailed description", "full description", "detailed decription", "problem description",
            "description text", "plain body", "body plain", "body text", "text body", "message",
            "message body",
            "message text", "content", "contents", "details", "detail", "full text", "question", "inquiry",
            "enquiry", "complaint", "consumer complaint narrative", "narrative", "first message",
            "initial message", "problem statement", "document", "feedback", "symptom", "symptoms",
            "utterance", "request details", "initial description", "request", "card description",
            // German
            "Beschreibung", "Nachricht", "Nachrichtentext", "Inhalt", "Tickettext", "Problembeschreibung",
            "Fehlerbeschreibung", "Langbeschreibung", "Detailbeschreibung", "Ausführliche Beschreibung",
            "Meldungstext", "Anfragetext", "Störungsbeschreibung", "Sachverhalt", "Anfrage", "Meldung",
            "Anliegen", "Langtext",
            // French, Spanish, Italian, Portuguese; "description", "message" and "question" are there
            "Corps", "Corps du message", "Contenu", "Texte", "Détails", "Descripción", "Descripcion",
            "Cuerpo", "Mensaje", "Texto", "Contenido", "Detalles", "Detalle", "Descrizione", "Corpo",
            "Messaggio",
            "Testo",
            "Contenuto", "Dettagli", "Descrição", "Descricao", "Mensagem", "Conteúdo", "Detalhes",
            // Dutch, Swedish, Danish, Norwegian, Finnish
            "Omschrijving", "Beschrijving", "Bericht", "Tekst", "Inhoud", "Verzoek", "Beskrivning",
            "Meddelande",
            "Beskrivelse", "Besked", "Melding", "Innhold", "Kuvaus", "Viesti",
            // Polish, Czech, Slovak, Hungarian, Romanian, Turkish, Greek
            "Opis", "Treść", "Wiadomość", "Popis", "Zpráva", "Leírás", "Üzenet", "Descriere", "Mesaj",
            "Açıklama",
            "İçerik", "Περιγραφή",
            // Russian, Ukrainian, Japanese, Chinese, Korean, Arabic, Hebrew
            "Описание", "Сообщение", "Текст", "Содержание", "Опис", "説明", "内容", "本文", "詳細", "描述", "問題描述",
            "问题描述", "正文", "详情", "설명", "내용", "본문", "الوصف", "תיאור",
        ], prefixes: objects + customers)

    /// The text of a file that has none of the others, such as a survey's; elsewhere comments are the answers of agents.
    package static let comment = KnownColumns(
        [
            "comment", "Kommentar", "Commentaire", "Comentario", "Comentário", "Commento", "Opmerking",
            "Комментарий",
        ],
        prefixes: objects + customers)

    private static let customers = [
        "customer", "user", "original", "article", "mail", "email", "client", "kunden",
    ]

    /// The ticket's own name for itself.
    package static let id = KnownColumns(
        [
            "id", "ticket id", "ticket number", "ticket no", "ticket nr", "ticket #", "number", "issue key",
            "key",
            "#", "issue number", "issue id", "iid", "case number", "case id", "incident number",
            "incident id",
            "request number", "request id", "ticket ref", "ref", "reference", "reference number", "bug id",
            "work item id", "display id", "conversation id", "record id", "external id", "sys id", "uuid",
            "guid", "no", "nr", "num", "card id", "message id", "UID", "PK",
            "Ticketnummer", "Ticket-Nr", "Vorgangsnummer", "Vorgangs-ID", "Fallnummer", "Anfragenummer",
            "Störungsnummer", "Meldungsnummer", "Nummer", "Kennung", "Lfd. Nr.", "Laufende Nummer", "Numéro",
            "Numéro de ticket",
            "Référence",
            "Número", "Numero", "Número de ticket", "Referencia", "Numero ticket", "Riferimento",
            "Referência",
            "Meldingsnummer", "Referentie", "Ärendenummer", "Sagsnummer", "Saksnummer",
            "Numer", "Numer zgłoszenia", "Číslo", "Номер", "Номер заявки", "番号", "チケット番号", "编号", "工单号",
            "工单编号", "單號", "번호", "티켓 번호",
        ], prefixes: objects, isGeneral: TicketNumberNames.matches)

    /// Whether a name is an id's only where its values are not text, as "Incident".
    package static func isBareID(_ name: String) -> Bool {
        id.listedRank(key(name)) == nil && TicketNumberNames.isBare(name)
    }

    /// Titles that are read as the text where a file has a headline and no text beside them.
    package static let summary = KnownColumns(
        [
            "summary", "Zusammenfassung", "Résumé", "Resumen", "Riepilogo", "Resumo", "Samenvatting",
            "Podsumowanie", "Sammanfattning",
        ], prefixes: objects)

    /// Names that exports have beside text and ids: they show that a line is a header.
    static let usual = KnownColumns(
        [
            "status", "state", "priority", "severity", "category", "subcategory", "type", "team", "group",
            "queue",
            "created", "created at", "updated", "updated at", "date", "time", "timestamp", "email", "name",
            "first name", "last name", "assignee", "assigned to", "requester", "reporter", "owner", "tags",
            "labels",
            "label", "product", "department", "language", "url", "rating", "score", "Priorität", "Kategorie",
            "Gruppe", "Datum", "Erstellt", "Zeitstempel", "Catégorie", "Priorité", "Statut", "Categoría",
            "Prioridad", "Estado", "Categoria", "Priorità", "Stato", "Prioridade", "Prioriteit", "Категория",
            "Приоритет", "Статус", "Дата",
        ], prefixes: objects)
}
