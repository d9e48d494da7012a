import Foundation
import ServerTestSupport
import Synchronization
import Testing

@testable import TriageServer

/// A key of a provider, made by openssl, which also signs with it.
final class ProviderKey: Sendable {
    let algorithm: String
    let id: String
    private let scratch: Scratch

    init(_ algorithm: String = "RS256", id: String = "first") throws {
        (self.algorithm, self.id) = (algorithm, id)
        scratch = try Scratch()
        let kind =
            algorithm == "RS256"
            ? ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"] : ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        try openssl(["genpkey", "-algorithm"] + kind + ["-out", scratch.file("key.pem")])
        let (key, der) = (scratch.file("key.pem"), scratch.file("public.der"))
        try openssl(["pkey", "-in", key, "-pubout", "-outform", "DER", "-out", der])
    }

    /// The key as a provider publishes it; the numbers are at fixed places of the DER.
    var published: [String: Any] {
        let der = (try? bytes("public.der")) ?? []
        let common = ["kid": id, "use": "sig"]
        let numbers =
            algorithm == "RS256"
            ? ["kty": "RSA", "n": Base64URL.text(Array(der[33..<289])), "e": "AQAB"]
            : [
                "kty": "EC", "crv": "P-256", "x": Base64URL.text(Array(der[27..<59])),
                "y": Base64URL.text(Array(der[59..<91])),
            ]
        return common.merging(numbers) { $1 }
    }

    /// A token with these claims and this header.
    func token(_ claims: [String: Any], header: [String: Any] = [:]) throws -> String {
        let head = ["alg": algorithm, "kid": id].merging(header) { $1 }
        let parts = try [head, claims].map { object in
            Base64URL.text(Array(try JSONSerialization.data(withJSONObject: object)))
        }
        let text = parts.joined(separator: ".")
        let name = UUID().uuidString
        let (file, signed) = (scratch.file(name), scratch.file("\(name).sig"))
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        try openssl(["dgst", "-sha256", "-sign", scratch.file("key.pem"), "-out", signed, file])
        let signature = try bytes("\(name).sig")
        return "\(text).\(Base64URL.text(algorithm == "RS256" ? signature : Self.halves(signature)))"
    }

    /// r and s of a signature in DER, of 32 bytes each.
    private static func halves(_ der: [UInt8]) -> [UInt8] {
        var (rest, halves): (ArraySlice<UInt8>, [UInt8]) = (der.dropFirst(2), [])
        while rest.first == 2, let length = rest.dropFirst().first {
            let number = rest.dropFirst(2).prefix(Int(length)).drop { $0 == 0 }
            halves += [UInt8](repeating: 0, count: 32 - number.count) + number
            rest = rest.dropFirst(2 + Int(length))
        }
        return halves
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: scratch.file(name))))
    }

    private func openssl(_ words: [String]) throws { try Peer.run(["openssl"] + words, in: scratch.path) }
}

/// What a provider answers in a test; a code is the nonce of its sign-in, so that the provider needs no memory.
final class ProviderScript: Sendable {
    typealias Change = @Sendable (inout [String: Any]) -> Void

    private struct State {
        var key: ProviderKey
        var token: Change = { _ in }
        var header: Change = { _ in }
        var description: Change = { _ in }
        var spoils = false
    }

    private let state: Mutex<State>

    init(_ key: ProviderKey) { state = Mutex(State(key: key)) }

    func use(_ key: ProviderKey) { state.withLock { $0.key = key } }
    func changeClaims(_ change: @escaping Change) { state.withLock { $0.token = change } }
    func changeHeader(_ change: @escaping Change) { state.withLock { $0.header = change } }
    func changeDescription(_ change: @escaping Change) { state.withLock { $0.description = change } }
    /// The next tokens have other claims than were signed.
    func spoilTokens() { state.withLock { $0.spoils = true } }

    func answer(_ request: ScriptedServer.Captured) -> [ScriptedServer.Act] {
        let issuer = "http://\(request.header("host") ?? "")"
        let path = request.head.split(separator: " ").dropFirst().first ?? ""
        let state = state.withLock { $0 }
        switch path {
        case "/.well-known/openid-configuration":
            var description: [String: Any] = [
                "issuer": issuer, "authorization_endpoint": "\(issuer)/authorize?kept=1",
                "token_endpoint": "\(issuer)/token", "jwks_uri": "\(issuer)/keys",
                "end_session_endpoint": "\(issuer)/end",
            ]
            state.description(&description)
            return [Self.json(description)]
        case "/keys": return [Self.json(["keys": [state.key.published]])]
        case "/token":
            let form = FormFields(request.body)
            guard form["code"] != "used" else { return [Self.json(["error": "invalid_grant"], status: 400)] }
            return [Self.json(["id_token": token(state, issuer, nonce: form["code"] ?? "")])]
        default: return [Self.json([:], status: 404)]
        }
    }

    private func token(_ state: State, _ issuer: String, nonce: String) -> String {
        let now = Int(Date().timeIntervalSince1970)
        var claims: [String: Any] = [
            "iss": issuer, "aud": "desk", "sub": "u-17", "iat": now, "exp": now + 300, "nonce": nonce,
            "preferred_username": "ann", "roles": ["lead"],
        ]
        var header: [String: Any] = [:]
        state.token(&claims)
        state.header(&header)
        let token = (try? state.key.token(claims, header: header)) ?? ""
        let parts = token.split(separator: ".")
        guard state.spoils, parts.count == 3 else { return token }
        let other =
            #"{"iss":"\#(issuer)","aud":"desk","sub":"root","exp":\#(now + 300),"nonce":"\#(nonce)","roles":["admin"]}"#
        return "\(parts[0]).\(Base64URL.text(Array(other.utf8))).\(parts[2])"
    }

    private static func json(_ object: [String: Any], status: Int = 200) -> ScriptedServer.Act {
        let data = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
        return .answer(status, String(decoding: data, as: UTF8.self), ["content-type": "application/json"])
    }
}
