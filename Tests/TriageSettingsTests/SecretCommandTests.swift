import Foundation
import ServerTestSupport
import Testing
import TriageSettings

/// Secrets that a command prints: a program of the test stands for a secret store.
@Suite(.timeLimit(.minutes(2)))
struct SecretCommandTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// A shell script in the folder.
    private func store(_ script: String) throws -> String {
        let path = try folder.write("store", "#!/bin/sh\n\(script)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        return path
    }

    private func settings(_ command: String) -> EffectiveSettings {
        folder.settings(environment: ["TRIAGE_LLM_KEY_COMMAND": command])
    }

    @Test func `a command's output is the secret, and only the command's name is shown`() throws {
        let path = try store(#"echo "key-$1-$2""#)
        let found = settings("\(path) 'two words' three")
        #expect(try found.checked().llm.key?.current == "key-two words-three")
        let key = try #require(Setting.all.first { $0.key == "llm.key" })
        #expect(
            found.shown(key) == "(hidden, from the command store)  [environment: TRIAGE_LLM_KEY_COMMAND]")
        #expect(!SettingsDocument.values(found).contains("two words"))
    }

    @Test func `no shell reads the command, unless it names one`() throws {
        let path = try store(#"echo "$*""#)
        #expect(try settings("\(path) $HOME * a|b").checked().llm.key?.current == "$HOME * a|b")
        #expect(
            try settings(#"sh -c "printf '%s' one | tr o O""#).checked().llm.key?.current == "One")
    }

    @Test func `settings are read and no command is run; checked runs it`() throws {
        let found = settings(try store("echo x >>\(folder.path)/runs; echo key"))
        #expect(found.problems.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/runs"))
        _ = try found.checked()
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/runs"))
    }

    @Test(arguments: [
        ("echo hunter2; exit 7", "the command store ended with exit code 7; run it in a shell"),
        ("echo hunter2; kill -9 $$", "the command store was ended by signal 9; run it"),
        ("echo hunter2 >&2", "the command store printed nothing; it must print the secret"),
        ("echo hunter2; echo hunter2", "did not print a single line of UTF-8 text"),
        ("printf 'hunter2\\377'", "did not print a single line of UTF-8 text"),
        ("yes hunter2", "the command store printed over 65536 bytes"),
    ])
    func `a command that fails is an error with its setting and without its output`(
        script: String, words: String
    ) throws {
        let found = settings(try store(script)).runningCommands()
        #expect(found.wrong.hasPrefix("environment: TRIAGE_LLM_KEY_COMMAND: "), "\(found.wrong)")
        #expect(found.wrong.contains(words), "\(found.wrong)")
        #expect(!found.wrong.contains("hunter2"))
        #expect(throws: SettingsError.self) { _ = try found.checked() }
    }

    @Test(arguments: [
        ("sk-Proj_9f8E7d6C5b4A39281706f5E4", "names no program; give the name of one in PATH"),
        ("/no/such/program x", "names no program"), ("'open", "has a quote that does not end"),
        ("   ", "names no program"),
    ])
    func `text that names no program is an error that does not repeat it`(text: String, words: String) {
        let found = settings(text)
        #expect(found.wrong.contains(words), "\(found.wrong)")
        #expect(!found.wrong.contains("Proj") && !found.wrong.contains("/no/such"))
    }

    @Test func `a command that hangs is ended, with all that it started`() throws {
        var limits = SecretCommand.Limits()
        limits.timeout = .milliseconds(300)
        let path = try store("sleep 60 & echo $! >\(folder.path)/child; wait")
        let start = ContinuousClock.now
        let error = #expect(throws: SecretError.self) { try SecretCommand(path, limits: limits).run() }
        #expect(start.duration(to: .now) < .seconds(20))
        #expect(error?.description.contains("took longer than 300ms and was ended") == true)
        let text = try String(contentsOfFile: "\(folder.path)/child", encoding: .utf8)
        let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        // The group is gone: a process that nobody has waited for is a zombie at most.
        var isGone = false
        for _ in 0..<200 where !isGone {
            let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
            isGone = state.map { $0.contains(") Z ") } ?? true
            if !isGone { usleep(10_000) }
        }
        #expect(isGone)
    }

    @Test func `a command inherits no open file`() throws {
        let open = dup(STDIN_FILENO)
        defer { close(open) }
        #expect(fcntl(open, F_GETFD) & FD_CLOEXEC == 0)
        let path = try store("[ -e /proc/$$/fd/\(open) ] && echo open || echo closed")
        #expect(try SecretCommand(path).run() == "closed")
    }

    @Test func `a command that leaves a child behind with its output is not waited for`() throws {
        let start = ContinuousClock.now
        #expect(try SecretCommand(try store("sleep 5 & echo key")).run() == "key")
        #expect(start.duration(to: .now) < .seconds(4))
    }

    @Test func `an old value is refreshed beside the caller, and the last good one stays`() async throws {
        try folder.write("value", "one\n")
        let command = try SecretCommand(try store("cat \(folder.path)/value"))
        let reports = Reports()
        command.keepFresh(every: .milliseconds(1)) { reports.add($0) }
        let secret = Secret(command: command)
        #expect(secret.current == "one")
        try folder.write("value", "two\n")
        #expect(await ServerTestSupport.eventually { secret.current == "two" })
        try FileManager.default.removeItem(atPath: "\(folder.path)/value")
        #expect(
            await ServerTestSupport.eventually {
                _ = secret.current
                return !reports.all.isEmpty
            })
        #expect(reports.all.first?.contains("ended with exit code 1") == true)
        #expect(secret.current == "two")
        try folder.write("value", "three\n")
        #expect(await ServerTestSupport.eventually { secret.current == "three" })
    }

    @Test func `a printed address must be one`() throws {
        let path = try store("echo http://:hunter4@cache/")
        let found = folder.settings(environment: ["REDIS_URL_COMMAND": path]).runningCommands()
        #expect(found.wrong.contains("the command store must print an address that begins with redis://"))
        #expect(!found.wrong.contains("hunter4"))
    }

    @Test func `a file that everybody may write names no command`() throws {
        let path = try store("echo key")
        let file = try folder.write("t.yaml", "llm:\n  key-command: \(path)\n")
        #expect(folder.settings(file: "t.yaml").problems.isEmpty)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
        #expect(folder.settings(file: "t.yaml").wrong.contains("run chmod o-w on it"))
    }

    @Test func `a value and a command at once are one too many`() throws {
        let path = try store("echo key")
        let both = folder.settings(environment: ["TRIAGE_LLM_KEY": "a", "OPENAI_API_KEY_COMMAND": path])
        #expect(both.wrong.contains("is given by environment: OPENAI_API_KEY_COMMAND too; keep one of them"))
    }
}

/// Errors that were reported, in order.
private final class Reports: @unchecked Sendable {
    private let lock = NSLock()
    private var errors: [String] = []

    var all: [String] { lock.withLock { errors } }

    func add(_ error: SecretError) { lock.withLock { errors.append(error.description) } }
}
