internal import TriageData
internal import TriageModel

/// What an ID token must be (OpenID Connect Core 1.0, 3.1.3.7).
struct IDTokenRules {
    var issuer: String
    var clientID: String
    /// What was sent with this sign-in alone.
    var nonce: String

    /// The claims of a token that one of the keys signed and that is for this sign-in.
    func claims(_ token: JSONWebToken, signedBy keys: [PublicKey], now: Timestamp) throws(TokenFault)
        -> JSONValue
    {
        guard keys.contains(where: { $0.isValid(token.signature, of: token.signed) }) else {
            throw .signature
        }
        try check(token.claims, now: now)
        return token.claims
    }

    func check(_ claims: JSONValue, now: Timestamp) throws(TokenFault) {
        let seconds = Double(now.milliseconds) / 1000
        guard claims["iss"]?.text == issuer else { throw .issuer }
        let audiences =
            claims["aud"]?.elements?.compactMap(\.text) ?? [claims["aud"]?.text].compactMap(\.self)
        guard audiences.contains(clientID) else { throw .audience }
        // A token for several clients names the one that asked for it.
        guard claims["azp"].map({ $0.text == clientID }) ?? (audiences.count == 1) else { throw .audience }
        guard let end = claims["exp"]?.double, seconds < end + OpenIDOptions.clockSkew else { throw .expired }
        for begin in [claims["iat"], claims["nbf"]].compactMap({ $0?.double }) {
            guard begin <= seconds + OpenIDOptions.clockSkew else { throw .notYetValid }
        }
        guard let sent = claims["nonce"]?.text,
            Cryptography.areEqual(Array(sent.utf8), Array(nonce.utf8))
        else { throw .nonce }
        guard case .string(let subject)? = claims["sub"], (1...255).contains(subject.utf8.count) else {
            throw .subject
        }
    }
}

/// Why a token is rejected.
enum TokenFault: String, Error, CaseIterable {
    case form, algorithm, key, signature, issuer, audience, expired, notYetValid, nonce, subject

    /// A sentence for the log; nothing in it comes from the token.
    var sentence: String {
        switch self {
        case .form: "the ID token is not a signed token in compact form"
        case .algorithm:
            "the ID token is signed by another algorithm than RS256 and ES256; choose one of these at the provider"
        case .key: "the provider's keys have none with the id that the ID token names"
        case .signature: "the ID token's signature is wrong"
        case .issuer: "the ID token is of another issuer than oidc.issuer"
        case .audience: "the ID token is for another client than oidc.client-id"
        case .expired: "the ID token has expired; check the clocks of both machines"
        case .notYetValid: "the ID token is from the future; check the clocks of both machines"
        case .nonce: "the ID token is of another sign-in"
        case .subject: "the ID token names no person"
        }
    }
}
