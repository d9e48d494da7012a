import Foundation
import Logging
import Testing
import TriageData
import TriageTelemetry

struct LineLogHandlerTests {
    private let socket = LineSocket()

    private func logger(_ level: Logger.Level = .trace, provider: Logger.MetadataProvider? = nil) -> Logger {
        Logger(label: "triage.test") { label in
            LineLogHandler(label: label, level: level, sink: socket.sink, provider: provider)
        }
    }

    @Test func `an event is one write of one JSON object, its own members first`() throws {
        logger().info("request", metadata: ["status": "200", "route": "/v1/triage"])
        let line = try #require(socket.write())
        #expect(line.hasSuffix("}\n"))
        #expect(line.dropLast().contains("\n") == false)
        #expect(
            line.contains(
                #"","level":"info","message":"request","logger":"triage.test","route":"/v1/triage","status":"200"}"#
            ))
        let time = try #require(JSONValue(parsing: line.utf8)?["ts"]?.text)
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        let said = try #require(formatter.date(from: time))
        #expect(abs(said.timeIntervalSinceNow) < 60)
        #expect(socket.write() == nil)
    }

    @Test func `quotes, lines and control characters stay within the object`() throws {
        let nasty = "a\"b\\c\nd\r\u{0}\u{1B}[31m\u{7F}é\u{1F600}"
        logger().warning("\(nasty)", metadata: ["\(nasty)": .string(nasty)])
        let line = try #require(socket.write())
        #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A })
        #expect(line.utf8.count { $0 == 0x0A } == 1)
        let object = try #require(JSONValue(parsing: line.utf8))
        #expect(object["message"]?.text == nasty)
        #expect(object[nasty]?.text == nasty)
    }

    @Test func `metadata is flattened, typed and ordered, and cannot take the event's own names`() throws {
        logger().info(
            "m",
            metadata: [
                "level": "mine", "duration_ms": .stringConvertible(1.5),
                "count": .stringConvertible(UInt16(7)),
                "huge": .stringConvertible(UInt64.max), "on": .stringConvertible(true),
                "outer": ["inner": ["leaf": "x"], "list": ["a", ["k": "v"]]],
            ])
        let line = try #require(socket.write())
        #expect(
            line.contains(
                #""count":7,"duration_ms":1.5,"huge":"18446744073709551615","level_":"mine","on":true,"#
                    + #""outer.inner.leaf":"x","outer.list":["a",{"k":"v"}]}"#))
    }

    @Test func `what the event carries counts before the provider, and that before the logger`() throws {
        var logger = logger(provider: Logger.MetadataProvider { ["a": "provider", "b": "provider"] })
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "c"] = "logger"
        logger.info("m", metadata: ["b": "event"])
        let object = try #require(socket.object())
        #expect(object["a"]?.text == "provider")
        #expect(object["b"]?.text == "event")
        #expect(object["c"]?.text == "logger")
    }

    @Test func `an error gives its type, not its words`() throws {
        struct Quoting: Error, CustomStringConvertible { let description = "my password is hunter2" }
        logger().error("failed", error: Quoting())
        let line = try #require(socket.write())
        #expect(line.contains("Quoting"))
        #expect(line.contains("hunter2") == false)
    }

    @Test func `levels below are not written, and long text is cut between characters`() throws {
        logger(.warning).info("unseen")
        #expect(socket.write() == nil)
        logger(.warning).warning("\(String(repeating: "é", count: 5000))")
        let message = try #require(socket.object()?["message"]?.text)
        #expect(message == String(repeating: "é", count: 2048) + "…")
    }

    @Test func `lines of many threads do not mix on a pipe`() async throws {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, capacity: 16 << 20)
        let reader = Task.detached { pipe.fileHandleForReading.readDataToEndOfFile() }
        // Longer than what a pipe takes in one piece.
        let filler = Logger.MetadataValue.array(
            (0..<4).map { _ in .string(String(repeating: "x", count: 4000)) })
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let logger = Logger(label: "t") { LineLogHandler(label: $0, sink: sink) }
                    for number in 0..<50 {
                        logger.info("\(task)-\(number)", metadata: ["filler": filler])
                    }
                }
            }
        }
        #expect(sink.flush(within: .seconds(30)))
        try pipe.fileHandleForWriting.close()
        let lines = String(decoding: await reader.value, as: UTF8.self).split(separator: "\n")
        let messages = lines.compactMap { JSONValue(parsing: $0.utf8)?["message"]?.text }
        #expect(messages.count == 400)
        #expect(Set(messages).count == 400)
    }
}
