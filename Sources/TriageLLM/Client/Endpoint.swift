internal import FoundationEssentials

/// The one address that is ever called, taken apart and allowed.
struct Endpoint: Sendable, Equatable {
    /// The whole address of chat completions.
    let url: String
    /// The host, in lower case.
    let host: String
    let port: Int
    let isEncrypted: Bool

    /// The address made of what a user gives: a server, its `/v1`, or the whole path.
    ///
    /// - Throws: `.badSetting` with what is wrong with it.
    init(_ text: String, allowed: Set<String>) throws(LLMError) {
        func bad(_ problem: String) -> LLMError { .badSetting(name: "llm.url", problem: problem) }
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            let name = parts.host?.lowercased(), !name.isEmpty
        else { throw bad("not an address; give one such as http://127.0.0.1:8080/v1") }
        guard scheme == "http" || scheme == "https" else {
            throw bad("the scheme \(scheme) is neither http nor https")
        }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            throw bad("an address has no user, password, query or fragment here; the key comes from a file")
        }
        let host = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        guard Endpoint.isPrivate(host) || allowed.contains(host) else {
            throw bad(
                "\(host) is neither loopback nor private; if masked tickets may go there, add it to llm.hosts"
            )
        }
        let path = parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path
        if !path.hasSuffix("/chat/completions") {
            parts.path = path.isEmpty ? "/v1/chat/completions" : path + "/chat/completions"
        }
        guard let whole = parts.string else { throw bad("not an address that can be called") }
        (url, self.host, isEncrypted) = (whole, host, scheme == "https")
        port = parts.port ?? (scheme == "https" ? 443 : 80)
    }

    /// Whether a host is this machine or, by its form, inside the site's own network: loopback and private addresses,
    /// names without a dot, and the suffixes that no public name has.
    static func isPrivate(_ host: String) -> Bool {
        if host.contains(":") { return isPrivateIPv6(host) }
        if let octets = ipv4(host) {
            return octets[0] == 127 || octets[0] == 10 || octets[0] == 192 && octets[1] == 168
                || octets[0] == 172 && (16...31).contains(octets[1])
        }
        // A number in another form (0x7f.1, 2130706433) is an address to some resolvers.
        if host.allSatisfy({ $0.isHexDigit || $0 == "x" || $0 == "." }), host.first?.isNumber ?? false {
            return false
        }
        let suffixes = [".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test", ".svc"]
        return !host.contains(".") || suffixes.contains { host.hasSuffix($0) }
    }

    private static func ipv4(_ host: String) -> [Int]? {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let octets = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } && part.utf8.count <= 3
                && (part.utf8.count == 1 || part.first != "0") ? Int(part) : nil
        }
        return parts.count == 4 && octets.count == 4 && octets.allSatisfy { $0 <= 255 } ? octets : nil
    }

    private static func isPrivateIPv6(_ host: String) -> Bool {
        let host = host.split(separator: "%").first.map(String.init) ?? host
        if host == "::1" { return true }
        guard let first = host.split(separator: ":", omittingEmptySubsequences: false).first,
            let value = UInt16(first, radix: 16)
        else { return false }
        return value & 0xFE00 == 0xFC00
    }
}
