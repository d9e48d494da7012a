internal import TriageText

/// An error code, a version or a model's number in a text: what it counts for, and its number.
struct Code {
    /// What it is a code of: its letters, such as "ora", or the words before it, such as "vpn" and "error".
    var families: [UInt64]
    /// The number without leading zeros.
    var whole: UInt64
    /// The number, and shorter forms of it: "7.2" and "7" of 7.2.1.
    var values: [UInt64]

    /// Whether no word or letter before it names what it is a code of.
    var isUnnamed: Bool { families.allSatisfy { $0 == CodeWords.anyVersion } }

    /// The codes of a text's words.
    ///
    /// Dates, amounts, counts of days or people, and the numbers of orders, tickets, rooms and telephones are not codes.
    static func codes(in found: Words, _ source: Source) -> [Code] {
        var scanner = Scanner(found, source)
        return scanner.scan()
    }

    /// A version in a question counts for all versions when no word before it names the product.
    enum Source {
        case article
        case question
    }
}

/// Reads the codes of a text's words.
private struct Scanner {
    private let found: Words
    private let list: [Words.Word]
    private let source: Code.Source
    /// The content words right before a place, the last one last.
    private var names: [UInt64] = []
    private var isVersion = false
    private var isIncidental = false
    private var codes: [Code] = []

    init(_ found: Words, _ source: Code.Source) {
        (self.found, self.source) = (found, source)
        list = found.list
    }

    mutating func scan() -> [Code] {
        var next = 0
        while next < list.count {
            if list[next].isSymbol {
                if !Scanner.links.contains(where: { found.folded(list[next]).elementsEqual($0) }) { forget() }
                next += 1
                continue
            }
            // Most words are letters alone: no chain is made of them, and their hash is known.
            if isAlone(next), !found.folded(list[next]).contains(where: Scanner.isDigit) {
                remember(list[next].hash)
                next += 1
                continue
            }
            let chain = WordChain(found, list, from: next, limit: list.count)
            read(chain, unit: next + 2 * chain.count - 1)
            next += 2 * chain.count - 1
        }
        return codes
    }

    /// Whether no mark joins a word to the next one.
    private func isAlone(_ place: Int) -> Bool {
        place + 2 >= list.count || list[place].range.upperBound != list[place + 1].range.lowerBound
            || Joint(found, list, at: place + 1) == nil
    }

    private mutating func forget() {
        names.removeAll(keepingCapacity: true)
        (isVersion, isIncidental) = (false, false)
    }

    private mutating func read(_ chain: WordChain, unit: Int) {
        if chain.isOfDigits, chain.count > 1, chain.version(from: 0).count < chain.count { return forget() }
        var place = 0
        while place < chain.count {
            let version = chain.version(from: place)
            if version.count > 1 {
                add(version: version, of: chain, unit)
                place = version.upperBound
                continue
            }
            let word = chain.word(place)
            let digits = word.count(where: Scanner.isDigit)
            if digits == 0, let end = chain.endOfCode(from: place) {
                add(word, number: Array(chain.joined(place + 1..<end)))
                place = end
                continue
            }
            if digits == 0 {
                remember(StableHash.hash(Array(word), kind: .word))
            } else if digits == word.count {
                add(number: word, unit)
            } else {
                add(word)
            }
            place += 1
        }
    }

    // MARK: - Words before a code

    private mutating func remember(_ term: UInt64) {
        switch CodeWords.kind(of: term) {
        case .version: isVersion = true
        case .error: push(CodeWords.anyError)
        case .incidental:
            forget()
            isIncidental = true
        case .link: break
        case nil: if GenericWords.contains(term) { forget() } else { push(term) }
        }
    }

    private mutating func push(_ term: UInt64) {
        if isIncidental { forget() }
        names.append(term)
        if names.count > 2 { names.removeFirst() }
    }

    // MARK: - Codes

    /// A version, such as "client 7.2.1", "v7.2.1" or "python3.10".
    private mutating func add(version: Range<Int>, of chain: WordChain, _ unit: Int) {
        defer { isIncidental = false }
        guard !isIncidental, !chain.isDateOrAddress(version),
            version.upperBound < chain.count || !isUnit(unit)
        else { return }
        var families = names
        let letters = chain.versionLetters(from: version.lowerBound)
        let term = StableHash.hash(Array(letters), kind: .word)
        let isMarked = isVersion || CodeWords.version.contains(term)
        if !letters.isEmpty, !CodeWords.version.contains(term) { families.append(term) }
        if source == .article || families.isEmpty && (isMarked || version.count > 2) {
            families.append(CodeWords.anyVersion)
        }
        let values = chain.beginnings(of: version, withoutZeros: true)
        guard let whole = values.last else { return }
        codes.append(Code(families: families, whole: whole, values: values))
    }

    /// A number alone: a short one counts for the word right before it, a longer one for two.
    private mutating func add(number word: ArraySlice<UInt8>, _ unit: Int) {
        defer { isIncidental = false }
        guard !isIncidental, !isUnit(unit) else { return }
        let value = StableHash.hash(Scanner.withoutZeros(word), kind: .word)
        var families = word.count > 2 ? names : Array(names.suffix(1))
        if isVersion, families.isEmpty { families = [CodeWords.anyVersion] }
        codes.append(Code(families: families, whole: value, values: [value]))
    }

