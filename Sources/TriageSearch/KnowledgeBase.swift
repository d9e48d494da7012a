internal import TriageData
package import TriageModel
internal import TriageNumerics

/// The articles of a KB, read once, in the order of their files.
package enum KnowledgeBase {
    /// Reads a folder of Markdown articles, a `kb.json`, or a `corpus.jsonl`.
    ///
    /// The names in front matter are those of a `kb.json`: `id`, `title`, `category`, `symptoms`, `recommended_action`
    /// (for the agent), `reply` (for the requester), `severity` and `translations`; `tags` only in front matter.
    ///
    /// It must be signed with one of the `trusted` keys, if there are any.
    ///
    /// - Throws: `SearchError` that names file and line: no article, no id or title, an id twice, broken front matter.
    package static func load(
        path: String, by trusted: TrustedKeys = .none
    ) throws(SearchError) -> [Article] {
        var articles: [Article] = []
        var origins: [String: String] = [:]
        let reader = try SearchError.checking { () throws(SignatureError) in try trusted.reader(of: path) }
        let results = Workers.map(try files(of: path), piece: 16) { file in
            Result { () throws(SearchError) in
                let bytes = try SearchError.checking { () throws(SignatureError) in try reader.bytes(of: file)
                }
                return try read(bytes, file)
            }
        }
        for found in results {
            for (article, origin) in try found.get() {
                if let first = origins[article.id] {
                    throw .duplicateID(article.id, first: first, second: origin)
                }
                origins[article.id] = origin
                articles.append(article)
            }
        }
        guard !articles.isEmpty else { throw .noArticles(path: path) }
        return articles
    }

    /// A collection of texts to search, as retrieval benchmarks have them: its texts need no titles.
    private static let corpus = "corpus.jsonl"

    /// A text as it is; nil when it is blank.
    static func name(_ text: String?) -> String? {
        text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }

    /// A reply without white space at its ends; nil when it is blank.
    static func reply(_ text: String?) -> String? { name(text)?.trimmed }

    static func files(of path: String) throws(SearchError) -> [String] {
        guard FileInput.isFolder(path) else { return [path] }
        let names: [String]
        do { names = try FileInput.names(inFolder: path) } catch { throw .data(error) }
        let markdown = names.filter { $0.hasSuffix(".md") && $0.lowercased() != "readme.md" }
        let others = names.filter { $0 == "kb.json" || $0 == corpus }
        return (markdown + others).map { "\(path)/\($0)" }
    }

    /// The articles in a file's bytes, each with its place; the name's ending gives the format.
    package static func read(
        _ bytes: [UInt8], _ file: String
    ) throws(SearchError) -> [(article: Article, origin: String)] {
        if file.hasSuffix(".md") { return [(try MarkdownArticle.parse(bytes, path: file), file)] }
        if file.hasSuffix(".jsonl") { return try lines(bytes, file) }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(reading: bytes) } catch {
            throw .badJSON(path: file, problem: "line \(error.line(in: bytes)): \(error.problem)")
        }
        guard let list = value.elements else {
            throw .badJSON(
                path: file, problem: "not a JSON list of articles; give [{\"id\", \"title\", …}, …]")
        }
        var articles: [(article: Article, origin: String)] = []
        for (place, entry) in list.enumerated() {
            guard let id = name(entry["id"]?.text), let title = name(entry["title"]?.text) else {
                let missing =
                    name(entry["id"]?.text) == nil
                    ? "id; give it one that no other article has" : "title; give it one"
                throw .badJSON(path: file, problem: "article \(place + 1) of the list has no \(missing)")
            }
            var article =
                Article(
                    id: id, title: title, category: entry["category"]?.text ?? "",
                    symptoms: entry["symptoms"]?.elements?.compactMap(\.text) ?? [],
                    recommendedAction: name(entry["recommended_action"]?.text),
                    reply: reply(entry["reply"]?.text),
                    severity: name(entry["severity"]?.text),
                    body: entry["body"]?.text ?? entry["text"]?.text ?? "")
            do throws(ArticleTranslations.Problem) {
                article.translations = try ArticleTranslations.read(entry["translations"])
            } catch {
                throw .badJSON(path: file, problem: "article \(place + 1) of the list: \(error.text)")
            }
            articles.append((article, "\(file) article \(place + 1)"))
        }
        return articles
    }

    private static func lines(
        _ bytes: [UInt8], _ file: String
    ) throws(SearchError) -> [(article: Article, origin: String)] {
        var articles: [(article: Article, origin: String)] = []
        let mayLackTitles = file == corpus || file.hasSuffix("/\(corpus)")
        do {
            let rows = try RowReader(bytes: bytes, name: file)
            while let row = try rows.next() {
                switch row {
                case .failure(let bad):
                    throw SearchError.badPair(path: file, line: bad.line, problem: bad.message)
                case .success(let row):
                    guard let id = name(row.id) else {
                        throw SearchError.missingID(path: file, line: row.line)
                    }
                    guard let title = name(row.text("title")) ?? (mayLackTitles ? "" : nil) else {
                        throw SearchError.missingTitle(path: file, line: row.line)
                    }
                    let article = Article(id: id, title: title, body: row.text("text") ?? "")
                    articles.append((article, "\(file) line \(row.line)"))
                }
            }
        } catch let error as SearchError {
            throw error
        } catch let error as DataError {
            throw .data(error)
        } catch {
            throw .badJSON(path: file, problem: "cannot be read")
        }
        return articles
    }
}
