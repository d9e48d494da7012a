/// The words of mail by language: English, German, French, Spanish, Portuguese, Italian and Dutch, and where
/// it is cheap Polish and the Scandinavian languages.
///
/// All in small letters without accents ("ß" is "s"); a full stop ends a whole word.
enum MailVocabulary {
    static let features = StemTable<MailFeature>([
        (
            .message,
            """
            email emails mail. mails. message messages. communication. transmission nachricht mitteilung \
            emailnachricht courriel courriels mel. mensaje mensajes correo correos comunicacion mensagem \
            mensagens correio messaggio messaggi posta comunicazione bericht berichten wiadomosc \
            meddelande besked melding epost сообщени Сообщени письмо. Письмо. письма. 메일 이메일 전자메일
            """
        ),
        (
            .this,
            """
            this. these. deste. desta. neste. nesta. diese. dieser. dieses. diesem. ce. cet. cette. este. \
            esta. esse. essa. questo. questa. presente. dit. deze. denna. detta. denne. dette. niniejsza. \
            ta. это. Это. данное. Данное. настоящее. Настоящее. bu. 본.
            """
        ),
        (
            .confidential,
            """
            confidential confidenti privileg vertraul geschutzt geheim confident confidenc confidenz \
            secret segret riservat sigilo protected proteg vertrouwel gizli poufn fortrolig konfidenti конфиденциальн \
            Конфиденциальн 기밀 비밀
            """
        ),
        (
            .recipient,
            """
            recipient addressee adressat empfanger destinat geadresseerd ontvanger odbiorc adresat mottag \
            modtag entity. entite entidad entidade entita адресат получател alici 수신인 수신자
            """
        ),
        (
            .intended,
            """
            intended solely exclusiv bestimmt beabsichtigt ausschlieslich ausschliesslich reserve. \
            reserves. intention uniquement prevu dirigid destine. destines. exclusivamente unicamente \
            esclusiv uitsluitend bestemd bedoeld przeznaczon avsedd beregnet предназначен исключительно. yalnizca
            """
        ),
        (
            .mistake,
            "error. mistake irrtum erreur. erro. errore. vergissing onrechte abusiv versehentlich "
                + "equivoc equivoco engano omylk misstag ошибке. ошибочно. yanlislikla 잘못"
        ),
        (
            .notify,
            """
            notify notified inform informe informez alert. tell. benachrichtig verstandig informieren \
            unterricht avertir prevenir informer aviser comuniqu avise avisar avisen comunicar informar \
            avvisar contattar informeren verwittig stellen. laten. poinform уведомит сообщит \
            bilgilendir
            """
        ),
        (
            .delete,
            """
            delete deleted destroy destroyed vernicht losch detrui supprim elimin borre borrar borrarlo \
            destru apag cancell distrug verwijder vernietig wissen usun radera slett slet. удалите. удалить. уничтож \
            siliniz. siliniz 삭제 폐기
            """
        ),
        (
            .prohibited,
            """
            prohibit unlawful unauthori forbidden permitted unbefugt unerlaubt untersagt gestattet \
            unzulassig verboten interdit autorise autorisee prohibid permitid autoriza proibid vietat \
            autorizzat perseguibil verboden toegestaan zabronion forbudt запрещ yasaktir 금지
            """
        ),
        (
            .spread,
            """
            disclos copying. copied. copy. distribut disseminat retransmi reproduc review. weitergabe \
            kopier weiterleit vervielfalt kenntnisnahme diffus divulg reproduction utilisation lecture \
            copie copia uso. utiliza lectura difusi difond reprodu verspreid openbaar gebruik распростран \
            копирован
            """
        ),
        (
            .liability,
            "liable liabilit responsabil haftung haften haftet responsabl responsabilit responsabilid "
                + "responsaveis responsavel aansprakelijk ansvar"
        ),
        (
            .warranty,
            """
            guarantee warrant integrit gewahr garanti garantiz garantia danos. dommage danni schaden. \
            damage schade. opinion. opinions. opiniones opinioes opinioni meinung advice.
            """
        ),
        (
            .privacy,
            """
            privacy datenschutz datenschutzhinweis confidentialite privacidad privacidade riservatezza \
            privacyverklaring gegevensbescherming persondat
            """
        ),
        (
            .personalData,
            "personal. personenbezogen personnelles personales pessoais dados. datos. donnees. dati. "
                + "persoonsgegevens"
        ),
        (
            .rights,
            """
            gdpr dsgvo rgpd rgdp avg. lopd lgpd rectifica betroffenenrecht effacement acceso. supresion \
            retificac apagamento cancellazione. acces. ue.
            """
        ),
        (
            .register,
            """
            registered registration company. hrb hra. hrb. amtsgericht registergericht handelsregister \
            handelsregisternummer rcs. siret siren. rc. mercantil inscrita inscrit conservatoria \
            matriculada reg. registro imprese rea. kvk krs. regon registernummer capital. capitale. \
            kapital stammkapital charitable sociale.
            """
        ),
        (
            .seat,
            "sitz sitz. seat. office. siege sede. domicilio zetel statutair siedziba impressum zarejestrowan"
        ),
        (
            .taxNumber,
            "vat. ustid ustidnr umsatzsteuer tva. cif. nif. nipc. cnpj. iva. piva. btw. nip. cvr. mwst"
        ),
        (
            .directors,
            """
            geschaftsfuhr vorstand aufsichtsrat prokurist haftende phg. vorsitzend directors.
            """
        ),
        (.copyright, "copyright reserved. vorbehalten. reservados. riservati. voorbehouden."),
        (
            .virus,
            "virus. viruses. viren virenfrei virenfreie malware schadsoftware antivir virussen vir. virusfri"
        ),
        (
            .checked,
            """
            checked. scanned. gepruft uberpruft gescannt verifie analyse. analysee analizad comprobad \
            verificad examinad controllat analizzat scansionat gecontroleerd gescand sprawdzon \
            kontrollerad soumis. found. gefunden
            """
        ),
        (
            .clean,
            "free. clean. virenfrei virusfree sans. libre. livre. privo. virusvrij bez. believed. "
                + "threats. ausencia absence"
        ),
        (.scanner, "avast avg. norton mcafee eset kaspersky mailscanner antivir mailgate sophos bitdefender"),
        (
            .caution,
            """
            caution warning attention. achtung vorsicht mefie prudence. precauc precauz atencion atencao \
            cuidado attenzione avviso. waarschuwing oppassen extern. externe. external. exterieur. ext. \
            uwaga varning advarsel
            """
        ),
        (
            .external,
            """
            external outside extern. externe. externen. externer. externes. auserhalb ausserhalb ext. \
            exterieur externo externa fuera. exterior fora. esterno esterna esterni buiten. pertence \
            gehort. appartien zewnetrzn externt pertenece
            """
        ),
        (
            .sender,
            """
            sender sent. gesendet originated from. absender stammt kommt. expediteur provient expedie \
            remitente procede enviado remetente provem mittente proviene afzender komt. verzonden nadawc \
            avsandar afsender emisor отправител gonderen 발신자 발신인
            """
        ),
        (
            .link,
            "link. links. attachment attachments anhang anhange anlagen liens pieces. enlaces. "
                + "adjuntos anexos. allegati bijlage collegamenti hyperlinks ligacoes. zalacznik lankar "
                + "bilag"
        ),
        (
            .click,
            "click. clicking. open. klick offnen cliquez cliquer ouvr ouvrez clic. abra. abrir. "
                + "clique. cliccare apri. aprire fate. klik. openen klikaj klicka klikk"
        ),
        (
            .prudence,
            """
            unless recogni trust. trusted know. careful expect unknown think. caution. beware vorsicht \
            bekannt. bekannten bekanntem unbekannt kennen erwarten vigilan mefiez prudence connaiss \
            attendez inconnu conoce conocid desconoc precauci cautela conhec conosc sconosciut prudenza \
            kent. kunt. voorzicht onbekend verdenk verdacht cuidado. diffid desconfi extreme. pertenece atenc never.
            """
        ),
        (
            .organisation,
            """
            organisation organization organizacion organizacao organizzazione organisatie company. \
            unternehmen firma. entreprise empresa azienda bedrijf organizacj
            """
        ),
        (
            .phishing,
            """
            phish phishing suspicious verdachtig verdacht hameconnage suspect doute. douteux sospechos \
            suspeit sospett spoof
            """
        ),
        (
            .report,
            """
            report. reporting. meld melden meldet signal signaler signalez notificar notifique denunciar \
            reportar segnala rapporteer alert.
            """
        ),
        (.button, "button schaltflache knopf bouton boton botao pulsante knop"),
        (
            .often,
            "often. oft. haufig souvent suele. costuma frecuen frequente spesso vaak. normalmente rzadko"
        ),
        (.important, "important importan wichtig importante belangrijk wazne viktigt"),
        (
            .printing,
            "print. printing. druck ausdruck drucken imprim imprimir imprimez stampa stampare afdruk "
                + "afdrukken printen drukowan skriva utskrift udskriv"
        ),
        (
            .environment,
            """
            environment umwelt planet environnement planete ecolog ambient milieu. papel. papier. paper. \
            tree. trees. arbre arvore arboles alber bomen srodowisk miljo ambiente sheet.
            """
        ),
        (
            .consider,
            """
            consider. think. denken. denkt. bedenken. pensez penser piense piensa pense pensare pensa \
            pensi denk. rispett respet respeit vraiment necessaire verdad necesario necessario really saved. \
            pomysl tank.
            """
        ),
        (.before, "before. bevor vor. avant. antes. prima. voordat zanim innan"),
        (
            .unsubscribe,
            """
            unsubscribe abmelden abbestellen austragen desabonn desinscr baja. darse cancelar descadastr \
            disiscri annulla disdire afmelden uitschrijven wypis avregistr signoff preferences
            """
        ),
        (
            .receive,
            """
            receive received receiving erhalten recevez recu. recibe recibid recibiendo recebe recebeu \
            recebendo riceve ricevuto ricevi ricevete ontvangt ontvang otrzyma registered
            """
        ),
        (
            .list,
            """
            list. mailing. listinfo newsletter liste lista lijst group. gruppe. groupe. grupo. gruppo \
            groep. subscrib abonn inscrito suscri iscritt subscrev mailinglist mailingliste updates.
            """
        ),
        (.because, "because. weil. parce. puisque porque. porqu perche. omdat poniewaz. eftersom since."),
        (.automatic, "automatic automatis automatique automatically autogener generat generiert"),
        (
            .reply,
            "reply replies respond antworten. antwort beantwort repondre repondez reponse responda "
                + "responder respuesta resposta risponder rispondi risposta antwoord beantwoord odpowiad "
                + "svar"
        ),
        (.not, "not. dont nicht. ne. no. nao. non. niet. kein. keine. nie. inte. ikke. pas."),
        (.mailbox, "mailbox inbox postfach boite. buzon caixa casella mailadres address. adresse. direccion"),
        (
            .attended,
            """
            monitored. read. checked. attended. unattended uberwacht. gelesen. betreut. surveille. lue. \
            consultee. atendid. atiende. supervisad monitorad lida. presidiat monitorat gelezen. bemand \
            bewaakt
            """
        ),
        (
            .service,
            """
            zendesk freshdesk helpscout help-scout intercom github gitlab jira. servicenow hubspot \
            mailchimp sendgrid mailman googlegroups kayako otrs.
            """
        ),
        (
            .promotion,
            """
            visit. visitanos visitenos visite. visitate follow. folgen besuchen retrouvez suivez rejoignez \
            siganos siga. survey umfrage book. buchen prenez reserve. reserva agende prenota marque. \
            agenda. bewerten rate. feedback. avis. valore avalie valutate valuta beoordeel bezoek volg. \
            boek. messe. salon. stand. pabellon webinar linkedin facebook instagram twitter youtube tiktok \
            xing opinion
            """
        ),
        (
            .above,
            "above. uber oberhalb audessus dessus. encima. arriba. acima. sopra. boven. powyzej ovan. over."
        ),
        (.line, "line. zeile. ligne. linea. linha. riga. regel. lini rad. linje."),
        (
            .meeting,
            """
            teams. zoom. webex. meet. gotomeeting meeting. besprechung. teamsbesprechung reunion. reuniao. \
            riunione. vergadering. besprechungsoptionen options. opciones opcoes opzioni vergaderopties \
            meetup
            """
        ),
        (
            .join,
            "join. teilnehmen nehmen teilzunehmen participez participer rejoindre unase unirse "
                + "participe participar aderir ingressar entrar partecipa partecipare unisciti deelnemen "
                + "neem."
        ),
        (
            .passcode,
            "passcode kenncode kennnummer code. codigo. codice. toegangscode secret. senha. pin. "
                + "wachtwoordcode kod."
        ),
        (.identifier, "id. meetingid besprechungsid vergaderingsid"),
        (
            .dialIn,
            "dial. dialin einwahl einwahlnummer appelez marque. marcar disque. ligue. chiama. componi "
                + "bel. inbellen find. number. numero local. locale. lokale download. mobile. app. "
                + "aplicacion aplicativo browser. web."
        ),
        (
            .device,
            """
            iphone ipad ipod galaxy samsung android androidgerat smartphone phone. phone mobiltelefon \
            handy. handy blackberry huawei xiaomi redmi pixel. nokia xperia tablet htc motorola oneplus \
            oppo honor. realme outlook. yahoo gmail gmx webde. proton protonmail thunderbird spark. \
            bluemail telefon telephone portable. mobile movil. telemovel celular telefono cellulare \
            telefonino telefoon mobiel mailapp app. windows ios. orange. libero \
            smartfon смартфон. смартфона. устройства. urzadzenia
            """
        ),
        (
            .sent,
            """
            sent. gesendet. verschickt. envoye. envoyee. enviado. enviada. inviato. inviata. verzonden. \
            verstuurd. gestuurd. wyslane. wyslano. skickat. skickad. sendt. lahetetty. scritto. \
            Отправлено. отправлено. Надіслано. надіслано. Изпратено. gonderildi. odeslano. poslano. odoslane. kuldve. \
            elkuldve. trimis. Στάλθηκε. στάλθηκε. 보냄. 보냈습니다. נשלח. أرسلت. الإرسال. gửi. dikirim. enviat. saadetud.
            """
        ),
        (
            .get,
            "get. holen. laden. abrufen. herunterladen. telecharger. telechargez. obtenir. obtenez. "
                + "obtener. obten. obter. obtenha. baixar. scarica. ottieni. downloaden. download. haal. "
                + "pobierz. hent. hamta."
        ),
        (
            .firstPerson,
            """
            my. mine. myself. ich. mich. mir. mein. meine. meinem. meinen. meiner. moi. mes. mon. jai. \
            mis. yo. conmigo meu. minha. meus. minhas. io. mio. mia. miei. ik. mij. mijn. mig. mitt. min.
            """
        ),
        (
            .request,
            """
            please. bitte. veuillez. merci. svp. favor. ruego. rogamos. prego. grazie. graag. cannot. can. \
            need. want. brauche. mochte. funktioniert why. warum. pourquoi. perche. waarom. invoice \
            rechnung facture factura fatura fattura factuur
            """
        ),
        (
            .topic,
            """
            disclaimer banner. footer haftungsausschluss fuszeile fusszeile warnhinweis warnbalken bandeau \
            rodape voettekst avvertenza bannertext banniere
            """
        ),
    ])

