import Foundation
import FuzzProperties
import Testing

/// The fuzzers' corpus, and each input that once broke something, through the same properties.
struct ReplayTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Fuzz/Corpus").path

    @Test(arguments: FuzzTarget.allCases)
    func `every kept input holds its properties`(target: FuzzTarget) throws {
        let folder = "\(ReplayTests.corpus)/\(target.rawValue)"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(names.count > 2)
        for name in names {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            #expect(target.failure(on: bytes) == nil, "\(name)")
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `damaged inputs hold them too`(target: FuzzTarget) throws {
        let folder = "\(ReplayTests.corpus)/\(target.rawValue)"
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, bound)
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted().prefix(40) {
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            for _ in 0..<4 {
                switch next(3) {
                case 0 where !bytes.isEmpty: bytes[next(bytes.count)] = UInt8(next(256))
                case 1 where !bytes.isEmpty: bytes.removeSubrange(next(bytes.count)...)
                default: bytes.insert(contentsOf: bytes.prefix(next(40)), at: next(bytes.count))
                }
                #expect(target.failure(on: bytes) == nil, "\(name), damaged: \(bytes)")
            }
        }
    }

    /// The seed is made by the code itself; when the manifest's shape changes, it has to be made again.
    @Test func `the seed manifest is a good one`() throws {
        let url = URL(fileURLWithPath: "\(ReplayTests.corpus)/manifest/seed.json")
        if ProcessInfo.processInfo.environment["TRIAGE_WRITE_SEEDS"] != nil {
            try Data(try SmallBundle.manifest()).write(to: url)
        }
        #expect([UInt8](try Data(contentsOf: url)) == (try SmallBundle.manifest()))
        #expect(try SmallBundle.isUsable())
    }
}
