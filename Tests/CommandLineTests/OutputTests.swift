import Foundation
import Glibc
import Testing

/// What this machine lets tests do.
enum Machine {
    /// Whether a small file system can be mounted.
    static let canMount: Bool = {
        guard getuid() == 0, let workspace = try? Workspace() else { return false }
        let script = "mkdir m && mount -t tmpfs -o size=64k tmpfs m && umount m"
        return (try? workspace.shell(script).status) == 0
    }()

    /// A prefix that runs a command without root's powers; nil when that cannot be done here.
    static let asNobody: String? = {
        guard getuid() == 0 else { return "" }
        let prefix = "setpriv --reuid 65534 --regid 65534 --clear-groups"
        guard let workspace = try? Workspace() else { return nil }
        return (try? workspace.shell("\(prefix) test -x \"$TRIAGE\"").status) == 0 ? prefix : nil
    }()
}

struct OutputTests {
    private static let many = String(repeating: RowCase.good, count: 2000)

    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        try workspace.write("train.jsonl", TrainedBundle.tickets)
        try workspace.write("t.jsonl", OutputTests.many)
        return workspace
    }

    private static let classify = "$TRIAGE classify --model plain --kb none --input t.jsonl"
    private static let train =
        "$TRIAGE train --data train.jsonl --label category --fixed --embedding none --output"

    // MARK: - Places that take nothing

    @Test(arguments: [
        ("\(classify) >/dev/full", 74, "standard output: cannot be written (No space left"),
        ("$TRIAGE models list . >/dev/full", 74, "standard output: cannot be written (No space left"),
        ("$TRIAGE models show plain >/dev/full", 74, "standard output: cannot be written"),
        (
            "$TRIAGE evaluate --model plain --data train.jsonl --json >/dev/full", 74,
            "standard output: cannot be written"
        ),
        (
            "$TRIAGE explain --model plain --kb none --input t.jsonl >/dev/full", 74,
            "standard output: cannot be written"
        ),
        ("$TRIAGE doctor --model plain --kb none >/dev/full", 74, "standard output: cannot be written"),
        ("ln -s /dev/full out; \(classify) --output out", 73, "out: cannot be written (No space left"),
        ("\(classify) --output .", 73, ".: cannot be written (it is a folder)"),
        ("\(classify) --output /proc/triage", 73, "/proc/triage: cannot be written"),
        ("\(classify) --output gone/out", 73, "gone/out: cannot be written"),
        ("\(train) train.jsonl", 73, "train.jsonl: cannot be written (a file of that name"),
        ("\(train) train.jsonl/m", 73, "train.jsonl: cannot be written (a file of that name"),
        ("\(train) embeddings", 73, "embeddings: cannot be written (the folder holds other files"),
        ("\(train) /proc/m", 73, "/proc/m: cannot be written"),
        ("\(train) /dev/null/m", 73, "/dev/null: cannot be written"),
        (
            "touch plain.previous; \(train) plain", 73,
            "plain.previous: cannot be written (a file of that name"
        ),
        (
            "mkdir old; ln -s old plain.previous; \(train) plain", 73,
            "plain.previous: cannot be written (it is a"
        ),
        ("mkdir plain.previous; touch plain.previous/x; \(train) plain", 73, "holds other files"),
        ("touch plain/x; \(train) plain", 73, "plain: cannot be written (the folder holds x, which would be"),
        (
            "\(classify) --output t.jsonl", 73,
            "t.jsonl: cannot be written (it is the input too); name another"
        ),
        ("ln -s t.jsonl out; \(classify) --output out", 73, "out: cannot be written (it is the input too)"),
        ("$TRIAGE classify --model plain --kb none --output t.jsonl <t.jsonl", 73, "it is the input too"),
        (
            "$TRIAGE import --inspect train.jsonl --map-out train.jsonl", 73,
            "train.jsonl: cannot be written (it is the input too)"
        ),
        ("ln -s t.jsonl out; $TRIAGE import --inspect t.jsonl --map-out out", 73, "(it is the input too)"),
        (
            "echo 'body: [text]' >m.yaml; $TRIAGE import t.jsonl --map m.yaml --output m.yaml", 73,
            "m.yaml: cannot be written (it is the input too)"
        ),
        (
            "echo 'body: [text]' >m.yaml; $TRIAGE import t.jsonl --map m.yaml --rejected m.yaml", 73,
            "m.yaml: cannot be written (it is the input too)"
        ),
        ("$TRIAGE import t.jsonl --output new.csv", 64, "written as JSON Lines; name new.jsonl"),
        (
            "$TRIAGE import t.jsonl --output new.jsonl --rejected ./new.jsonl", 73,
            "./new.jsonl: cannot be written (it is another output too); name another"
        ),
        (
            "touch o; ln -s o p; $TRIAGE audit --data train.jsonl --label category --output o --html p", 73,
            "p: cannot be written (it is another output too)"
        ),
        (
            "$TRIAGE discover --data train.jsonl --embedding none --vectors train.jsonl", 73,
            "train.jsonl: cannot be written (it is the input too)"
        ),
        ("\(classify) >>t.jsonl", 73, "standard output: cannot be written (it is the input too)"),
        (
            "ulimit -f 4; \(classify) --output out", 73,
            "out: cannot be written (File too large); raise the limit"
        ),
        ("ulimit -f 4; \(train) plain", 73, "plain/model.safetensors: cannot be written (File too large)"),
        ("ulimit -f 4; \(train) new", 73, "new/model.safetensors: cannot be written (File too large)"),
    ])
    func `what cannot be written is said and leaves nothing`(
        script: String, status: Int32, sentence: String
    ) throws {
        let workspace = try workspace()
        let made: Set = ["out", "old", "plain.previous", "plain.previous/x", "plain/x", "m.yaml", "o", "p"]
        let before = try workspace.names().filter { !made.contains($0) }
        let tickets = try workspace.bytes("t.jsonl")
        let bundle = try workspace.bytes("plain/model.safetensors")
        let outcome = try workspace.shell(script)
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
        #expect(try workspace.names().filter { !made.contains($0) } == before)
        #expect(try workspace.bytes("t.jsonl") == tickets)
        #expect(try workspace.bytes("plain/model.safetensors") == bundle)
        if script.contains("/dev/full") { #expect(try workspace.shell("test -c /dev/full").status == 0) }
    }

    @Test(.enabled(if: Machine.canMount, "needs root, to mount a small file system"))
    func `a full disk leaves the old bundle and no half of a new one`() throws {
        let workspace = try workspace()
        let setUp = """
            mkdir disk && mount -t tmpfs -o size=$(($(du -sk plain | cut -f1) + 24))k tmpfs disk && cp -r plain disk/m
            """
        try #require(workspace.shell(setUp).status == 0)
        defer { _ = try? workspace.shell("umount disk") }
        let before = try workspace.names("disk")
        let bundle = try workspace.bytes("disk/m/model.safetensors")
        for script in ["\(OutputTests.train) disk/m", "\(OutputTests.classify) --output disk/out"] {
            let outcome = try workspace.shell(script)
            #expect(outcome.status == 73, "\(outcome.errors)")
            #expect(outcome.errors.contains("No space left on device"), "\(outcome.errors)")
            #expect(try workspace.names("disk") == before)
        }
        #expect(try workspace.bytes("disk/m/model.safetensors") == bundle)
        #expect(try workspace.run(["models", "verify", "disk/m"]).status == 0)
    }

    @Test(
        .enabled(if: Machine.asNobody != nil, "needs setpriv, and a build folder that every user may read"),
        arguments: [
            ("chmod 000 plain", classify, 74, "plain: cannot be read (Permission denied)"),
            (
                "chmod 000 plain/model.safetensors", classify, 74,
                "plain/model.safetensors: cannot be read (Permission denied)"
            ),
            ("chmod 000 t.jsonl", classify, 74, "t.jsonl: cannot be read (Permission denied)"),
            (
                "chmod 000 train.jsonl", "\(train) open/m", 74,
                "train.jsonl: cannot be read (Permission denied)"
            ),
            ("mkdir kb && chmod 000 kb", "\(classify) --kb kb", 74, "kb: cannot be read (Permission denied)"),
            (
                "mkdir shut && chmod 555 shut", "\(train) shut/m", 73,
                "shut: cannot be written (Permission denied)"
            ),
            (
                "mkdir shut && chmod 555 shut", "\(classify) --output shut/out", 73,
                "shut/out: cannot be written (Permission denied)"
            ),
        ])
    func `what this user may not touch is said`(
        setUp: String, script: String, status: Int32, sentence: String
    ) throws {
        let workspace = try workspace()
        let prefix = try #require(Machine.asNobody)
        defer { _ = try? workspace.shell("chmod -R u+rwx .") }
        try #require(workspace.shell("chmod 755 . && mkdir -m 777 open && \(setUp)").status == 0)
        let outcome = try workspace.shell("\(prefix) \(script)")
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
        #expect(try workspace.names("open").isEmpty)
    }

    @Test(.enabled(if: Machine.asNobody != nil, "needs setpriv, and a build folder that every user may read"))
    func `a bundle that may not be read is listed as such`() throws {
        let workspace = try workspace()
        let prefix = try #require(Machine.asNobody)
        try #require(workspace.shell("chmod 755 . && chmod 000 plain").status == 0)
        let outcome = try workspace.shell("\(prefix) $TRIAGE models list .; chmod 755 plain")
        #expect(outcome.text.contains("plain  unreadable: Permission denied"), "\(outcome.text)")
    }

    // MARK: - Places that are special

    @Test func `an output keeps its permissions, a link its target, a device its nature`() throws {
        let workspace = try workspace()
        let script = """
            touch target; chmod 600 target; ln -s target link; mkfifo pipe
            \(OutputTests.classify) --output link || exit 1
            test -L link && test "$(stat -c %a target)" = 600 && test "$(wc -l <target)" = 2000 || exit 2
            cat pipe >copy & \(OutputTests.classify) --output pipe || exit 3
            wait; cmp copy target && test -p pipe || exit 4
            \(OutputTests.classify) --output /dev/stdout | cmp - target || exit 5
            \(OutputTests.classify) --output - | cmp - target || exit 6
            """
        let outcome = try workspace.shell(script)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try workspace.names().filter { $0.contains("tmp") }.isEmpty)
    }

    @Test func `a bundle is replaced in one step and the previous one kept`() throws {
        let workspace = try workspace()
        let before = try workspace.bytes("plain/manifest.json")
        let outcome = try workspace.shell("\(OutputTests.train) plain/")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try workspace.bytes("plain/manifest.json") != before)
        #expect(try workspace.bytes("plain.previous/manifest.json") == before)
        #expect(try workspace.run(["models", "verify", "plain.previous"]).status == 0)
    }

    @Test(arguments: ["classify --model plain --kb none --input t.jsonl", "search --kb kb --input t.jsonl"])
    func `a reader that goes away ends the program quietly`(words: String) throws {
        let workspace = try workspace()
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        let outcome = try workspace.shell("$TRIAGE \(words) | head -1; exit ${PIPESTATUS[0]}")
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.text.split(separator: "\n").count == 1)
    }

    @Test func `messages that nobody takes do not matter`() throws {
        let workspace = try workspace()
        #expect(try workspace.shell("$TRIAGE classify --model gone 2>/dev/full").status == 66)
        #expect(try workspace.shell("$TRIAGE classify --model gone 2>&-").status == 66)
    }
}
