/// The signs of a standing notice of an organisation in some lines: whom to call in an emergency, where to report
/// incidents, which security service looked at the mail, and that its sender is not known.
///
/// Such a notice speaks to everybody. Who reports an incident tells of himself, of what happened, or asks; none of these
/// is set aside.
struct SafetyNotice {
    private var features: SafetyFeature = []
    /// Features of the first four words.
    private var opening: SafetyFeature = []
    private var words = 0
    private var hasAddress = false
    private var hasNumber = false
    private var hasQuestion = false
    private var isDecorated = false
    /// Whether words follow the first bracket on its line.
    private var hasTail = false
    private var isLong = false
    private var lastScan = -9
    private var lastThis = -9
    private var startsWithPreposition = false
    /// "If …", "In an emergency …".
    private(set) var isConditional = false
    private var isRequest = false
    private var startsWithHotline = false
    /// "scanned by".
    private var namesScanner = false
    /// "This message", "this sender".
    private var namesItself = false

    private static let maximumLines = 6
    private static let maximumBytes = 500
    private static let maximumWords = 48

    /// Reads some lines; long ones are no notice.
    init(_ mail: MailLines, _ lines: Range<Int>) {
        guard Self.fits(mail, lines) else {
            isLong = true
            return
        }
        for line in lines { read(mail.bytes, mail.content(line), isFirst: line == lines.lowerBound) }
    }

    /// Reads a sentence, or several.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        guard range.count <= Self.maximumBytes else {
            isLong = true
            return
        }
        read(bytes, range, isFirst: true)
    }

    /// Whether lines are few and short enough for a notice.
    static func fits(_ mail: MailLines, _ lines: Range<Int>) -> Bool {
        lines.count <= maximumLines && mail.span(lines).count <= maximumBytes
    }

    private mutating func read(_ bytes: [UInt8], _ range: Range<Int>, isFirst: Bool) {
        guard !range.isEmpty else { return }
        if isFirst {
            isDecorated = "*[<!=".utf8.contains(bytes[range.lowerBound])
            hasTail = isDecorated && hasTextBehindBracket(bytes, range)
        }
        if bytes[range].contains(ASCII.question) { hasQuestion = true }
        if bytes[range].contains(ASCII.at) { hasAddress = true }
        var reader = MailWords(bytes, range)
        let vocabulary = MailVocabulary.safety
        while let word = reader.next() { read(word, vocabulary.features(bytes, word), bytes) }
    }

    private mutating func read(_ word: MailWords.Word, _ shown: SafetyFeature, _ bytes: [UInt8]) {
        var found = shown
        if word.range.count == 1, bytes[word.range.lowerBound] == 0x49 { found.insert(.author) }  // "I"
        if word.range.count >= 2, bytes[word.range].allSatisfy(ASCII.isDigit) { hasNumber = true }
        readStart(found, isTitle: bytes.peek(word.range.upperBound) == ASCII.colon)
        if found.contains(.this) { lastThis = words }
        if !found.isDisjoint(with: [.message, .sender]), words - lastThis <= 1 { namesItself = true }
        if found.contains(.by), words - lastScan <= 2 { namesScanner = true }
        if found.contains(.scanned) { lastScan = words }
        features.formUnion(found)
        if words < 4 { opening.formUnion(found) }
        words += 1
    }

    /// Reads whether the first words ask for a report or name a condition: "Report …", "If …", "In an emergency …".
    ///
    /// "Incident report", "Report: …" and "Emergency! …" tell of one.
    private mutating func readStart(_ found: SafetyFeature, isTitle: Bool) {
        guard words < 6 else { return }
        if words == 0 {
            startsWithPreposition = found.contains(.preposition)
            isConditional = found.contains(.condition)
        } else if words < 4, startsWithPreposition, found.contains(.instance) {
            isConditional = true
        }
        if found.contains(.hotline), words < 2 { startsWithHotline = true }
        if found.contains(.reportVerb) || words == 0 && found.contains(.report) && !isTitle {
            isRequest = true
        }
    }

    private func has(_ set: SafetyFeature) -> Bool { features.isSuperset(of: set) }

    /// Whether nothing in the lines speaks of their author or of what happened.
    private var speaksToAll: Bool {
        !isLong && words <= Self.maximumWords && features.isDisjoint(with: [.author, .event])
    }

    /// Whether a verb or a denial tells something.
    var tells: Bool { features.contains(.statement) }

    /// "If you are in doubt, …": a condition for everybody.
    var isConditionForAll: Bool { isConditional && speaksToAll && !hasQuestion }

    /// "Report security incidents to …", "If you suspect a data breach, call …", "Fraud hotline: …".
    var isPolicy: Bool {
        guard speaksToAll, !hasQuestion, hasAddress || hasNumber, has(.hazard) else { return false }
        if isConditional { return !features.isDisjoint(with: [.report, .reportVerb, .call, .hotline]) }
        guard words <= 30, !features.contains(.statement) else { return false }
        return startsWithHotline || isRequest && (hasAddress || has(.hotline))
    }

    /// "This email has been scanned by …", "Scanned by … for spam and viruses".
    var isScanLine: Bool {
        guard speaksToAll, !hasQuestion, words <= 36, has(.scanned) else { return false }
        if namesScanner { return opening.isSuperset(of: [.this, .message]) || opening.contains(.scanned) }
        return false
    }

    /// Warnings about a sender whom the mail system does not know.
    var isSenderWarning: Bool {
        guard speaksToAll, has(.sender) else { return false }
        if namesItself, has([.unverified]) { return words <= 36 && !hasQuestion }
        if opening.contains(.warning), has(.unknown), namesItself || isDecorated { return true }
        if opening.isSuperset(of: [.sender, .outside]), words <= 24 { return has(.hazard) || has(.warning) }
        return namesItself && has([.first, .message]) && words <= 30 && !hasQuestion
    }

    /// "[EXTERNAL]" alone, or a caution that asks to think before clicking.
    var isMark: Bool {
        guard speaksToAll, isDecorated || opening.contains(.warning) else { return false }
        if isDecorated, words <= 3 { return has(.outside) && !hasTail }
        return opening.contains(.warning) && has([.message, .click, .think]) && words <= 20
    }

    /// "Click here to report this email as spam", "See something suspicious? Use the button".
    var isReportButton: Bool {
        guard speaksToAll, words <= 30, has(.hazard), !features.isDisjoint(with: [.report, .reportVerb])
        else { return false }
        if opening.contains(.click), has(.message) { return namesItself && !hasQuestion }
        return has(.button)
            && (opening.contains(.hazard) || !opening.isDisjoint(with: [.report, .reportVerb, .click]))
    }

    /// Whether the lines are boilerplate wherever they stand at the edge of a text.
    var isKnown: Bool { isScanLine || isSenderWarning || isMark || isReportButton }
}

