public import TriageData
public import TriageRedis

/// What is wrong with keys or certificates.
public enum AccessError: Error, Equatable {
    /// The key file is not what this program writes; `key` is the number of the entry, from 1.
    case badKeyFile(path: String, key: Int?, problem: String)
    /// The key file cannot be read or written.
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
    /// Certificate and key cannot be used together.
    case badCertificate(certificate: String, key: String, reason: String)
}

extension AccessError: CustomStringConvertible {
    /// What was found and what to do.
    public var description: String {
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
        case .badCertificate(let certificate, let key, let reason):
            "\(certificate), \(key): no certificate and key for TLS (\(reason)); give two PEM files, "
                + "the certificate before those of its authorities"
        }
    }
}
