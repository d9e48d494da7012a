package import TriageData

/// A setting of traces that cannot be used.
///
/// Neither address nor headers are quoted: they may hold a secret.
package enum TelemetryError: Error, Equatable {
    /// The collector's address is no http or https URL.
    case badEndpoint
    /// An entry of the collector's headers, counted from 1, is not `name=value`.
    case badHeader(position: Int)
    /// A file of certificates cannot be read.
    case badCertificates(path: String)
}

extension TelemetryError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .badEndpoint:
            "the collector's address is not an http or https URL; give one such as http://127.0.0.1:4318"
        case .badHeader(let position):
            "entry \(position) of the collector's headers is not name=value; give pairs with commas between, "
                + "values percent-encoded"
        case .badCertificates(let path):
            "\(path): no certificate in PEM can be read; give a PEM file of whole certificates"
        }
    }
}
