import Foundation
import SystemPackage
import Testing
import TriageData

struct OpenFileTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "triage-open-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func open(_ name: String) throws -> OpenFile {
        try OpenFile("\(folder)/\(name)", .readWrite, options: .create, permissions: .ownerReadWrite)
    }

    @Test func `bytes are read where they were written, and fewer at the end`() throws {
        let file = try open("a")
        defer { file.close() }
        try file.write(Array("triage".utf8))
        #expect(try file.read(at: 2, 2) == Array("ia".utf8))
        #expect(try file.read(at: 4, 99) == Array("ge".utf8))
        try file.truncate(to: 3)
        try file.sync()
        #expect(try file.status().size == 3)
        #expect(try FileInput.bytes(of: "\(folder)/a") == Array("tri".utf8))
    }

    @Test func `a lock has one holder at a time`() throws {
        let (first, second) = (try open("a"), try open("a"))
        try first.lock(waits: false)
        #expect(throws: Errno.wouldBlock) { try second.lock(waits: false) }
        first.close()
        try second.lock(waits: true)
        second.close()
    }

    @Test func `names of one file are the same file, and two files are not`() throws {
        try open("a").close()
        try open("b").close()
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "a")
        #expect(FileIdentity(path: "\(folder)/a") == FileIdentity(path: "\(folder)/link"))
        #expect(FileIdentity(path: "\(folder)/a") != FileIdentity(path: "\(folder)/b"))
        #expect(FileIdentity(path: "\(folder)/missing") == nil)
        #expect(FileInput.isSameFile("\(folder)/a", asOutput: "\(folder)/link"))
        #expect(!FileInput.isSameFile("\(folder)/a", asOutput: "\(folder)/b"))
    }

    @Test func `what cannot be read is an error with its path and its kind`() throws {
        try open("a").close()
        let (missing, below) = ("\(folder)/missing", "\(folder)/a/b")
        #expect(throws: DataError.notFound(path: missing)) { try FileInput.bytes(of: missing) }
        #expect(throws: DataError.notFound(path: below)) { try FileInput.bytes(of: below) }
        #expect(throws: DataError.notAFile(path: folder, kind: "folder")) { try FileInput.bytes(of: folder) }
        #expect(throws: DataError.notAFolder(path: "\(folder)/a")) {
            try FileInput.names(inFolder: "\(folder)/a")
        }
        #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
        #expect(throws: DataError.notAFile(path: "\(folder)/pipe", kind: "pipe")) {
            try FileInput.bytes(of: "\(folder)/pipe")
        }
    }
}
