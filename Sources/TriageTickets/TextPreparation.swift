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

    /// A ticket cleaned, cut to size and masked.
    ///
    /// `readBehindLimit` is called with what lies behind the size limit, cleaned and masked, window by window. A window
    /// begins a little before the end of the last, so that no phrase is lost between two.
    package func prepare(_ ticket: Ticket, readBehindLimit: (([UInt8]) -> Void)? = nil) -> TicketText {
        onPrepare?()
        let subject = field(ticket.subject, readBehindLimit)
        let body = field(ticket.body, of: subject.cleaned, readBehindLimit)
        return TicketText(
            original: ticket, subject: subject.masked, body: body.masked,
            unmasked: .init(subject: subject.cleaned, body: body.cleaned),
            setAside: subject.setAside.map { .init(field: "subject", part: $0) }
                + body.setAside.map { .init(field: "body", part: $0) })
    }

    /// One field's text prepared, with the way back to the original; it is not cut.
    package func prepare(_ text: String) -> MappedText {
        guard !text.isEmpty else { return MappedText([]) }
        return masked(cleaner.clean(text).text)
    }

    /// The bytes of a part that was set aside, masked like the rest.
    package func masked(_ bytes: [UInt8]) -> [UInt8] { masker.mask(bytes).text.bytes }

    private struct Field {
        var masked = MappedText([])
        var cleaned: [UInt8] = []
        var setAside: [SetAside] = []
    }

    private func field(
        _ text: String, of subject: [UInt8] = [], _ readBehindLimit: (([UInt8]) -> Void)?
    ) -> Field {
        guard !text.isEmpty else { return Field() }
        var text = text
        return text.withUTF8 { raw in
            let rawEnd = Self.scalarBoundary(raw, Ticket.maximumRawBytes)
            var cut = rawEnd < raw.count ? rawEnd : nil
            let parts = cleaner.clean(Array(raw[..<rawEnd]), subject: subject)
            var cleaned = parts.text
            let end = cleaned.bytes.withUnsafeBufferPointer {
                Self.scalarBoundary($0, Ticket.maximumFieldBytes)
            }
            if end < cleaned.bytes.count {
                cut = cleaned.sourceRange(of: end..<end + 1).lowerBound
                if let readBehindLimit { readWindows(of: cleaned.bytes, from: end, readBehindLimit) }
                var rewriter = Rewriter(cleaned.bytes)
                rewriter.drop(end..<cleaned.bytes.count)
                cleaned = cleaned.mapped(by: rewriter.finish())
            }
            if let readBehindLimit, rawEnd < raw.count { readWindows(of: raw, from: rawEnd, readBehindLimit) }
            let behind = cut.map { SetAside(kind: .cut, range: $0..<raw.count) }
            return Field(
                masked: masked(cleaned), cleaned: cleaned.bytes,
                setAside: parts.setAside.filter { $0.range.upperBound <= cut ?? .max }
                    + (behind.map { [$0] } ?? []))
        }
    }

    private func masked(_ cleaned: MappedText) -> MappedText {
        let masked = cleaned.mapped(by: masker.mask(cleaned.bytes).text)
        return normalizesMachineText ? masked.rewritten { Normalizer.normalize($0) } : masked
    }

    // MARK: - Behind the size limit

    /// Reads cleaned text window by window.
    private func readWindows(of cleaned: [UInt8], from end: Int, _ read: ([UInt8]) -> Void) {
        cleaned.withUnsafeBufferPointer { bytes in
            for window in Self.windows(of: bytes, from: end) {
                read(masked(MappedText(Array(bytes[window]))).bytes)
            }
        }
    }

    /// Reads text that is too long to be cleaned at once, each window by itself.
    private func readWindows(of raw: UnsafeBufferPointer<UInt8>, from end: Int, _ read: ([UInt8]) -> Void) {
        for window in Self.windows(of: raw, from: end) {
            read(masked(cleaner.clean(Array(raw[window])).text).bytes)
        }
    }

    /// The bytes that two windows share.
    private static let maximumPhraseBytes = 256

    private static func windows(of bytes: UnsafeBufferPointer<UInt8>, from end: Int) -> [Range<Int>] {
        var windows: [Range<Int>] = []
        var end = end
        while end < bytes.count {
            let start = scalarBoundary(bytes, end - maximumPhraseBytes)
            end = scalarBoundary(bytes, start + Ticket.maximumFieldBytes)
            windows.append(start..<end)
        }
        return windows
    }

    /// The last place at or before `index` at which a scalar starts or the text ends.
    private static func scalarBoundary(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        guard index < bytes.count else { return bytes.count }
        var index = max(index, 0)
        while index > 0, bytes[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }
}
