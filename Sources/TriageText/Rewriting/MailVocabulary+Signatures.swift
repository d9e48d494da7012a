/// The words of closing formulas and signatures.
extension MailVocabulary {
    /// Words of which a closing formula is made; `closingNouns` are those that make it one.
    static let closingNouns = PlainWordSet(
        "regards rgds br sincerely faithfully truly cheers thanks thank thx respectfully wishes best "
            + "grüßen grüße gruß grüssen grüsse gruss gruessen gruesse mfg vg lg hochachtungsvoll dank "
            + "danke cordialement confraternellement salutations merci respectueusement amicalement vous "
            + "saludos saludo atentamente cordialmente gracias abrazo atenciosamente cumprimentos obrigado "
            + "obrigada att grato grata abraço abraços saudações cordiali cordialità saluti saluto grazie "
            + "groet groeten mvg bedankt hilsen hilsning hälsning hälsningar mvh pozdrawiam pozdrowienia "
            + "poważaniem уважением пожеланиями Спасибо спасибо повагою Дякую дякую saygılarımla saygılarımızla "
            + "saygılar selamlar teşekkürler pozdravem pozdravom děkuji ďakujem üdvözlettel köszönettel tisztelettel stimă "
            + "mulțumesc terveisin kiitos χαιρετισμούς εκτίμηση Ευχαριστώ ευχαριστώ поздрави Поздрави "
            + "よろしくお願いいたします よろしくお願い致します よろしくお願いします 宜しくお願い致します 宜しくお願いいたします 敬具 此致 敬礼 敬禮 谢谢 謝謝 "
            + "감사합니다 בברכה"
    )
    static let closingWords = PlainWordSet(
        "kind kindest best warm warmest with many and again in advance so much very yours dear you "
            + "for your help all the mit freundlichen freundlichem freundliche besten beste viele liebe "
            + "lieben schöne herzliche herzlichen vielen im voraus und aus der die bien à très sincères "
            + "meilleures distinguées d avance veuillez agréer recevoir madame monsieur nos mes l "
            + "expression de sentiments les plus un una cordial cordiales muchas antemano reciban reciba y "
            + "con com os melhores muito muita e cordiais um distinti mille anticipatamente anticipo "
            + "ringraziamenti caro cari cordiale giornata buona lavoro attesa riscontro pela atenção do em "
            + "met vriendelijke hartelijke alvast je u bij med vänlig vänliga venlig vennlig z kedves s "
            + "С с наилучшими и З з найкращими iyi çalışmalar cu ystävällisin parhain με Με 何卒"
    )

    /// With these a sentence begins, and hardly a line of a signature that has words in small letters, too.
    static let sentenceOpeners = PlainWordSet(
        "the this these there that our my we it i he she they please when since after if and also could is are why "
            + "how what every nobody everyone another all no not now today yesterday still reply call das die dies "
            + "diese unser unsere mein meine wir es er sie ich bitte kein keine wenn seit auch alle heute gestern noch "
            + "hier antwort les ce cette notre nos mon je nous il elle un une aucun depuis aussi pourriez merci el los las "
            + "este nuestro nuestra hay por tampoco también desde lo gli questo questa nostro nostra anche non het een "
            + "onze mijn ik wij deze ook niet os um uma nosso nossa meu minha não também"
    )
    /// Words in small letters of sentences, beside verbs and denials.
    static let sentenceWords = PlainWordSet(
        "without since again anymore before when ohne seit keine kein keinen wieder mehr sans depuis plus sin desde senza "
            + "nessun nessuna sem nenhum zonder sinds geen"
    )
    static let contactLabels = PlainWordSet(
        "tel telephone phone fon tél téléphone teléfono telefone telefono telefoon telefon tfno telf "
            + "tlf fax telefax mobile mobil mob móvil movil portable cell cel tlm telem telef fone ph gsm "
            + "natel interno ramal anexo dw zentrale centralino cellulare telemóvel telemovel direct direkt "
            + "durchwahl ddi direkter office desk ext extension hotline email e-mail mail courriel correo "
            + "web website internet www t m f e p w skype teams linkedin "
            + "тел Тел телефон Телефон факс Факс моб Моб почта Почта сайт Сайт puh cep faks eposta e-posta τηλ Τηλ"
    )

