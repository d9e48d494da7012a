import Foundation
import ServerTestSupport
import Testing
import TriageSettings

/// Secrets in places where they do not belong, on broken lines, and cut: no error repeats them.
struct QuotingTests {
    /// A key as openssl writes them; it opens nothing.
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
        OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
        1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
        abcdEFGHijklMNOPqrstUVWX1234=
        -----END PRIVATE KEY-----
        """
    private static let token = "sk-Proj_9f8E7d6C5b4A39281706f5E4"

    private func check(_ wrong: String, _ place: String) {
        #expect(!wrong.holdsPart(of: Self.key.withoutPEMFrame), "\(place): \(wrong)")
        #expect(!wrong.holdsPart(of: Self.token), "\(place): \(wrong)")
    }

    /// Values of every setting as they may be shown.
    private func shown(_ found: EffectiveSettings) -> String {
        Setting.all.compactMap { found.value(of: $0) }.joined(separator: "\n") + "\n" + found.wrong
    }

    @Test(arguments: [
        "TRIAGE_PORT=80\n\(key)\n", "TRIAGE_TLS_KEY=\"\(key)\n",
        "TRIAGE_TLS_KEY='\(key.replacing("\n", with: "\\n"))'",
        "TRIAGE_TLS_KEY=\"\(key.replacing("\n", with: "\\n"))\"\nOPENAI_API_KEY \(token)\n\(token)=1\n",
        "OPENAI_API_KEY=\"\(token)\n\(token)", "export \(token)", "TRIAGE_PORT=\(token)",
        "TRIAGE_LLM_KEY_FILE=\(token)", "TRIAGE_LLM_KEY_COMMAND=\(token)",
        "TRIAGE_LLM_URL=http://u:\(token)@h/",
        "OPENAI_API_KEY=\(token)\nOPENAI_API_KEY=\(token)x",
    ])
    func `an env file cut at any byte`(text: String) throws {
        let folder = try Folder()
        for count in 1...text.utf8.count {
            try folder.write(".env", String(decoding: text.utf8.prefix(count), as: UTF8.self))
            check(shown(folder.settings()), "cut at \(count)")
        }
    }

    @Test(arguments: [
        "tls:\n  key: |\n    \(key.replacing("\n", with: "\n    "))\nport: 80\n", "tls:\n  key: \(key)\n",
        "port: 80\n\(key)\n",
        "llm:\n  key: \(token)\n \(token): x\n", "llm:\n  \(token): 1\n  \(token): 1\n",
        "llm: {key: \(token)",
        "llm:\n  key: \"\(token)\n", "port: \(token)\n", "- \(token)\n", "llm:\n  key: [\(token)\n",
        "llm:\n  key: *\(token)\n",
        "llm:\n  key: &\(token)\n", "llm: !\(token) x\n", "%\(token)\n---\nport: 1\n",
        "llm:\n  key-file: \(token)\n",
        "llm:\n  key-command: \(token)\n",
    ])
    func `a YAML file cut at any byte`(text: String) throws {
        let folder = try Folder()
        for count in 1...text.utf8.count {
            try folder.write("t.yaml", String(decoding: text.utf8.prefix(count), as: UTF8.self))
            check(shown(folder.settings(file: "t.yaml")), "cut at \(count)")
        }
    }

    @Test func `a secret's file cut at any byte, or with more than one line`() throws {
        let folder = try Folder()
        for text in [Self.key, Self.token + "\n" + Self.token] {
            for count in 1...text.utf8.count {
                let path = try folder.write(
                    "secret", String(decoding: text.utf8.prefix(count), as: UTF8.self))
                for variable in ["TRIAGE_LLM_KEY_FILE", "REDIS_URL_FILE", "OTEL_EXPORTER_OTLP_HEADERS_FILE"] {
                    check(
                        shown(folder.settings(environment: [variable: path])), "\(variable) cut at \(count)")
                }
            }
        }
    }

    @Test func `a secret among the flags`() throws {
        for flags in [
            [Self.token], ["--\(Self.token)"], ["--llm-key", Self.token], ["--llm-kye", Self.token],
            ["--llm-key=\(Self.token)"], ["--port", Self.token], ["--llm-url", "http://u:\(Self.token)@h/"],
        ] {
            let found = try Folder().settings(flags: flags)
            #expect(!found.problems.isEmpty)
            check(shown(found), "\(flags.first ?? "")")
        }
    }

    @Test func `a file's content in the place of its path is told, not shown`() throws {
        let folder = try Folder()
        let found = folder.settings(environment: ["TRIAGE_TLS_KEY": Self.key.withoutPEMFrame])
        #expect(found.wrong.contains("tls.key: is the content of a file; give the file's path"))
        let pasted = folder.settings(environment: ["TRIAGE_TLS_KEY": Self.key])
        #expect(pasted.wrong.contains("environment: TRIAGE_TLS_KEY: must be text on one line; give a file"))
        let named = folder.settings(environment: ["TRIAGE_LLM_KEY_FILE": Self.token])
        #expect(
            named.wrong
                == "environment: TRIAGE_LLM_KEY_FILE: names no file; give the path of a file that holds the secret"
        )
    }
}
