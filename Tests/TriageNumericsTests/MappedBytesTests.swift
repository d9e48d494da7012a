import Foundation
import Glibc
import Testing

@testable import TriageNumerics

struct MappedBytesTests {
    private static func file(_ count: Int) throws -> String {
        let path = NSTemporaryDirectory() + "triage-bytes-\(UUID().uuidString)"
        try Data(repeating: 7, count: count).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test(arguments: [0, 1, 4096, 100_000])
    func `a copy holds what the file held, aligned, whatever becomes of the file`(count: Int) throws {
        let path = try Self.file(count)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let copy = try MappedBytes(file: path, copying: true)
        try Data(repeating: 9, count: count).write(to: URL(fileURLWithPath: path))
        truncate(path, 0)
        #expect(copy.count == count)
        copy.withBytes { bytes in
            #expect(bytes.allSatisfy { $0 == 7 })
            #expect(count == 0 || Int(bitPattern: bytes.baseAddress) % 64 == 0)
        }
    }

    @Test func `a mapped file that is cut short ends the process, which is why services copy`() async {
        await #expect(processExitsWith: .signal(SIGBUS)) {
            let path = try MappedBytesTests.file(8192)
            let mapped = try MappedBytes(file: path)
            truncate(path, 0)
            exit(mapped.withBytes { Int32($0[5000]) })
        }
    }
}
