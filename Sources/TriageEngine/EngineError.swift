public import TriageModel

/// A snapshot that cannot be put together.
public enum EngineError: Error, Equatable {
    /// The playbook cannot be used; the line is nil when it is no one line's fault.
    case badPlaybook(path: String, line: Int?, problem: String)
    /// The bundle cannot be used.
    case model(ModelError)
}

extension EngineError: CustomStringConvertible {
    /// What was found and what to do.
    public var description: String {
        switch self {
        case .badPlaybook(let path, let line, let problem):
            "\(path)\(line.map { " line \($0)" } ?? ""): \(problem); mend the file, or take it away to go without"
        case .model(let error): error.description
        }
    }
}