/// What a word can be a sign of in a notice about safety.
struct SafetyFeature: OptionSet, Sendable {
    let rawValue: UInt64
    init(rawValue: UInt64) { self.rawValue = rawValue }
    private init(bit: UInt64) { rawValue = 1 << bit }

    static let hazard = SafetyFeature(bit: 0)
    static let report = SafetyFeature(bit: 1)
    static let call = SafetyFeature(bit: 2)
    static let condition = SafetyFeature(bit: 3)
    static let hotline = SafetyFeature(bit: 4)
    static let author = SafetyFeature(bit: 5)
    static let event = SafetyFeature(bit: 6)
    static let this = SafetyFeature(bit: 7)
    static let message = SafetyFeature(bit: 8)
    static let sender = SafetyFeature(bit: 9)
    static let scanned = SafetyFeature(bit: 10)
    static let by = SafetyFeature(bit: 11)
    static let unverified = SafetyFeature(bit: 12)
    static let unknown = SafetyFeature(bit: 13)
    static let outside = SafetyFeature(bit: 14)
    static let warning = SafetyFeature(bit: 15)
    static let first = SafetyFeature(bit: 16)
    static let click = SafetyFeature(bit: 17)
    static let think = SafetyFeature(bit: 18)
    static let button = SafetyFeature(bit: 19)
    static let reportVerb = SafetyFeature(bit: 20)
    static let preposition = SafetyFeature(bit: 21)
    static let instance = SafetyFeature(bit: 22)
    /// A verb with which something is told.
    static let statement = SafetyFeature(bit: 23)
}
