/// Names of the columns beside text and id: what is predicted, when and from whom a ticket came, what happened to it.
extension KnownColumns {
    /// What a ticket is about, the best label first.
    package static let category = KnownColumns(
        [
            "category", "intent", "label", "class", "topic", "queue", "help topic", "itil category",
            "itilcategories id", "ticket category", "issue category", "product category", "subject category",
            "queue name", "domain",
            "Kategorie", "Thema der Anfrage", "Warteschlange", "Catégorie", "File d'attente", "Categoría",
            "Cola",
            "Categoria", "Fila", "Categorie", "Wachtrij", "Kategori", "Kategoria", "Kolejka", "Kategória",
            "Категория", "Очередь", "カテゴリ", "类别", "分类", "類別", "카테고리", "الفئة", "labels", "tags",
        ], prefixes: objects)

    /// The finer category under another one.
    package static let subcategory = KnownColumns(
        [
            "subcategory", "sub category", "category 2", "sub category 1", "second category",
            "Unterkategorie",
            "Sous-catégorie", "Subcategoría", "Sottocategoria", "Subcategoria", "item category",
        ], prefixes: objects)

    /// How bad it is.
    package static let severity = KnownColumns(
        [
            "severity", "priority", "urgency", "impact", "criticality", "priority name",
            "Priorität", "Dringlichkeit", "Schweregrad", "Auswirkung", "Priorité", "Urgence", "Gravité",
            "Prioridad",
            "Urgencia", "Gravedad", "Priorità", "Urgenza", "Gravità", "Prioridade", "Urgência", "Gravidade",
            "Prioriteit", "Urgentie", "Prioritet", "Prioriteetti", "Priorytet", "Priorita", "Приоритет",
            "Срочность",
            "優先度", "优先级", "優先級", "우선순위", "الأولوية",
        ], prefixes: objects)

    /// Who takes it.
    package static let team = KnownColumns(
        [
            "team", "group", "assignment group", "assigned group", "department", "team assigned",
            "support group",
            "resolver group", "group name", "mailbox", "mailbox name", "component", "components",
            "component s",
            "business service", "service", "product",
            "Gruppe", "Zuweisungsgruppe", "Abteilung", "Bearbeitergruppe", "Zuständige Gruppe", "Groupe",
            "Groupe d'affectation", "Équipe", "Service", "Département", "Grupo", "Grupo asignado",
            "Departamento",
            "Equipo", "Gruppo", "Reparto", "Equipe", "Groep", "Afdeling", "Grupp", "Avdelning", "Afdeling",
            "Ryhmä",
            "Grupa", "Skupina", "Группа", "Отдел", "グループ", "部門", "部门", "组", "그룹", "부서",
        ], prefixes: objects)

    /// What kind of ticket it is.
    package static let kind = KnownColumns(
        [
            "type", "issue type", "issuetype", "ticket type", "kind", "tracker", "work item type",
            "contact type",
            "request type", "Typ", "Vorgangstyp", "Tickettyp", "Anfragetyp", "Type de demande", "Tipo",
            "Тип", "タイプ",
            "类型", "유형",
        ], prefixes: objects)

    /// When it came in.
    package static let time = KnownColumns(
        [
            "time", "created", "created at", "created on", "createdat", "created date", "created time",
            "date created",
            "creation date", "creation time", "created utc", "opened", "opened at", "open date",
            "date opened", "opening date", "opened date",
            "sys created on", "submitted", "submitted at", "submit date", "received", "received at",
            "date received",
            "date", "timestamp", "date creation", "date of purchase",
            "Erstellt", "Erstellt am", "Erstelldatum", "Eröffnet", "Eröffnungsdatum", "Eingang", "Datum",
            "Créé", "Créé le", "Date de création", "Date d'ouverture", "Creado", "Fecha de creación",
            "Fecha de apertura",
            "Fecha", "Creato", "Data di creazione", "Data di apertura", "Data", "Criado", "Criado em",
            "Data de criação",
            "Aangemaakt", "Aanmaakdatum", "Skapad", "Oprettet", "Opprettet", "Luotu", "Utworzono",
            "Data utworzenia",
            "Vytvořeno", "Создано", "Дата создания", "Дата", "作成日", "创建时间", "建立時間", "생성일",
            "تاريخ الإنشاء",
        ], prefixes: objects.filter { $0 != "fall" })

    /// Who wrote it.
    package static let requester = KnownColumns(
        [
            "requester", "customeruserid", "customer user id", "requester id", "requester email", "reporter",
            "reporter id", "reporter email",
            "caller",
            "caller id", "customer", "customer id", "customer email", "customer user",
            "from email", "from", "contact", "contact id", "contact email", "user id",
            "user email", "requested by", "opened by", "submitter", "submitted by", "author", "sender",
            "email",
            "e mail", "full name", "username", "company", "customer name",
            "Kunde", "Kundennummer", "Absender", "Melder", "Anforderer", "Antragsteller", "Demandeur",
            "Client",
            "Rapporteur", "Solicitante", "Cliente", "Richiedente", "Segnalatore", "Aanvrager", "Melder",
            "Klant",
            "Beställare", "Zgłaszający", "Автор", "Заявитель", "報告者", "报告人", "요청자",
        ], prefixes: objects.filter { $0 != "fall" })

    /// Text of agents, and what is known only after the ticket was handled: it gives the label away.
    package static let answers = KnownColumns(
        [
            "comment", "comments", "comments and work notes", "work notes", "work notes list",
            "additional comments",
            "close notes", "close note", "resolution notes", "resolution note", "resolution", "solution",
            "answer", "answers",
            "reply", "response", "agent reply", "agent response", "first response", "internal note",
            "internal notes",
            "private note", "private notes", "agent notes", "agent note", "notes", "note", "root cause",
            "resolution summary", "resolution details", "last comment", "public comments", "history",
            "worklog",
            "work log", "log work", "followups", "followup", "article tree", "Artikelbaum",
            "last notes", "Arbeitsnotizen", "u resolution",
            "close code",
            "satisfaction comment",
            "Lösung", "Antwort", "Interne Notiz", "Notiz", "Notizen", "Kommentar", "Kommentare",
            "Abschlussnotiz",
            "Bearbeitungsnotiz", "Réponse", "Solution apportée", "Commentaires", "Commentaire", "Suivi",
            "Notes de clôture", "Respuesta", "Solución", "Comentarios", "Notas", "Risposta", "Soluzione",
            "Commenti",
            "Note di chiusura", "Resposta", "Solução", "Comentários", "Antwoord", "Oplossing", "Opmerkingen",
            "Odpowiedź", "Rozwiązanie", "Ответ", "Решение", "Комментарии", "回答", "解決策", "答复", "解决方案",
            "답변", "해결",
        ], prefixes: objects)

    /// How often it was opened again.
    package static let reopens = KnownColumns(
        ["reopens", "reopen count", "reopened", "reopen counter", "times reopened", "reopened count"],
        prefixes: objects)
    /// How often another person got it.
    package static let reassignments = KnownColumns(
        [
            "reassignments", "reassignment count", "reassigned", "reassigned count", "times reassigned",
            "is reassigned", "was reassigned", "number of reassignments", "assignee stations",
            "reassign count",
            "assignee changes",
        ],
        prefixes: objects)
    /// How many groups had it.
    package static let groupHops = KnownColumns(
        ["group hops", "group stations", "group changes", "group reassignments"], prefixes: objects)
}
