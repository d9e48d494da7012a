import Synchronization
import Testing
import TriageData
import TriageModel
import TriageSettings

@testable import TriageServer

/// Roles by the claims of a token.
struct RoleMappingTests {
    private func roles(_ claims: String, _ claim: String = "roles", _ rules: [String] = []) throws -> Set<
        Role
    > {
        let mapping = try RoleMapping(claim: claim, rules: rules)
        return mapping.roles(in: try #require(JSONValue(parsing: claims.utf8)))
    }

    @Test func `without rules the values are roles`() throws {
        #expect(try roles(#"{"roles": ["lead", "king", "auditor"]}"#) == [.lead, .auditor])
        #expect(try roles(#"{"roles": "agent"}"#) == [.agent])
        #expect(try roles(#"{"roles": {"agent": true}}"#).isEmpty)
        #expect(try roles(#"{}"#).isEmpty)
    }

    @Test func `with rules the names of roles alone give none`() throws {
        let rules = ["helpdesk = agent", "cn=leads,ou=x=LEAD"]
        #expect(try roles(#"{"groups": ["helpdesk", "cn=leads,ou=x"]}"#, "groups", rules) == [.agent, .lead])
        #expect(try roles(#"{"groups": ["admin", "HELPDESK"]}"#, "groups", rules).isEmpty)
    }

    @Test func `a path leads into objects, and a name with dots is a name first`() throws {
        #expect(try roles(#"{"realm_access": {"roles": ["admin"]}}"#, "realm_access.roles") == [.admin])
        #expect(try roles(#"{"https://d.example/roles": ["agent"]}"#, "https://d.example/roles") == [.agent])
    }

    @Test(arguments: ["=agent", "helpdesk", "helpdesk=king", "helpdesk="])
    func `a rule of another form names its position, not its text`(rule: String) {
        #expect(throws: AccessError.badRoleRule(position: 2)) {
            try RoleMapping(claim: "r", rules: ["a=agent", rule])
        }
        let sentence = AccessError.badRoleRule(position: 2).description
        #expect(sentence.contains("entry 2") && sentence.contains("agent, lead, auditor, admin"))
    }

    @Test func `sign-ins under way are bounded in time and number`() {
        let time = Mutex(ContinuousClock.now)
        let attempts = SignInAttempts(now: { time.withLock { $0 } })
        let (state, browser, _) = attempts.begin(target: "/ui", redirectAddress: "")
        time.withLock { $0 += SignInAttempts.time }
        #expect(attempts.take(state: state, browser: browser) == nil)
        let first = attempts.begin(target: "/ui", redirectAddress: "")
        for _ in 0..<SignInAttempts.capacity {
            time.withLock { $0 += .nanoseconds(1) }
            _ = attempts.begin(target: "/ui", redirectAddress: "")
        }
        #expect(attempts.take(state: first.state, browser: first.browser) == nil)
    }

    // MARK: - Tokens

    /// The example of RFC 7515, A.3.
    private static let example = [
        "eyJhbGciOiJFUzI1NiJ9",
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    ].joined(separator: ".")
    private static let exampleKeys = #"""
        {"keys": [{"kty": "oct", "k": "AA"}, {"kty": "RSA", "use": "enc", "n": "AQ", "e": "AQAB"}, {"kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """#

    @Test func `the example of RFC 7515 is valid, and no changed one is`() throws {
        let token = try #require(JSONWebToken(compact: Self.example))
        let keys = try #require(JSONValue(parsing: Self.exampleKeys.utf8).flatMap { JSONWebKeySet($0) })
        #expect(keys.keys.count == 1)
        let key = try #require(keys.candidates(for: token).first)
        #expect(key.isValid(token.signature, of: token.signed))
        #expect(token.claims["iss"]?.text == "joe")
        for place in token.signature.indices {
            var spoilt = token.signature
            spoilt[place] ^= 1
            #expect(!key.isValid(spoilt, of: token.signed))
        }
        #expect(!key.isValid([], of: token.signed) && !key.isValid(token.signature, of: []))
    }

    @Test(arguments: ["", ".", "..", "a.b", "e30.e30.", "eyJhbGciOiJub25lIn0.W10.", "é.é.é", "e30=.e30=.AA"])
    func `other text is no token`(text: String) { #expect(JSONWebToken(compact: text) == nil) }

    @Test func `keys that are too short or not on the curve are not keys`() {
        let short = PublicKey.rsa(modulus: [UInt8](repeating: 0xFF, count: 128), exponent: [1, 0, 1])
        let off = PublicKey.p256(
            x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 1, count: 32))
        for key in [short, off, .rsa(modulus: [], exponent: []), .p256(x: [], y: [])] {
            #expect(!key.isValid([UInt8](repeating: 1, count: 64), of: [1]))
        }
    }
}
