import Foundation
import Glibc
import Testing

/// A `triage` that runs while the test feeds it.
private final class Running {
    let pid: pid_t
    private var input: Int32
    private let output: Int32
    private var pending: [UInt8] = []

    init(_ words: [String], in workspace: Workspace) throws {
        var ends: [[Int32]] = []
        for _ in 0..<2 { ends.append(try Program.pipe()) }
        let errors = open(workspace.file("errors"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        pid = try Program.start([Program.path] + words, in: workspace.path, [ends[0][0], ends[1][1], errors])
        [ends[0][0], ends[1][1], errors].forEach { close($0) }
        (input, output) = (ends[0][1], ends[1][0])
    }

    deinit {
        kill(pid, SIGKILL)
        close(output)
        if input >= 0 { close(input) }
    }

    func write(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
            try #require(count > 0)
            bytes = bytes.dropFirst(count)
        }
    }

    /// The next line of standard output; nil when there is none within a minute, or no more.
    func line() -> String? {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                defer { pending.removeFirst(end + 1) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&wanted, 1, 60_000) == 1 else { return nil }
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(output, &piece, piece.count)
            guard count > 0 else { return nil }
            pending += piece.prefix(count)
        }
    }

    func finish() -> Int32 {
        close(input)
        input = -1
        return Program.wait(pid)
    }

    /// A line of /proc/PID/status.
    func state(_ name: String) -> String? {
        (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8))?.split(separator: "\n")
            .first { $0.hasPrefix("\(name):") }.map {
                $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
            }
    }

    /// The most memory it has used so far, in megabytes.
    var peakMegabytes: Int { Int(state("VmHWM")?.split(separator: " ").first ?? "").map { $0 / 1024 } ?? 0 }

    /// Whether the program has taken the handling of a signal from the system.
    ///
    /// Until it runs, its process is the shell that starts it, which handles some signals too.
    func handles(_ signal: Int32) -> Bool {
        guard state("Name") == "triage" else { return false }
        let mask = state("SigCgt").flatMap { UInt64($0, radix: 16) } ?? 0
        return mask & 1 << UInt64(signal - 1) != 0
    }
}

struct StreamTests {
    private static let words = ["classify", "--kb", "none", "--model"]

    @Test func `each decision comes before the next ticket is there, in order, in bounded memory`() throws {
        let workspace = try Workspace()
        let running = try Running(StreamTests.words + [TrainedBundle.plain()], in: workspace)
        let filler = String(repeating: "x", count: 1 << 20)
        var early = 0
        for number in 0..<100 {
            try running.write(#"{"id":"\#(number)","text":"password","filler":"\#(filler)"}"# + "\n")
            let line = try #require(running.line())
            #expect(line.contains(#""id":"\#(number)""#))
            if number == 9 { early = running.peakMegabytes }
        }
        try #require(early > 0)
        // What was written since is 90 MB; allocators under load keep some of it for a while.
        #expect(running.peakMegabytes < early + 48)
        #expect(running.finish() == 0)
    }

    @Test func `CSV with an open quote streams in bounded memory`() throws {
        let workspace = try Workspace()
        let row = "1,\"\(Program.secret)\n" + String(repeating: "2,good\n", count: 20_000)
        try workspace.write("t.csv", "id,text\n" + row)
        let outcome = try workspace.run(StreamTests.words + [TrainedBundle.plain(), "--input", "t.csv"])
        #expect(outcome.status == 65)
        #expect(outcome.objects.count == 20_001)
    }

    @Test func `an interrupt takes the unfinished output away and keeps the old one`() throws {
        let workspace = try Workspace()
        try workspace.write("out", "old")
        let running = try Running(
            StreamTests.words + [TrainedBundle.plain(), "--output", "out"], in: workspace)
        try running.write(String(repeating: RowCase.good, count: 50))
        #expect(try eventually { try workspace.names().contains { $0.hasPrefix("out.tmp") } })
        kill(running.pid, SIGINT)
        #expect(Program.wait(running.pid) == 128 + SIGINT)
        #expect(try workspace.names() == ["errors", "out"])
        #expect(try workspace.bytes("out") == Array("old".utf8))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `an interrupt of training leaves the old bundle and nothing half written`(signal: Int32) throws {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        // Enough for many steps: words that differ, and labels that no word decides.
        let rows = (0..<6000).map { number in
            let words = (0..<12).map { "w\(number &* 7919 &+ $0 &* $0 &* 104_729 & 4095)" }.joined(
                separator: " ")
            return #"{"text":"\#(words)","category":"L\#(number * number % 7)"}"#
        }
        try workspace.write("long.jsonl", rows.joined(separator: "\n"))
        let before = try workspace.names()
        let bundle = try workspace.bytes("plain/manifest.json")
        let running = try Running(
            [
                "train", "--data", "long.jsonl", "--label", "category", "--embedding", "none", "--output",
                "plain",
            ],
            in: workspace)
        #expect(eventually { running.handles(signal) })
        kill(running.pid, signal)
        #expect(Program.wait(running.pid) == 128 + signal)
        #expect(try workspace.names() == (before + ["errors"]).sorted())
        #expect(try workspace.bytes("plain/manifest.json") == bundle)
        let errors = String(decoding: try workspace.bytes("errors"), as: UTF8.self)
        #expect(errors.contains("interrupted; nothing was written"))
    }
}
