package import TriageData
internal import TriageModel
internal import Yams

/// Other texts for an article.
package struct ArticleTexts: Sendable, Equatable {
    package var symptoms: [String]
    package var recommendedAction: String?
    package var reply: String?

    package init(symptoms: [String], recommendedAction: String?, reply: String?) {
        self.symptoms = symptoms.map(\.trimmed).filter { !$0.isEmpty }
        self.recommendedAction = KnowledgeBase.name(recommendedAction)?.trimmed
        self.reply = KnowledgeBase.reply(reply)
    }

    package init(of article: Article) {
        self.init(
            symptoms: article.symptoms, recommendedAction: article.recommendedAction, reply: article.reply)
    }
}

extension Article {
    /// The article with other texts.
    package func with(_ texts: ArticleTexts) -> Article {
        var article = self
        article.symptoms = texts.symptoms
        (article.recommendedAction, article.reply) = (texts.recommendedAction, texts.reply)
        return article
    }
}

/// The Markdown file of an article, whose front matter can get other texts; everything else in it stays as it is.
package struct ArticleFile: Sendable, Equatable {
    package let path: String
    package let bytes: [UInt8]
    package let article: Article

    /// The SHA-256 of the file's bytes, by which a form knows what it was made from.
    package var version: String { Hexadecimal.text(SHA256.digest(bytes)) }

    /// By which a form knows texts.
    package static func mark(_ texts: [String]) -> String {
        Hexadecimal.text(SHA256.digest(Array(texts.joined(separator: "\u{0}").utf8)))
    }

    /// The file of an article in a KB's folder; nil when it is in no Markdown file.
    package static func find(_ id: String, inKB folder: String) throws(SearchError) -> ArticleFile? {
        for path in try KnowledgeBase.files(of: folder) where path.hasSuffix(".md") {
            let bytes: [UInt8]
            do throws(DataError) { bytes = try FileInput.bytes(of: path) } catch { throw .data(error) }
            let article = try MarkdownArticle.parse(bytes, path: path)
            if article.id == id { return ArticleFile(path: path, bytes: bytes, article: article) }
        }
        return nil
    }

    /// The file with other texts.
    ///
    /// - Throws: `SearchError.badFrontMatter` when the front matter has them in a form that this cannot replace.
    package func with(_ texts: ArticleTexts) throws(SearchError) -> ArticleFile {
        let text = String(decoding: bytes, as: UTF8.self)
        let ending = text.contains("\r\n") ? "\r\n" : "\n"
        var lines = text.replacing("\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map(String.init)
        let old = ArticleTexts(of: article)
        if texts.reply != old.reply { try replace("reply", with: texts.reply.map(Self.block), in: &lines) }
        if texts.recommendedAction != old.recommendedAction {
            try replace(
                "recommended_action", with: texts.recommendedAction.map { [Self.quoted($0)] }, in: &lines)
        }
        if texts.symptoms != old.symptoms {
            let items = texts.symptoms.map { "  - \(Self.quoted($0))" }
            try replace("symptoms", with: items.isEmpty ? nil : [""] + items, in: &lines)
        }
        let written = Array(lines.joined(separator: ending).utf8)
        let changed = ArticleFile(
            path: path, bytes: written, article: try MarkdownArticle.parse(written, path: path))
        // White space at the ends of a text that stays is not the text's.
        guard ArticleTexts(of: changed.article) == texts, changed.article.with(texts) == article.with(texts)
        else { throw unusual(line: 1) }
        return changed
    }

    private func unusual(line: Int) -> SearchError {
        .badFrontMatter(
            path: path, line: line,
            problem: "the text cannot be written into this front matter; edit the file")
    }

    /// Replaces, adds or removes the lines of a name; a value's first line goes behind the name.
    private func replace(_ name: String, with value: [String]?, in lines: inout [String]) throws(SearchError)
    {
        guard let end = lines.dropFirst().firstIndex(of: "---") else { throw unusual(line: 1) }
        let fields = try MarkdownArticle.fields(lines[1..<end].joined(separator: "\n"), path)
        let places = fields.compactMap { key, _ in key.mark.map { (name: key.string, line: $0.line) } }
        // A name's lines reach to the next name, so each must begin a line of its own.
        guard places.count == fields.count, Set(places.map(\.line)).count == places.count else {
            throw unusual(line: 2)
        }
        var rows = value ?? []
        if let first = rows.first { rows[0] = first.isEmpty ? "\(name):" : "\(name): \(first)" }
        guard let place = places.first(where: { $0.name == name }) else {
            lines.insert(contentsOf: rows, at: end)
            return
        }
        var next = places.map(\.line).filter { $0 > place.line }.min() ?? end
        // Comments before the next name are its own.
        while next > place.line + 1, lines[next - 1].isEmpty || lines[next - 1].hasPrefix("#") { next -= 1 }
        lines.replaceSubrange(place.line..<next, with: rows)
    }

    /// A text of several lines as a block; others in quotes.
    private static func block(_ text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let isPlain = text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F }
        guard lines.count > 1, isPlain, lines.allSatisfy({ $0.last != " " }) else { return [quoted(text)] }
        return ["|"] + lines.map { $0.isEmpty ? "" : "  \($0)" }
    }

    /// Text in quotes as JSON has it, which YAML reads too.
    private static func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return json.text
    }
}
