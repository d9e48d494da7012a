import Foundation
import Glibc
import Testing

/// What a run of the program gave.
struct Outcome {
    /// The exit code; 128 + the number of a signal that ended it.
    var status: Int32
    var output: [UInt8]
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// The lines of standard output as JSON objects.
    var objects: [[String: Any]] {
        text.split(separator: "\n").map { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any] ?? [:]
        }
    }
}

/// The executable that was built beside these tests.
enum Program {
    static let path: String = {
        let running = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let tests = URL(fileURLWithPath: running ?? CommandLine.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("triage").path
    }()

    /// A word that stands in tickets only: no message may repeat it.
    static let secret = "xyzzy"

    /// Starts a command in a folder; the descriptors become its standard streams.
    static func start(_ words: [String], in folder: String, _ descriptors: [Int32]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        // A test's thread blocks most signals, and its children would too.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let command = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + words
        let environment = ["PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8", "TRIAGE=\(path)"]
        var pid: pid_t = 0
        starting.lock()
        defer { starting.unlock() }
        let code = withStrings(command) { command in
            withStrings(environment) { posix_spawn(&pid, "/bin/sh", &actions, &attributes, command, $0) }
        }
        guard code == 0 else { throw POSIXError(.init(rawValue: code) ?? .EIO) }
        return pid
    }

    /// A pipe that no other test's child can hold open by chance.
    static func pipe() throws -> [Int32] {
        starting.lock()
        defer { starting.unlock() }
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
        return ends
    }

    private static let starting = NSLock()

    /// The exit code, 128 + the signal that ended it; one that does not end within five minutes is killed.
    static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        let deadline = ContinuousClock.now + .seconds(300)
        while true {
            let ended = waitpid(pid, &status, WNOHANG)
            if ended == pid || ended < 0 && errno != EINTR { break }
            if ContinuousClock.now > deadline { kill(pid, SIGKILL) }
            usleep(2000)
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    private static func withStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("no strings") }
            return body(start)
        }
    }
}

/// A folder of one test's own, gone with it.
final class Workspace: Sendable {
    let path: String

    init(path: String = NSTemporaryDirectory() + "triage-cli-\(UUID().uuidString)") throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let folder = URL(fileURLWithPath: file(name)).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    /// All names below the folder, sorted.
    func names(_ folder: String = "") throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: file(folder)).sorted()
    }

    /// Runs `triage` and checks what holds for every run: it ends by itself, and no message shows a ticket's text.
    func run(_ words: [String], input: [UInt8] = []) throws -> Outcome {
        let outcome = try execute([Program.path] + words, input: input)
        #expect(outcome.status < 128, "ended by a signal: \(outcome.errors)")
        #expect(!outcome.errors.contains("Fatal error"), "\(outcome.errors)")
        #expect(!outcome.errors.contains(Program.secret), "ticket text in a message: \(outcome.errors)")
        for object in outcome.objects where object["error"] != nil {
            #expect(!"\(object)".contains(Program.secret), "ticket text in a row's error")
        }
        return outcome
    }

    /// Runs a shell script in the folder; `$TRIAGE` is the program.
    func shell(_ script: String) throws -> Outcome { try execute(["/bin/bash", "-c", script], input: []) }

    func execute(_ words: [String], input: [UInt8] = []) throws -> Outcome {
        let scratch = try Workspace.scratch()
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try Data(input).write(to: URL(fileURLWithPath: "\(scratch)/in"))
        let descriptors = [
            open("\(scratch)/in", O_RDONLY | O_CLOEXEC),
            open("\(scratch)/out", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600),
            open("\(scratch)/err", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600),
        ]
        let pid = try Program.start(words, in: path, descriptors)
        descriptors.forEach { close($0) }
        let status = Program.wait(pid)
        let output = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(scratch)/out")))
        let errors = try Data(contentsOf: URL(fileURLWithPath: "\(scratch)/err"))
        return Outcome(status: status, output: output, errors: String(decoding: errors, as: UTF8.self))
    }

    private static func scratch() throws -> String {
        let path = NSTemporaryDirectory() + "triage-run-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}

/// Waits up to a minute for something to become true.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if try condition() { return true }
        usleep(10_000)
    }
    return false
}
