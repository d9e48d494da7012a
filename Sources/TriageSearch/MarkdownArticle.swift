internal import TriageData
internal import Yams

/// An article as Markdown with YAML front matter: `id`, `title`, and where there are such `category`, `symptoms`,
/// `recommended_action`, `reply`, `severity`, `tags` and `translations`.
enum MarkdownArticle {
    static func parse(_ bytes: [UInt8], path: String) throws(SearchError) -> Article {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .badFrontMatter(path: path, line: 1, problem: "the file is not UTF-8")
        }
        let lines = lines(of: bytes)
        guard let first = lines.first, withoutMarks(first).elementsEqual(fence) else {
            throw .badFrontMatter(path: path, line: 1, problem: "no front matter")
        }
        guard let end = lines.dropFirst().firstIndex(where: { $0.elementsEqual(fence) }) else {
            throw .badFrontMatter(path: path, line: 1, problem: "the front matter does not close")
        }
        let fields = try fields(text(of: lines[1..<end]), path)
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
            body: text(of: lines[(end + 1)...]))
        do throws(ArticleTranslations.Problem) {
            article.translations = try ArticleTranslations.read(fields["translations"])
        } catch {
            throw .badFrontMatter(path: path, line: 1 + (error.line ?? 1), problem: error.text)
        }
        return article
    }

    // Bytes, because to find lines among characters takes a third of the time in which an article is read.

    private static let fence = Array("---".utf8)

    /// The lines of a file, each without its line feed and the carriage return before that.
    private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for place in lines.indices.dropLast() where lines[place].last == 0x0D { lines[place].removeLast() }
        return lines
    }

    private static func text(of lines: ArraySlice<ArraySlice<UInt8>>) -> String {
        String(decoding: [UInt8](lines.joined(separator: CollectionOfOne(0x0A))), as: UTF8.self)
    }

    /// A line without byte order marks before it.
    private static func withoutMarks(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        return line
    }

    /// The front matter as a tree, in which nothing refers to another place.
    static func fields(_ yaml: String, _ path: String) throws(SearchError) -> Node.Mapping {
        if let reference = YAMLReference.first(in: Array(yaml.utf8)) {
            throw .badFrontMatter(path: path, line: 1 + reference.line, problem: reference.problem)
        }
        do {
            guard let fields = try Yams.compose(yaml: yaml, .basic, .default, .utf8)?.mapping else {
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
        guard let scalar = node?.scalar, scalar.style != .plain || !nulls.contains(scalar.string) else {
            return nil
        }
        return scalar.string
    }

    /// How YAML writes that there is nothing (yaml.org/type/null.html).
    private static let nulls: Set<String> = ["", "~", "null", "Null", "NULL"]

    private static func list(_ node: Node?) -> [String] {
        if let one = scalar(node) { return [one] }
        return node?.sequence?.compactMap { scalar($0) } ?? []
    }
}
