import Foundation
import Testing
import TriageData

@testable import TriageSearch

/// Markdown articles that get other texts.
struct ArticleFileTests {
    private static let text = """
        ---
        # The first comment
        id: KB-1
        title: "Locked out"
        symptoms:
        - my account is locked
        - "I cannot: sign in"
        recommended_action: >
          Unlock the
          account.
        reply: |
          We unlock your account.

          Please wait.
        # Owner: the directory team
        severity: Medium
        translations:
          de:
            reply: Gesperrt
        ---

        Body with reply: and symptoms:
        """

    private func file(_ text: String = text) throws -> ArticleFile {
        let bytes = Array(text.utf8)
        return ArticleFile(
            path: "a.md", bytes: bytes, article: try MarkdownArticle.parse(bytes, path: "a.md"))
    }

    @Test func `the same texts leave the file as it is`() throws {
        let file = try file()
        #expect(try file.with(ArticleTexts(of: file.article)) == file)
    }

    @Test func `another reply changes its lines alone`() throws {
        var texts = ArticleTexts(of: try file().article)
        texts.reply = "We unlock it at once.\n\n  1. Wait.\n---\n\"Then\" sign in: # now"
        let changed = try file().with(texts)
        #expect(ArticleTexts(of: changed.article) == texts)
        let expected = Self.text.replacing(
            "  We unlock your account.\n\n  Please wait.",
            with: "  We unlock it at once.\n\n    1. Wait.\n  ---\n  \"Then\" sign in: # now")
        #expect(String(decoding: changed.bytes, as: UTF8.self) == expected)
        #expect(changed.version != (try file().version))
    }

    @Test(arguments: [
        "one line", "# hash", "a: b", "- item", "\"quoted\" 'too'", "\ttab\nand line", "trailing \nspace",
        "\u{85}x",
        "100 %", "null", "{x}", "é ü \u{1F512}\nzwei", "back\\slash\n\\n",
    ])
    func `any text is read again as it was written`(text: String) throws {
        var texts = ArticleTexts(symptoms: [text, "other"], recommendedAction: text, reply: text)
        #expect(try file().with(texts).article == (try file().article.with(texts)))
        texts = ArticleTexts(symptoms: [], recommendedAction: nil, reply: nil)
        let emptied = try file().with(texts)
        #expect(emptied.article.reply == nil && emptied.article.symptoms.isEmpty)
        #expect(String(decoding: emptied.bytes, as: UTF8.self).contains("# Owner: the directory team"))
        let again = ArticleTexts(symptoms: [text], recommendedAction: text, reply: text)
        #expect(try emptied.with(again).article == (try file().article.with(again)))
    }

    @Test func `line endings stay`() throws {
        let file = try file(Self.text.replacing("\n", with: "\r\n"))
        var texts = ArticleTexts(of: file.article)
        texts.recommendedAction = "Call."
        let changed = String(decoding: try file.with(texts).bytes, as: UTF8.self)
        #expect(changed.contains("recommended_action: \"Call.\"\r\nreply: |\r\n"))
        #expect(!changed.replacing("\r\n", with: "").contains("\n"))
    }

    @Test func `front matter of another form is refused with what to do`() throws {
        let file = try file("---\n{id: KB-1, title: T, reply: R}\n---\n")
        var texts = ArticleTexts(of: file.article)
        texts.reply = "Other"
        let error = #expect(throws: SearchError.self) { try file.with(texts) }
        #expect(error?.description.contains("edit the file") == true)
    }

    @Test func `an article is found in the folder's Markdown files alone`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Self.text.utf8).write(to: folder.appendingPathComponent("one.md"))
        try Data(#"[{"id": "J-1", "title": "T"}]"#.utf8).write(to: folder.appendingPathComponent("kb.json"))
        #expect(try ArticleFile.find("KB-1", inKB: folder.path)?.article.title == "Locked out")
        #expect(try ArticleFile.find("J-1", inKB: folder.path) == nil)
        #expect(try ArticleFile.find("../one", inKB: folder.path) == nil)
    }
}
