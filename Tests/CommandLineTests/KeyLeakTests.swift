import Foundation
import Glibc
import ServerTestSupport
import Testing

/// What a key file, a secret's file or a settings file holds is in no output, whatever state it is in.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct KeyLeakTests {
    private static let token = "sk-Proj_9f8E7d6C5b4A39281706f5E4"

    private func check(_ outcome: Outcome, _ secret: String, _ place: String) {
        #expect(!outcome.errors.holdsPart(of: secret), "\(place): \(outcome.errors)")
        #expect(!outcome.text.holdsPart(of: secret), "\(place): \(outcome.text)")
    }

    @Test func `a key without its end is in no message of serve and doctor`() throws {
        let certificates = try Certificates()
        let workspace = try ServeTests().desk()
        let whole = try String(contentsOfFile: certificates.key, encoding: .utf8)
        let secret = whole.withoutPEMFrame
        for count in [0, 30, 60, 100, 150, whole.utf8.count - 26, whole.utf8.count - 3] {
            try Data(whole.utf8.prefix(count)).write(to: URL(fileURLWithPath: certificates.key))
            let flags = ["--tls-certificate", certificates.chain, "--tls-key", certificates.key]
            let serve = try workspace.run(
                ["serve", "--port", "0", "--stateless", "--log-level", "trace"] + flags)
            #expect(serve.status == 78)
            #expect(
                serve.errors.contains("\(certificates.key): no private key in PEM was found"),
                "\(serve.errors)")
            #expect(!serve.errors.contains("stays in use"), "\(serve.errors)")
            check(serve, secret, "serve, cut at \(count)")
            let doctor = try workspace.run(["doctor"] + flags)
            #expect(doctor.status == 69 && doctor.text.contains("FAIL tls "), "\(doctor.text)")
            check(doctor, secret, "doctor, cut at \(count)")
        }
    }

    @Test func `a torn key during a rotation is in no line of the log, nor in the metrics`() throws {
        let certificates = try Certificates()
        let workspace = try ServeTests().desk()
        let whole = try String(contentsOfFile: certificates.key, encoding: .utf8)
        let service = try Service(
            workspace,
            [
                "--tls-certificate", certificates.chain, "--tls-key", certificates.key, "--log-level",
                "trace",
            ])
        try Data(whole.utf8.dropLast(30)).write(to: URL(fileURLWithPath: certificates.key))
        #expect(eventually { service.said.contains("certificate reload failed; the old one stays in use") })
        service.signal(SIGTERM)
        #expect(service.end() == 0)
        #expect(!service.said.holdsPart(of: whole.withoutPEMFrame), "\(service.said)")
    }

    @Test func `secrets on broken lines are in no message of serve and doctor`() throws {
        let workspace = try ServeTests().desk()
        let files = [
            (".env", "OPENAI_API_KEY=\"\(Self.token)\n\(Self.token)=1\nTRIAGE_PORT=\(Self.token)\n"),
            ("triage.yaml", "llm:\n  key: \(Self.token)\n \(Self.token): x\n"),
            ("triage.yaml", "llm:\n  \(Self.token): 1\nport: \(Self.token)\n"),
            ("secret", "\(Self.token)\n\(Self.token)\n"),
        ]
        for (name, content) in files {
            try workspace.write(name, content)
            let flags = name == "secret" ? ["--llm-key-file", "secret"] : []
            for command in [["serve", "--stateless"], ["doctor"], ["doctor", "--settings"], ["health"]] {
                let outcome = try workspace.run(command + flags)
                #expect(outcome.status != 0, "\(command) \(name)")
                check(outcome, Self.token, "\(command) \(name)")
            }
            try FileManager.default.removeItem(atPath: workspace.file(name))
        }
    }

    @Test func `doctor tells of a key that does not fit, that others may read, and of a certificate's end`()
        throws
    {
        let (one, other) = (try Certificates(), try Certificates())
        let workspace = try ServeTests().desk()
        chmod(one.key, 0o644)
        let good = try workspace.run(["doctor", "--tls-certificate", one.chain, "--tls-key", one.key])
        #expect(good.status == 0)
        #expect(
            good.text.contains("ok   tls        \(one.chain): the key fits the certificate"), "\(good.text)")
        #expect(
            good.text.contains("warn tls        \(one.chain): a certificate expires at 20"), "\(good.text)")
        #expect(
            good.text.contains("warn tls        \(one.key): every user of this machine can read"),
            "\(good.text)")
        let mixed = try workspace.run(["doctor", "--tls-certificate", one.chain, "--tls-key", other.key])
        #expect(mixed.status == 69)
        #expect(
            mixed.text.contains(
                "FAIL tls        \(one.chain), \(other.key): the private key does not belong"),
            "\(mixed.text)")
    }

    /// The argument parser repeats an option that it does not know.
    @Test(arguments: ["--tls-key", "--tls-certificate", "--keys"])
    func `a key in the place of its path is not repeated`(flag: String) throws {
        let workspace = try Workspace()
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
        let key = "-----BEGIN PRIVATE KEY-----\n\(body)\n-----END PRIVATE KEY-----"
        for command in ["serve", "doctor"] {
            for words in [[flag, key], ["\(flag)=\(key)"]] {
                let outcome = try workspace.run([command] + words)
                #expect(
                    outcome.status == 64 && outcome.errors.contains("give the file's path"),
                    "\(outcome.errors)")
                #expect(!(outcome.text + outcome.errors).contains(body.prefix(8)))
            }
        }
    }

    @Test func `doctor reads what serve reads at its start`() throws {
        let workspace = try Workspace()
        try workspace.write("keys.json", "sk-nothing")
        let keys = try workspace.run(["doctor", "--keys", "keys.json"])
        #expect(keys.status == 69 && keys.text.contains("FAIL access     keys.json: "), "\(keys.text)")
        let proxies = try workspace.run(["doctor", "--trusted-proxies", "10.0.0.0/8,hunter2hunter2"])
        #expect(
            proxies.status == 69 && proxies.text.contains("entry 2 of the setting trusted-proxies"),
            "\(proxies.text)")
        let failures = proxies.text.split(separator: "\n").filter { $0.hasPrefix("FAIL") }
        #expect(failures.allSatisfy { !$0.contains("hunter2") } && !proxies.errors.contains("hunter2"))
        let prices = ["--llm-url", "http://127.0.0.1:9/v1", "--llm-model", "m", "--llm-prices", "keys.json"]
        let priced = try workspace.run(["doctor"] + prices)
        #expect(priced.status == 78 && priced.text.contains("FAIL llm"), "\(priced.text)")
        let address = try workspace.run([
            "doctor", "--llm-url", "http://h/v1?key=hunter2hunter2", "--llm-model", "m",
        ])
        #expect(address.status == 78 && !address.text.contains("hunter2"), "\(address.text)")
    }

    @Test func `no source shows the text of an error that it does not know`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let names = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/Sources").filter {
            $0.hasSuffix(".swift")
        }
        #expect(names.count > 400)
        let shows = /\\\((failure\.|self\.)?error\)|String\(describing: *error\)|error\.localizedDescription/
        for name in names {
            let text = try String(contentsOfFile: "\(root)/Sources/\(name)", encoding: .utf8)
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where line.contains(shows) {
                Issue.record("\(name):\(index + 1): use safeDescription: \(line)")
            }
        }
    }
}
