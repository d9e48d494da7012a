/// The signs of boilerplate in some lines of a mail, and whether they make one of its known forms.
///
/// A form is a combination of at least two independent features, such as a recipient, secrecy and a request
/// to delete. Words between quotation marks are a citation and do not count, except for the names of buttons.
struct Boilerplate {
    /// Features outside quotation marks.
    private(set) var features: MailFeature = []
    /// Features of the first three words.
    private var opening: MailFeature = []
    /// Features between quotation marks.
    private var quoted: MailFeature = []
    private var words = 0
    /// How many words name disclaimers, banners or footers.
    private(set) var topics = 0
    /// Words of a line alone that no line of a mail program on a phone holds; counted where it names a device or program.
    private var otherWords = 0
    private(set) var lines = 0
    private var hasAddress = false
    private var hasQuestion = false
    /// Where lines start that were not searched for an address and a question mark.
    private var unread: Int?
    /// Whether it starts with a mark such as "*" or "[".
    private var isDecorated = false
    /// Whether text follows the first bracket on its line.
    private var hasTail = false
    /// "do not reply".
    private var refusesReplies = false
    /// "iPhoneから送信".
    var isUnspacedProgramLine = false
    /// "is not monitored".
    private var isUnattended = false
    private var registrations = 0
    private var lastRegistration: UInt64 = 0
    /// "This e-mail".
    private var namesItself = false
    private var previous: Range<Int>?
    private var lastThis = -9
    private var lastNot = -9
    private var lastReply = -9

    /// Nothing read.
    init() {}

    /// Reads some lines.
    init(_ mail: MailLines, _ range: Range<Int>) {
        for line in range { read(mail, line) }
    }

    /// Reads a sentence, or several.
    init(_ bytes: [UInt8], _ range: Range<Int>) { read(bytes, range) }

    /// Reads one more line.
    ///
    /// Boilerplate shows what it is at once: lines without any of its words at their start are not read on.
    mutating func read(_ mail: MailLines, _ line: Int) { read(mail.bytes, mail.content(line)) }

    private mutating func read(_ bytes: [UInt8], _ range: Range<Int>) {
        guard !range.isEmpty, !isOrdinary else { return }
        if lines == 0 {
            isDecorated = Self.isDecoration(bytes[range.lowerBound])
            hasTail = isDecorated && hasTextBehindBracket(bytes, range)
        }
        lines += 1
        var reader = MailWords(bytes, range)
        let vocabulary = MailVocabulary.features
        while !isOrdinary, let word = reader.next() { read(word, vocabulary.features(bytes, word), bytes) }
        let start = unread ?? range.lowerBound
        unread = start
        // Both matter beside a sign alone, and most lines have none.
        if !features.union(quoted).isDisjoint(with: Self.signs) {
            if bytes.firstIndex(of: ASCII.question, in: start..<range.upperBound) != nil {
                hasQuestion = true
            }
            if Self.hasAddress(bytes, start..<range.upperBound) { hasAddress = true }
            unread = nil
        }
        if lines == 1, features.contains(.device) { otherWords = Self.otherWords(bytes, range) }
        if bytes[range.lowerBound] >= 0x80 || bytes[range.upperBound - 1] >= 0x80 {
            readUnspaced(bytes, range)
        }
    }

