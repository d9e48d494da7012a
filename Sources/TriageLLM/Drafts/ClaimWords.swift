/// Words for units, numbers, days and promises in the languages that the check of claims knows.
///
/// English, German, French, Spanish, Italian, Portuguese, Dutch and Polish; the commonest of Russian, Turkish, Japanese
/// and Chinese.
enum ClaimWords {
    // MARK: - Units

    static let symbols: [Unicode.Scalar: String] = [
        "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW",
        "₴": "UAH",
        "₪": "ILS", "₿": "BTC", "%": "percent", "‰": "permille",
    ]

    static let currencies: [String: String] = table([
        "EUR": "eur euro euros евро يورو",
        "USD": "usd dollar dollars dólar dólares dolar dolarów доллар долларов دولار",
        "GBP": "gbp pound pounds pfund", "CHF": "chf franken francs", "PLN": "pln zł zloty złotych złote",
        "JPY": "jpy yen", "INR": "inr rupee rupees rupien", "RUB": "rub руб рублей рубля", "TRY": "tl lira",
        "BTC": "btc bitcoin bitcoins", "CAD": "cad", "AUD": "aud", "SEK": "sek", "NOK": "nok", "DKK": "dkk",
        "CZK": "czk kč", "HUF": "huf", "BRL": "brl reais real", "CNY": "cny yuan rmb",
        "cent": "cent cents centimes",
    ])

    private static let units: [String: String] = table([
        "percent": "percent prozent pct procent procento porcento percento proc процентов",
        "second":
            "second seconds sec secs sekunde sekunden seconde secondes segundo segundos secondo secondi seconden "
            + "sekund sekundy секунд",
        "minute":
            "minute minutes min mins minuten minuto minutos minuti minut minuty minuta минут минуты dakika",
        "hour":
            "hour hours hr hrs h stunde stunden std heure heures hora horas ora ore uur uren godzin godziny godzina "
            + "godzinę час часа часов saat",
        "day":
            "day days d tag tage tagen tages werktag werktage werktagen arbeitstag arbeitstage arbeitstagen "
            + "kalendertag kalendertage kalendertagen banktag banktage banktagen "
            + "jour jours día días dia dias giorno giorni dag dagen werkdag werkdagen dzień dni день дня дней gün",
        "week":
            "week weeks wk wks woche wochen semaine semaines semana semanas settimana settimane weken tydzień "
            + "tygodni tygodnie неделя недели недель hafta",
        "month":
            "month months monat monate monaten mois mes meses mese mesi mês maand maanden miesiąc miesiące miesięcy "
            + "месяц месяца месяцев ay",
        "year":
            "year years yr yrs jahr jahre jahren ans année années año años anno anni ano anos jaar jaren rok lata "
            + "lat год года лет yıl",
        "clock": "am pm uhr o'clock a.m p.m",
        "×1000": "k tsd thousand tausend mille mil mila duizend tysięcy тыс тысяч",
        "×1000000": "m mio million millions millionen millones milhões milioni miljoen milionów млн milyon",
        "×1000000000": "bn billion billions mrd milliarden milliards mld",
    ])

    /// What a word after a number counts.
    static func unit(_ word: String) -> String? { units[word] ?? currencies[word] }

    /// Words that may stand between a number and its unit.
    static let between: Set<String> = set(
        "working business calendar full more further additional whole short quick bank of a an the weitere weiteren volle "
            + "vollen ganze ganzen jours ouvrés bons petites jornadas de einer einen eine od")

    /// Units in scripts without spaces, the longest first.
    static let ideographs: [(text: String, unit: String)] = table([
        "day": "営業日 工作日 个工作日 日 天", "hour": "時間 小时 小時", "clock": "時 时 点 點", "minute": "分钟 分鐘 分",
        "week": "週間 週 周 星期", "month": "か月 ヶ月 个月 個月 月", "year": "年", "JPY": "万円 円", "CNY": "万元 元 块",
        "percent": "割 パーセント",
    ]).map { (text: $0.key, unit: $0.value) }.sorted { ($1.text.count, $0.text) < ($0.text.count, $1.text) }

    // MARK: - Numbers in words

