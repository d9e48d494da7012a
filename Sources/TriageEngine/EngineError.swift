public import TriageModel

/// A snapshot that cannot be put together.
public enum EngineError: Error, Equatable {
    /// The playbook cannot be used.
    case badPlaybook(path: String, problem: String)
    /// The bundle cannot be used.
    case model(ModelError)
}

extension EngineError: CustomStringConvertible {
    /// What was found and what to do.
    public var description: String {
        switch self {
        case .badPlaybook(let path, let problem):
            "\(path): \(problem); mend the file, or take it away to go without"
        case .model(let error): error.description
        }
    }
}
