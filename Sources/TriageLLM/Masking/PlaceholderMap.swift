internal import TriageText

/// Personal data taken out of texts and put back: numbered placeholders go out, the originals stay on this machine.
///
/// Equal originals have equal placeholders, over all texts of one book.
struct PlaceholderMap {
    /// What passwords, keys and card numbers were is never put back: no reply repeats them.
    private static let kept: Set<IdentifierKind> = [.secret, .card, .denied]

    private let masker = Masker()
    private var names: [String: String] = [:]
    private var originals: [String: String] = [:]
    private var counts: [IdentifierKind: Int] = [:]
    private var taken: Set<String> = []

    init() {}

    /// The text with each identifier as a placeholder such as `[EMAIL_1]`.
    mutating func mask(_ text: String) -> String {
        let bytes = Array(text.utf8)
        // A placeholder that somebody typed stays what it is, and none of ours is called so.
        taken.formUnion(PlaceholderMap.placeholders(in: text))
        let spans = masker.mask(bytes).spans
        guard !spans.isEmpty else { return text }
        var rewriter = Rewriter(bytes)
        for span in spans {
            let original = String(decoding: bytes[span.range], as: UTF8.self)
            rewriter.replace(span.range, with: Array(name(of: original, span.kind).utf8))
        }
        return rewriter.finish().string
    }

    /// The text with what may be put back in place of its placeholders.
    func restore(_ text: String) -> String {
        PlaceholderMap.replacing(text) { originals[$0] ?? $0 }
    }

    /// Whether a text uses a numbered placeholder that stands for nothing.
    func hasUnknown(in text: String) -> Bool {
        PlaceholderMap.placeholders(in: text).contains { !names.values.contains($0) && !taken.contains($0) }
    }

    private mutating func name(of original: String, _ kind: IdentifierKind) -> String {
        let key = "\(kind.rawValue) \(original)"
        if let known = names[key] { return known }
        var name = ""
        repeat {
            counts[kind, default: 0] += 1
            name = "\(String(describing: kind.placeholder).dropLast())_\(counts[kind, default: 0])]"
        } while taken.contains(name)
        names[key] = name
        if !PlaceholderMap.kept.contains(kind) { originals[name] = original }
        return name
    }

    // MARK: - Placeholders in text

    /// The text with a plain word in place of each numbered placeholder.
    static func withoutPlaceholders(_ text: String) -> String {
        replacing(text) { _ in "DATA" }
    }

    private static func replacing(_ text: String, _ value: (String) -> String) -> String {
        var output = ""
        var rest = text[...]
        while let found = next(in: rest) {
            output += rest[..<found.lowerBound]
            output += value(String(rest[found]))
            rest = rest[found.upperBound...]
        }
        return output + rest
    }

    /// All numbered placeholders of a text.
    static func placeholders(in text: String) -> [String] {
        var found: [String] = []
        var rest = text[...]
        while let range = next(in: rest) {
            found.append(String(rest[range]))
            rest = rest[range.upperBound...]
        }
        return found
    }

    /// The first `[KIND_number]`.
    private static func next(in text: Substring) -> Range<String.Index>? {
        var start = text.startIndex
        while let open = text[start...].firstIndex(of: "[") {
            start = text.index(after: open)
            guard let close = text[start...].prefix(24).firstIndex(of: "]") else { continue }
            let inner = text[start..<close].utf8
            guard let line = inner.lastIndex(of: 0x5F), line != inner.startIndex,
                inner[..<line].allSatisfy({ (0x41...0x5A).contains($0) }),
                !inner[inner.index(after: line)...].isEmpty,
                inner[inner.index(after: line)...].allSatisfy({ (0x30...0x39).contains($0) })
            else { continue }
            return open..<text.index(after: close)
        }
        return nil
    }
}
