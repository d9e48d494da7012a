import Foundation
import ServerTestSupport
import Synchronization
import Testing

@testable import TriageLLM

struct AddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1/chat/completions"),
        ("http://[::1]:8080/v1/", "http://[::1]:8080/v1/chat/completions"),
        ("https://gpu01/api/v1/chat/completions", "https://gpu01/api/v1/chat/completions"),
    ])
    func `a server, its v1 and the whole path are the same address`(given: String, called: String) throws {
        #expect(try Endpoint(given, allowed: []).url == called)
    }

    @Test(arguments: [
        "", "127.0.0.1:8080", "ftp://localhost/", "file:///etc/passwd", "http://",
        "http://user:pw@localhost/",
        "http://localhost/?key=1", "http://localhost/#x", "http://api.example.com/v1", "https://8.8.8.8/v1",
        "http://127.0.0.1.evil.example/", "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/",
        "http://172.32.0.1/", "http://[2001:db8::1]/", "http://evil.example\\@localhost/",
    ])
    func `other addresses, and public hosts that nobody allowed, are refused`(given: String) {
        #expect(throws: LLMError.self) { try Endpoint(given, allowed: []) }
    }

    @Test func `a public host that is allowed by name is called, and no other`() throws {
        let allowed: Set<String> = ["api.example.com"]
        #expect(try Endpoint("https://API.example.com/v1", allowed: allowed).port == 443)
        #expect(throws: LLMError.self) {
            try Endpoint("https://api.example.com.evil.test2.org/", allowed: allowed)
        }
    }

    @Test(arguments: [
        ("10.1.2.3", true), ("192.168.0.9", true), ("172.16.0.1", true), ("169.254.169.254", false),
        ("llm", true),
        ("gpu.lan", true), ("vllm.ns.svc", true), ("fd00::1", true), ("fe80::1", false), ("::1", true),
        ("11.0.0.1", false), ("example.com", false), ("2001:db8::1", false), ("169.253.0.1", false),
    ])
    func `what is private is told by form`(host: String, isPrivate: Bool) {
        #expect(Endpoint.isPrivate(host) == isPrivate)
    }

    @Test func `nothing is dialled before the first call, and the key is read at each`() async throws {
        let key = Mutex("first")
        try await ScriptedServer.run({ _ in [.chat("Hi.")] }) { server in
            var options = options(server)
            options.key = { () throws(LLMError) in key.withLock { $0 } }
            let service = try ChatService(options)
            #expect(!service.isConnected && server.connectionCount == 0)
            _ = try await service.complete(ChatRequest([.init(.user, "x")]))
            key.withLock { $0 = "second" }
            _ = try await service.complete(ChatRequest([.init(.user, "x")]))
            #expect(service.isConnected)
            #expect(server.captured.map { $0.header("authorization") } == ["Bearer first", "Bearer second"])
            await service.shutdown()
        }
    }

    @Test func `a certificate counts only when its authority is trusted`() async throws {
        let (certificates, others) = (try Certificates(), try Certificates())
        try await ScriptedServer.run(tls: certificates, { _ in [.chat("Hi.")] }) { server in
            for (authorities, isTrusted) in [
                (certificates.authority, true), (others.authority, false), (nil, false),
            ] {
                var options = LLMOptions(url: "https://127.0.0.1:\(server.port)/v1", model: "m")
                options.authorities = authorities
                options.retries.maximumRetries = 0
                options.cache = nil
                let client = try LLMClient.http(options)
                let error = await failure { () throws(LLMError) in
                    try await client.complete(ChatRequest([.init(.user, "x")]))
                }
                #expect(error?.code == (isTrusted ? nil : "unreachable"))
                await client.shutdown()
            }
            #expect(server.captured.count == 1)
        }
        var options = LLMOptions(url: "https://127.0.0.1:1/v1", model: "m")
        options.authorities = "/nowhere.pem"
        let error = #expect(throws: LLMError.self) { try LLMClient.http(options) }
        #expect(error?.code == "configuration")
    }

    @Test func `the disabled client answers nothing and dials nothing`() async {
        let error = await failure { () throws(LLMError) in
            try await LLMClient.disabled.complete(ChatRequest([.init(.user, "x")]))
        }
        #expect(error == .disabled && LLMClient.disabled.refusal() == .disabled)
    }
}
