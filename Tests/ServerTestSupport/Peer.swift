package import Foundation
internal import Glibc

/// A program that a test begins and ends.
package final class Peer: Sendable {
    /// Its process id.
    package let pid: pid_t
    private let process: Process

    /// Starts a program found on the usual paths; what it says goes to a file.
    package init(_ words: [String], log: String) throws {
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        pid = process.processIdentifier
    }

    deinit { end() }

    /// Sends a signal.
    package func signal(_ number: Int32) { if process.isRunning { kill(pid, number) } }

    /// Kills it, as a crash would.
    package func end() {
        guard process.isRunning else { return }
        kill(pid, SIGKILL)
        process.waitUntilExit()
    }

    /// Waits for its end; the exit code, or 128 and the signal that ended it.
    package func wait() -> Int32 {
        process.waitUntilExit()
        let status = process.terminationStatus
        return process.terminationReason == .uncaughtSignal ? 128 + status : status
    }

    /// Runs a program to its end.
    ///
    /// - Throws: `PeerError` with what it said when its exit code is not 0.
    package static func run(_ words: [String], in folder: String) throws {
        let log = "\(folder)/\(UUID().uuidString).log"
        let peer = try Peer(words, log: log)
        peer.process.waitUntilExit()
        guard peer.process.terminationStatus == 0 else {
            throw PeerError(words: words, said: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
        }
    }
}

/// A program that failed.
package struct PeerError: Error {
    /// The command.
    package var words: [String]
    /// Its output.
    package var said: String
}

/// A folder of one test's own, gone with it.
package final class Scratch: Sendable {
    /// Its path.
    package let path: String

    /// Makes the folder.
    package init() throws {
        path = NSTemporaryDirectory() + "triage-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    package func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// Ports nobody listens on, as the system hands them out.
package enum FreePort {
    /// One of them.
    package static func next() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutableBytes(of: &address) { bytes -> Int32 in
            guard let start = bytes.baseAddress else { return -1 }
            let pointer = start.assumingMemoryBound(to: sockaddr.self)
            guard bind(descriptor, pointer, size) == 0 else { return -1 }
            return getsockname(descriptor, pointer, &size)
        }
        guard code == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// Waits for something to become true, up to half a minute.
package func eventually(
    within seconds: Int = 30, _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    repeat {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    } while ContinuousClock.now < end
    return false
}
