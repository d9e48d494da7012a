internal import Yams

/// An article as Markdown with YAML front matter.
enum MarkdownArticle {
    static func parse(_ bytes: [UInt8], path: String) throws(SearchError) -> Article {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badFrontMatter(path: path, line: 1, problem: "the file is not UTF-8")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasSuffix("\r") ? $0.dropLast() : $0
        }
        guard let first = lines.first, first.drop(while: { $0 == "\u{FEFF}" }) == "---" else {
            throw .badFrontMatter(path: path, line: 1, problem: "no front matter")
        }
        guard let end = lines.dropFirst().firstIndex(of: "---") else {
            throw .badFrontMatter(path: path, line: 1, problem: "the front matter does not close")
        }
        let fields = try fields(lines[1..<end].joined(separator: "\n"), path)
        guard let id = fields["id"].flatMap(scalar), !id.isEmpty else {
            throw .missingID(path: path, line: 1)
        }
        return Article(
            id: id, title: fields["title"].flatMap(scalar) ?? "",
            category: fields["category"].flatMap(scalar) ?? "",
            symptoms: list(fields["symptoms"]),
            recommendedAction: fields["recommended_action"].flatMap(scalar),
            severity: fields["severity"].flatMap(scalar), tags: list(fields["tags"]),
            body: lines[(end + 1)...].joined(separator: "\n"))
    }

    private static func fields(_ yaml: String, _ path: String) throws(SearchError) -> [String: Any] {
        do {
            guard let fields = try Yams.load(yaml: yaml) as? [String: Any] else {
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
        default: nil
        }
    }

    private static func scalar(_ value: Any) -> String? {
        if let text = value as? String { return text }
        if let number = value as? Int { return String(number) }
        return nil
    }

    private static func list(_ value: Any?) -> [String] {
        if let one = value.flatMap(scalar) { return [one] }
        return (value as? [Any] ?? []).compactMap(scalar)
    }
}
