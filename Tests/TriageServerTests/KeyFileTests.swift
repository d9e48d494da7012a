import Foundation
import Logging
import ServerTestSupport
import Testing
import TriageData

@testable import TriageServer

struct KeyFileTests {
    private let scratch: Scratch
    private let path: String

    init() throws {
        scratch = try Scratch()
        path = scratch.file("keys.json")
    }

    private func create(
        _ name: String = "desk", _ scopes: Set<Scope> = [.triage], lifetime: Double? = nil
    ) throws -> String {
        try KeyFile.create(in: path, name: name, scopes: scopes, lifetime: lifetime, note: "for \(name)")
    }

    private func holder() throws -> KeyHolder { try KeyHolder(path: path, logger: Logger(label: "test")) }

    @Test func `a key is 256 random bits, stored as a hash in a file for its owner alone`() throws {
        let key = try create()
        #expect(key.count == 59 && key.hasPrefix("tt_"))
        let bytes = try String(contentsOfFile: path, encoding: .utf8)
        let secret = try #require(key.split(separator: "_").last)
        #expect(!bytes.contains(secret))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try Set((0..<50).map { try create("n\($0)") }).count == 50)
    }

    @Test func `a file reads back what was written, byte for byte`() throws {
        _ = try create("desk", [.metrics, .triage], lifetime: 3600)
        _ = try create("ops \"x\" \u{1F511}", [.admin])
        let file = try KeyFile(path: path)
        #expect(try Data(file.bytes) == Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(file.keys.map(\.scopes) == [[.triage, .metrics], [.admin]])
        #expect(file.keys[1].expires == nil && file.keys[0].note == "for desk")
    }

    @Test func `times are written with milliseconds and read without them too`() throws {
        _ = try create(lifetime: 3600)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let times = text.matches(of: /"(?:created|expires)":"([^"]*)"/).map { String($0.output.1) }
        #expect(times.count == 2 && times.allSatisfy { Timestamp($0)?.text == $0 })
        let old = text.replacing(/\.\d\d\dZ/, with: "Z")
        #expect(old != text)
        let key = try KeyFile(Array(old.utf8), path: path).keys[0]
        #expect(key.created.milliseconds % 1000 == 0 && key.expires == key.created + 3600)
    }

    @Test func `a good key names its caller, and nothing else does`() throws {
        let key = try create("desk", [.triage, .feedback])
        let keys = try holder()
        let caller = try keys.caller(sending: key).get()
        #expect(caller.scopes == [.triage, .feedback] && key.contains("_\(caller.keyID)_"))
        #expect(keys.caller(sending: String(key.dropLast()) + "!") == .failure(.unknown))
        for wrong in ["", "tt_", String(key.dropLast()), key + "x", key.uppercased(), "é" + key.dropFirst(2)]
        {
            #expect(keys.caller(sending: wrong) == .failure(.malformed), "\(wrong.count)")
        }
        let stranger = APIKey.make().text
        #expect(keys.caller(sending: stranger) == .failure(.unknown))
    }

    @Test func `a key ends at its time, and when it is revoked, also for a service that runs`() throws {
        let (short, long) = (try create("a", lifetime: 100), try create("b"))
        let keys = try holder()
        #expect(try keys.caller(sending: short, now: .now + 90).get().scopes == [.triage])
        #expect(keys.caller(sending: short, now: .now + 110) == .failure(.expired))
        let id = try keys.caller(sending: long).get().keyID
        try KeyFile.revoke(id: id, in: path)
        #expect(throws: Never.self) { try keys.caller(sending: long).get() }
        keys.refresh()
        #expect(keys.caller(sending: long) == .failure(.revoked))
        #expect(throws: AccessError.noSuchKey(id: "none", path: path)) {
            try KeyFile.revoke(id: "none", in: path)
        }
    }

    @Test func `two keys of one name are valid at a time, and a third once one is revoked`() throws {
        let first = try create()
        _ = try create()
        #expect(throws: AccessError.self) { try create() }
        #expect(throws: Never.self) { try create("other") }
        try KeyFile.revoke(id: try #require(APIKey.id(in: first)), in: path)
        #expect(throws: Never.self) { try create() }
    }

    @Test func `a file that turns bad changes nothing, and one that is good again counts`() throws {
        let key = try create()
        let keys = try holder()
        let good = try String(contentsOfFile: path, encoding: .utf8)
        for bad in ["", "{", #"{"version":9,"keys":[]}"#, good.replacing("triage", with: "everything")] {
            try bad.write(toFile: path, atomically: true, encoding: .utf8)
            keys.refresh()
            #expect(throws: Never.self) { try keys.caller(sending: key).get() }
            #expect(throws: AccessError.self) { try KeyFile(path: path) }
        }
        try FileManager.default.removeItem(atPath: path)
        keys.refresh()
        #expect(throws: Never.self) { try keys.caller(sending: key).get() }
        try #"{"version":1,"keys":[]}"#.write(toFile: path, atomically: true, encoding: .utf8)
        keys.refresh()
        #expect(keys.caller(sending: key) == .failure(.unknown))
    }

    @Test func `commands at once lose no key`() async throws {
        let path = path
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                group.addTask {
                    _ = try? KeyFile.create(
                        in: path, name: "\(number)", scopes: [.triage], lifetime: nil, note: nil)
                }
            }
        }
        #expect(try KeyFile(path: path).keys.count == 24)
    }

    @Test(arguments: [("90d", 7_776_000), ("12h", 43_200), ("2w", 1_209_600)])
    func `a lifetime is hours, days or weeks`(text: String, seconds: Double) throws {
        #expect(try KeyFile.lifetime(text) == seconds)
        #expect(try KeyFile.lifetime("never") == nil)
    }

    @Test(arguments: ["", "d", "90", "-1d", "0d", "1.5d", "999999d", "90 d"])
    func `another lifetime is an error`(text: String) {
        #expect(throws: AccessError.badLifetime(text)) { try KeyFile.lifetime(text) }
    }

    @Test func `a check costs a few microseconds`() throws {
        let key = try create()
        let keys = try holder()
        let time = ContinuousClock().measure {
            for _ in 0..<2000 { _ = keys.caller(sending: key) }
        }
        // Unoptimised, on a busy machine; optimised it is a tenth.
        #expect(time < .milliseconds(1000), "\(time / 2000) a check")
    }
}
