/// A setting of traces that cannot be used.
///
/// Headers are not quoted: they may hold a secret.
public enum TelemetryError: Error, Equatable {
    /// The collector's address is no http or https URL.
    case badEndpoint(String)
    /// An entry of the collector's headers, counted from 1, is not `name=value`.
    case badHeader(position: Int)
    /// A file of certificates cannot be read.
    case badCertificates(path: String, reason: String)
}

extension TelemetryError: CustomStringConvertible {
    /// What was found and what to do.
    public var description: String {
        switch self {
        case .badEndpoint(let url):
            "the collector's address \"\(url)\" is no http or https URL; give one such as http://127.0.0.1:4318"
        case .badHeader(let position):
            "entry \(position) of the collector's headers is not name=value; give pairs with commas between, "
                + "values percent-encoded"
        case .badCertificates(let path, let reason):
            "\(path): cannot be read as certificates (\(reason)); give a PEM file"
        }
    }
}
