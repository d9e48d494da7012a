/// Finds addresses of the web and of mail, written out or disguised.
struct LinkScanner {
    /// A word with full stops inside.
    struct Host {
        var name: String
        /// Whether it looks like the name of a host, not like a missing space or an abbreviation.
        var isLink: Bool
    }

    private let scalars: [Unicode.Scalar]
    private let text: String

    init(_ folded: ClaimText) {
        scalars = folded.scalars
        text = folded.string
    }

    /// Links, images and references of Markdown, and tags of HTML.
    var hasMarkup: Bool {
        if text.contains("](") || text.contains("![") || text.contains("]:") || text.contains("][") {
            return true
        }
        return scalars.indices.dropLast().contains { place in
            let next = scalars[place + 1]
            return scalars[place] == "<" && (next.isLetter || next == "/" || next == "!")
        }
    }

    private static let schemes = [
        "mailto", "tel", "sms", "callto", "javascript", "data", "file", "ftp", "ftps", "sftp", "smb", "ssh",
        "ldap",
        "whatsapp", "tg", "skype", "zoommtg", "ms-settings", "http", "https", "hxxp", "hxxps",
    ]

    /// An address with a scheme, a server's share, or a dot that is spelled out.
    var hasScheme: Bool {
        if text.contains("://") || text.contains("\\\\") || text.contains("hxxp") { return true }
        for scheme in LinkScanner.schemes where text.contains("\(scheme):") {
            let words = text.split { $0 == " " || $0 == "\n" || $0 == "(" || $0 == "\"" || $0 == "<" }
            if words.contains(where: { $0.hasPrefix("\(scheme):") && $0.count > scheme.count + 1 }) {
                return true
            }
        }
        return hasSpelledDot
    }

    /// `evil dot com`, `evil[.]com`, `evil (dot) com`.
    private var hasSpelledDot: Bool {
        for mark in ["[.]", "(.)", "{.}", "[dot]", "(dot)", "{dot}", "[punkt]", "(punkt)"]
        where text.contains(mark) {
            return true
        }
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "-") }
        for (place, word) in words.enumerated()
        where ["dot", "punkt", "point", "punto", "ponto"].contains(word) {
            if place > 0, place + 1 < words.count, LinkScanner.common.contains(String(words[place + 1])) {
                return true
            }
        }
        return false
    }

    /// Whether something with an @ inside stands nowhere in the sources.
    func hasForeignAt(_ sources: String) -> Bool {
        guard scalars.contains("@") else { return false }
        let words = text.split { $0 == " " || $0 == "\n" || $0 == "," || $0 == ";" }
        return words.contains { word in
            guard let at = word.firstIndex(of: "@") else { return false }
            let isAddress = at != word.startIndex || word.index(after: at) != word.endIndex
            return isAddress && !sources.contains(word.trimmingMarks)
        }
    }

    /// Words with full stops inside.
    var hosts: [Host] {
        var found: [Host] = []
        var place = 0
        while place < scalars.count {
            guard isHostScalar(scalars[place]) else {
                place += 1
                continue
            }
            var end = place
            while end < scalars.count,
                isHostScalar(scalars[end])
                    || scalars[end] == "." && end + 1 < scalars.count && isHostScalar(scalars[end + 1])
            {
                end += 1
            }
            let name = ClaimText.string(scalars[place..<end])
            if name.contains(".") {
                let next = end < scalars.count ? scalars[end] : " "
                let isPath =
                    next == "/" || next == ":" && end + 1 < scalars.count && scalars[end + 1].isPlainDigit
                found.append(Host(name: name, isLink: isPath || LinkScanner.looksLikeHost(name)))
            }
            place = end
        }
        return found
    }

    private func isHostScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isPlainDigit || scalar == "-" || scalar == "_" || scalar.isLetter
    }

    /// A last part of two or more letters after a part that is more than one letter: not "z.b" or "e.g", and no number.
    private static func looksLikeHost(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        guard let last = parts.last, last.count >= 2, last.allSatisfy({ $0.isLetter || $0 == "-" }) else {
            return false
        }
        if parts[0] == "www" { return true }
        return parts.dropLast().contains { $0.count >= 2 } || common.contains(String(last))
    }

    private static let common: Set<String> = [
        "com", "net", "org", "info", "biz", "io", "co", "de", "at", "ch", "fr", "es", "it", "nl", "pl", "uk",
        "eu", "us",
        "ru", "cn", "jp", "in", "br", "me", "ly", "app", "dev", "xyz", "top", "site", "online", "shop", "zip",
        "link",
    ]
}

extension Substring {
    fileprivate var trimmingMarks: Substring {
        let marks: Set<Character> = [".", "!", "?", ":", ")", "(", "\"", "'", "<", ">"]
        var word = self
        while let last = word.last, marks.contains(last) { word = word.dropLast() }
        while let first = word.first, marks.contains(first) { word = word.dropFirst() }
        return word
    }
}
