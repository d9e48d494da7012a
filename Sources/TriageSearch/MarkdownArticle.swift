internal import TriageData
internal import Yams

/// An article as Markdown with YAML front matter: `id`, `title`, and where there are such `category`, `symptoms`,
/// `recommended_action`, `reply`, `severity`, `tags` and `translations`.
enum MarkdownArticle {
    static func parse(_ bytes: [UInt8], path: String) throws(SearchError) -> Article {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badFrontMatter(path: path, line: 1, problem: "the file is not UTF-8")
        }
        // To Swift a carriage return and the line feed behind it are one character, and no "\n".
        let lines = text.replacing("\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.drop(while: { $0 == "\u{FEFF}" }) == "---" else {
            throw .badFrontMatter(path: path, line: 1, problem: "no front matter")
        }
        guard let end = lines.dropFirst().firstIndex(of: "---") else {
            throw .badFrontMatter(path: path, line: 1, problem: "the front matter does not close")
        }
        let fields = try fields(lines[1..<end].joined(separator: "\n"), path)
        guard let id = KnowledgeBase.name(scalar(fields["id"])) else {
            throw .missingID(path: path, line: 1)
        }
        guard let title = KnowledgeBase.name(scalar(fields["title"])) else {
            throw .missingTitle(path: path, line: 1)
        }
        var article = Article(
            id: id, title: title, category: scalar(fields["category"]) ?? "",
            symptoms: list(fields["symptoms"]),
            recommendedAction: KnowledgeBase.name(scalar(fields["recommended_action"])),
            reply: KnowledgeBase.reply(scalar(fields["reply"])),
            severity: KnowledgeBase.name(scalar(fields["severity"])), tags: list(fields["tags"]),
            body: lines[(end + 1)...].joined(separator: "\n"))
        do throws(ArticleTranslations.Problem) {
            article.translations = try ArticleTranslations.read(fields["translations"])
        } catch {
            throw .badFrontMatter(path: path, line: 1 + (error.line ?? 1), problem: error.text)
        }
        return article
    }

    /// The front matter as a tree, in which nothing refers to another place.
    static func fields(_ yaml: String, _ path: String) throws(SearchError) -> Node.Mapping {
        if let reference = YAMLReference.first(in: Array(yaml.utf8)) {
            throw .badFrontMatter(path: path, line: 1 + reference.line, problem: reference.problem)
        }
        do {
            guard let fields = try Yams.compose(yaml: yaml)?.mapping else {
                throw SearchError.badFrontMatter(
                    path: path, line: 2, problem: "the front matter has no names")
            }
            return fields
        } catch let error as SearchError {
            throw error
        } catch let error as YamlError {
            throw .badFrontMatter(
                path: path, line: 1 + (line(of: error) ?? 1), problem: "the front matter is not YAML")
        } catch {
            throw .badFrontMatter(path: path, line: 1, problem: "the front matter is not YAML")
        }
    }

    private static func line(of error: YamlError) -> Int? {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    /// Text, and numbers as they are written; nil for null.
    private static func scalar(_ node: Node?) -> String? {
        guard let scalar = node?.scalar, node?.tag != Tag(.null) else { return nil }
        return scalar.string
    }

    private static func list(_ node: Node?) -> [String] {
        if let one = scalar(node) { return [one] }
        return node?.sequence?.compactMap { scalar($0) } ?? []
    }
}
