internal import TriageData
package import TriageSettings

/// Where people sign in with OpenID Connect, and which roles they get.
package struct OpenIDOptions: Sendable {
    /// The provider's address, letter for letter as its tokens name it.
    package var issuer: String
    package var clientID: String
    /// Nil for a client that is known by its name alone (PKCE protects the code).
    package var clientSecret: Secret?
    package var scopes: [String] = ["openid", "profile"]
    package var roles = RoleMapping()
    /// Where browsers reach this service; nil for the address that the browser used.
    package var address: String?
    /// Hosts beside the issuer's that may be called for tokens and keys.
    package var hosts: Set<String> = []
    /// A PEM file of authorities to trust instead of the system's.
    package var trustFile: String?

    package init(issuer: String, clientID: String) { (self.issuer, self.clientID) = (issuer, clientID) }

    /// Nil when no provider is set.
    ///
    /// - Throws: `AccessError.badRoleRule`.
    package init?(_ settings: ServiceSettings.SigningIn) throws(AccessError) {
        guard let issuer = settings.issuer, let clientID = settings.clientID else { return nil }
        self.init(issuer: issuer, clientID: clientID)
        clientSecret = settings.clientSecret
        scopes = ["openid"] + settings.scopes.filter { $0 != "openid" }
        roles = try RoleMapping(claim: settings.roleClaim, rules: settings.roles)
        address = settings.address.flatMap { ServiceAddress.origin($0) }
        hosts = Set(settings.hosts.map { $0.lowercased() })
        trustFile = settings.certificateAuthorities
    }

    /// The path to which the provider sends the browser back.
    package static let returnPath = "/ui/sign-in/return"
    /// How far the clocks of the provider and this machine may differ, in seconds.
    static let clockSkew = 60.0
}

/// Which values of a claim give which role.
package struct RoleMapping: Sendable, Equatable {
    /// The claim's name, or a path into an object such as `realm_access.roles`.
    package var claim = "roles"
    /// Pairs of a value and a role; with none, values are names of roles.
    package var rules: [Rule] = []

    package struct Rule: Sendable, Equatable {
        package var value: String
        package var role: Role
    }

    package init() {}

    /// Reads rules as `helpdesk=agent`; the value may have equals signs too.
    ///
    /// - Throws: `AccessError.badRoleRule` with the rule's position.
    package init(claim: String, rules: [String]) throws(AccessError) {
        self.claim = claim
        for (index, text) in rules.enumerated() {
            guard let equals = text.lastIndex(of: "="), equals != text.startIndex,
                let role = Role(rawValue: text[text.index(after: equals)...].trimmed.lowercased())
            else { throw .badRoleRule(position: index + 1) }
            self.rules.append(Rule(value: text[..<equals].trimmed, role: role))
        }
    }

    /// The roles that a token's claims give.
    func roles(in claims: JSONValue) -> Set<Role> {
        let values = values(in: claims)
        guard !rules.isEmpty else { return Set(values.compactMap { Role(rawValue: $0) }) }
        return Set(rules.filter { values.contains($0.value) }.map(\.role))
    }

    private func values(in claims: JSONValue) -> [String] {
        let value =
            claims[claim]
            ?? claim.split(separator: ".").reduce(Optional(claims)) { value, name in value?[String(name)] }
        return value?.elements?.compactMap(\.text) ?? value?.text.map { [$0] } ?? []
    }
}
