import Foundation
import Glibc

/// A bare socket to the service, for what no HTTP client would send.
final class RawConnection {
    private let descriptor: Int32

    /// Connects; whatever is read waits at most 20 seconds.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw POSIXError(.ECONNREFUSED) }
        var time = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends bytes; false when the other side has gone.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends bytes; false when the other side has gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Sends no more, but still reads.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// All that comes until the other side closes; what came so far when it does not within the time.
    func readToEnd() -> String {
        var (all, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += buffer[..<count]
        }
    }

    /// What comes until it holds a text.
    func read(until text: String) -> String {
        var (all, buffer) = ("", [UInt8](repeating: 0, count: 65_536))
        while !all.contains(text) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return all }
            all += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return all
    }
}

/// The statuses of the answers in what a connection said.
func statuses(_ text: String) -> [Int] {
    text.matches(of: /HTTP\/1\.[01] (\d\d\d)/).compactMap { Int($0.output.1) }
}