    private static func isDecoration(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.star, ASCII.openBracket, ASCII.slash, ASCII.less, ASCII.hash, ASCII.dash, ASCII.equals,
            ASCII.bang, ASCII.underscore, ASCII.pipe:
            true
        default: false
        }
    }

    /// Whether so many words were read without a sign that the rest does not matter.
    private var isOrdinary: Bool {
        words > 24 && features.union(quoted).isDisjoint(with: Self.anySigns)
    }

    private static let anySigns: MailFeature = [
        .message, .external, .virus, .confidential, .recipient, .liability, .printing, .environment,
        .phishing,
        .unsubscribe, .list, .meeting, .register, .seat, .taxNumber, .privacy, .rights, .copyright,
        .automatic,
        .mailbox, .device, .button, .receive, .personalData, .service, .topic, .directors,
    ]

    private static let signs = anySigns.union(bannerSigns)

    /// Whether any of its words is a sign of boilerplate.
    var hasAnySign: Bool { !features.union(quoted).isDisjoint(with: Self.anySigns) }

    @inline(__always)
    private mutating func read(_ word: MailWords.Word, _ shown: MailFeature, _ bytes: [UInt8]) {
        var found = shown
        if word.range.count == 1, bytes[word.range.lowerBound] == 0x49 { found.insert(.firstPerson) }  // "I"
        defer {
            previous = word.range
            words += 1
        }
        // Most words show nothing.
        if !found.isEmpty { readSigns(word, found, bytes) }
    }

    private mutating func readSigns(_ word: MailWords.Word, _ shown: MailFeature, _ bytes: [UInt8]) {
        var found = shown
        if found.contains(.mistake), word.range.count <= 7, !followsPreposition(bytes) {
            found.remove(.mistake)
        }
        if found.contains(.this) { lastThis = words }
        if found.contains(.message), words - lastThis <= 2 { namesItself = true }
        if found.contains(.topic) { topics += 1 }
        if !found.isDisjoint(with: Self.registrationSigns) { readRegistration(word, bytes) }
        if word.isQuoted {
            quoted.formUnion(found)
        } else {
            features.formUnion(found)
            if words < 3 { opening.formUnion(found) }
        }
        if found.contains(.not) { lastNot = words }
        if found.contains(.reply) {
            if words - lastNot <= 2 { refusesReplies = true }
            lastReply = words
        }
        if found.contains(.not), words - lastReply <= 2 { refusesReplies = true }
        if found.contains(.attended), words - lastNot <= 3 { isUnattended = true }
    }

    private func followsPreposition(_ bytes: [UInt8]) -> Bool {
        previous.map { MailVocabulary.mistakePrepositions.contains(bytes, $0) } ?? false
    }

    private static func otherWords(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var reader = MailWords(bytes, range)
        var count = 0
        while let word = reader.next() {
            let found = MailVocabulary.features.features(bytes, word)
            if found.isDisjoint(with: [.device, .sent, .get]),
                !MailVocabulary.programWords.contains(bytes, word.range)
            {
                count += 1
            }
        }
        return count
    }

    /// How many words of some lines name disclaimers, banners or footers.
    static func topics(_ mail: MailLines, _ range: Range<Int>) -> Int {
        var topics = 0
        for line in range {
            var reader = MailWords(mail.bytes, mail.lines[line])
            while let word = reader.next() {
                if MailVocabulary.features.features(mail.bytes, word).contains(.topic) { topics += 1 }
            }
        }
        return topics
    }

    /// Counts the words of a company's registration; one word again and again counts once.
    private mutating func readRegistration(_ word: MailWords.Word, _ bytes: [UInt8]) {
        let hash = MailLetter.hash(bytes, word.range)
        if hash != lastRegistration { registrations += 1 }
        lastRegistration = hash
    }

    /// Whether the line holds a web or mail address.
    private static func hasAddress(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        bytes.firstIndex(of: ASCII.at, in: range) != nil
            || bytes.contains(ASCII.colon, in: range, where: { bytes.hasWord("//", at: $0 + 1) })
            || bytes.contains(ASCII.dot, in: range, where: { bytes.hasWord("www", endingAt: $0) })
    }

    /// Adds what a pair of characters of a script without spaces shows.
    mutating func add(_ found: MailFeature) {
        if found.contains(.this) { namesItself = true }
        features.formUnion(found)
        words += 1
    }

    private func count(_ set: MailFeature) -> Int { features.intersection(set).rawValue.nonzeroBitCount }

    private func has(_ set: MailFeature) -> Bool { features.isSuperset(of: set) }

    /// Whether the author speaks of himself: then only very strong signs count.
    var isPersonal: Bool { features.contains(.firstPerson) }

    // MARK: - Forms

    /// Whether the lines are boilerplate wherever they stand at the edge of a text.
    var isKnown: Bool {
        isNotice || isBanner || isScanLine || isEnvironmentLine || isPhishingButton || isListFooter
            || isMeeting
            || isRegistration || isPrivacyNotice || isAutomatic || isProgramLine || isServiceLine
    }

    /// Whether the lines are a known form that is written in sentences.
    var isProse: Bool {
        isNotice || isBanner || isScanLine || isEnvironmentLine || isPhishingButton || isPrivacyNotice
            || isAutomatic
    }

    /// How much a sentence beside boilerplate shows that it belongs to it.
    var weight: Int {
        let asks = features.contains(.request) ? (hasQuestion ? 3 : 1) : 0
        let joint = count(Self.jointSigns)
        return 3 * count(Self.ownSigns) + count(Self.sentenceSigns) + (joint >= 3 ? 3 : joint / 2)
            + (refusesReplies ? 3 : 0) + (has([.clean, .checked]) || has([.click, .prudence]) ? 2 : 0)
            - (isPersonal ? 3 : 0) - asks
    }

    /// Signs that one sentence of a ticket in many has.
    private static let sentenceSigns: MailFeature = [
        .recipient, .mistake, .notify, .delete, .spread, .warranty, .virus, .caution, .prudence,
        .phishing, .rights, .taxNumber, .directors,
    ]
    /// Signs that many sentences of tickets have: two of them are like one, three like three.
    private static let jointSigns: MailFeature = [
        .message, .sender, .link, .click, .external, .clean, .checked, .report, .button, .receive, .list,
        .service, .printing, .environment, .consider, .before, .organisation, .automatic, .mailbox,
        .personalData, .register, .seat,
    ]

    /// Signs that hardly a sentence of a ticket has.
    private static let ownSigns: MailFeature = [
        .confidential, .intended, .prohibited, .liability, .unsubscribe, .privacy, .copyright,
    ]

    /// Whether the first words of a line can start boilerplate that is known where a text has nothing else.
    static func mayStart(_ mail: MailLines, _ line: Int) -> Bool {
        var reader = MailWords(mail.bytes, mail.content(line))
        for _ in 0..<3 {
            guard let word = reader.next() else { break }
            let found = MailVocabulary.features.features(mail.bytes, word)
            if !found.isDisjoint(with: [.sent, .message, .confidential, .virus, .scanner]) { return true }
        }
        return false
    }

    /// Whether the lines are boilerplate even where a text has nothing else, so that they could be its matter.
    var isKnownAlone: Bool {
        guard !hasQuestion, topics == 0 else { return false }
        if isProgramLine { return opening.contains(.sent) && otherWords == 0 && words >= 3 }
        if isScanLine, words <= 8 { return has(.scanner) && hasAddress }
        guard isNotice, namesItself, !isPersonal, has(.intended), words >= 20 else { return false }
        return opening.isSuperset(of: [.this, .message]) || opening.contains(.confidential)
    }

    /// Whether the lines are boilerplate that stands above a text.
    var isKnownAbove: Bool { isBanner || isNotice || isScanLine || isAutomatic }

    /// Whether the lines carry on the boilerplate beside them.
    var continues: Bool {
        !isPersonal && !features.contains(.request)
            && (count([.meeting, .join, .passcode, .identifier, .dialIn]) >= 2 || count(Self.noticeSigns) >= 2
                || count(Self.registrationSigns) >= 1 && words <= 16 || has(.copyright))
    }

    /// Whether a line below a banner's first lines belongs to it.
    var continuesBanner: Bool {
        !isPersonal && !hasQuestion && !features.contains(.request) && count(Self.bannerSigns) >= 3
    }

    /// Whether a line alone shows signs of a notice or a footer.
    var hasSigns: Bool {
        count(Self.noticeSigns.union(Self.registrationSigns)) >= 2 || continues
            || words <= 6 && count(Self.headingSigns) >= 1
    }

    private static let headingSigns: MailFeature = [
        .meeting, .unsubscribe, .list, .privacy, .copyright, .confidential,
    ]

    private static let noticeSigns: MailFeature = [
        .confidential, .recipient, .intended, .mistake, .notify, .delete, .prohibited, .spread, .liability,
        .virus,
        .warranty,
    ]
    private static let noticeAnchors: MailFeature = [.confidential, .recipient, .liability, .intended]

    /// Confidentiality notices and disclaimers.
    private var isNotice: Bool {
        guard has(.message) else { return false }
        let hasAnchor =
            count(Self.noticeAnchors) >= 1 || has([.prohibited, .spread])
            || has(.mistake) && count([.notify, .delete]) >= 1
        guard hasAnchor else { return false }
        var signs = count(Self.noticeSigns) + (refusesReplies ? 1 : 0)
        if isPersonal { signs -= 3 }
        return signs >= (namesItself ? 3 : 4) || signs >= 3 && has(.sender)
            || signs >= 2 && words <= 16 && namesItself && has(.confidential) && !has(.request)
    }

    private static let bannerSigns: MailFeature = [
        .message, .caution, .sender, .link, .click, .prudence, .organisation,
    ]

    /// "CAUTION: This e-mail originated from outside the organisation", and the tip about rare senders.
    private var isBanner: Bool {
        guard !isPersonal else { return false }
        if has([.often, .important, .message]), words <= 40 { return true }
        guard has(.external) else { return false }
        if isDecorated, words <= 6 && has(.message) && !hasTail || words <= 12 && has([.caution, .link]) {
            return true
        }
        let warns = has(.prudence) || opening.contains(.caution)
        return warns && count(Self.bannerSigns) >= 3 && !hasRequestOnly
    }

    /// A request that is not the banner's own: a question, or thanks.
    private var hasRequestOnly: Bool { hasQuestion && features.contains(.request) }

    /// "This message was scanned for viruses".
    private var isScanLine: Bool {
        guard has(.virus), !isPersonal, !hasQuestion, words <= 60 else { return false }
        if has(.scanner), words <= 8 || has(.checked) && has(.message) { return true }
        return has([.checked, .message]) && namesItself
            || has([.checked, .clean, .message]) && !has(.request)
            || has([.checked, .clean]) && opening.isSuperset(of: [.virus, .clean])
    }

    /// "Please consider the environment before printing this e-mail".
    private var isEnvironmentLine: Bool {
        guard has([.printing, .environment]), !isPersonal, !hasQuestion, words <= 40 else { return false }
        return has([.consider, .before]) || has([.before, .message]) || has([.consider, .message])
    }

    /// "Report suspicious e-mails with the Report Phishing button".
    private var isPhishingButton: Bool {
        guard has(.button), !isPersonal, words <= 50 else { return false }
        let all = features.union(quoted)
        guard all.contains(.phishing), all.contains(.report) || has(.click) else { return false }
        return opening.contains(.report) || hasQuestion && opening.contains(.phishing)
            || has([.consider, .click])
    }

    /// The footer of a mailing list or newsletter.
    private var isListFooter: Bool {
        guard !isPersonal, words <= 90 else { return false }
        if has(.unsubscribe) {
            return count([.receive, .list, .message, .service]) + (hasAddress || has(.click) ? 1 : 0) >= 2
                || hasQuestion && has([.receive, .message]) || opening.contains(.unsubscribe) && hasAddress
        }
        if has([.receive, .because]), has(.message) || has(.service) || opening.contains(.receive) {
            return namesItself || words <= 20
        }
        return has(.list) && hasAddress && lines >= 2 && words <= 24 && isDecorated
    }

    /// The block with which a call is joined.
    private var isMeeting: Bool {
        !isPersonal && lines >= 2
            && count([.meeting, .join, .passcode, .identifier, .dialIn]) >= 3 && has(.identifier)
            && words <= 30 * lines
    }

    private static let registrationSigns: MailFeature = [.register, .seat, .taxNumber, .directors]

    /// What companies must write into letters: register, seat, tax number, directors.
    private var isRegistration: Bool {
        guard !isPersonal, !hasQuestion, !has(.request), words <= 60 else { return false }
        return registrations >= 2
    }

    private var isPrivacyNotice: Bool {
        guard !isPersonal, !hasQuestion, !has(.request) || words > 12, words <= 80 else { return false }
        let signs = count([.privacy, .personalData, .rights])
        return signs >= 2 && hasAddress || signs >= 3 || has(.privacy) && hasAddress && words <= 12
    }

    private var isAutomatic: Bool {
        guard !isPersonal, !hasQuestion, words <= 60 else { return false }
        if refusesReplies, has(.message) { return has(.automatic) || namesItself && words <= 20 }
        return isUnattended && has([.mailbox, .this])
    }

    /// "This e-mail was sent with Zendesk", copyright lines.
    private var isServiceLine: Bool {
        guard !isPersonal, !hasQuestion, words <= 40 else { return false }
        return has(.service) && namesItself && words <= 24 || has(.copyright) && isCopyright
    }

    private var isCopyright: Bool { opening.contains(.copyright) || words <= 24 }

    /// "Sent from my iPhone", "Get Outlook for Android": nothing else on the line.
    var isProgramLine: Bool {
        if isUnspacedProgramLine { return true }
        guard lines == 1, has(.device), !hasQuestion else { return false }
        if has(.sent), otherWords == 0, words <= 8 { return true }
        if opening.contains(.sent) { return otherWords <= 1 && words <= 12 || hasAddress && words <= 14 }
        if opening.isSuperset(of: [.this, .message]), has(.sent) {
            return isPersonal && (words <= 14 || has(.get))
        }
        if has(.get), otherWords == 0, words <= 8 { return true }
        return has(.get) && (words <= 5 || hasAddress && words <= 12)
    }

    /// Whether a line can stand below a signature: an invitation, or a piece of the company's registration.
    var mayFollowSignature: Bool {
        isPromotion || !isPersonal && registrations >= 1 && words <= 12 && !hasQuestion
    }

    /// Whether a line below a signature invites to something: a fair, a survey, an appointment.
    var isPromotion: Bool { lines <= 2 && words <= 16 && has(.promotion) && !features.contains(.request) }
}
