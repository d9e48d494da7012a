package import ServiceLifecycle
internal import Synchronization
internal import TriageData
internal import TriageModel
internal import TriageSettings
internal import Foundation

/// Signs people in with OpenID Connect: authorization code flow with PKCE, state and nonce.
///
/// The provider is called when somebody signs in, and never before. Its description and its keys are kept for an hour;
/// a token with an unknown key's id has the keys read again, at most twice a minute.
package final class IdentityProvider: Service, Sendable {
    let options: OpenIDOptions
    private let client: ProviderClient
    private let attempts = SignInAttempts()
    private let keysPause: Duration
    private let kept = Mutex(Kept())

    private struct Kept {
        var description: (value: ProviderDescription, at: ContinuousClock.Instant)?
        var keys: (value: JSONWebKeySet, at: ContinuousClock.Instant)?
    }

    /// Where a browser goes to sign in, and the secret for its cookie.
    struct Beginning {
        var address: String
        var browser: String
    }

    /// Who signed in, and the page to go to.
    struct SignedIn {
        var caller: Caller
        var roles: Set<Role>
        var target: String
    }

    private static let lifetime = Duration.seconds(3600)

    /// `keysPause` is the time after reading the keys in which an unknown id has them not read again.
    ///
    /// - Throws: `AccessError` when the file of authorities cannot be used.
    package init(_ options: OpenIDOptions, keysPause: Duration = .seconds(30)) throws(AccessError) {
        client = try ProviderClient(options)
        (self.options, self.keysPause) = (options, keysPause)
    }

    package func run() async throws {
        await untilShutdown(every: .seconds(3600)) {}
        await client.shutdown()
    }

    // MARK: - Beginning

    /// Begins a sign-in that ends at a page of the console; `redirectAddress` is where the provider sends the browser back.
    func begin(target: String, redirectAddress: String) async throws(ProviderError) -> Beginning {
        let description = try await description()
        let (state, browser, attempt) = attempts.begin(target: target, redirectAddress: redirectAddress)
        let challenge = Base64URL.text(SHA256.digest(Array(attempt.verifier.utf8)))
        let address = Self.adding(
            [
                ("response_type", "code"), ("client_id", options.clientID),
                ("redirect_uri", redirectAddress), ("scope", options.scopes.joined(separator: " ")),
                ("state", state), ("nonce", attempt.nonce), ("code_challenge", challenge),
                ("code_challenge_method", "S256"),
            ], to: description.authorizationAddress)
        return Beginning(address: address, browser: browser)
    }

    /// Where a person signs out of the provider too; nil when it has no such page, or was not called yet.
    func endAddress(returningTo address: String) -> String? {
        kept.withLock { $0.description?.value.endAddress }.map {
            Self.adding([("client_id", options.clientID), ("post_logout_redirect_uri", address)], to: $0)
        }
    }

    /// An address, which may have a query, with more parameters.
    private static func adding(_ query: [(String, String)], to address: String) -> String {
        let pairs = query.map { "\($0)=\(ConsoleAddress.escaped($1))" }.joined(separator: "&")
        return "\(address)\(address.contains("?") ? "&" : "?")\(pairs)"
    }

    // MARK: - The end

    /// Finishes a sign-in with what the provider put into the address to which it sent the browser back.
    func finish(
        state: String?, code: String?, error: String?, issuer: String?, browser: String?,
        now: Timestamp = .now
    ) async throws(ProviderError) -> SignedIn {
        guard let state, let browser, let attempt = attempts.take(state: state, browser: browser) else {
            throw .notUnderWay
        }
        // RFC 9207: the answer of another provider is not sent to this one.
        if let issuer, issuer != options.issuer { throw .token(.issuer) }
        if let error { throw .refused(String(error.prefix(100))) }
        guard let code else { throw .refused("no code") }
        let text = try await exchange(code, attempt)
        guard let token = JSONWebToken(compact: text) else { throw .token(.form) }
        guard ["RS256", "ES256"].contains(token.algorithm) else { throw .token(.algorithm) }
        let keys = try await keys(for: token)
        let rules = IDTokenRules(issuer: options.issuer, clientID: options.clientID, nonce: attempt.nonce)
        let claims: JSONValue
        do throws(TokenFault) { claims = try rules.claims(token, signedBy: keys, now: now) } catch {
            throw .token(error)
        }
        return try signedIn(claims, attempt.target)
    }

    private func signedIn(_ claims: JSONValue, _ target: String) throws(ProviderError) -> SignedIn {
        let roles = options.roles.roles(in: claims)
        guard !roles.isEmpty else { throw .noRole(claim: options.roles.claim) }
        let caller = Caller(
            keyID: Self.id(claims["sub"]?.text ?? "", issuer: options.issuer), name: Self.name(claims),
            scopes: roles.reduce(into: []) { $0.formUnion($1.scopes) })
        return SignedIn(caller: caller, roles: roles, target: target)
    }

    /// The id of a person in the ledger and the log: the same at each sign-in, and without the person's name.
    static func id(_ subject: String, issuer: String) -> String {
        "oidc-" + Hexadecimal.text(SHA256.digest(Array("\(issuer)\n\(subject)".utf8)).prefix(8))
    }

    /// The name that colleagues see.
    private static func name(_ claims: JSONValue) -> String {
        let names = ["preferred_username", "email", "name", "sub"].lazy.compactMap { claims[$0]?.text }
            .map { $0.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ") }
        return String((names.first { !$0.isEmpty } ?? "?").prefix(100))
    }

    // MARK: - The provider

    /// The ID token for a code (RFC 6749, 4.1.3).
    private func exchange(_ code: String, _ attempt: SignInAttempts.Attempt) async throws(ProviderError)
        -> String
    {
        let description = try await description()
        var form = [
            ("grant_type", "authorization_code"), ("code", code),
            ("redirect_uri", attempt.redirectAddress), ("code_verifier", attempt.verifier),
            ("client_id", options.clientID),
        ]
        var authorization: String?
        if let secret = options.clientSecret?.current {
            if description.takesSecretInForm {
                form.append(("client_secret", secret))
            } else {
                // Both are form-encoded first (RFC 6749, 2.3.1).
                let pair = [options.clientID, secret].map { ConsoleAddress.escaped($0) }.joined(
                    separator: ":")
                authorization = "Basic \(Data(pair.utf8).base64EncodedString())"
            }
        }
        let body = form.map { "\($0)=\(ConsoleAddress.escaped($1))" }.joined(separator: "&")
        let (status, json) = try await client.post(
            body, to: description.tokenAddress, authorization: authorization)
        guard status == 200 else {
            throw .refused(json?["error"]?.text.map { String($0.prefix(100)) } ?? "status \(status)")
        }
        guard let token = json?["id_token"]?.text else { throw .token(.form) }
        return token
    }

    private func description() async throws(ProviderError) -> ProviderDescription {
        let time = ContinuousClock.now
        if let kept = kept.withLock({ $0.description }), time - kept.at < Self.lifetime { return kept.value }
        let document = try await client.document(at: ProviderDescription.address(of: options.issuer))
        let description = try ProviderDescription(document, issuer: options.issuer)
        kept.withLock { $0.description = (description, time) }
        return description
    }

    /// The keys that may have signed a token, read again when none has its key's id.
    private func keys(for token: JSONWebToken) async throws(ProviderError) -> [PublicKey] {
        let time = ContinuousClock.now
        if let kept = kept.withLock({ $0.keys }) {
            let found = kept.value.candidates(for: token)
            if !found.isEmpty, time - kept.at < Self.lifetime { return found }
            if found.isEmpty, time - kept.at < keysPause { throw .token(.key) }
        }
        let description = try await description()
        let document = try await client.document(at: description.keysAddress)
        guard let keys = JSONWebKeySet(document) else {
            throw .badAnswer(host: "", problem: "its keys are not a JSON Web Key Set")
        }
        kept.withLock { $0.keys = (keys, time) }
        let found = keys.candidates(for: token)
        guard !found.isEmpty else { throw .token(.key) }
        return found
    }
}
