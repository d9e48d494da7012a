internal import NIOCore

/// An IPv6 address, or an IPv4 address mapped to `::ffff:a.b.c.d`.
struct IPAddress: Hashable, Sendable {
    private(set) var high: UInt64
    private(set) var low: UInt64

    private static let mapped: UInt64 = 0xFFFF << 32
    // Offsets of the address in RFC 3493's sockaddr_in (after family and port) and sockaddr_in6 (after the flow too).
    private static let offsetV4 = 4
    private static let offsetV6 = 8

    /// Nil for a socket without an address.
    init?(_ socket: SocketAddress) {
        switch socket {
        case .v4(let address):
            let word = withUnsafeBytes(of: address.address) {
                $0.loadUnaligned(fromByteOffset: IPAddress.offsetV4, as: UInt32.self)
            }
            self.init(v4: UInt32(bigEndian: word))
        case .v6(let address):
            let words = withUnsafeBytes(of: address.address) { bytes in
                (
                    bytes.loadUnaligned(fromByteOffset: IPAddress.offsetV6, as: UInt64.self),
                    bytes.loadUnaligned(fromByteOffset: IPAddress.offsetV6 + 8, as: UInt64.self)
                )
            }
            self.init(high: UInt64(bigEndian: words.0), low: UInt64(bigEndian: words.1))
        case .unixDomainSocket: return nil
        }
    }

    /// Parses an address; nil for other text.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45, let socket = try? SocketAddress(ipAddress: String(text), port: 0) else {
            return nil
        }
        self.init(socket)
    }

    private init(v4: UInt32) { (high, low) = (0, Self.mapped | UInt64(v4)) }

    private init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// 127.0.0.0/8 or ::1.
    var isLoopback: Bool { isV4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

    /// A subscriber's network: an IPv4 address, or the /64 of an IPv6 address.
    var network: IPAddress { isV4 ? self : IPAddress(high: high, low: 0) }

    func prefix(_ length: Int) -> IPAddress {
        IPAddress(high: high & Self.mask(length), low: low & Self.mask(length - 64))
    }

    private static func mask(_ length: Int) -> UInt64 {
        length <= 0 ? 0 : length >= 64 ? .max : ~(.max >> UInt64(length))
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted, or eight hexadecimal groups.
    var description: String {
        if isV4 { return (0..<4).reversed().map { String(low >> ($0 * 8) & 0xFF) }.joined(separator: ".") }
        return [high, low].flatMap { half in
            (0..<4).reversed().map { String(half >> ($0 * 16) & 0xFFFF, radix: 16) }
        }.joined(separator: ":")
    }
}

/// A network such as 10.0.0.0/8, or a single address.
package struct AddressBlock: Sendable, Equatable {
    private let base: IPAddress
    private let length: Int

    /// Parses a network or an address; nil for other text.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
        let bits = address.isV4 ? 32 : 128
        guard let length = parts.count == 2 ? Int(parts[1]) : bits, (0...bits).contains(length) else {
            return nil
        }
        self.length = length + 128 - bits
        base = address.prefix(self.length)
    }

    func contains(_ address: IPAddress) -> Bool { address.prefix(length) == base }
}

/// The sender of a request that may have passed proxies.
struct ClientAddress {
    let proxies: [AddressBlock]

    /// The socket's address; when that is a proxy's, the last address in `X-Forwarded-For` that is not a proxy's.
    ///
    /// Earlier entries may be forged.
    func find(socket: SocketAddress?, forwarded: [String]) -> IPAddress? {
        guard var address = socket.flatMap({ IPAddress($0) }) else { return nil }
        guard !proxies.isEmpty, !forwarded.isEmpty else { return address }
        let hops = forwarded.joined(separator: ",").split(separator: ",")
        for hop in hops.reversed() {
            guard proxies.contains(where: { $0.contains(address) }), let before = Self.address(hop) else {
                break
            }
            address = before
        }
        return address
    }

    /// An entry: an address, perhaps with a port and brackets.
    private static func address(_ hop: Substring) -> IPAddress? {
        var hop = hop.trimming { $0 == " " || $0 == "\t" }
        if hop.first == "[" {
            hop = hop.dropFirst().prefix { $0 != "]" }
        } else if hop.count(where: { $0 == ":" }) == 1 {
            hop = hop.prefix { $0 != ":" }
        }
        return IPAddress(hop)
    }
}

extension Substring {
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> Substring {
        var text = drop(while: isBlank)
        while text.last.map(isBlank) ?? false { text.removeLast() }
        return text
    }
}