    /// Words between "sent" and the name of a phone or program.
    static let programWords = PlainWordSet(
        "from my mail for via with on using secure email message encrypted de mon depuis ma l d "
            + "application du des à partir desde mi für con do meu no da minha dal dalla mio il un una per "
            + "von meinem mit der dem aus vanaf mijn vanuit met voor för från min fra i na em è s 10 11 "
            + "с С из моего моей мобильного мобильной Почты почты приложения для з мого от моя z mojego urządzenia "
            + "mobilnego a umdan imdan dan den tan ten için uygulamasından z mého ze az omról om ról pe ul meu από το "
            + "του μου 나의 내 של שלי מה ה من جهازي جهاز الـ تم từ của tôi đã dari saya des sie sich hier i l "
            + "plus pro mini max ultra ce appareil dispositivo device wireless app"
    )

    /// Words that make "error" a mistake of the mail: "in error", "par erreur".
    static let mistakePrepositions = PlainWordSet("in by par por per")

    // MARK: - Replies

    /// The first word of "Quoting NAME <address>:", which has no date.
    static let quotingVerbs = PlainWordSet(
        "quoting zitat citando citazione citation quotando citaat citerar cytowanie")
    /// Words in place of a name: the author writes about an earlier mail.
    static let narrators = PlainWordSet(
        "i you we they he she your our my their his her ich du wir sie ihr ihre ihren ihrer mir uns "
            + "mich mein meine unser unsere je j vous nous mon ma mes votre vos notre nos yo usted ustedes "
            + "su sus me mi mis nuestro nuestra eu você vocês seu sua meu minha nosso nossa io lei voi noi "
            + "mio mia suo vostro vostra ci ik wij u uw mij mijn ons onze jullie jag vi jeg min mitt er jou "
            + "jouw colleague kollege kollegin collègue compañero compañera colega collega medewerker "
            + "engineer techniker technicien técnico tecnico mr mrs ms herr frau monsieur madame mme señor "
            + "señora signor signora dhr mevrouw"
    )

