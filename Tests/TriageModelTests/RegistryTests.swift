import Foundation
import Testing
import TriageData

@testable import TriageModel

struct RegistryTests {
    /// A registry of versions without bundles in them, gone with the test.
    private final class Folder {
        let path = NSTemporaryDirectory() + "registry-\(UUID().uuidString)"
        let registry: ModelRegistry

        init(_ versions: Int) throws {
            registry = try ModelRegistry(making: path)
            for number in 1...versions {
                try FileManager.default.createDirectory(
                    atPath: registry.folder(of: "v\(number)"), withIntermediateDirectories: true)
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func promote(_ version: String, _ event: RegistryEntry.Event = .promoted) throws {
            let change = try registry.change()
            defer { change.end() }
            try change.promote(RegistryEntry(event, version, sha256: nil, by: "test", reason: ""))
        }

        func previous() throws -> String {
            let change = try registry.change()
            defer { change.end() }
            return try change.previous()
        }

        func append(_ text: String) throws {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/history.jsonl"))
            try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
            try file.close()
        }
    }

    @Test func `roll-backs go back through the champions, and a promotion goes on from there`() throws {
        let folder = try Folder(4)
        for version in ["v1", "v2", "v3"] { try folder.promote(version) }
        #expect(folder.registry.champion == "v3")
        try folder.promote(folder.previous(), .rolledBack)
        #expect(folder.registry.champion == "v2")
        try folder.promote("v4")
        #expect(try folder.previous() == "v2")
        try folder.promote("v2", .rolledBack)
        #expect(try folder.previous() == "v1")
        try folder.promote("v1", .rolledBack)
        #expect(throws: RegistryError.nothingBefore(version: "v1", path: folder.path)) {
            try folder.previous()
        }
        #expect(throws: RegistryError.isChampion(version: "v1", path: folder.path)) {
            try folder.promote("v1")
        }
    }

    @Test func `a promotion whose link never moved is recorded as one that did not happen`() throws {
        let folder = try Folder(3)
        for version in ["v1", "v2"] { try folder.promote(version) }
        let entry = RegistryEntry(.promoted, "v3", sha256: nil, by: "killed", reason: "", before: "v2")
        try folder.append(String(decoding: JSONWriter.lineBytes { entry.write(to: &$0) }, as: UTF8.self))
        #expect(try folder.previous() == "v1")
        let last = try #require(folder.registry.history().last)
        #expect(last.event == .kept && last.version == "v2")
        #expect(last.reason == "promoted v3 was interrupted before it counted")
        // Once is enough.
        let lines = try folder.registry.history().count
        try folder.registry.change().end()
        #expect(try folder.registry.history().count == lines)
    }

    @Test func `a cut-off last line is left out and removed, any other bad line is an error`() throws {
        let folder = try Folder(2)
        try folder.promote("v1")
        try folder.append(#"{"time":"2026-01-01T00"#)
        #expect(try folder.registry.history().count == 1)
        try folder.promote("v2")
        #expect(try folder.registry.history().map(\.version) == ["v1", "v2"])
        try folder.append("nonsense\n")
        #expect(throws: RegistryError.damagedHistory(path: "\(folder.path)/history.jsonl", line: 3)) {
            try folder.registry.history()
        }
    }

    @Test func `a comparison with another champion does not count`() throws {
        let folder = try Folder(3)
        for version in ["v1", "v2"] { try folder.promote(version) }
        let change = try folder.registry.change()
        defer { change.end() }
        #expect(throws: RegistryError.championChanged(champion: "v2", path: folder.path)) {
            try change.promote(
                RegistryEntry(.promoted, "v3", sha256: nil, by: "test", reason: ""), comparedWith: .some("v1")
            )
        }
        #expect(folder.registry.champion == "v2")
    }

    @Test func `aliases name versions and are never a version's name, a file's or the champion's`() throws {
        let folder = try Folder(2)
        try folder.promote("v1")
        let change = try folder.registry.change()
        defer { change.end() }
        try change.alias("staging", "v2", by: "test", reason: "")
        #expect(try folder.registry.version(named: "staging") == "v2")
        #expect(
            try ModelRegistry.bundleFolder(of: "\(folder.path)/staging/") == folder.registry.folder(of: "v2"))
        #expect(ModelRegistry.isPointer("\(folder.path)/staging") && ModelRegistry.isPointer(folder.path))
        #expect(!ModelRegistry.isPointer(folder.registry.folder(of: "v2")))
        #expect(ModelRegistry.containing("\(folder.path)/staging")?.path == folder.path)
        #expect(ModelRegistry.containing("\(folder.path)/versions/v9")?.path == folder.path)
        #expect(ModelRegistry.containing("elsewhere/v9") == nil)
        for name in ["champion", "v7", "versions", "history.jsonl", "a/b", "", "ä"] {
            #expect(throws: RegistryError.self) {
                try change.alias(name, "v2", by: "test", reason: "")
            }
        }
        try change.alias("staging", nil, by: "test", reason: "")
        #expect(throws: RegistryError.self) { try folder.registry.version(named: "staging") }
    }

    @Test func `a registry whose making was interrupted is made again`() throws {
        let path = NSTemporaryDirectory() + "registry-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.createDirectory(
            atPath: "\(path)/versions", withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: "\(path)/history.jsonl.tmp-1"))
        #expect(try ModelRegistry(making: path).history().isEmpty)
    }

    @Test func `a folder of other files becomes no registry`() throws {
        let folder = try Folder(1)
        #expect(throws: RegistryError.self) { try ModelRegistry(making: "\(folder.path)/versions") }
        #expect(throws: RegistryError.notARegistry(path: "\(folder.path)/versions")) {
            try ModelRegistry("\(folder.path)/versions")
        }
        #expect(throws: RegistryError.noChampion(path: folder.path)) {
            try ModelRegistry.bundleFolder(of: folder.path)
        }
    }
}
