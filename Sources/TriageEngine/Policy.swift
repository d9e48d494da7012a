internal import Yams

/// What a site wants done: next actions by category and severity, and words that may only raise the severity.
public struct Policy: Sendable, Equatable {
    /// Words that raise the severity when a ticket holds them.
    public struct Floor: Sendable, Equatable {
        /// The floor's own name, said in a decision that it changed.
        public var id: String
        /// The severity from which on the floor does nothing.
        public var raiseTo: String
        /// Phrases that fire it.
        public var any: [String]
        /// Longer phrases that cancel the mentions they cover.
        public var unless: [String]
    }

    /// Next action by category, then severity.
    public var nextActions: [String: [String: String]]
    /// Next action by category alone.
    public var defaults: [String: String]
    /// Safety floors.
    public var floors: [Floor]
    /// The severities, mildest first.
    public var severities: [String] = ["Low", "Medium", "High", "Critical"]

    /// A policy that knows nothing of the site.
    public init() {
        nextActions = [:]
        defaults = [:]
        floors = []
    }

    /// Reads a playbook.
    ///
    /// - Throws: `EngineError.badPlaybook` when it is not YAML of the expected shape.
    public init(playbook bytes: [UInt8], path: String) throws(EngineError) {
        self.init()
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badPlaybook(path: path, problem: "it is not UTF-8")
        }
        let root: Any?
        do { root = try Yams.load(yaml: text) } catch {
            throw .badPlaybook(path: path, problem: "it is not YAML: \(PlaybookFault.line(of: error))")
        }
        guard let members = root as? [String: Any] else {
            throw .badPlaybook(path: path, problem: "it has no top-level names")
        }
        if let actions = members["next_action"] {
            guard let table = actions as? [String: [String: String]] else {
                throw .badPlaybook(path: path, problem: "next_action must map category to severity to text")
            }
            nextActions = table
        }
        if let texts = members["defaults"] {
            guard let table = texts as? [String: String] else {
                throw .badPlaybook(path: path, problem: "defaults must map category to text")
            }
            defaults = table
        }
        guard let entries = (members["floors"] ?? [[String: Any]]()) as? [[String: Any]] else {
            throw .badPlaybook(path: path, problem: "floors must be a list of id, raise_to and any")
        }
        for entry in entries {
            guard let id = entry["id"] as? String, let level = entry["raise_to"] as? String,
                let any = entry["any"] as? [String], severities.contains(level)
            else {
                throw .badPlaybook(path: path, problem: "a floor needs id, raise_to (a severity) and any")
            }
            floors.append(Floor(id: id, raiseTo: level, any: any, unless: entry["unless"] as? [String] ?? []))
        }
    }

    /// The next action for a category and a severity.
    public func nextAction(category: String, severity: String) -> String {
        nextActions[category]?[severity] ?? defaults[category]
            ?? "Have a person read the ticket and decide who should take it."
    }
}

/// Where a YAML parser stopped.
private enum PlaybookFault {
    static func line(of error: any Error) -> String {
        guard let yaml = error as? YamlError else { return "it cannot be parsed" }
        switch yaml {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            return "line \(mark.line)"
        default: return "it cannot be parsed"
        }
    }
}