    static let numbers: [String: Double] = {
        let lists = [
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
                + "eighteen nineteen twenty",
            "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
                + "achtzehn neunzehn zwanzig",
            "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
            "uno dos tres cuatro cinco seis siete ocho nueve diez - doce trece catorce quince",
            "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici",
            "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze",
            "één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien",
            "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć",
            "один два три четыре пять шесть семь восемь девять десять",
            "bir iki üç dört beş altı yedi sekiz dokuz",
            "一 二 三 四 五 六 七 八 九 十",
        ]
        var table: [String: Double] = [:]
        for list in lists {
            for (place, word) in list.split(separator: " ").enumerated() {
                table[String(word)] = Double(place + 1)
            }
        }
        let others: [(String, Double)] = [
            ("ein eine einer einem einen une una uma een", 1), ("dwóch dwie две duas", 2), ("trzech", 3),
            ("half halb halbe halben halber demi demie media medio mezza mezzo meia halve pół", 0.5),
            ("couple paar", 2), ("dozen dutzend", 12),
            ("thirty dreißig dreissig trente treinta trenta trinta dertig", 30),
            ("forty vierzig quarante cuarenta quaranta quarenta veertig", 40),
            ("fifty fünfzig cinquante cincuenta cinquanta cinquenta vijftig", 50),
            ("sixty sechzig soixante sesenta sessanta sessenta zestig", 60),
            ("seventy siebzig setenta settanta zeventig", 70),
            ("eighty achtzig ochenta ottanta oitenta tachtig", 80),
            ("ninety neunzig noventa novanta negentig", 90),
            ("vingt veinte venti vinte twintig dwadzieścia двадцать yirmi", 20),
            ("hundred hundert cent cien ciento cento cem honderd sto сто yüz", 100),
            ("thousand tausend mille mil mila duizend tysiąc тысяча", 1000),
        ]
        for (words, value) in others {
            for word in words.split(separator: " ") where table[String(word)] == nil {
                table[String(word)] = value
            }
        }
        for (ones, value) in [
            ("ein", 1.0), ("zwei", 2), ("drei", 3), ("vier", 4), ("fünf", 5), ("sechs", 6), ("sieben", 7),
            ("acht", 8),
            ("neun", 9),
        ] {
            table["\(ones)hundert"] = value * 100
            table["\(ones)tausend"] = value * 1000
            for (tens, ten) in [
                ("zwanzig", 20.0), ("dreißig", 30), ("vierzig", 40), ("fünfzig", 50), ("sechzig", 60),
                ("siebzig", 70),
                ("achtzig", 80), ("neunzig", 90),
            ] { table["\(ones)und\(tens)"] = ten + value }
        }
        return table
    }()

    /// Words before a length of time that make it a promise even with an article alone: "within a day".
    static let deadlines: Set<String> = set(
        "within inside in innerhalb binnen sous dans dentro en entro em tra fra w ciągu через в")

    /// Articles that count as one there.
    static let articles: Set<String> = set(
        "a an the one ein eine einer einem eines une un una uno um uma een der")

    // MARK: - Days

    static let days: [String: String] = table([
        "mon": "monday mondays montag montags lundi lunes lunedì maandag poniedziałek понедельник pazartesi",
        "tue": "tuesday tuesdays dienstag dienstags mardi martes martedì dinsdag wtorek вторник salı",
        "wed":
            "wednesday mittwoch mittwochs mercredi miércoles mercoledì woensdag środa środę среда среду çarşamba",
        "thu": "thursday donnerstag donnerstags jeudi jueves giovedì donderdag czwartek четверг perşembe",
        "fri": "friday fridays freitag freitags vendredi viernes venerdì vrijdag piątek пятница пятницу cuma",
        "sat":
            "saturday samstag samstags sonnabend samedi sábado sabato zaterdag sobota sobotę суббота субботу cumartesi",
        "sun": "sunday sonntag sonntags dimanche domingo domenica zondag niedziela niedzielę воскресенье",
        "1": "january januar jänner janvier enero gennaio janeiro januari styczeń stycznia января ocak",
        "2": "february februar février febrero febbraio fevereiro februari luty lutego февраля şubat",
        "3": "march märz mars marzo março maart marzec marca марта",
        "4": "april avril abril aprile kwiecień kwietnia апреля",
        "5": "may mai mayo maggio maio mei maja мая",
        "6": "june juni juin junio giugno junho czerwiec czerwca июня",
        "7": "july juli juillet julio luglio julho lipiec lipca июля",
        "8": "august août agosto augustus sierpień sierpnia",
        "9": "september septembre septiembre settembre setembro wrzesień września сентября",
        "10": "october oktober octobre octubre ottobre outubro październik października октября",
        "11": "november novembre noviembre novembro listopad listopada ноября",
        "12": "december dezember décembre diciembre dicembre dezembro grudzień grudnia декабря",
        "today": "today heute hoy oggi hoje vandaag dziś dzisiaj сегодня bugün",
        "tonight": "tonight stasera",
        "tomorrow": "tomorrow morgen demain mañana domani amanhã jutro завтра yarın",
        "overmorrow": "übermorgen", "weekend": "weekend wochenende wochenendes",
    ])

    /// Months that are other words too; they count after a number or one of these.
    static let ambiguousDays: Set<String> = ["may", "march", "mars", "mai", "mei"]
    static let beforeMonths: Set<String> = set(
        "in by until of before after early late mid im bis ab ende anfang mitte en au fin de le op tot")

