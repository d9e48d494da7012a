import Foundation
import Testing
import TriageData
import TriageEngine

@testable import TriageServer
import TriageTickets

struct TriageTests {
    @Test func `the service decides what the library decides, byte for byte`() async throws {
        let ticket = Ticket(
            id: "7", subject: "Locked out", body: "My account is locked. Payroll closes at noon.")
        let snapshot = try starter.get()
        try await LiveServer.run { server in
            let body =
                #"{"id":"7","subject":"Locked out","body":"My account is locked. Payroll closes at noon."}"#
            let plain = try await server.ask("POST", "/v1/triage", json: body)
            #expect(plain.text == snapshot.decide(ticket).json)
            let explained = snapshot.decide(ticket, explaining: true).json
            #expect(try await server.ask("POST", "/v1/explain", json: body).text == explained)
            #expect(try await server.ask("POST", "/v1/triage?explain=true", json: body).text == explained)
            let batch = try await server.ask("POST", "/v1/triage/batch", Array((body + "\n\n" + body).utf8))
            #expect(batch.text == plain.text + "\n" + plain.text + "\n")
        }
    }

    @Test func `bad lines of a batch are answered in their places`() async throws {
        let lines = [
            #"{"id":"a","body":"locked"}"#, #"{"id":"b""#, #"{"id":"c"}"#, #"{"id":"d","text":"slow"}"#,
            #"{"id":[1],"text":"slow"}"#,
        ]
        try await LiveServer.run(.bodies(upTo: 200)) { server in
            let long = #"{"id":"e","body":"\#(String(repeating: "x", count: 300))"}"#
            let body = (lines + [long]).joined(separator: "\r\n")
            let answers = try await server.ask("POST", "/v1/triage/batch", Array(body.utf8)).text.split(
                separator: "\n")
            #expect(answers.count == 6)
            #expect(answers[0].contains(#""id":"a""#) && answers[3].contains(#""id":"d""#))
            #expect(answers[1].contains(#""line":2,"error":{"code":"invalid_json""#))
            #expect(answers[2].contains(#""id":"c","line":3,"error":{"code":"invalid_field""#))
            #expect(!answers[2].contains("--text"))
            #expect(answers[4].contains(#""id":null,"line":5,"error":{"code":"invalid_field""#))
            #expect(answers[5].contains(#""line":6,"error":{"code":"too_large""#))
        }
    }

    @Test(arguments: ["1e3", "1.0", "-0", "123456789012345678901234567890"])
    func `an id that is a number comes back as the caller spelled it`(id: String) async throws {
        try await LiveServer.run { server in
            let body = #"{"id":\#(id),"text":"locked"}"#
            for path in ["/v1/triage", "/v1/triage/batch"] {
                let answer = try await server.ask("POST", path, json: body)
                #expect(answer.object["id"] as? String == id, "\(path)")
            }
        }
    }

    @Test(arguments: [
        ("{", 400, "invalid_json"), ("[1]", 400, "invalid_json"), (#"{"id":"1"}"#, 422, "invalid_field"),
        (#"{"body":{"a":"xyzzy"}}"#, 422, "invalid_field"),
        (#"{"body":"\#(String(repeating: "x", count: 5000))"}"#, 413, "too_large"),
    ])
    func `what cannot be read is a problem document`(body: String, status: Int, code: String) async throws {
        try await LiveServer.run(.bodies(upTo: 4096)) { server in
            let answer = try await server.ask("POST", "/v1/triage", json: body)
            #expect(answer.status == status)
            #expect(answer.object["code"] as? String == code)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(!answer.text.contains("xyzzy"))
        }
    }

    @Test(arguments: [
        ("POST", "/v1/triage?explian=true", "expected explain instead of explian."),
        ("POST", "/v1/triage?flurbword=1", "expected no other parameters than explain."),
        ("POST", "/v1/explain?flurbword=1", "expected no parameters."),
        ("GET", "/v1/search?q=locked&cuont=1", "expected count instead of cuont."),
        ("GET", "/v1/models?flurbword=1", "expected no parameters."),
    ])
    func `a query parameter that does not exist is refused`(
        method: String, path: String, sentence: String
    ) async throws {
        try await LiveServer.run { server in
            let refused = try await server.ask(
                method, path, json: method == "GET" ? "" : #"{"body":"locked"}"#)
            #expect(refused.status == 422)
            #expect((refused.object["detail"] as? String)?.hasSuffix(sentence) == true, "\(refused.text)")
            #expect(!refused.text.contains("flurbword"))
        }
    }

    @Test func `the original agent's path ignores other query parameters, as it did`() async throws {
        try await LiveServer.run { server in
            let body = #"{"description":"my account is locked"}"#
            let answer = try await server.ask("POST", "/triage?trace=1", json: body)
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func `a batch has the lines of a file, whatever ends them and wherever they are cut`(
        end: String
    ) async throws {
        let rows = [#"{"id":"a","body":"locked"}"#, "", #"{"id":"b""#, #"{"id":"d","text":"slow"}"#]
        let body = "\u{FEFF}" + rows.map { $0 + end }.joined()
        try await LiveServer.run { server in
            for size in [1, 7, 4096] {
                let connection = try RawConnection(port: server.port)
                connection.send(
                    "POST /v1/triage/batch HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                        + "Connection: close\r\n\r\n")
                var rest = Array(body.utf8)[...]
                while !rest.isEmpty {
                    let chunk = String(rest.prefix(size).count, radix: 16)
                    connection.send(Array("\(chunk)\r\n".utf8) + rest.prefix(size) + Array("\r\n".utf8))
                    rest = rest.dropFirst(size)
                }
                connection.send("0\r\n\r\n")
                let answer = connection.readToEnd()
                #expect(answer.split(separator: "\"next_action\":").count == 3, "\(size)")
                #expect(answer.contains(#"{"id":null,"line":3,"error":{"code":"invalid_json""#), "\(size)")
                #expect(answer.contains("in the middle of a value") && answer.contains(#""id":"d""#))
            }
        }
    }

    @Test func `a line that ends with a carriage return is answered before its line feed comes`() async throws
    {
        try await LiveServer.run { server in
            let connection = try RawConnection(port: server.port)
            connection.send(
                "POST /v1/triage/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 38\r\nConnection: close\r\n\r\n"
                    + #"{"id":"a","text":"x"}"# + "\r")
            #expect(connection.read(until: #""id":"a""#).contains(#""id":"a""#))
            connection.send("\n" + #"{"id":1,"text}"# + "\n")
            #expect(connection.readToEnd().contains(#""line":2,"error":{"code":"invalid_json""#))
        }
    }
}

extension ServerOptions {
    fileprivate static func bodies(upTo limit: Int) -> ServerOptions {
        var options = ServerOptions()
        options.maximumBody = limit
        return options
    }
}
