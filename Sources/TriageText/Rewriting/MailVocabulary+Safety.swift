/// The words of standing notices about safety: English, German, French, Spanish, Portuguese, Italian and Dutch.
extension MailVocabulary {
    static let safety = StemTable<SafetyFeature>([
        (
            .hazard,
            """
            ransom phish malware virus viren spam breach leak incident vorfall vorfalle hack cyber fire. feuer. brand. \
            unfall accident injur verletz blesse emergenc emergencia emergenza notfall notfalle urgenc urgencia noodgeval \
            noodgevallen incendi fogo. fuego. brandal fraud betrug fraude frode stolen theft suspicious verdachtig suspect \
            sospech suspeit sospett security sicherheit securite seguridad seguranca sicurezza beveilig datenpanne \
            datenschutz datenleck fuite fuga. lek. datalek outage ausfall storung panne. averia avaria guasto storing \
            dangerous gefahr danger
            """
        ),
        (.report, "report. reporting. reports. informe. reporte. meldung phishalarm"),
        (
            .reportVerb,
            """
            melden meldet signalez signaler notifique notificar comunique comunicar denuncie reportez segnalate segnalare \
            segnala rapporteer meld.
            """
        ),
        (
            .call,
            """
            call. dial. phone. contact. notify. ring. wahlen anrufen rufen kontaktieren wenden appelez appeler contactez \
            contacter composez llame. llamar marque. contacte. ligue. ligar contate. chiamare chiamate contattare \
            contattate comporre bel. bellen neem.
            """
        ),
        (.condition, "if. wenn. falls. sollten. si. se. als. indien."),
        (.preposition, "in. im. en. em. bei. bij. for. fur. pour. para. per."),
        (
            .instance,
            """
            case. cas. caso. geval. falle. emergency. emergencies. notfall notfallen urgence urgences emergencia \
            emergenza noodgeval noodgevallen
            """
        ),
        (
            .statement,
            """
            is. are. has. have. does. not. cannot. cant. down. says. was. were. shows. fails. failed. works. crashes. \
            ist. sind. war. hat. haben. nicht. zeigt. fehlt. brennt. geht. est. sont. affiche. marche. pas. esta. es. \
            no. muestra. funciona. falla. tampoco. sono. mostra. funziona. nao. non. niet. heeft. werkt. toont. doet.
            """
        ),
        (
            .hotline,
            "hotline helpline notruf notfallnummer notrufnummer notfalltelefon meldestelle numero. urgences. meldpunt "
                + "noodnummer 24-7 alarmnummer"
        ),
        (
            .author,
            """
            my. mine. myself. me. we. our. ours. ich. mich. mir. mein meine. meinem. meinen. meiner. wir. unser \
            je. jai. moi. mon. ma. mes. nous. notre. nos. yo. mi. mis. nosotros nuestr eu. meu. minha. nosso. nossa. io. \
            mio. mia. noi. nostr ik. mij. mijn. wij. ons. onze.
            """
        ),
        (
            .event,
            """
            yesterday today. now. since. just. happened started broke. burning burns. gestern heute jetzt gerade seit. \
            passiert brennt. hier. aujourdhui maintenant depuis ayer hoy. ahora desde. ontem hoje agora ieri oggi adesso \
            gisteren vandaag nu. sinds. there. he. she. they. got. saw. found. bitte.
            """
        ),
        (.this, "this. diese. dieser. ce. cet. cette. este. esta. questo. questa. deze. dit."),
        (
            .message,
            "email emails mail. mails. message messages. nachricht courriel mensaje correo mensagem messaggio bericht"
        ),
        (.sender, "sender absender expediteur remitente remetente mittente afzender"),
        (
            .scanned,
            """
            scanned analyzed analysed inspected filtered secured gescannt analysiert gepruft analyse. escanead analizad \
            verificad analisad scansionat analizzat gescand gecontroleerd geanalyseerd
            """
        ),
        (.by, "by. von. durch. par. por. da. dal. dalla. door."),
        (
            .unverified,
            "verified verify. authenticated verifiziert authentifiziert verifie authentifie verificar verificado "
                + "autenticad verificato geverifieerd"
        ),
        (
            .unknown,
            """
            unknown unfamiliar external unverified untrusted new. unbekannt extern inconnu externe desconocid externo \
            desconhecid sconosciut esterno onbekend
            """
        ),
        (.outside, "external outside extern externe externer externo externa esterno esterna ext."),
        (
            .warning,
            """
            warning caution attention. alert. beware careful achtung vorsicht warnung avertissement prudence advertencia \
            atencion precaucion cuidado atencao aviso. attenzione avviso waarschuwing
            """
        ),
        (.first, "first. first-time erste. ersten erstmals premier premiere primera primeira prima. eerste"),
        (.click, "click. clicking. use. klick cliquez clic. clique. utilisez clicca cliccare klik. gebruik"),
        (.think, "think. denken. denke reflechissez piense pense. pensa. denk."),
        (.button, "button schaltflache knopf bouton boton botao pulsante knop phishalarm"),
    ])
}
