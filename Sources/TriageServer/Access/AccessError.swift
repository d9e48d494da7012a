package import TriageData
package import TriageRedis

/// An error in keys, certificates or addresses.
package enum AccessError: Error, Equatable {
    /// The key file is malformed; `key` is the number of the entry, from 1.
    case badKeyFile(path: String, key: Int?, problem: String)
    case keyFile(DataError)
    case noSuchKey(id: String, path: String)
    /// The name already has as many valid keys as a rotation needs.
    case tooManyKeys(name: String, ids: [String])
    /// A lifetime that is not a time such as 90d.
    case badLifetime(String)
    /// An entry of the trusted proxies, counted from 1, is neither an address nor a network; it is not repeated.
    case badProxy(position: Int)
    case redis(RedisError)
    case badCertificate(path: String)
    /// The file of authorities for the identity provider has no certificate.
    case badAuthorities(path: String)
    /// An entry of oidc.roles, counted from 1, is not VALUE=ROLE; it is not repeated.
    case badRoleRule(position: Int)
    case badPrivateKey(path: String, isEncrypted: Bool)
    case keyMismatch(certificate: String, key: String)
}

extension AccessError: DescribedError {
    package var description: String {
        switch self {
        case .badKeyFile(let path, let key, let problem):
            "\(path): \(key.map { "key \($0): " } ?? "")\(problem); `triage keys create` writes such files"
        case .keyFile(let error):
            error.description
        case .noSuchKey(let id, let path):
            "\(path): no key has the id \(id.shown); `triage keys list` shows the ids"
        case .tooManyKeys(let name, let ids):
            "\(name.shown) already has \(ids.count) valid keys (\(ids.joined(separator: ", "))); revoke one first"
        case .badLifetime(let text):
            "\(text.shown) is not a time; give hours, days or weeks, such as 12h, 90d or 52w, or never"
        case .badProxy(let position):
            "entry \(position) of the setting trusted-proxies is neither an address nor a network such as 10.0.0.0/8; "
                + "correct it"
        case .badRoleRule(let position):
            "entry \(position) of the setting oidc.roles is not VALUE=ROLE with one of \(Role.list); correct it"
        case .badAuthorities(let path):
            "\(path): no certificate in PEM was found; give the identity provider's authorities, or remove oidc.ca"
        case .redis(let error):
            error.description
        case .badCertificate(let path):
            "\(path): no certificate in PEM was found; give the server's certificate, then those of its authorities, "
                + "each complete from its BEGIN line to its END line"
        case .badPrivateKey(let path, isEncrypted: true):
            "\(path): the private key needs a passphrase; decrypt it (openssl pkey -in FILE -out FILE)"
        case .badPrivateKey(let path, isEncrypted: false):
            "\(path): no private key in PEM was found; give the complete key, from its BEGIN line to its END line"
        case .keyMismatch(let certificate, let key):
            "\(certificate), \(key): the private key does not belong to the certificate; give the key for which "
                + "the certificate was issued"
        }
    }
}
