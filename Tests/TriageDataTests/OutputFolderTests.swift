import Foundation
import Testing

@testable import TriageData

/// A folder that is replaced whole or not at all.
final class OutputFolderTests {
    private let root = NSTemporaryDirectory() + "output-\(UUID().uuidString)"
    private var path: String { root + "/bundle" }
    private let names = ["data", "marker"]

    init() throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    private func write(_ text: String, to path: String? = nil) throws {
        try OutputFolder(path ?? self.path, names: names)
            .write(names.map { ($0, Array("\($0) \(text)".utf8)) })
    }

    /// Each file below the root with its text; a folder without files as "empty".
    private func content() throws -> [String: String] {
        var found: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
            let path = "\(root)/\(name)"
            if FileInput.isFolder(path) {
                if try FileInput.allNames(inFolder: path).isEmpty { found[name] = "empty" }
            } else {
                found[name] = String(decoding: try FileInput.bytes(of: path), as: UTF8.self)
            }
        }
        return found
    }

    private func place(_ text: String, at name: String) throws {
        let folder = ("\(root)/\(name)" as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try AtomicOutput.write(Array(text.utf8), to: "\(root)/\(name)")
    }

    @Test func `a new folder has its files and leaves nothing beside it`() throws {
        try write("1", to: root + "/new/bundle//")
        #expect(try content() == ["new/bundle/data": "data 1", "new/bundle/marker": "marker 1"])
    }

    @Test func `the one before is kept as previous, the one before that goes`() throws {
        for number in 1...3 { try write("\(number)") }
        #expect(
            try content() == [
                "bundle/data": "data 3", "bundle/marker": "marker 3", "bundle.previous/data": "data 2",
                "bundle.previous/marker": "marker 2",
            ])
    }

    @Test func `an empty folder is replaced, a link is followed`() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try write("1")
        try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: "bundle")
        try write("2", to: root + "/link")
        #expect(try content()["bundle/data"] == "data 2" && content()["bundle.previous/data"] == "data 1")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: root + "/link") == "bundle")
    }

    @Test(arguments: [
        ("bundle", "a file of that name is in the way"),
        ("bundle/other", "the folder holds other files and no marker"),
        ("bundle.previous", "a file of that name is in the way"),
        ("bundle.previous/other", "the folder holds other files and no marker"),
    ])
    func `what is not such a folder is refused and left as it was`(name: String, reason: String) throws {
        if name.hasPrefix("bundle.previous") { try write("1") }
        try place("mine", at: name)
        let before = try content()
        let error = #expect(throws: DataError.self) { try write("2") }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        #expect(try content() == before)
    }

    @Test(arguments: ["bundle/mine", "bundle.previous/mine"])
    func `a folder with one more file is refused with its name`(name: String) throws {
        for number in 1...2 { try write("\(number)") }
        try place("mine", at: name)
        let before = try content()
        let error = #expect(throws: DataError.self) { try write("3") }
        #expect(error?.description.contains("the folder holds mine, which would be lost") == true)
        #expect(try content() == before)
    }

    @Test func `a link in the place of the previous one is refused`() throws {
        try write("1")
        try FileManager.default.createSymbolicLink(
            atPath: path + ".previous", withDestinationPath: root + "/elsewhere")
        let error = #expect(throws: DataError.self) { try write("2") }
        #expect(error?.description.contains("it is a link") == true)
    }

    @Test func `a file that cannot be written leaves the old folder and no half of a new one`() throws {
        try write("1")
        let before = try content()
        let folder = try OutputFolder(path, names: names)
        #expect(throws: DataError.self) {
            try folder.write([("data", [1]), ("missing/marker", [2])])
        }
        #expect(try content() == before)
    }
}
