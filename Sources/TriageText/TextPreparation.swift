/// What happens to text before anything else sees it: cleaning, masking, and on request normalising.
package struct TextPreparation: Sendable {
    private let cleaner = Cleaner()
    private let masker: Masker
    private let normalizesMachineText: Bool

    /// All identifiers masked, machine text left as it is.
    package init() {
        self.init(masked: IdentifierKind.allCases.map(\.rawValue), normalizesMachineText: false)
    }

    /// Preparation that masks the named kinds; names of unknown kinds are left out.
    package init(masked: [String], denyList: [String] = [], normalizesMachineText: Bool) {
        let kinds = Set(masked.compactMap { IdentifierKind(rawValue: $0) })
        masker = Masker(Masker.Options(kinds: kinds, denyList: denyList))
        self.normalizesMachineText = normalizesMachineText
    }

    /// One field's text prepared, with the way back to the original.
    package func prepare(_ text: String) -> MappedText {
        guard !text.isEmpty else { return MappedText([]) }
        var text = text
        let bytes = text.withUTF8 { [UInt8]($0) }
        let cleaned = cleaner.clean(bytes).text
        let masked = cleaned.mapped(by: masker.mask(cleaned.bytes).text)
        guard normalizesMachineText else { return masked }
        return masked.rewritten { Normalizer.normalize($0) }
    }
}
