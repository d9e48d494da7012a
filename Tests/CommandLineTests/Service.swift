import Foundation
import Glibc
import Testing

/// A `triage serve` of its own process, on a free port of loopback.
final class Service {
    let pid: pid_t
    let port: UInt16
    private let log: String
    private var hasEnded = false

    /// Starts it in the workspace's folder and waits until it listens.
    init(_ workspace: Workspace, _ flags: [String] = [], keeps: Bool = false) throws {
        log = workspace.file("serve-\(UUID().uuidString).log")
        let descriptors = [
            open("/dev/null", O_RDONLY | O_CLOEXEC),
            open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600),
            open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600),
        ]
        pid = try Program.start(
            [Program.path, "serve", "--port", "0"] + (keeps ? [] : ["--stateless"]) + flags,
            in: workspace.path, descriptors)
        descriptors.forEach { close($0) }
        var found: UInt16?
        let (path, started) = (log, pid)
        _ = eventually {
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            found = text.firstMatch(of: /listening on https?:\/\/[^\s\/]*:(\d+)["\s]/).flatMap {
                UInt16($0.1)
            }
            return found != nil || waitpid(started, nil, WNOHANG) == started
        }
        guard let found else {
            if kill(pid, SIGKILL) == 0 { _ = Program.wait(pid) }
            throw ServiceFault(log: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
        }
        port = found
    }

    deinit {
        guard !hasEnded else { return }
        kill(pid, SIGKILL)
        _ = Program.wait(pid)
    }

    /// What it wrote so far, on both streams.
    var said: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(pid, number) }

    /// The exit code, once it ends by itself.
    func end() -> Int32 {
        hasEnded = true
        return Program.wait(pid)
    }

    /// One request on a connection of its own.
    func ask(_ method: String, _ path: String, _ body: String = "") throws -> Exchange.Answer {
        let exchange = try Exchange(port: port)
        exchange.send(Exchange.request(method, path, body))
        return try #require(exchange.receive())
    }
}

/// A service that did not come up, with what it said.
struct ServiceFault: Error {
    var log: String
}

/// One HTTP/1.1 connection over a plain socket, so that a test sees what really came in.
final class Exchange {
    struct Answer {
        var status: Int
        var head: String
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32
    /// Bytes that came and belong to no answer yet.
    private(set) var pending: [UInt8] = []

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    static func request(_ method: String, _ path: String, _ body: String = "") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Whether all of it was taken.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// The next answer; nil when the connection ends before a whole one came.
    func receive() -> Answer? {
        while true {
            if let answer = takeAnswer() { return answer }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            pending += buffer[..<count]
        }
    }

    private func takeAnswer() -> Answer? {
        let text = String(decoding: pending, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let head = String(text[..<end.lowerBound])
        let lower = head.lowercased()
        let length = lower.firstMatch(of: /content-length: *(\d+)/).flatMap { Int($0.1) } ?? 0
        let start = head.utf8.count + 4
        guard pending.count >= start + length else { return nil }
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let body = Array(pending[start..<start + length])
        pending.removeFirst(start + length)
        return Answer(status: status, head: head, body: body)
    }
}
