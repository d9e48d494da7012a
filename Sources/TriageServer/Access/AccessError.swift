public import TriageData

/// What is wrong with keys, certificates, or the address to bind.
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
    /// An address that others can reach, without what protects it.
    case unprotected(host: String, missing: [Protection])
    /// Certificate and key cannot be used together.
    case badCertificate(certificate: String, key: String, reason: String)

    /// What protects an address that others can reach.
    public enum Protection: String, Sendable, CaseIterable {
        /// API keys.
        case keys
        /// TLS.
        case tls
    }
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
        case .unprotected(let host, let missing):
            "\(host) can be reached by others, and there \(missing.count == 1 ? "is" : "are") no "
                + missing.map(\.words).joined(separator: " and no ")
                + "; bind 127.0.0.1, or " + missing.map(\.remedy).joined(separator: " and ")
        case .badCertificate(let certificate, let key, let reason):
            "\(certificate), \(key): no certificate and key for TLS (\(reason)); give two PEM files, "
                + "the certificate before those of its authorities"
        }
    }
}

extension AccessError.Protection {
    fileprivate var words: String { self == .keys ? "API keys" : "TLS" }

    fileprivate var remedy: String {
        switch self {
        case .keys: "give --keys (or say --insecure-bind-without-keys)"
        case .tls: "give --tls-certificate and --tls-key (or say --insecure-bind-without-tls)"
        }
    }
}
