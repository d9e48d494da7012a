import Foundation
import Testing
import TriageLLM
import TriageSettings

struct SecretTests {
    @Test func `a secret's file is read again when it changes, and its last good value stands otherwise`()
        throws
    {
        let folder = try Folder()
        let path = try folder.write("key", "one\n")
        let settings = try folder.settings(environment: ["OPENAI_API_KEY_FILE": path]).checked()
        let key = try #require(settings.llm.key)
        #expect(key.current == "one")
        // In place, of the same length: only the dates differ.
        try folder.write("key", "two\n")
        #expect(key.current == "two")
        // As Kubernetes does: a link to another folder.
        try FileManager.default.removeItem(atPath: path)
        try folder.write("next", "three")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "\(folder.path)/next")
        #expect(key.current == "three")
        try folder.write("next", "")
        #expect(key.current == "three")
        try FileManager.default.removeItem(atPath: path)
        #expect(key.current == "three")
        try folder.write("key", "four")
        #expect(key.current == "four")
    }

    @Test func `a language model's key is read from its file at each call`() throws {
        let folder = try Folder()
        let path = try folder.write("key", "one\n")
        let settings = try folder.settings(
            flags: ["--llm-url", "http://127.0.0.1:9/v1", "--llm-model", "m", "--llm-key-file", path]
        ).checked()
        let options = try #require(try settings.llm.options())
        #expect(try options.key() == "one")
        try folder.write("key", "two\n")
        #expect(try options.key() == "two")
    }

    @Test(arguments: ["", "\n \n", "two\nlines"])
    func `a file without a secret is an error that does not show it`(content: String) throws {
        let folder = try Folder()
        let path = try folder.write("key", content)
        let found = folder.settings(environment: ["TRIAGE_LLM_KEY_FILE": path])
        #expect(found.wrong.contains("environment: TRIAGE_LLM_KEY_FILE: cannot be used: \(path)"))
        #expect(!found.wrong.contains("lines\n"))
    }

    @Test func `a secret has no flag, and is in no message, value or dump`() throws {
        let folder = try Folder()
        let found = folder.settings(
            flags: ["--llm-key", "hunter2"],
            environment: ["TRIAGE_LLM_KEY": "hunter3", "REDIS_URL": "http://:hunter4@cache/"])
        #expect(found.wrong.contains("--llm-key: a secret on a command line can be read by every user"))
        #expect(found.wrong.contains("environment: REDIS_URL: must be an address that begins with redis://"))
        let shown = Setting.all.compactMap { found.value(of: $0) }.joined(separator: "\n")
        var dumped = ""
        dump(found.settings, to: &dumped)
        for text in [found.wrong, shown, dumped, "\(found.settings)", String(reflecting: found.settings)] {
            #expect(!text.contains("hunter"))
        }
        #expect(shown.contains("(hidden)"))
    }

    @Test func `a value and its file at once are one too many, on one level`() throws {
        let folder = try Folder()
        let path = try folder.write("key", "from-file")
        try folder.write(".env", "OPENAI_API_KEY=from-text\n")
        let both = folder.settings(environment: ["TRIAGE_LLM_KEY": "a", "TRIAGE_LLM_KEY_FILE": path])
        #expect(both.wrong.contains("is given by environment: TRIAGE_LLM_KEY_FILE too; keep one of them"))
        let levels = try folder.settings(flags: ["--llm-key-file", path]).checked()
        #expect(levels.llm.key?.current == "from-file")
    }
}
