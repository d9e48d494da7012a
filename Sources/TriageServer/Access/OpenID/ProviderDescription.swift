internal import TriageData
internal import TriageSettings

/// What a provider publishes of itself (OpenID Connect Discovery 1.0, 3).
struct ProviderDescription: Sendable, Equatable {
    var authorizationAddress: String
    var tokenAddress: String
    var keysAddress: String
    /// Where a person signs out of the provider; nil where it has no such page.
    var endAddress: String?
    /// Whether the client's secret goes into the form instead of the header.
    var takesSecretInForm: Bool

    /// Where the description of an issuer is.
    static func address(of issuer: String) -> String {
        "\(issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer)/.well-known/openid-configuration"
    }

    init(_ document: JSONValue, issuer: String) throws(ProviderError) {
        let host = ServiceAddress(issuer, schemes: Self.schemes)?.host ?? ""
        guard let name = document["issuer"]?.text else {
            throw .badAnswer(host: host, problem: "its description has no issuer; check oidc.issuer")
        }
        guard name == issuer else { throw .otherIssuer(String(name.prefix(200))) }
        func address(_ member: String) throws(ProviderError) -> String {
            guard let text = document[member]?.text, Self.isSafe(text) else {
                throw .badAnswer(host: host, problem: "its description has no usable \(member)")
            }
            return text
        }
        authorizationAddress = try address("authorization_endpoint")
        tokenAddress = try address("token_endpoint")
        keysAddress = try address("jwks_uri")
        endAddress = document["end_session_endpoint"]?.text.flatMap { Self.isSafe($0) ? $0 : nil }
        // Without a list the header is right (Discovery 1.0, 3).
        let methods = document["token_endpoint_auth_methods_supported"]?.elements?.compactMap(\.text) ?? []
        takesSecretInForm = methods.contains("client_secret_post") && !methods.contains("client_secret_basic")
    }

    private static let schemes = ["http", "https"]

    /// Whether an address may be called or opened: by TLS, or on this machine.
    static func isSafe(_ text: String) -> Bool {
        guard let address = ServiceAddress(text, schemes: schemes), !address.hasUser,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return false }
        return address.scheme == "https" || ServiceAddress.isLoopback(address.host)
    }
}
