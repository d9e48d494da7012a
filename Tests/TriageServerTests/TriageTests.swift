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
        ]
        try await LiveServer.run(.bodies(upTo: 200)) { server in
            let long = #"{"id":"e","body":"\#(String(repeating: "x", count: 300))"}"#
            let body = (lines + [long]).joined(separator: "\r\n")
            let answers = try await server.ask("POST", "/v1/triage/batch", Array(body.utf8)).text.split(
                separator: "\n")
            #expect(answers.count == 5)
            #expect(answers[0].contains(#""id":"a""#) && answers[3].contains(#""id":"d""#))
            #expect(answers[1].contains(#""line":2,"error":{"code":"invalid_json""#))
            #expect(answers[2].contains(#""id":"c","line":3,"error":{"code":"invalid_field""#))
            #expect(answers[4].contains(#""line":5,"error":{"code":"too_large""#))
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

    @Test func `lines are cut the same however the stream is`() {
        let bytes = Array("{\"a\":1}\n\n  \n{\"b\":2}\r\n{\"c\":3}".utf8)
        var whole = LineSplitter(limit: 100)
        let expected = whole.add(bytes) + whole.finish()
        #expect(expected.map(\.number) == [1, 4, 5])
        for size in 1..<bytes.count {
            var pieces = LineSplitter(limit: 100)
            var lines: [LineSplitter.Line] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                lines += pieces.add(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(lines + pieces.finish() == expected)
        }
    }
}

extension ServerOptions {
    fileprivate static func bodies(upTo limit: Int) -> ServerOptions {
        var options = ServerOptions()
        options.largestBody = limit
        return options
    }
}
