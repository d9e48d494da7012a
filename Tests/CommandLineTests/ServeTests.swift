import Foundation
import Glibc
import Synchronization
import Testing
import TriageData
import TriageModel

@Suite(.serialized)
struct ServeTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let ticket =
        #"{"id":"7","subject":"Locked out","body":"My account is locked since noon."}"#

    /// A folder with a copy of the starter bundle as `bundle`, and the shipped KB and matrix where they are looked for.
    func desk() throws -> Workspace {
        let workspace = try Workspace()
        try FileManager.default.createDirectory(
            atPath: workspace.file("models"), withIntermediateDirectories: true)
        for name in ["kb", "models/embeddings", "models/language", "models/starter"] {
            try FileManager.default.createSymbolicLink(
                atPath: workspace.file(name), withDestinationPath: "\(ServeTests.root)/\(name)")
        }
        try FileManager.default.copyItem(
            atPath: "\(ServeTests.root)/models/starter", toPath: workspace.file("bundle"))
        return workspace
    }

    /// Another bundle in the place of the one that is there, as a deployment does it: whole, by a rename.
    private func replace(_ workspace: Workspace, name: String) throws {
        let next = workspace.file("next")
        try? FileManager.default.removeItem(atPath: next)
        try FileManager.default.copyItem(atPath: workspace.file("bundle"), toPath: next)
        let manifest = try String(contentsOfFile: "\(next)/manifest.json", encoding: .utf8)
        let changed = manifest.replacing(
            /"name" ?: ?"starter"/, with: "\"name\" : \"\(name)\"", maxReplacements: 1)
        try #require(changed != manifest)
        try Data(ModelManifest.signed(Array(changed.utf8))).write(
            to: URL(fileURLWithPath: "\(next)/manifest.json"))
        try FileManager.default.moveItem(
            atPath: workspace.file("bundle"), toPath: workspace.file(UUID().uuidString))
        try FileManager.default.moveItem(atPath: next, toPath: workspace.file("bundle"))
    }

    @Test func `a store beside --stateless is named as what is not used, and all the log is JSON`() throws {
        let workspace = try desk()
        let service = try Service(workspace, ["--model", "bundle", "--store", "kept"])
        #expect(
            service.said.contains(
                #""level":"warning","message":"store is set and stateless is too: nothing is kept"#))
        _ = try service.ask("POST", "/v1/triage", ServeTests.ticket)
        let document = try service.ask("GET", "/openapi.json")
        let version = try #require(JSONValue(parsing: document.body)?["info"]?["version"]?.text)
        #expect(try workspace.run(["--version"]).text == version + "\n")
        service.signal(SIGTERM)
        #expect(service.end() == 0)
        for line in service.said.split(separator: "\n") {
            #expect(JSONValue(parsing: line.utf8)?["level"]?.text != nil, "\(line)")
        }
        #expect(!FileManager.default.fileExists(atPath: workspace.file("kept")))
    }

    @Test func `SIGHUP takes another bundle in, and refuses a bad one`() throws {
        let workspace = try desk()
        // The models are asked for until the new one is there, more often than an address may.
        let service = try Service(workspace, ["--model", "bundle", "--limits-rate-per-address", "0"])
        let before = try service.ask("POST", "/v1/triage", ServeTests.ticket).text
        try replace(workspace, name: "tuesday")
        #expect(try service.ask("POST", "/v1/triage", ServeTests.ticket).text == before)
        service.signal(SIGHUP)
        #expect(try eventually { try service.ask("GET", "/v1/models").text.contains("\"tuesday\"") })
        let tuesday = try service.ask("POST", "/v1/triage", ServeTests.ticket).text
        #expect(tuesday != before)
        try workspace.write("bundle/model.safetensors", "no tensors at all")
        service.signal(SIGHUP)
        #expect(eventually { service.said.contains("reload failed") })
        #expect(try service.ask("POST", "/v1/triage", ServeTests.ticket).text == tuesday)
        service.signal(SIGTERM)
        #expect(service.end() == 0)
    }

    @Test func `files overwritten and cut short in place change no decision and end nothing`() throws {
        let workspace = try desk()
        let embeddings = workspace.file("models/embeddings")
        try FileManager.default.removeItem(atPath: embeddings)
        try FileManager.default.copyItem(
            atPath: "\(ServeTests.root)/models/embeddings", toPath: embeddings)
        let service = try Service(workspace, ["--model", "bundle"])
        let before = try service.ask("POST", "/v1/triage", ServeTests.ticket).text
        let tables = try workspace.names().filter { $0.hasSuffix(".safetensors") }
        #expect(tables.count >= 2)
        for name in tables where !name.hasPrefix("models/language") {
            let size = try workspace.bytes(name).count
            let file = try #require(FileHandle(forWritingAtPath: workspace.file(name)))
            try file.write(contentsOf: Data(repeating: 0x55, count: size))
            #expect(try service.ask("POST", "/v1/triage", ServeTests.ticket).text == before)
            try file.truncate(atOffset: 0)
            try file.close()
            #expect(try service.ask("POST", "/v1/triage", ServeTests.ticket).text == before)
        }
        service.signal(SIGTERM)
        #expect(service.end() == 0)
    }

    @Test func `SIGTERM under load: every answer that began is whole, and the exit code is 0`() throws {
        let workspace = try desk()
        let service = try Service(
            workspace, ["--limits-rate-per-address", "0", "--limits-minimum-rate", "1B"])
        let port = service.port
        let counts = Mutex((answered: 0, torn: 0, cut: 0, other: 0))
        let stop = Mutex(false)
        let group = DispatchGroup()
        for _ in 0..<8 {
            DispatchQueue.global().async(group: group) {
                while !stop.withLock({ $0 }), let exchange = try? Exchange(port: port) {
                    var isKept = false
                    while exchange.send(Exchange.request("POST", "/v1/triage", ServeTests.ticket)) {
                        guard let answer = exchange.receive() else {
                            if !exchange.pending.isEmpty { counts.withLock { $0.torn += 1 } }
                            if isKept { counts.withLock { $0.cut += 1 } }
                            break
                        }
                        counts.withLock { answer.status == 200 ? ($0.answered += 1) : ($0.other += 1) }
                        if answer.head.lowercased().contains("connection: close") { break }
                        isKept = true
                    }
                }
            }
        }
        // One request that is half sent when the signal comes, and one connection that asks nothing.
        let slow = try Exchange(port: port)
        let request = Exchange.request("POST", "/v1/triage", ServeTests.ticket)
        slow.send(String(request.dropLast(20)))
        let idle = try Exchange(port: port)
        #expect(eventually { counts.withLock { $0.answered } > 200 })
        let start = ContinuousClock.now
        service.signal(SIGTERM)
        usleep(200_000)
        slow.send(String(request.suffix(20)))
        #expect(slow.receive()?.status == 200)
        #expect(service.end() == 0)
        #expect(start.duration(to: .now) < .seconds(10))
        stop.withLock { $0 = true }
        group.wait()
        let (answered, torn, cut, other) = counts.withLock { $0 }
        #expect(torn == 0)
        #expect(cut == 0, "each connection is told with its last answer")
        #expect(other == 0)
        #expect(answered > 200)
        #expect(idle.receive() == nil)
        #expect(throws: POSIXError.self) { try Exchange(port: port) }
    }

    @Test func `at SIGTERM each connection is told with its last answer, and one that rests is closed`()
        throws
    {
        let workspace = try desk()
        let service = try Service(workspace)
        let (idle, next, under) = (
            try Exchange(port: service.port), try Exchange(port: service.port),
            try Exchange(port: service.port)
        )
        for exchange in [idle, next, under] {
            exchange.send(Exchange.request("GET", "/health"))
            #expect(exchange.receive()?.head.lowercased().contains("connection:") == false)
        }
        let request = Exchange.request("POST", "/v1/triage", ServeTests.ticket)
        under.send(String(request.dropLast(20)))
        usleep(100_000)
        service.signal(SIGTERM)
        usleep(150_000)
        next.send(Exchange.request("GET", "/health"))
        under.send(String(request.suffix(20)))
        for exchange in [next, under] {
            let answer = try #require(exchange.receive())
            #expect(
                answer.status == 200 && answer.head.lowercased().contains("\r\nconnection: close"),
                "\(answer.head)")
            #expect(exchange.receive() == nil && exchange.pending.isEmpty)
        }
        #expect(idle.receive() == nil && idle.pending.isEmpty)
        #expect(service.end() == 0)
    }

    @Test func `a request that never ends does not outlast the time to drain`() throws {
        let workspace = try desk()
        let service = try Service(workspace, ["--drain", "500ms"])
        let stuck = try Exchange(port: service.port)
        stuck.send(String(Exchange.request("POST", "/v1/triage", ServeTests.ticket).dropLast(20)))
        usleep(100_000)
        let start = ContinuousClock.now
        service.signal(SIGTERM)
        #expect(service.end() == 0)
        #expect(start.duration(to: .now) < .seconds(5))
    }

    @Test func `the original's threshold decides what is known`() throws {
        let workspace = try desk()
        let body = #"{"description":"my account is locked after too many wrong passwords"}"#
        let usual = try Service(workspace).ask("POST", "/triage", body).text
        #expect(usual.contains("\"known_issue\""))
        try workspace.write(".env", "MATCH_THRESHOLD=1\n")
        let strict = try Service(workspace).ask("POST", "/triage", body).text
        #expect(strict.contains("\"new_issue\""))
        #expect(strict.contains("\"kb_matches\":[]"))
    }
}

extension ServeTests {
    @Test func `health tells whether the service of these settings lives`() throws {
        let workspace = try desk()
        let service = try Service(workspace)
        try workspace.write(".env", "TRIAGE_PORT=\(service.port)\n")
        let well = try workspace.run(["health"])
        #expect(well.status == 0)
        #expect(well.text == "http://127.0.0.1:\(service.port)/health answers 200\n")
        #expect(try workspace.run(["health", "--ready", "--host", "0.0.0.0"]).status == 0)
        service.signal(SIGTERM)
        #expect(service.end() == 0)
        for time in ["1", "1s", "500ms"] {
            let gone = try workspace.run(["health", "--timeout", time])
            #expect(gone.status == 69)
            #expect(
                gone.errors.contains("does not answer (")
                    && gone.errors.contains("check that the service runs"))
            #expect(!gone.errors.contains("an error of type"), "\(gone.errors)")
        }
        for time in ["0", "2h", "soon"] {
            #expect(try workspace.run(["health", "--timeout", time]).status == 64)
        }
    }
}
