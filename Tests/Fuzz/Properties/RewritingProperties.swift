import TriageText
import TriageTickets

/// Rewritten text is UTF-8, its map leads back in order, and masking masked text changes nothing.
enum RewritingProperties {
    private static let masker = Masker(Masker.Options(denyList: ["acme", "acme north", "Ärger"]))

    static func checkMasker(_ bytes: [UInt8], _ check: inout Check) {
        let masked = masker.mask(bytes)
        checkMap(masked.text, of: bytes, &check)
        check.that(
            masker.mask(masked.text.bytes).text.bytes == masked.text.bytes, "masking is not idempotent")
        if isUTF8(bytes) { check.that(isUTF8(masked.text.bytes), "masked text is not UTF-8") }
        var last = 0
        for span in masked.spans {
            check.that(
                span.range.lowerBound >= last && span.range.upperBound <= bytes.count,
                "a span goes back or lies outside")
            last = span.range.lowerBound
        }
        let normal = Normalizer.normalize(bytes)
        checkMap(normal, of: bytes, &check)
        if isUTF8(bytes) { check.that(isUTF8(normal.bytes), "normalised text is not UTF-8") }
    }

    /// The first byte chooses what is cleaned.
    static func checkCleaner(_ input: [UInt8], _ check: inout Check) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        let options = Cleaner.Options(
            html: first & 1 == 0, quotes: first & 2 == 0, signatures: first & 4 == 0)
        let cleaned = Cleaner(options).clean(bytes)
        check.that(isUTF8(cleaned.text.bytes), "cleaned text is not UTF-8")
        checkMap(cleaned.text, of: bytes, &check)
        check.that(
            !cleaned.text.bytes.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A || $0 == 0x7F },
            "a control character is left")
        let isBlank: (UInt8) -> Bool = { $0 <= 0x20 || $0 == 0x7F }
        // Invisible characters and encoded data are no text.
        let repaired = Cleaner(Cleaner.Options(html: false, quotes: false, signatures: false)).clean(bytes)
        if !repaired.text.bytes.allSatisfy(isBlank) {
            check.that(!cleaned.text.bytes.allSatisfy(isBlank), "cleaning left nothing")
        }
        var last = 0
        for part in cleaned.setAside {
            check.that(
                part.range.lowerBound >= last && part.range.upperBound <= bytes.count,
                "a part set aside goes back or lies outside")
            last = part.range.upperBound
        }
        if !options.html { checkCovered(bytes, by: cleaned, &check) }
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        for normalizes in [false, true] {
            let prepared = TextPreparation(
                masked: IdentifierKind.allCases.map(\.rawValue), normalizesMachineText: normalizes
            ).prepare(text)
            check.that(isUTF8(prepared.bytes), "prepared text is not UTF-8")
            checkMap(prepared, of: bytes, &check)
        }
    }

    /// Each byte but white space and control characters is read or set aside.
    private static func checkCovered(_ bytes: [UInt8], by cleaned: CleanedText, _ check: inout Check) {
        var isCovered = [Bool](repeating: false, count: bytes.count)
        for offset in cleaned.text.bytes.indices {
            for index in cleaned.text.sourceRange(of: offset..<offset + 1) { isCovered[index] = true }
        }
        for part in cleaned.setAside {
            for index in part.range { isCovered[index] = true }
        }
        let isLost = bytes.indices.contains { !isCovered[$0] && bytes[$0] > 0x20 && bytes[$0] != 0x7F }
        check.that(!isLost, "text disappeared without being set aside")
    }

    /// Each output byte leads into the source, never before its neighbour; where the text is untouched, to itself.
    private static func checkMap(_ text: MappedText, of source: [UInt8], _ check: inout Check) {
        check.that(text.sourceCount == source.count, "the map is of another text")
        if text.isIdentity { check.that(text.bytes == source, "the map says nothing was changed") }
        var last = 0..<0
        for offset in text.bytes.indices {
            let range = text.sourceRange(of: offset..<offset + 1)
            check.that(
                range.lowerBound >= last.lowerBound && range.upperBound >= last.upperBound
                    && range.upperBound <= source.count, "the map goes back or leads outside at \(offset)")
            last = range
        }
        let whole = text.sourceRange(of: 0..<text.bytes.count)
        check.that(whole.lowerBound >= 0 && whole.upperBound <= source.count, "the whole leads outside")
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}