    /// A word of letters and digits, such as "sc542", "0x80070005" or "23h2".
    private mutating func add(_ word: ArraySlice<UInt8>) {
        if word.first.map(Scanner.isDigit) == false {
            let number = word.drop { !Scanner.isDigit($0) }
            return add(word[..<number.startIndex], number: Array(number))
        }
        if word.starts(with: "0x".utf8) { return add(word.prefix(2), number: Array(word.dropFirst(2))) }
        let unit = StableHash.hash(Array(word.drop(while: Scanner.isDigit)), kind: .word)
        guard !isIncidental, !CodeWords.units.contains(unit) else { return }
        let value = StableHash.hash(Scanner.withoutZeros(word), kind: .word)
        codes.append(Code(families: names, whole: value, values: [value]))
    }

    /// A code by its letters, whatever words are before it.
    private mutating func add(_ letters: ArraySlice<UInt8>, number: [UInt8]) {
        let term = StableHash.hash(Array(letters), kind: .word)
        guard !CodeWords.incidental.contains(term) else { return forget() }
        let number = Scanner.withoutZeros(number[...])
        let whole = StableHash.hash(number, kind: .word)
        var values = [whole]
        let digits = number.prefix(while: Scanner.isDigit)
        if digits.count > 1, digits.count < number.count {
            values.append(StableHash.hash(Array(digits), kind: .word))
        }
        if let last = number.split(separator: 0x2D).last, last.count < number.count {
            values.append(StableHash.hash(Scanner.withoutZeros(last), kind: .word))
        }
        let isVersion = CodeWords.version.contains(term)
        let family =
            isVersion ? CodeWords.anyVersion : CodeWords.error.contains(term) ? CodeWords.anyError : term
        codes.append(Code(families: [family] + (isVersion ? names : []), whole: whole, values: values))
    }

    /// Whether the word at a place is a unit, which makes the number before it an amount.
    private func isUnit(_ place: Int) -> Bool {
        place < list.count && CodeWords.units.contains(list[place].hash)
    }

    /// Marks that leave a number with the word before them.
    private static let links = ":#(=-/\"'".utf8.map { [$0] }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private static func withoutZeros(_ word: ArraySlice<UInt8>) -> [UInt8] {
        let rest = word.drop { $0 == 0x30 }
        return Array(rest.isEmpty ? word.suffix(1) : rest)
    }
}

/// Words that make a number a code, or that make it none.
enum CodeWords {
    static let anyError = StableHash.hash(Array("error".utf8), kind: .wordPair)
    static let anyVersion = StableHash.hash(Array("version".utf8), kind: .wordPair)

    static let error = terms(
        """
        error errors fehler fehlernummer fehlercode fehlermeldung erreur errore erro fout error fehl code codes fault exception \
        status stop alarm störung störungscode código codice
        """)
    static let version = terms(
        "v ver vers version versión versione versão versie release rel r build versionen")
    /// Between a word and its number.
    static let links = terms("no nr nummer number numéro número numero id")
    /// What has numbers that say nothing of the issue.
    static let incidental = terms(
        """
        ticket tickets case order orders invoice invoices request bestellung auftrag auftragsnummer rechnung rechnungsnummer \
        bestellnummer kundennummer kunde vorgang commande facture pedido factura ordine fattura phone tel telefon \
        telephone teléfono mobile fax ext extension durchwahl room raum zimmer chambre sala habitación building floor stock etage \
        étage desk platz bus bay line asset serial inventar customer account konto user employee personalnummer po ref \
        reference referenz page seite step row page kapitel monday tuesday wednesday thursday friday saturday sunday am um at \
        january february march april may june july august september october november december januar februar märz mai juni \
        juli oktober dezember
        """)
    static let units = terms(
        """
        second seconds sec s minute minutes min mins hour hours h hr hrs day days week weeks month months year years times x \
        people persons users colleagues pcs pieces items copies eur euro euros usd dollar dollars gb mb kb tb mbit percent % $ € £ \
        sekunde sekunden minuten stunde stunden tag tage tagen woche wochen monat monate monaten jahr jahre jahren uhr mal \
        personen leute kollegen stück seconde secondes heure heures jour jours semaine semaines mois an ans fois personnes \
        segundo segundos minuto minutos hora horas día días semana semanas mes meses año años veces personas secondi minuti \
        ore giorni giorno settimane mesi anni volte persone am pm o'clock st nd rd th
        """)

    /// What a word is before a number.
    enum Kind: UInt32 {
        case version
        case error
        case incidental
        case link
    }

    /// Nil for a word that may name what a number is a code of.
    static func kind(of term: UInt64) -> Kind? { kinds[term].flatMap { Kind(rawValue: $0) } }

    private static let kinds: UInt64HashTable = {
        let lists: [(Kind, Set<UInt64>)] = [
            (.version, version), (.error, error), (.incidental, incidental), (.link, links),
        ]
        var kinds = UInt64HashTable(capacity: lists.reduce(0) { $0 + $1.1.count })
        for (kind, terms) in lists { for term in terms { _ = kinds.insert(term, kind.rawValue) } }
        return kinds
    }()

    private static func terms(_ text: String) -> Set<UInt64> {
        Set(text.split(whereSeparator: \.isWhitespace).map { StableHash.hash(Array($0.utf8), kind: .word) })
    }
}
