internal import TriageData

/// Why somebody could not sign in at the identity provider.
enum ProviderError: Error, Equatable {
    /// It does not answer; the reason is the system's.
    case unreachable(host: String, reason: String)
    /// It answers something else than the protocol says.
    case badAnswer(host: String, problem: String)
    /// Its description names a host that no setting allows.
    case foreignHost(String)
    /// It calls itself by another address than the setting.
    case otherIssuer(String)
    /// The provider refused, with a code of RFC 6749, such as access_denied.
    case refused(String)
    /// The browser's sign-in is not under way: it took too long, was finished before, or another browser began it.
    case notUnderWay
    case token(TokenFault)
    /// The person has none of the roles.
    case noRole(claim: String)
}

extension ProviderError: DescribedError {
    var description: String {
        switch self {
        case .unreachable(let host, let reason): "the identity provider \(host) does not answer: \(reason)"
        case .badAnswer(let host, let problem): "the identity provider \(host): \(problem)"
        case .foreignHost(let host):
            "the identity provider's tokens or keys are at \(host), which no setting names; add it to oidc.hosts if that is right"
        case .otherIssuer(let name):
            "the identity provider calls itself \(name.shown); set oidc.issuer to exactly that if it is right"
        case .refused(let code): "the identity provider refused: \(code.shown)"
        case .notUnderWay:
            "the sign-in was not begun in this browser, took over ten minutes, or was finished before"
        case .token(let fault): fault.sentence
        case .noRole(let claim):
            "the claim \(claim.shown) of the ID token gives no role; check oidc.role-claim, oidc.roles, and the person's groups "
                + "at the provider"
        }
    }

    /// Whether the fault is the provider's or the settings', not the person's.
    var isOperators: Bool {
        switch self {
        case .unreachable, .badAnswer, .foreignHost, .otherIssuer: true
        case .refused, .notUnderWay, .token, .noRole: false
        }
    }
}
