import Foundation
import Logging
import Testing
import TriageData

@testable import TriageTelemetry

/// A log whose reader stands still.
struct LogSinkTests {
    private static func logger(_ sink: LogSink, asText: Bool = false) -> Logger {
        Logger(label: "t") { LineLogHandler(label: $0, format: asText ? .text : .json, sink: sink) }
    }

    /// A pipe that holds as little as the system allows.
    private static func pipe() -> Pipe {
        let pipe = Pipe()
        let setSize: Int32 = 1031  // F_SETPIPE_SZ
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, setSize, 4096)
        return pipe
    }

    @Test(arguments: [false, true])
    func `who logs never waits, what does not fit is counted, and the next line tells of it`(asText: Bool)
        throws
    {
        let pipe = Self.pipe()
        let registry = PrometheusRegistry()
        let capacity = 64 << 10
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, capacity: capacity)
        registry.countDroppedLines(of: sink)
        let logger = Self.logger(sink, asText: asText)
        let start = ContinuousClock.now
        for number in 0..<5000 { logger.info("line \(number)") }
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(sink.flush(within: .milliseconds(100)) == false)
        let dropped = sink.droppedLines
        #expect(dropped > 0)
        // The reader comes back.
        let reader = pipe.fileHandleForReading
        let read = DispatchQueue(label: "reader")
        nonisolated(unsafe) var bytes = Data()
        read.async { bytes = reader.readDataToEndOfFile() }
        #expect(sink.flush(within: .seconds(20)))
        logger.info("after")
        logger.info("last")
        #expect(sink.flush(within: .seconds(20)))
        try pipe.fileHandleForWriting.close()
        read.sync {}
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 5002 - dropped)
        // A full buffer waits, another is being written, and the pipe holds its 4096 bytes; then come the two last lines.
        let held = lines.dropLast(2).reduce(0) { $0 + $1.utf8.count + 1 }
        #expect(held <= 2 * capacity + 4096)
        // Each line tells of exactly those that are missing before it; "after" follows the last of them.
        var next = 0
        for line in lines.dropLast() {
            let number = line.firstMatch(of: /line (\d+)/).flatMap { Int($0.1) } ?? 5000
            let told = line.firstMatch(of: /log_lines_dropped\W+(\d+)/).flatMap { Int($0.1) } ?? 0
            #expect(told == number - next, "\(line)")
            next = number + 1
        }
        #expect(lines.dropLast().last?.contains("after") == true && lines.last?.contains("dropped") == false)
    }

    @Test func `dropped lines are a metric`() async throws {
        let pipe = Self.pipe()
        let registry = PrometheusRegistry()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, capacity: 100)
        registry.countDroppedLines(of: sink)
        #expect(await registry.exposition().contains("triage_log_lines_dropped_total 0\n"))
        let line = Array((String(repeating: "x", count: 200) + "\n").utf8)
        for _ in 0..<3 { sink.write(line) }
        #expect(await registry.exposition().contains("triage_log_lines_dropped_total 3\n"))
    }

    @Test func `lines that nobody can read any more are counted, and end nothing`() throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        Self.logger(sink).info("one")
        #expect(sink.flush(within: .seconds(10)))
        #expect(sink.droppedLines == 1)
    }

    @Test func `a line for people has its metadata, and cannot steer a terminal`() throws {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        var logger = Self.logger(sink, asText: true)
        logger[metadataKey: "a"] = "1"
        logger.warning("red \u{1B}[31m\nsecond", metadata: ["b": "2"])
        #expect(sink.flush(within: .seconds(10)))
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        #expect(line.contains(" warning t: red \u{FFFD}[31m\u{FFFD}second a=1 b=2\n"), "\(line)")
    }
}
