internal import TriageText

/// Words that name no issue: function words, greetings, and what help desks read in every ticket ("it does not work",
/// "any update?", "see attachment").
///
/// They order articles a little, but a question that has no other word brings no content, and is new.
enum GenericWords {
    static func contains(_ term: UInt64) -> Bool { terms[term] != nil }

    /// What a generic word weighs in a search, where another word weighs 1.
    static let weight: Float = 0.7

    /// By the terms that a question with these words has.
    private static let terms: UInt64HashTable = {
        var found: [UInt64] = []
        let lists = [StopWords.words.sorted().joined(separator: " ")] + languages
        for text in lists {
            let read = SearchTerms(article: text)
            found += read.words + read.spellings
        }
        var terms = UInt64HashTable(capacity: found.count)
        for term in found { _ = terms.insert(term) }
        return terms
    }()

    private static let languages = [
        english, german, french, spanish, italian, portuguese, dutch, japanese, chinese, others,
    ]

    private static let english = """
        hello hi hey dear all everyone everybody team sir madam good morning afternoon evening day greetings thanks thank thx \
        cheers kind kindly regards best sincerely welcome sorry bye yes yeah yep nope ok okay maybe perhaps please pls plz \
        advise advice appreciate help helps helped helping assist assistance support urgent urgently asap soon immediately \
        fyi need needs needed want wants wanted would like could should may might must shall able unable get gets got getting \
        give go going gone come make makes made do did done doing take look looking see seen show tell know think try tried \
        trying let say said ask use used using work works worked working broken broke fail fails failed failing failure wrong \
        bad problem problems trouble troubles issue issues error errors question questions request requests ticket tickets \
        case cases incident incidents something anything nothing everything someone anyone somebody anybody nobody thing \
        things stuff one ones lot lots bit any some still again already yet ever never always often just only even really \
        very much many more less same other another different new old update updates updated change changes changed fix fixes \
        fixed fixing repair solve solved resolve resolved resolution close closed open opened call called calling contact \
        reply answer respond response callback attached attach attachment attachments screenshot screenshots enclosed below \
        follow following followup reminder discussed mentioned news status message messages description details info \
        information regarding concerning since ago now today tomorrow yesterday tonight week weeks month months year years \
        hour hours minute minutes monday tuesday wednesday thursday friday saturday sunday time times http https www html com \
        test tests testing ignore duplicate lol wow thing way also user users customer customers api happens happened happen \
        happening occurs occur suddenly correctly properly anymore longer back etc per via aka re fw fwd im its dont doesnt didnt \
        cant wont isnt wasnt ive hes shes theyre youre whats thats lets
        """
    private static let german = """
        hallo guten gute morgen tag tage abend moin servus grüß grüße grüßen gruß liebe lieber geehrte geehrter damen herren \
        freundlichen mfg danke dank vielen herzlichen bitte bitten hilfe helfen hilft hilf dringend eilig schnell sofort \
        möchte möchten will wollen wollte würde würden könnte könnten können konnte soll sollen sollte muss müssen müsste darf \
        dürfen brauche brauchen benötige benötigen geht gehen ging funktioniert funktionieren funktionierte klappt klappen tut \
        tun macht machen gemacht gibt geben habe hätte hätten wäre wären sei waren gewesen werde werden worden kaputt defekt \
        falsch fehler problem probleme störung frage fragen anfrage anliegen etwas nichts alles jemand niemand irgendwas \
        irgendwie immer nie wieder noch mal einmal weiter weiterhin gleiche gleichen selbe dasselbe nächste nächsten nächster nächstem letzte letzten letzter neu neue neuen neuer neues \
        alt alte kein keine keinen keinem keiner meinem meinen meiner ihre ihren ihrem ihrer ihnen sein seine seinen unserem \
        unseren warum wieso weshalb wo woher wohin wann welche welcher welches welchen wem wen jetzt heute gestern morgens \
        woche wochen monat monate jahr jahre stunde stunden minute minuten montag dienstag mittwoch donnerstag freitag samstag \
        sonntag siehe anhang anbei angehängt screenshot bild rückruf anrufen ruf rufen melden meldung update stand \
        neuigkeiten nachricht ändern änderung hier dort da dann denn weil dass deshalb trotzdem leider eben gerade ganz mehr \
        viel viele zusammen herr frau nein okay lange seitdem bei beim ab an ins dem hin her
        """
    private static let french = """
        bonjour bonsoir salut madame monsieur cher chère merci beaucoup cordialement svp stp plaît s'il d'accord oui non si \
        aide aider aidez urgent veux veut voulons vouloir voudrais voudrait souhaite souhaiterais peux peut pouvez pouvons \
        pourriez pourrais puis-je faut faudrait dois doit besoin avoir ai as a avons avez ont j'ai j'aimerais c'est n'est qu'il \
        était étais sera fait faire marche marchent fonctionne fonctionnent problème problèmes question questions demande \
        erreur panne rien tout toute tous chose quelque quelqu'un toujours jamais encore plus moins trop très déjà même \
        nouveau nouvelle nouveaux comment pourquoi quand où quoi quel quelle quels quelles combien aujourd'hui hier demain \
        d'un d'une m'a m'ont l'a l'ai t'a s'est n'ai n'a c'était qu'on l'on semaine mois jour jours heure heures lundi mardi mercredi jeudi vendredi samedi dimanche voir joint jointe pièce \
        capture rappeler rappel appel appeler appelez message nouvelles suivi y d l j c n s m t qu ça cet là ici depuis après \
        avant entre chez sans sous donc alors mes quelqu été
        """
    private static let spanish = """
        hola buenos buenas días tardes noches gracias muchas saludos estimado estimada cordial favor ayuda ayudar ayúdenme \
        urgente sí quiero quiere quisiera querría gustaría puedo puede pueden podría poder necesito necesita necesitamos tengo \
        tiene tenemos hacer hago hace hecho funciona funcionan funcionaba va sale deja dejan dejó falta falla fallo error \
        problema problemas pregunta preguntas duda solicitud consulta he has hemos perdido algo nada todo toda todos alguien \
        nadie siempre nunca otra otro vez mismo misma nuevo nueva cómo qué cuándo dónde quién cuál cuánto hoy ayer mañana \
        semana mes día año hora horas lunes martes miércoles jueves viernes sábado domingo adjunto captura llamar llámame \
        llamada mensaje novedades seguimiento esa ese eso aquí ahora cuando ser soy son fue sido estoy estaba desde mucho
        """
    private static let italian = """
        ciao salve buongiorno buonasera grazie mille prego saluti cordiali gentile favore aiuto aiutare urgente sì no voglio \
        vorrei vuole posso può possiamo potete devo deve bisogno ho hai ha abbiamo avete hanno sono sei è siamo era stato fare \
        faccio fa funziona funzionano va problema problemi domanda richiesta errore niente nulla tutto tutti qualcosa qualcuno \
        sempre mai ancora di nuovo nuova stesso stessa come perché quando dove chi cosa quale quanto oggi ieri domani settimana \
        mese giorno ora lunedì martedì mercoledì giovedì venerdì sabato domenica allegato allegata schermata chiamare chiamata \
        chiamatemi messaggio aggiornamento novità il lo la i gli le un uno una del dello della dei degli delle al allo alla ai \
        alle dal dalla dai nel nello nella nei nelle sul sullo sulla con per tra fra e o ma se che non più molto poco questo \
        questa questi quello quella mi ti ci vi si mio mia miei suo sua nostro nostra c'è
        """
    private static let portuguese = """
        olá oi bom boa dia tarde noite obrigado obrigada por favor ajuda ajudar urgente sim não quero queria gostaria posso \
        pode podem preciso precisa tenho tem temos fazer faço faz funciona funcionam problema problemas pergunta dúvida pedido \
        erro nada tudo algo alguém sempre nunca ainda outra outro vez mesmo novo nova como quê quando onde quem qual hoje ontem \
        amanhã semana mês anexo captura ligar chamada mensagem o a os as um uma de do da dos das em no na nos nas ao à pelo \
        pela com para e ou mas se que mais muito este esta isso meu minha seu sua é são está estão foi ser
        """
    private static let dutch = """
        hallo hoi goedemorgen goedemiddag goedendag dag beste geachte groeten groet vriendelijke dank bedankt alvast graag \
        alsjeblieft alstublieft hulp helpen help dringend ja nee wil willen wilde zou zouden kan kunnen moet moeten heb heeft \
        hebben had is zijn was waren wordt worden doet doen werkt werken probleem problemen vraag vragen verzoek fout iets niets \
        alles iemand niemand altijd nooit weer nog steeds opnieuw nieuw nieuwe zelfde hoe wat waarom wanneer waar wie welke \
        vandaag gisteren morgen week maand bijlage bijgevoegd bellen terugbellen bericht update de het een en of maar als dat \
        die dit deze te van voor met naar bij op in uit over om aan niet geen ook al dan er ik je jij u hij zij wij we jullie \
        mijn uw ons onze
        """
    private static let japanese = """
        問題 質問 方法 変更 お願い 助けて 教えて 困って 何 今日 明日 昨日 確認 連絡 件 様 至急 添付 エラー 不具合 お世話 \
        以上 宜しく
        """
    private static let chinese = """
        你好 您好 谢谢 请问 请 怎么 怎么办 什么 为什么 哪里 问题 帮助 帮忙 不能 没有 可以 今天 明天 昨天 我 我们 急
        """
    private static let others = """
        dzień dobry dziękuję proszę pomoc pilne nie działa problem pytanie witam cześć tak jest się i w na do z że \
        здравствуйте привет спасибо пожалуйста помогите помощь не работает проблема вопрос да нет и в на с что как у меня мой \
        добрый день срочно снова merhaba teşekkürler lütfen yardım sorun hej tack hjälp fungerar inte tak hjælp virker ikke
        """
}
