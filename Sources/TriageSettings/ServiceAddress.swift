internal import Foundation

/// A URL as settings take it: a scheme and a host at least.
package struct ServiceAddress: Sendable, Equatable {
    package let scheme: String
    /// The host in lower case, an IPv6 address without its brackets.
    package let host: String
    package private(set) var port: Int?
    package let hasUser: Bool
    package let hasQuery: Bool

    /// A URL; nil when it is none, or its scheme is none of `schemes`.
    package init?(_ text: String, schemes: [String]) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            schemes.contains(scheme), let host = parts.encodedHost?.lowercased(), !host.isEmpty,
            parts.port.map({ (1...65535).contains($0) }) ?? true
        else { return nil }
        self.scheme = scheme
        self.host = String(host.drop { $0 == "[" }.prefix { $0 != "]" })
        port = parts.port
        hasUser = parts.user != nil || parts.password != nil
        hasQuery = parts.query != nil || parts.fragment != nil
    }

    /// A web origin (RFC 6454) in lower case, without the default port; nil when the text has another form.
    package static func origin(_ text: String) -> String? {
        guard let address = ServiceAddress(text, schemes: ["http", "https"]), !address.hasUser,
            text.utf8.count <= 255,
            !text.dropFirst(address.scheme.utf8.count + 3).contains(where: { "/?#".contains($0) }),
            address.host.utf8.allSatisfy({ isHostByte($0) })
        else { return nil }
        var origin = address
        if address.port == (address.scheme == "https" ? 443 : 80) { origin.port = nil }
        return origin.description
    }

    /// A host name as browsers send it: lower case, an international name in its ASCII form (xn--…), no dot at the end, an
    /// IPv6 address without its brackets; nil for other text.
    package static func hostName(_ text: String) -> String? {
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        guard let first = name.first, !"-.".contains(first), origin("http://\(name)") != nil,
            let address = ServiceAddress("http://\(name)", schemes: ["http"]), address.port == nil
        else { return nil }
        return address.host
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5F: true
        default: false
        }
    }

    /// Whether a host is this machine itself, by name or by number.
    package static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        return ["localhost", "::1", "[::1]"].contains(host) || host.hasSuffix(".localhost")
            || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }
}

extension ServiceAddress: CustomStringConvertible {
    /// Scheme, host and port; never a user or a password.
    package var description: String {
        "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)\(port.map { ":\($0)" } ?? "")"
    }
}
