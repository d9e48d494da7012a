internal import TriageText

/// How often words that patterns use occur in support tickets, so that a filter looks for the rare ones.
///
/// Counted in 27,000 public tickets and questions, most of them English; the function words of the other six languages were
/// added by hand. Only a guess: a wrong one costs time and never a floor.
enum FrequentWords {
    /// By how many of 10,000 tickets hold one, the words.
    private static let lists: [(rate: Int, words: String)] = [
        (
            1500,
            "a and be can for have how i in is it my of on the this to with you"
        ),
        (
            500,
            "0 1 2 3 4 aan about access account add after al am an any are as at au auf avec been bei "
                + "bug by card change che com con could customer da dans das dat data de del della dem den "
                + "der des details di die do does du e een ein eine el em en er error es est et feature "
                + "file from fur get gli had has he het ich if il im information ist je la las le les like "
                + "lo log los me met mit na name nicht niet no non not nous o op or order os our out para "
                + "pas per por possible pour que re report reproduce request se see she sie so steps "
                + "support sur system te team thank that there they time type um uma un una und une up use "
                + "user van version von voor want was we were what when where which will wir work y your "
                + "zijn zu"
        ),
        (
            170,
            "monitor 15 5 able administrator all another application ask back before bitcoin bitte c call "
                + "can't cannot case changes check click client d date days default device devices did "
                + "doesn't don't due ensure environment every expected extension failed files find first "
                + "form forward free further give go good got high id inform into item last latest line "
                + "link list load look made main management matter may message mich money more most n "
                + "needed network next note now number one online only open other payment performance phone "
                + "process project question recent relevant return right run s same search security sent "
                + "server service services set share since solution something start status still such "
                + "systems take test than them then today transfer two under update urgent us users way "
                + "website within without working writing zur"
        ),
        (
            50,
            "24 30 accept accounts across active ad affected affecting again against agree ai "
                + "alternatives amount anyone anything arrive attempted avoid backup bank being bereits "
                + "between billing block brand breach building business calendar called calls cancel care "
                + "cd ce center charges ci cliente clients close come comment commit company complete "
                + "computer confidential connect connection connections control copy correct cost crash "
                + "credentials critical dass database daten day direct directory display document down edit "
                + "einen einer either email end erhalten esta este everyone exists falls feedback fees "
                + "finds floor geben general giving going guide haben hat hearing her him his hospital "
                + "hours identity ihr incident including incorrect inside invoice isn't job keep konnen "
                + "konnte l laptop lead least leaving limit local logs looks loss lost lot m machine mail "
                + "mailbox manager many meeting mehr meine melden method mi mir missing mochte module "
                + "moglich moment move must myself nach ne needs never newsletter none nothing "
                + "notification numero occur off offer once operating operations ou over own owner password "
                + "path patient pay payments pc people person personal pin place plan plus point policy pre "
                + "prevent printer priority program provider public queue raise reason records red release "
                + "reporter reporting reset responsible restart result sa says screenshot second sein self "
                + "send servers shown si sich sign sind single site sobre someone space step stop su "
                + "submitted sure suspect tag takes task template terminal their ticket tickets times too "
                + "total training unable unauthorized uns unsere until va virtual waiting wants warning web "
                + "week wenn werden wird works wrong wurde wurden ya yet"
        ),
        (
            20,
            "accessible accountant activity admin affects alle almost als among answer approval ar "
                + "arm arrange asked attempt attempting audience aus base batch battery beim betrieb "
                + "breaches bring broken cable cancelled category checks codes comes coming compare "
                + "completely confirm contains contract costs course creation cuenta cursor customers db "
                + "deleted dell depend deposit detection dienste documents domain dos double durante einem "
                + "eines emails employees entered entire equipe equipo erforderlich estamos estou eu exact "
                + "expire expires explanation expose failing fast fault frames gas gave geraten gone group "
                + "ha hand heavily hemos hit ho ideas informacion infrastruktur insurance integritat "
                + "internet invoices iphone kann known krankenhaus kunden led letzten life light lines "
                + "links live locations locked login low lower ma machines maintenance mais major man "
                + "matching measure meetings mein meinem mensagem mensaje mention migration minha minutes "
                + "missed mistake mon monitoring month mouse muito nachsten names nao near netzwerk ni nos "
                + "nossa notebook notice notre nuestro office official ok om operaciones operation outage "
                + "outages paid paper par patientendaten payable pela pelo permission pid planned planning "
                + "plans play points portal posible possivel pot primary privacy procedure prod production "
                + "programme protect protection protocol record refunds rejected replaced responding "
                + "reviews risk roll room runs safe said sales schutz sem ser serve servicio servicios "
                + "servico session shop sin sites slow somebody sort spam spent staff starten stolen "
                + "stopped stuck sua suite switching systeme systemen taking talking technische temporary "
                + "thema three todo todos tomorrow tot touch transferred turned unavailable unless unser "
                + "unter unternehmen ups urgente ver virus visible vital vor vous wahrend waren warnings "
                + "water went whole wish word words workaround written year yesterday zero zugriff zum"
        ),
    ]

    private static let table = Table()

    /// In how many of 10,000 tickets a word occurs: a short one that is in no list oftener than a long one.
    static func rate(of word: FloorPattern.Word) -> Int {
        let unknown = max(1, 40 >> Int(word.size))
        guard word.length > 0 else { return table.rate(of: word.hash) ?? unknown }
        return table.rate(beginning: word) + 2 * unknown
    }
}

extension FrequentWords {
    private struct Entry {
        var rate: Int
        var letters: UInt64
        /// The next entry with the same first three letters; -1 for none.
        var next: Int32
    }

    private struct Table {
        private var entries: [Entry] = []
        /// Places in `entries`: of words, and of the latest ones that begin with three letters.
        private var words = UInt64HashTable(capacity: 2048)
        private var beginnings = UInt64HashTable(capacity: 2048)
        private var latest: [Int32] = []

        init() {
            for list in lists {
                for word in PatternWords(Array(list.words.utf8)).list { add(word, list.rate) }
            }
        }

        private mutating func add(_ word: PatternWords.Word, _ rate: Int) {
            guard words.count < 2048, words.insert(word.hash, UInt32(entries.count)) else { return }
            if beginnings.insert(word.beginning, UInt32(latest.count)) { latest.append(-1) }
            let group = Int(beginnings[word.beginning] ?? 0)
            entries.append(Entry(rate: rate, letters: word.letters, next: latest[group]))
            latest[group] = Int32(entries.count - 1)
        }

        func rate(of hash: UInt64) -> Int? { words[hash].map { entries[Int($0)].rate } }

        /// The frequencies of all words that begin with the letters of `word`, at most eight, added up.
        func rate(beginning word: FloorPattern.Word) -> Int {
            guard let group = beginnings[word.hash] else { return 0 }
            let mask = word.length < 8 ? 1 << UInt64(8 * Int(word.length)) - 1 : UInt64.max
            var rate = 0
            var place = latest[Int(group)]
            while place >= 0 {
                let entry = entries[Int(place)]
                if (entry.letters ^ word.letters) & mask == 0 { rate += entry.rate }
                place = entry.next
            }
            return rate
        }
    }
}
