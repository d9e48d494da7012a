import Foundation
import Glibc
import Testing
import TriageSettings

/// What holds for every command: its name, its help, its start.
struct CommandTests {
    private static let commands = [
        "classify", "explain", "search", "train", "audit", "evaluate", "models", "bench", "doctor", "draft",
        "compare", "serve", "health", "keys", "ledger", "feedback", "queue", "store", "forget", "monitor",
        "retrain",
        "schedule", "backtest", "label",
    ]

    @Test(arguments: [
        (["clasify"], "classify"), (["models", "tuen"], "tune"), (["help", "models", "tuen"], "tune"),
        (["keys", "ad"], nil), (["evaluation", "--data", "x"], "evaluate"),
    ])
    func `a misspelt command gets a suggestion`(words: [String], name: String?) throws {
        let outcome = try Workspace().run(words)
        #expect(outcome.status == 64)
        #expect(
            outcome.errors.contains(name.map { "did you mean \($0)?" } ?? "no such command"),
            "\(outcome.errors)")
    }

    @Test func `a ticket in the place of a command is not repeated`() throws {
        let outcome = try Workspace().run(["\(Program.secret) cannot log in"])
        #expect(outcome.status == 64 && outcome.errors.contains("`triage classify \"its text\"`"))
    }

    @Test(arguments: commands)
    func `help fits 80 columns, and so does the usage of an error`(command: String) throws {
        let workspace = try Workspace()
        let help = try workspace.run([command, "--help"])
        #expect(help.status == 0 && help.text.contains("USAGE: triage \(command)"))
        let error = try workspace.run([command, "--no-such-option-of-any-command"])
        let lines = (help.text + error.errors).split(separator: "\n")
        for line in lines where !line.hasPrefix("Error: ") && !line.hasPrefix("triage: ") {
            #expect(line.count <= 80, "\(line)")
        }
    }

    @Test(.enabled(if: getuid() == 0 && access("/usr/bin/unshare", X_OK) == 0, "needs root and unshare"))
    func `without proc every command names what is missing`() throws {
        let workspace = try Workspace()
        func run(_ words: String) throws -> Outcome {
            try workspace.shell("unshare -m sh -c 'mount -t tmpfs none /proc && \"$TRIAGE\" \(words)'")
        }
        #expect(try run("clasify").errors.contains("did you mean classify?"))
        for words in ["classify --kb none password locked", "--version", "help train", ""] {
            let work = try run(words)
            #expect(
                work.status == 69 && work.errors.contains("/proc is not mounted"), "\(words): \(work.errors)")
        }
    }

    @Test(arguments: [
        (["--kb", "none", "classify", "hi"], "options follow the command: triage classify --option value"),
        (["classify", "—-input", "t.jsonl"], "An option begins with two hyphens"),
        (["classify", "nowhere.csv"], "There is no file of this name"),
        (["classify", "--input", "a.jsonl", "--data", "b.jsonl"], "Give --input once"),
        (["search", "--input", "a.jsonl", "--input", "b.jsonl"], "Give --input once"),
        (["classify", "--table", "--label-sets", "0.9", "hi"], "A table has no room for label sets"),
    ])
    func `what would be misread is refused`(words: [String], sentence: String) throws {
        let outcome = try Workspace().run(words)
        #expect(outcome.status == 64 && outcome.errors.contains(sentence), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions know every setting of the commands that read them`(shell: String) throws {
        let script = try Workspace().run(["--generate-completion-script", shell])
        #expect(script.status == 0)
        for flag in Setting.all.compactMap(\.flag) {
            let name = shell == "fish" ? "-l '\(flag.dropFirst(2))'" : flag
            #expect(script.text.contains(name), "\(flag)")
        }
    }

    /// Manual pages are made from it.
    @Test func `the description of the commands has every setting of serve, health and doctor`() throws {
        let dump = try Workspace().run(["--experimental-dump-help"])
        let json = try JSONSerialization.jsonObject(with: Data(dump.output))
        let tool = try #require(json as? [String: Any])
        let root = try #require(tool["command"] as? [String: Any])
        for command in root["subcommands"] as? [[String: Any]] ?? []
        where ["serve", "health", "doctor"].contains(command["commandName"] as? String) {
            let names = (command["arguments"] as? [[String: Any]] ?? []).flatMap {
                ($0["names"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
            }
            for flag in Setting.all.compactMap(\.flag) {
                #expect(names.contains(String(flag.dropFirst(2))), "\(flag)")
            }
        }
    }
}

extension ServeTests {
    @Test func `health refuses settings that may lead to another service`() throws {
        let workspace = try desk()
        for words in [["--prot", "1"], ["--port", "99999"], ["--config", "none.yaml"]] {
            let outcome = try workspace.run(["health"] + words)
            #expect(outcome.status == 78, "\(words): \(outcome.errors)")
        }
        try workspace.write(".env", "TRIAGE_PROT=8080\n")
        #expect(try workspace.run(["health"]).status == 78)
        // Another setting's value does not change the address.
        try workspace.write(".env", "TRIAGE_DRAIN=soon\n")
        #expect(try workspace.run(["health", "--timeout", "1"]).status == 69)
    }

    @Test func `a port in use is named, with what to do`() throws {
        let workspace = try desk()
        let service = try Service(workspace)
        let second = try workspace.run(["serve", "--stateless", "--port", "\(service.port)"])
        #expect(second.status == 69)
        #expect(
            second.errors.contains("port \(service.port) is in use; stop the program"), "\(second.errors)")
        service.signal(SIGTERM)
        #expect(service.end() == 0)
    }

    @Test func `a second interrupt ends a service that waits for a request`() throws {
        let workspace = try desk()
        let service = try Service(workspace)
        let exchange = try Exchange(port: service.port)
        exchange.send("POST /v1/triage HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{")
        usleep(300_000)
        let start = ContinuousClock.now
        service.signal(SIGINT)
        usleep(500_000)
        service.signal(SIGINT)
        #expect(service.end() == 128 + SIGINT)
        #expect(start.duration(to: .now) < .seconds(3))
        #expect(service.said.contains("stopping after the requests under way"))
    }
}
