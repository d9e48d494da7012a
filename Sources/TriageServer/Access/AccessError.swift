package import TriageData
package import TriageRedis

/// What is wrong with keys or certificates.
package enum AccessError: Error, Equatable {
    /// The key file is not what this program writes; `key` is the number of the entry, from 1.
    case badKeyFile(path: String, key: Int?, problem: String)
    /// A file of keys or certificates cannot be read or written.
    case keyFile(DataError)
    /// There is no key of that id.
    case noSuchKey(id: String, path: String)
    /// A name already has as many valid keys as a rotation needs.
    case tooManyKeys(name: String, ids: [String])
    /// A time such as 90d that cannot be read.
    case badLifetime(String)
    /// What is believed as a proxy is no address and no network.
    case badProxy(String)
    /// What REDIS_URL names cannot be used.
    case redis(RedisError)
    /// No certificate can be read from a file.
    case badCertificate(path: String)
    /// No private key can be read from a file, or only with a passphrase.
    case badPrivateKey(path: String, isEncrypted: Bool)
    /// The private key is not the certificate's.
    case keyDoesNotFit(certificate: String, key: String)
}

extension AccessError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .badKeyFile(let path, let key, let problem):
            "\(path): \(key.map { "key \($0): " } ?? "")\(problem); `triage keys create` writes such files"
        case .keyFile(let error):
            error.description
        case .noSuchKey(let id, let path):
            "\(path): no key \(id.shown); `triage keys list` shows their ids"
        case .tooManyKeys(let name, let ids):
            "\(name.shown) already has \(ids.count) valid keys (\(ids.joined(separator: ", "))); revoke one first"
        case .badLifetime(let text):
            "\(text.shown) is no time; give days, hours or weeks, such as 90d, 12h or 52w, or never"
        case .badProxy(let text):
            "\(text.shown) is no address and no network, such as 10.0.0.0/8; see the setting trusted-proxies"
        case .redis(let error):
            error.description
        case .badCertificate(let path):
            "\(path): no certificate in PEM can be read; give the server's certificate, then those of its authorities, "
                + "each whole from its BEGIN line to its END line"
        case .badPrivateKey(let path, isEncrypted: true):
            "\(path): the private key needs a passphrase; decrypt it (openssl pkey -in FILE -out FILE)"
        case .badPrivateKey(let path, isEncrypted: false):
            "\(path): no private key in PEM can be read; give the whole key, from its BEGIN line to its END line"
        case .keyDoesNotFit(let certificate, let key):
            "\(certificate), \(key): the private key does not fit the certificate; give the key for which the "
                + "certificate was issued"
        }
    }
}
