import Foundation
import Testing
import TriageData
import TriageStore

/// A small file system of a test's own, in memory.
private final class SmallDisk: Sendable {
    let path: String

    /// Whether this user may mount one.
    static let isPermitted = (try? SmallDisk(kilobytes: 64)) != nil

    init(kilobytes: Int) throws {
        path = NSTemporaryDirectory() + "store-disk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try SmallDisk.run(["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path])
    }

    deinit {
        // MNT_DETACH: what is still open goes on until it is closed.
        umount2(path, 2)
        rmdir(path)
    }

    func makeReadOnly() throws { try SmallDisk.run(["-o", "remount,ro", path]) }

    private static func run(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/mount")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw POSIXError(.EPERM) }
    }
}

@Suite(.enabled(if: SmallDisk.isPermitted, "this user may not mount a file system"))
struct MountTests {
    @Test func `a disk that is really full fails writes by name, and heals with room`() async throws {
        let disk = try SmallDisk(kilobytes: 6_000)
        let ballast = "\(disk.path)/ballast"
        try Data(count: 2_000_000).write(to: URL(fileURLWithPath: ballast))
        let store = try TicketStore("\(disk.path)/store")
        var acknowledged: Set<String> = []
        var refused: [StoreError] = []
        for _ in 0..<60 {
            let batch = (0..<16).map { _ in
                Sample.decision((0..<120).map { _ in UUID().uuidString }.joined(separator: " "))
            }
            do { acknowledged.formUnion(try await store.record(batch).map(\.id)) } catch {
                refused.append(error)
            }
        }
        #expect(!acknowledged.isEmpty && refused.count > 10)
        #expect(refused.allSatisfy { $0 == .diskFull(path: "\(disk.path)/store") && $0.retryAfter == 30 })
        #expect(try store.verify().decisions == Int64(acknowledged.count))
        try FileManager.default.removeItem(atPath: ballast)
        acknowledged.insert(try await store.record(Sample.decision("crash")).id)
        try store.close()
        let reopened = try TicketStore("\(disk.path)/store")
        for id in acknowledged { #expect(try reopened.decision(id) != nil) }
        #expect(try reopened.verify().decisions == Int64(acknowledged.count))
        try reopened.checkIntegrity()
        try reopened.close()
    }

    @Test func `after a write that the disk refused a store is not ready, until a small one goes through`()
        async throws
    {
        let disk = try SmallDisk(kilobytes: 3_000)
        let time = TestClock()
        let path = "\(disk.path)/store"
        let store = try TicketStore(path, clock: time.clock)
        _ = try await store.record(Sample.decision("crash"))
        try await store.checkReady()
        let ballast = "\(disk.path)/ballast"
        _ = FileManager.default.createFile(atPath: ballast, contents: nil)
        let file = open(ballast, O_WRONLY)
        let page = [UInt8](repeating: 1, count: 4_096)
        while write(file, page, page.count) > 0 {}
        close(file)
        try await store.checkReady()
        await #expect(throws: StoreError.diskFull(path: path)) {
            try await store.record(Sample.decision(String(repeating: "crash ", count: 2_000)))
        }
        // The queue is looked at all the time, which writes nothing.
        #expect(try await store.lease(1).isEmpty)
        for _ in 0..<5 {
            await #expect(throws: StoreError.diskFull(path: path)) { try await store.checkReady() }
        }
        // It was tried once: the clock stands still.
        #expect(try store.statistics().commits.failed == 2)
        try FileManager.default.removeItem(atPath: ballast)
        await #expect(throws: StoreError.diskFull(path: path)) { try await store.checkReady() }
        time.advance(seconds: 1)
        try await store.checkReady()
        try await store.checkReady()
        _ = try await store.record(Sample.decision("crash"))
        let report = try store.verify()
        #expect(report.decisions == 2 && report.rows == 4)
        try store.close()
    }

    @Test func `a store on a disk that takes no writes can be read and not written`() async throws {
        let disk = try SmallDisk(kilobytes: 4_000)
        let path = "\(disk.path)/store"
        let store = try TicketStore(path)
        let id = try await store.record(Sample.decision("crash")).id
        try store.close()
        try disk.makeReadOnly()
        #expect(throws: StoreError.readOnly(path: path)) { try TicketStore(path) }
        let reader = try TicketStore(path, .read)
        #expect(try reader.decision(id) != nil)
        #expect(try reader.verify().decisions == 1)
        try reader.close()
    }
}