    /// Where "morgen" and "mañana" are the morning.
    static let beforeMorning: Set<String> = set(
        "guten good goede goeie am jeden schönen la the heute gestern diesen")

    /// Days in several words, or in scripts without spaces.
    static let dayPhrases: [String: String] = [
        "next week": "next week", "nächste woche": "next week", "nächster woche": "next week",
        "kommende woche": "next week", "la semaine prochaine": "next week", "próxima semana": "next week",
        "semana que viene": "next week", "prossima settimana": "next week", "volgende week": "next week",
        "w przyszłym tygodniu": "next week", "this week": "this week", "diese woche": "this week",
        "dieser woche": "this week", "next month": "next month", "nächsten monat": "next month",
        "mois prochain": "next month", "próximo mes": "next month", "próximo mês": "next month",
        "end of day": "end of day", "end of the day": "end of day", "end of business": "end of day",
        "close of business": "end of day", "bis feierabend": "end of day", "fin de journée": "end of day",
        "final del día": "end of day", "fine giornata": "end of day", "fim do dia": "end of day",
        "einde van de dag": "end of day", "end of the week": "end of week", "end of week": "end of week",
        "ende der woche": "end of week", "bis wochenende": "end of week", "fin de semaine": "end of week",
        "aujourd'hui": "today", "après-demain": "overmorrow", "day after tomorrow": "overmorrow",
        "pasado mañana": "overmorrow", "dopodomani": "overmorrow", "depois de amanhã": "overmorrow",
        "overmorgen": "overmorrow", "pojutrze": "overmorrow", "segunda-feira": "mon", "terça-feira": "tue",
        "quarta-feira": "wed", "quinta-feira": "thu", "sexta-feira": "fri", "明日": "tomorrow",
        "明天": "tomorrow",
        "今日": "today", "今天": "today", "本日": "today", "来週": "next week", "下周": "next week", "月曜": "mon",
        "火曜": "tue", "水曜": "wed", "木曜": "thu", "金曜": "fri", "土曜": "sat", "日曜": "sun", "星期一": "mon",
        "星期五": "fri", "周一": "mon", "周五": "fri",
    ]

    // MARK: - Promises

    /// The beginnings of words that promise something of value.
    static let promiseStems: [(stem: String, kind: String)] = pairs([
        "refund":
            "refund reimburs erstatt rückerstatt zurückerstatt rückzahl rembours reembols rimbors terugbeta terugbetaal "
            + "restitu возврат возмещ",
        "compensation":
            "compensat kompens entschäd indemnis dédommag indemniz risarc vergoed schadevergoed rekompens "
            + "odszkod компенс tazmin",
        "voucher": "voucher gutschein gutschrift gutgeschrieb gift-card bon-d'achat tegoedbon",
        "discount": "discount rabatt preisnachlass descuento sconto desconto korting rabat скидк indirim",
        "free":
            "complimentary kostenlos kostenfrei unentgeltlich gratis gratuit gratuidad grátis bezpłat бесплат ücretsiz",
        "guarantee": "guarantee warrant garant gwarant гарант",
        "waiver": "waive waiv kulanz goodwill",
        "liability": "liabilit liable schadenersatz schadensersatz haftung haften",
        "replacement": "replacement ersatzgerät ersatzlieferung",
    ])

    static let promisePhrases: [String: String] = [
        "free of charge": "free", "for free": "free", "at no cost": "free", "no charge": "free",
        "ohne kosten": "free",
        "sans frais": "free", "sin coste": "free", "sin costo": "free", "za darmo": "free",
        "money back": "refund",
        "geld zurück": "refund", "gift card": "voucher", "store credit": "voucher", "credit note": "voucher",
        "credit your": "voucher", "devolución del": "refund", "zwrot pieni": "refund", "zwrócimy": "refund",
        "返金": "refund", "払い戻し": "refund", "退款": "refund", "補償": "compensation", "赔偿": "compensation",
        "割引": "discount", "折扣": "discount", "無料": "free", "免费": "free", "保証": "guarantee", "保证": "guarantee",
    ]

    // MARK: - Tables

    /// Each word of the values with its key.
    private static func table(_ words: [String: String]) -> [String: String] {
        var table: [String: String] = [:]
        for key in words.keys.sorted() {
            for word in (words[key] ?? "").split(separator: " ") { table[String(word)] = key }
        }
        return table
    }

    private static func pairs(_ words: [String: String]) -> [(stem: String, kind: String)] {
        words.keys.sorted().flatMap { kind in
            (words[kind] ?? "").split(separator: " ").map { (String($0), kind) }
        }
    }

    private static func set(_ words: String) -> Set<String> {
        Set(words.split(separator: " ").map(String.init))
    }
}
