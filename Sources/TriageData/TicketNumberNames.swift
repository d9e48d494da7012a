/// The general form of an id's name: words for a ticket and words for a number, in either order and most languages of
/// help desks, as in "Ticket No.", "N° de ticket", "Auftragsnummer" or "Nr zgłoszenia".
///
/// Every word has to be one of them, so that "Customer number", "Parent ID" and "Related issue id" are none.
enum TicketNumberNames {
    private static let objects = forms(
        """
        ticket tkt tick case request req incident inc issue bug defect task call conversation record sr
        vorgang fall anfrage störung meldung auftrag beleg demande dossier requête caso solicitud incidencia
        petición expediente reclamo chamado solicitação ocorrência atendimento richiesta segnalazione pratica
        incidente melding zaak verzoek klacht ärende sag sak henvendelse tapaus tiketti tiket pyyntö
        zgłoszenie zgłoszenia sprawa sprawy požadavek požadavku případ případu hlášení bejelentés jegy ügy tichet
        tichetului solicitare solicitării sesizare talep kayıt bilet çağrı αίτημα αιτήματος
        заявка заявки обращение обращения запрос запроса тикет тикета инцидент инцидента звернення
        問い合わせ お問い合わせ 問合せ 受付 案件 チケット 工单 工單 事件 请求 티켓 접수 문의 요청
        التذكرة تذكرة الطلب طلب البلاغ بلاغ פנייה קריאה כרטיס
        """)
    private static let plurals: Set<String> = ["tickets", "cases", "issues", "incidents", "requests"]
    private static let numbers = forms(
        """
        id ids uid uuid guid pk no nr num n nro number # key ref reference nummer nummeret kennung kennzeichen numero
        número num folio protocolo codice código identifiant identificativo identificador identyfikator numer číslo
        szám száma azonosító număr numărul numara numarası αριθμός номер идентификатор ид番号 番号 号 编号 編號 单号 單號
        번호 رقم معرف מספר מזהה tunnus tunniste référence referencia riferimento referência identifier
        """)
    private static let connectors = forms(
        "of the de du des del della dello di da do la le l d der van het af for av")
    /// Words that may join two in a compound, as in "Auftragsnummer".
    private static let joints = ["", "s", "n", "en", "e"]
    /// Words that are an id's name when they stand alone, if they do not head a text.
    private static let alone = forms(
        "ticket tickets tkt case issue incident vorgang zgłoszenie chamado ärende sag")

    private static func forms(_ words: String) -> Set<String> {
        Set(words.split(whereSeparator: \.isWhitespace).flatMap { NameFolding.forms(String($0)) })
    }

    static func matches(_ name: String) -> Bool {
        let words = NameFolding.words(NameFolding.withoutBrackets(name) ?? name)
        guard (1...6).contains(words.count), !isCount(words) else { return false }
        let rest = words.filter { !connectors.contains($0) }
        guard rest.indices.allSatisfy({ isKnown(rest[$0]) || $0 == 0 && plurals.contains(rest[$0]) }) else {
            return false
        }
        return rest != ["n"] && rest.contains { numbers.contains($0) || isCompound($0) }
    }

    /// Whether a name is a word for a ticket alone, as in "Incident": a column of ids, or else of text.
    static func isBare(_ name: String) -> Bool {
        let words = NameFolding.words(name)
        return words.count == 1 && alone.contains(words[0])
    }

    /// "Number of tickets" is a count, "ID of the ticket" is not.
    private static func isCount(_ words: [String]) -> Bool {
        words.count > 2 && words[1] == "of" && ["number", "no", "nr", "num", "#"].contains(words[0])
    }

    private static func isKnown(_ word: String) -> Bool {
        objects.contains(word) || numbers.contains(word) || isCompound(word)
    }

    private static func isCompound(_ word: String) -> Bool {
        splits(word).contains { first, second in
            objects.contains(first)
                && joints.contains { second.hasPrefix($0) && isNumber(second.dropFirst($0.count)) }
                || first.count > 1 && numbers.contains(first) && objects.contains(second)
        }
    }

    private static func isNumber(_ word: Substring) -> Bool {
        (word.count > 1 || word.unicodeScalars.allSatisfy { $0.value > 0x2000 })
            && numbers.contains(String(word))
    }

    /// The two parts of a word at each of its places.
    private static func splits(_ word: String) -> [(String, String)] {
        guard word.count <= 40 else { return [] }
        return word.indices.dropFirst().map { (String(word[..<$0]), String(word[$0...])) }
    }
}