    /// The first line of a forwarded message, after dashes or before a colon.
    static let forwardMarks: [StaticString] = [
        "forwarded message", "begin forwarded message", "forwarded by", "weitergeleitete nachricht",
        "anfang der weitergeleiteten", "message transféré", "début du message transféré",
        "début du message réexpédié", "courriel transféré", "mensaje reenviado",
        "inicio del mensaje reenviado",
        "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem encaminhada",
        "início da mensagem reencaminhada", "messaggio inoltrato", "inizio messaggio inoltrato",
        "doorgestuurd bericht", "begin doorgestuurd bericht", "begin van doorgestuurd bericht",
        "przekazana wiadomość", "treść przekazanej wiadomości", "vidarebefordrat meddelande",
        "vidarebefordrat mejl", "videresendt besked", "videresendt meddelelse", "videresendt melding",
    ]
    /// The first line of the mail that is answered, after dashes.
    static let originalMarks: [StaticString] = [
        "original message", "original appointment", "ursprüngliche nachricht", "original-nachricht",
        "originalnachricht", "ursprünglicher termin", "message d'origine", "message d’origine",
        "message original", "message initial", "mensaje original", "mensagem original", "messaggio originale",
        "messaggio original", "oorspronkelijk bericht", "origineel bericht", "oorspronkelijke bericht",
        "wiadomość oryginalna", "oryginalna wiadomość", "ursprungligt meddelande", "oprindelig meddelelse",
        "opprinnelig melding", "alkuperäinen viesti", "reply message", "antwortnachricht",
    ]

