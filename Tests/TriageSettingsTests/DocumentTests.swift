import Foundation
import Testing
import TriageSettings

struct DocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Compares a file of the project with what the table says; TRIAGE_RECORD=1 writes it and fails.
    private func compare(_ name: String, with text: String) throws {
        let path = "\(DocumentTests.root)/\(name)"
        if ProcessInfo.processInfo.environment["TRIAGE_RECORD"] != nil {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            Issue.record("recorded \(path)")
        }
        let there = try String(contentsOfFile: path, encoding: .utf8)
        #expect(there == text, "\(name) is not what the table says; record it with TRIAGE_RECORD=1")
    }

    @Test func `the example of an env file is the table`() throws {
        try compare(".env.example", with: SettingsDocument.environmentFile)
    }

    @Test func `the document of settings is the table`() throws {
        try compare("scripts/deploy/SETTINGS.md", with: SettingsDocument.markdown)
    }

    @Test func `the example with every line uncommented is a good env file`() throws {
        let folder = try Folder()
        let lines = SettingsDocument.environmentFile.split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.map { $0.hasPrefix("#TRIAGE_") ? String($0.dropFirst()) : String($0) }
        try folder.write(".env", text.joined(separator: "\n"))
        let found = folder.settings()
        #expect(found.problems.isEmpty, "\(found.wrong)")
        for setting in Setting.all where setting.defaultValue != nil {
            #expect(found.origin(of: setting) != .default, "\(setting.key)")
            #expect(found.value(of: setting) == setting.defaultValue)
        }
    }

    @Test func `no name means two settings, and every one has a meaning`() {
        for names in [
            Setting.all.map(\.key), Setting.all.compactMap(\.flag),
            Setting.all.flatMap { [$0.variable] + $0.aliases },
        ] {
            #expect(Set(names).count == names.count)
        }
        #expect(Setting.all.allSatisfy { $0.meaning.hasSuffix(".") && !$0.meaning.contains("\n") })
        #expect(SettingsDocument.flags.contains("--limits-body"))
        #expect(!SettingsDocument.flags.contains("--llm-key\n"))
    }
}
