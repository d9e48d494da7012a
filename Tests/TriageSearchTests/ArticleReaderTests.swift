import Foundation
import Testing
import TriageData

@testable import TriageSearch

/// A folder of a knowledge base, removed with its test.
private final class Folder {
    let path = NSTemporaryDirectory() + "kb-\(UUID().uuidString)"

    init(_ files: [String: String]) throws {
        for name in files.keys {
            let folder = (("\(path)/\(name)") as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        for (name, text) in files { try AtomicOutput.write(Array(text.utf8), to: "\(path)/\(name)") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

struct ArticleReaderTests {
    private static let whole = Article(
        id: "K1", title: "Locked out", category: "Login", symptoms: ["cannot log in", "locked"],
        recommendedAction: "Unlock it.", reply: "We unlock it.", severity: "High", tags: [],
        body: "Steps.")

    @Test func `front matter and kb.json fill the same fields of an article`() throws {
        let folder = try Folder([
            "a.md": """
            ---
            id: K1
            title: Locked out
            category: Login
            symptoms: [cannot log in, locked]
            recommended_action: Unlock it.
            reply: " We unlock it. "
            severity: High
            ---
            Steps.
            """,
            "list/kb.json": """
            [{"id":"K1","title":"Locked out","category":"Login","symptoms":["cannot log in","locked"],
            "recommended_action":"Unlock it.","reply":" We unlock it. ","severity":"High","body":"Steps."}]
            """,
        ])
        #expect(try KnowledgeBase.load(path: folder.path) == [Self.whole])
        #expect(try KnowledgeBase.load(path: folder.path + "/list") == [Self.whole])
        #expect(try KnowledgeBase.load(path: folder.path + "/a.md") == [Self.whole])
    }

    @Test func `front matter and kb.json have texts in other languages`() throws {
        let folder = try Folder([
            "a.md": """
            ---
            id: K1
            title: Locked out
            translations:
              de: {recommended_action: Entsperren., reply: " Wir entsperren es. "}
              fr:
                reply: ""
            ---
            """,
            "list/kb.json": """
            [{"id":"K1","title":"Locked out","translations":{"de":{"recommended_action":"Entsperren.",
            "reply":" Wir entsperren es. "},"fr":{"reply":""}}}]
            """,
        ])
        for path in [folder.path, folder.path + "/list"] {
            let article = try #require(try KnowledgeBase.load(path: path).first)
            #expect(
                article.translations == [
                    "de": .init(recommendedAction: "Entsperren.", reply: "Wir entsperren es."), "fr": .init(),
                ])
        }
    }

    @Test(
        arguments: [
            ("translations: de", "{\"translations\":\"de\"", "must be languages"),
            ("translations: {de: x}", "{\"translations\":{\"de\":\"x\"}", "must be languages"),
            ("translations: {German: {}}", "{\"translations\":{\"German\":{}}", "names German"),
            (
                "translations: {de: {title: T}}", "{\"translations\":{\"de\":{\"title\":\"T\"}}",
                "has no \"title\""
            ),
        ])
    func `bad translations are errors that name the place`(yaml: String, json: String, says: String) throws {
        let folder = try Folder([
            "a.md": "---\nid: K1\ntitle: T\n\(yaml)\n---\n",
            "list/kb.json": "[\(json),\"id\":\"K1\",\"title\":\"T\"}]",
        ])
        for (path, place) in [
            (folder.path, "a.md line 4"), (folder.path + "/list", "kb.json: article 1 of the list"),
        ] {
            let error = #expect(throws: SearchError.self) { try KnowledgeBase.load(path: path) }
            let text = try #require(error).description
            #expect(text.contains(place) && text.contains(says), "\(text)")
        }
    }

    @Test func `a byte order mark, CRLF, numbers and nulls are read as written`() throws {
        let folder = try Folder([
            "a.md":
                "\u{FEFF}---\r\nid: 007\r\ntitle: Password\r\nreply: ~\r\ntags: one\r\n---\r\nA.\r\nB.\r\n"
        ])
        let articles = try KnowledgeBase.load(path: folder.path)
        #expect(articles == [Article(id: "007", title: "Password", tags: ["one"], body: "A.\nB.\n")])
    }

    @Test func `a byte order mark before a list is skipped, and an empty action or severity is none`() throws
    {
        let folder = try Folder([
            "kb.json": """
            \u{FEFF}[{"id":"1","title":"Password","recommended_action":"","severity":" "},
            {"id":"2","title":"Printer","recommended_action":" \\n"}]
            """,
            "a.md": "---\nid: 3\ntitle: Mail\nrecommended_action: ''\nseverity: ''\n---\n",
        ])
        let articles = try KnowledgeBase.load(path: folder.path)
        #expect(
            articles == [
                Article(id: "3", title: "Mail"), Article(id: "1", title: "Password"),
                Article(id: "2", title: "Printer"),
            ])
    }

    @Test func `only a corpus may lack titles`() throws {
        let line = #"{"id":"t1","text":"a text to find"}"#
        let folder = try Folder(["corpus.jsonl": line, "other/tickets.jsonl": line])
        #expect(
            try KnowledgeBase.load(path: folder.path)
                == [Article(id: "t1", title: "", body: "a text to find")])
        let tickets = folder.path + "/other/tickets.jsonl"
        #expect(throws: SearchError.missingTitle(path: tickets, line: 1)) {
            try KnowledgeBase.load(path: tickets)
        }
    }

    @Test func `articles come in the order of their files, a read-me is not one of them`() throws {
        func article(_ id: String) -> String { "---\nid: \(id)\ntitle: T\n---\n" }
        let folder = try Folder([
            "b.md": article("B"), "a.md": article("A"), "README.md": "# About", "c.txt": "no article",
            "kb.json": #"[{"id":"J","title":"T"}]"#, "corpus.jsonl": #"{"id":"C","text":"x"}"#,
            ".hidden.md": article("H"),
        ])
        #expect(try KnowledgeBase.load(path: folder.path).map(\.id) == ["A", "B", "C", "J"])
    }

    @Test func `an article without an id, two with one id and broken YAML are errors that name the file`()
        throws
    {
        let folder = try Folder(["a.md": "---\ntitle: x\n---\n"])
        let (a, b) = (folder.path + "/a.md", folder.path + "/b.md")
        #expect(throws: SearchError.missingID(path: a, line: 1)) {
            try KnowledgeBase.load(path: folder.path)
        }
        let article = Array("---\nid: K\ntitle: T\n---\n".utf8)
        for path in [a, b] { try AtomicOutput.write(article, to: path) }
        #expect(throws: SearchError.duplicateID("K", first: a, second: b)) {
            try KnowledgeBase.load(path: folder.path)
        }
        try AtomicOutput.write(Array("---\nid: [\n---\n".utf8), to: a)
        let error = #expect(throws: SearchError.self) { try KnowledgeBase.load(path: folder.path) }
        #expect(error?.description.hasPrefix("\(a) line ") == true)
    }
}