    /// Words with which people pass mail on.
    static let forwardingWords = PlainWordSet(
        "fyi fwd fw wg forward forwarded forwarding below weiterleitung weitergeleitet weiterleiten "
            + "unten zk dessous transfère transféré transmets abajo reenvío reenvio reenviado reenvié "
            + "abaixo encaminho encaminhado reencaminho inoltro inoltrato sotto doorgestuurd hieronder "
            + "stuur vidarebefordrar videresender przesyłam"
    )
    /// Words with which people tell what came to them.
    static let receiptWords = PlainWordSet(
        "received got reçu recibido recibió recibí recebi recebido recebeu ricevuto ricevuta erhalten "
            + "bekam ontvangen kregen fått"
    )
    /// Senders that answer for an organisation.
    static let agents = PlainWordSet(
        "support help helpdesk desk servicedesk service services team hotline hilfe kundenservice "
            + "kundendienst assistance assistenza supporto suporte soporte apoio atención atendimento "
            + "klantenservice noreply no-reply customer care it edv it-support it-service benutzerservice "
            + "billing cau sav"
    )
    /// Words that point at the mail below, with which people hand an answered mail on.
    static let pointingWords = PlainWordSet(
        "see siehe voir véase veja vedi zie handle care follow-up kümmern übernehmen übernimm bearbeiten "
            + "traiter gestionar tratar gestire afhandelen oppakken below unten zk dessous abajo abaixo "
            + "sotto hieronder nedan nedenfor poniżej"
    )
    /// What a requester calls the end of a mail.
    static let signatureWords = PlainWordSet(
        "signature signatures signatur signaturen firma firmas assinatura handtekening underskrift podpis "
            + "footer fußzeile")
    /// What programs put before the subject of an answer.
    static let replyPrefixes = PlainWordSet(
        "רה השב رد تتمة re aw sv antw odp r ris rif res vs ré réf ynt ads vá atb απ σχετ отв ha на 回复 回覆 答复 返信 회신"
    )
    /// What programs put before the subject of a mail that is passed on.
    static let forwardPrefixes = PlainWordSet(
        "fw fwd wg tr rv enc i fs vb vl doorst pd przek ilt prz továbbítás tovabbitas 转发 轉寄 転送 전달 fv пд пересл прд"
    )
    /// Those of the forwarding words that stand for the whole message even above a reply's head.
    static let passingOnWords = PlainWordSet(
        "fyi fwd fw wg forward forwarded forwarding weiterleitung weitergeleitet weiterleiten info "
            + "reenvío reenvio reenviado transfère transféré encaminho encaminhado reencaminho inoltro "
            + "inoltrato doorgestuurd"
    )
}
