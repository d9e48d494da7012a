import TriageData
package import TriageModel

/// A snapshot that cannot be put together.
package enum EngineError: Error, Equatable {
    /// The playbook cannot be used; the line is nil when it is no one line's fault.
    case badPlaybook(path: String, line: Int?, problem: String)
    /// Label sets of a coverage that so few held-out rows cannot vouch for.
    case tooFewHeldOut(field: String, rows: Int, needed: Int)
    /// The playbook asks of a bundle's severity what cannot be done, or not be shown.
    case severity(field: String, problem: String)
    /// The bundle cannot be used.
    case model(ModelError)
}

extension EngineError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .badPlaybook(let path, let line, let problem):
            "\(path)\(line.map { " line \($0)" } ?? ""): \(problem); "
                + "correct it; a knowledge base without a playbook uses the shipped one"
        case .tooFewHeldOut(let field, let rows, let needed):
            "label sets of that share need \(needed) held-out rows of \(field), and the bundle has \(rows); choose a "
                + "smaller share, or train on more rows, with calibration"
        case .severity(let field, let problem): "the playbook and \(field): \(problem)"
        case .model(let error): error.description
        }
    }
}
