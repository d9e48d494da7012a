internal import TriageText

/// Finds what a reply says beyond its sources: the first link, address, amount, number, date or promise that stands in
/// none of them.
///
/// It errs on the side of refusing: a refused draft costs a template, a wrong one costs trust. What it knows of languages
/// is in `ClaimWords`; digits, links and addresses are found in every language.
struct ClaimChecker: Sendable {
    enum Claim: String, Sendable {
        /// A web address, in whatever clothes.
        case link
        /// An e-mail address or a telephone number.
        case address
        /// A card, account, hardware or network number, or a secret.
        case identifier
        /// A link, image or tag in Markdown or HTML.
        case markup
        /// A sum, share or length of time.
        case amount
        /// A number of no known unit.
        case number
        case date
        /// A refund, discount, guarantee and the like.
        case promise
    }

    private let masker = Masker()
    private var values: Set<String> = []
    private var amounts: Set<String> = []
    private var dates: Set<String> = []
    private var promises: Set<String> = []
    private var hosts: Set<String> = []
    private let text: String

    /// A checker that knows what its sources say.
    init(sources: [String]) {
        let sources = sources.map { PlaceholderMap.withoutPlaceholders($0) }
        text = sources.map { ClaimText($0).string }.joined(separator: "\n")
        for source in sources {
            let folded = ClaimText(source)
            let scanner = NumberScanner(folded)
            let words = ClaimWordScanner(folded)
            for number in scanner.digits(withoutListMarks: false) + words.numbers(onlyWithDeadline: false) {
                values.formUnion(number.readings)
                values.formUnion(number.parts + number.pieces)
                for unit in number.units {
                    for reading in number.readings.union(number.parts) {
                        amounts.insert("\(reading) \(unit)")
                    }
                }
            }
            dates.formUnion(words.dates)
            promises.formUnion(words.promises)
            hosts.formUnion(LinkScanner(folded).hosts.map(\.name))
        }
    }

    /// The first claim that no source makes; nil when there is none.
    func claim(in reply: String) -> Claim? {
        let reply = PlaceholderMap.withoutPlaceholders(reply)
        let folded = ClaimText(reply)
        let links = LinkScanner(folded)
        if links.hasMarkup { return .markup }
        if links.hasScheme { return .link }
        if links.hasForeignAt(text) { return .address }
        if links.hosts.contains(where: { $0.isLink && !hosts.contains($0.name) }) { return .link }
        if let claim = identifier(in: folded.string) ?? identifier(in: reply) { return claim }
        let words = ClaimWordScanner(folded)
        let numbers = NumberScanner(folded).digits(withoutListMarks: true)
        if let claim = (numbers + words.numbers(onlyWithDeadline: true)).lazy.compactMap(foreign).first {
            return claim
        }
        if !dates.isSuperset(of: words.dates) { return .date }
        if !promises.isSuperset(of: words.promises) { return .promise }
        return nil
    }

    private func identifier(in reply: String) -> Claim? {
        let bytes = Array(reply.utf8)
        for span in masker.mask(bytes).spans {
            let found = ClaimText(String(decoding: bytes[span.range], as: UTF8.self)).string
            if text.contains(found) { continue }
            switch span.kind {
            case .email, .phone: return .address
            case .url: return .link
            case .card, .iban, .ip, .mac, .secret, .denied: return .identifier
            }
        }
        return nil
    }

    private func foreign(_ number: WrittenNumber) -> Claim? {
        let isWhole = !values.isDisjoint(with: number.readings)
        let arePartsKnown = !number.parts.isEmpty && number.parts.allSatisfy(values.contains)
        guard isWhole || arePartsKnown else { return number.units.isEmpty ? .number : .amount }
        let readings = isWhole ? number.readings : Set(number.parts.suffix(1))
        for unit in number.units where !readings.contains(where: { amounts.contains("\($0) \(unit)") }) {
            return .amount
        }
        return nil
    }
}
