import Foundation
import Glibc
import Testing

/// A service whose standard error is a pipe that nobody reads any more.
@Suite(.serialized)
struct StalledLogTests {
    private static let ticket = #"{"id":"7","body":"My account is locked since noon."}"#

    /// Starts a service, reads its log until it listens, and then reads no more.
    private func start(_ workspace: Workspace, _ flags: [String] = []) throws -> (
        pid: pid_t, port: UInt16, log: Int32
    ) {
        let ends = try Program.pipe()
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        let pid = try Program.start(
            [Program.path, "serve", "--port", "0", "--stateless", "--limits-rate-per-address", "0"] + flags,
            in: workspace.path, [null, null, ends[1]])
        close(ends[1])
        close(null)
        var said = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            guard count > 0 else { throw ServiceFault(log: said) }
            said += String(decoding: buffer[..<count], as: UTF8.self)
            if let found = said.firstMatch(of: /listening on http:\/\/[^\s\/]*:(\d+)["\s]/),
                let port = UInt16(found.1)
            {
                return (pid, port, ends[0])
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["json", "text"])
    func `requests are answered, lines are dropped and counted, and SIGTERM ends it`(format: String) throws {
        let workspace = try ServeTests().desk()
        let (pid, port, log) = try start(workspace, ["--log-level", "debug", "--log-format", format])
        defer { close(log) }
        let exchange = try Exchange(port: port)
        let block = String(repeating: Exchange.request("GET", "/health"), count: 200)
        // More than the pipe and the memory of the log hold.
        for _ in 0..<150 {
            exchange.send(block)
            for _ in 0..<200 { #expect(exchange.receive()?.status == 200) }
        }
        exchange.send(Exchange.request("POST", "/v1/triage", Self.ticket))
        #expect(exchange.receive()?.status == 200)
        exchange.send(Exchange.request("GET", "/metrics"))
        let metrics = try #require(exchange.receive()).text
        let dropped = metrics.firstMatch(of: /\ntriage_log_lines_dropped_total (\d+)\n/).flatMap { Int($0.1) }
        #expect(dropped ?? 0 > 0)
        let begin = ContinuousClock.now
        kill(pid, SIGTERM)
        #expect(Program.wait(pid) == 0)
        #expect(ContinuousClock.now - begin < .seconds(5))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a fatal error ends the process although nobody reads it`() throws {
        let workspace = try ServeTests().desk()
        let ends = try Program.pipe()
        defer { ends.forEach { close($0) } }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let full = [UInt8](repeating: 0x2E, count: 4096)
        while write(ends[1], full, full.count) > 0 {}
        _ = fcntl(ends[1], F_SETFL, 0)
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let begin = ContinuousClock.now
        let pid = try Program.start(
            [Program.path, "serve", "--stateless", "--prot", "1"], in: workspace.path, [null, null, ends[1]])
        #expect(Program.wait(pid) == 78)
        #expect(ContinuousClock.now - begin < .seconds(20))
    }
}