    static let companyForms = PlainWordSet(
        "gmbh ggmbh mbh ag kg kgaa ohg ug gbr ltd limited inc llc llp plc corp corporation sa sas sl "
            + "slu srl spa sarl eurl sci slp snc bv nv vof lda ltda eireli ab aps oy oyj asa pty doo zoo "
            + "spzoo sro as ev ek eg se scoop coop co oo kft zrt sia uab aş ООО ОАО ЗАО АО ПАО ТОО ИП ТОВ ЕООД ООД"
    )
    /// Abbreviations in small letters with which a street or a town begins; the full stop is not written here.
    static let addressAbbreviations = PlainWordSet(
        "ul al pl str av г ул д пр просп пер корп оф cad sok mah blv bd")
    /// What companies are called in scripts without spaces, before or behind their names.
    static let unspacedCompanies: [StaticString] = [
        "株式会社", "有限会社", "合同会社", "有限公司", "有限責任公司", "주식회사", "(주)", "㈜",
    ]

    /// Beginnings of titles, departments and kinds of institutions.
    static let titles = StemTable<SignatureFeature>([
        (
            .title,
            """
            manager manag director head. officer engineer assistant analyst coordinator co-ordinator lead. \
            leader chief president consultant specialist administrator secretar accountant developer buyer \
            purchas sales. marketing department team. dept ceo. cfo. cto. cio. ciso. coo. executive chair. \
            professor surveyor chemist planner technician supervisor adviser advisor representative \
            partner. founder owner. editor. librarian nurse. physician attorney solicitor lawyer clerk \
            controller architect designer scientist researcher lecturer teacher bursar caretaker \
            receptionist operator operations finance. accounts payroll procurement logistics human. hr. \
            it. leiter leitung leiterin beauftragt geschaftsfuhr abteilung einkauf vertrieb buchhalt \
            sachbearb assistenz inhaber sekretari referent ingenieur meister dekan kaufm prokurist \
            verwaltung teamleit betriebsleit filialleit projektleit bereichsleit personal. apotheker arzt \
            arztin rechtsanwalt steuerberater hausmeister werkleit konstruktion produktion vorstand dipl \
            responsable directeur directrice chef. cheffe. charge. chargee. gerant comptable coordonnat \
            secretaire service. services. ingenieure medecin conseiller gestionnaire technicien adjoint \
            direction. achats ventes jefe jefa directora encargad gerente coordinador tecnico departamento \
            gestor gestora corrector administracion contabilidad compras ventas abogad doctora subdirector \
            diretor diretora chefe coordenador responsavel assistente analista contabilidade engenheir \
            advogad tecnica supervisora responsabile direttore direttrice ufficio coordinatore \
            coordinatrice addett impiegat titolare amministra ragionier segreter dirigente medico. \
            infermier geometra consulente encarregad enfermeir comercial vendedor tesoureir proprietari \
            capo. avvocato ingegnere hoofd. medewerker afdeling administratie inkoop verkoop adviseur \
            teamleider beheerder beauftragte kierownik dyrektor chef avdeling avdelning \
            ksiegow specjalist glown prezes mudur uzman sorumlu muhasebe vedouci reditel Главный Директор Менеджер \
            Начальник Инженер Специалист Руководитель Бухгалтер Отдел
            """
        ),
        (
            .organisation,
            """
            clinic hospital universit university school college academy institut klinik klinikum \
            krankenhaus schule grundschule gymnasium amt. hopital ecole lycee mairie commune. universidad \
            ayuntamiento colegio instituto escuela universidade escola camara prefeitura universita comune \
            ospedale istituto scuola council ministry ministerium ministere ministerio group. gruppe. \
            groupe. grupo. gruppo. stadtwerke bank. banco banca banque insurance versicherung assurances \
            seguros trust. foundation stiftung fondation fundacion society. association verein. apotheke \
            pharmacy laborator solicitors gemeente waterschap ziekenhuis capital. partners. holding \
            reederei logistics. cooperativ caja. naviera farmacia clinica municipio agrupamento junta. \
            azienda agenzia studio. ente. centro.
            """
        ),
        (
            .address,
            """
            street. road. lane. avenue. square. quay. str. strase strasse straat gasse. platz. weg. allee. \
            rue. boulevard quai. av. avda. calle. plaza. ctra. rua. avenida. largo. praca estrada. zona. \
            via. piazza. viale. corso. laan. plein. postbus postfach box. floor. building. gebaude raum. \
            room. suite. haus. house. etage. unit. park. campus. muelle pol. stock. edificio andar. piano. \
            z.i. za. bp. cedex
            """
        ),
        (.social, "linkedin facebook instagram twitter tiktok xing youtube mastodon whatsapp bluesky"),
        (
            .contactHours,
            "sprechzeiten burozeiten offnungszeiten mofr hours. uhr. mo. mon. fri. lun. lundi. ven. "
                + "seg. sex. horaire horario orari openingstijden she. her. he. him. they. them. pronouns "
                + "working."
        ),
    ])
}
