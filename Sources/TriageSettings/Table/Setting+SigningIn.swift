extension Setting {
    /// Signing in to the pages at an identity provider.
    static let signingIn: [Setting] =
        [
            Setting(
                "oidc.issuer", \.signingIn.issuer, schemes: ["http", "https"],
                "The OpenID Connect provider at which people sign in to the pages, exactly as it calls itself, such as "
                    + "https://login.example/realms/desk; http only on this machine. Without it people sign in with keys, and "
                    + "no connection is opened."),
            Setting(
                "oidc.client-id", \.signingIn.clientID,
                "The client's name at the provider, where ADDRESS/ui/sign-in/return must be registered as its redirect "
                    + "address."),
        ]
        + secret(
            "oidc.client-secret", \.signingIn.clientSecret,
            "The client's secret; without it the client is a public one, which PKCE protects.")
        + [
            Setting(
                "oidc.scopes", \.signingIn.scopes,
                "Scopes to request, so that the ID token has the claim with the roles; openid is always one of them."
            ),
            Setting(
                "oidc.role-claim", \.signingIn.roleClaim,
                "The claim of the ID token with a person's roles or groups; dots lead into objects, as "
                    + "realm_access.roles."),
            Setting(
                "oidc.roles", \.signingIn.roles,
                "Which values of the claim give which role (agent, lead, auditor, admin), as "
                    + "helpdesk=agent,helpdesk-leads=lead; without it the values are the roles' names. Who has no role cannot "
                    + "sign in.",
                expected: "a list of VALUE=ROLE with the roles agent, lead, auditor and admin",
                accepts: { $0.allSatisfy { $0.contains("=") } }),
            Setting(
                "oidc.address", \.signingIn.address,
                "The address by which browsers reach this service, such as https://triage.example: set it behind a proxy. "
                    + "Without it the one that the browser used.",
                expected: "an origin as https://triage.example, without a path",
                accepts: { $0.map { ServiceAddress.origin($0) != nil } ?? true }),
            Setting(
                "oidc.hosts", \.signingIn.hosts,
                "Hosts of the provider besides the issuer's that may be called for tokens and keys.",
                expected: "a list of host names as tokens.example, without a scheme and without a port",
                accepts: { $0.allSatisfy { ServiceAddress.hostName($0) != nil } }),
            Setting(
                "oidc.ca", \.signingIn.certificateAuthorities,
                "The certificates in PEM that the provider's is checked against; without it the system's."),
        ]
}
