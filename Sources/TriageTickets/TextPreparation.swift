package import TriageText

/// What happens to text before anything else sees it: cleaning, masking, and on request normalising.
package struct TextPreparation: Sendable {
    /// The repeated paragraphs that cleaning sets aside; nil where none were learned yet.
    package private(set) var repeated: RepeatedParagraphs?
    private var cleaner: Cleaner
    private let masker: Masker
    private let normalizesMachineText: Bool
    private let onPrepare: (@Sendable () -> Void)?

    /// All identifiers masked, machine text left as it is.
    package init() {
        self.init(masked: IdentifierKind.allCases.map(\.rawValue), normalizesMachineText: false)
    }

    /// Preparation that masks the named kinds and sets repeated paragraphs aside; names of unknown kinds are left out.
    ///
    /// `onPrepare` is called once for each ticket.
    package init(
        masked: [String], denyList: [String] = [], normalizesMachineText: Bool,
        repeated: RepeatedParagraphs? = nil, onPrepare: (@Sendable () -> Void)? = nil
    ) {
        let kinds = Set(masked.compactMap { IdentifierKind(rawValue: $0) })
        masker = Masker(Masker.Options(kinds: kinds, denyList: denyList))
        self.normalizesMachineText = normalizesMachineText
        self.repeated = repeated
        cleaner = Cleaner(repeated: repeated ?? RepeatedParagraphs())
        self.onPrepare = onPrepare
    }

    /// The same preparation with these repeated paragraphs.
    package func settingAside(_ repeated: RepeatedParagraphs) -> TextPreparation {
        var copy = self
        copy.repeated = repeated
        copy.cleaner = Cleaner(repeated: repeated)
        return copy
    }

    /// A ticket cut to size, cleaned and masked.
    package func prepare(_ ticket: Ticket) -> TicketText {
        onPrepare?()
        let (cut, wasCut) = ticket.cutToSize()
        let (subject, body) = (fields(cut.subject), fields(cut.body))
        return TicketText(
            original: ticket, wasCut: wasCut, subject: subject.masked, body: body.masked,
            unmasked: .init(subject: subject.cleaned, body: body.cleaned),
            setAside: subject.setAside.map { .init(field: "subject", part: $0) }
                + body.setAside.map { .init(field: "body", part: $0) })
    }

    /// One field's text prepared, with the way back to the original.
    package func prepare(_ text: String) -> MappedText { fields(text).masked }

    /// The bytes of a part that was set aside, masked like the rest.
    package func masked(_ bytes: [UInt8]) -> [UInt8] { masker.mask(bytes).text.bytes }

    private func fields(_ text: String) -> (masked: MappedText, cleaned: [UInt8], setAside: [SetAside]) {
        guard !text.isEmpty else { return (MappedText([]), [], []) }
        var text = text
        let bytes = text.withUTF8 { [UInt8]($0) }
        let cleaned = cleaner.clean(bytes)
        let masked = cleaned.text.mapped(by: masker.mask(cleaned.text.bytes).text)
        let all = normalizesMachineText ? masked.rewritten { Normalizer.normalize($0) } : masked
        return (all, cleaned.text.bytes, cleaned.setAside)
    }
}
