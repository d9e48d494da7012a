/// Which addresses may be bound: loopback as one likes, any other with keys and TLS, or when its owner says in so many
/// words that it is to be open.
public enum BindRule {
    /// Whether only this machine can reach an address.
    public static func isLoopback(_ host: String) -> Bool {
        host.lowercased() == "localhost" || IPAddress(host)?.isLoopback ?? false
    }

    /// Checks an address.
    ///
    /// - Parameters:
    ///   - host: The address or name to bind.
    ///   - present: What protects it.
    ///   - waived: What its owner said it shall do without.
    /// - Throws: `AccessError.unprotected` when something is missing.
    public static func check(
        _ host: String, present: Set<AccessError.Protection>, waived: Set<AccessError.Protection>
    ) throws(AccessError) {
        let missing = AccessError.Protection.allCases.filter { !present.contains($0) && !waived.contains($0) }
        guard missing.isEmpty || isLoopback(host) else { throw .unprotected(host: host, missing: missing) }
    }
}
