internal import TriageData
internal import Yams

/// Reads `translations`: a language's code, and its `recommended_action` and `reply`.
enum ArticleTranslations {
    /// What is wrong, as the rest of a sentence.
    struct Problem: Error {
        var text: String
        /// Within the front matter.
        var line: Int?
    }

    /// Those of a front matter.
    static func read(_ node: Node?) throws(Problem) -> [String: Article.Translation] {
        guard let node else { return [:] }
        guard let mapping = node.mapping else { throw Problem(text: shape, line: node.mark?.line) }
        var translations: [String: Article.Translation] = [:]
        for (key, value) in mapping {
            let line = key.mark?.line
            guard let texts = value.mapping else { throw Problem(text: shape, line: line) }
            var named: [String: String] = [:]
            for (name, text) in texts {
                guard let name = name.scalar?.string, let text = text.scalar?.string else {
                    throw Problem(text: shape, line: line)
                }
                named[name] = text
            }
            let language = key.scalar?.string ?? ""
            do throws(Problem) { translations[language] = try translation(language, named) } catch {
                throw Problem(text: error.text, line: line)
            }
        }
        return translations
    }

    /// Those of an article of a `kb.json`.
    static func read(_ value: JSONValue?) throws(Problem) -> [String: Article.Translation] {
        guard let value else { return [:] }
        guard let languages = value.members else { throw Problem(text: shape) }
        var translations: [String: Article.Translation] = [:]
        for (language, texts) in languages {
            guard let members = texts.members else { throw Problem(text: shape) }
            var named: [String: String] = [:]
            for (name, text) in members {
                guard let text = text.text else { throw Problem(text: shape) }
                named[name] = text
            }
            translations[language] = try translation(language, named)
        }
        return translations
    }

    private static func translation(
        _ language: String, _ texts: [String: String]
    ) throws(Problem) -> Article.Translation {
        guard LanguageCode.isValid(language) else {
            throw Problem(
                text: "translations names \(language); give a language by its ISO 639-1 code, such as de")
        }
        for name in texts.keys.sorted() where !["recommended_action", "reply"].contains(name) {
            throw Problem(
                text: "a translation has no \"\(name)\"; what there is: recommended_action, reply")
        }
        return Article.Translation(
            recommendedAction: KnowledgeBase.name(texts["recommended_action"]),
            reply: KnowledgeBase.reply(texts["reply"]))
    }

    private static let shape =
        "translations must be languages, such as de, each with recommended_action or reply as text"
}
