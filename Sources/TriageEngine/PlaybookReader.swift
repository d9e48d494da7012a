internal import TriageData
internal import TriageModel
internal import TriageSearch
internal import TriageText
internal import Yams

/// A playbook's YAML as typed values; every complaint names its line.
///
/// Only as deep as a playbook is: a tree that refers to itself over and over is never unfolded.
struct PlaybookReader {
    /// The most bytes of a playbook.
    static let maximumBytes = 1 << 20

    let path: String

    // MARK: - The file

    /// The whole file as a tree.
    func tree(_ bytes: [UInt8]) throws(EngineError) -> Node {
        guard bytes.count <= PlaybookReader.maximumBytes else { throw fail("it is larger than 1 MB", nil) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fail("it is not UTF-8", nil) }
        if let reference = YAMLReference.first(in: bytes) {
            throw fail(reference.problem, reference.line)
        }
        do {
            guard let root = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
                throw fail("it is empty", nil)
            }
            return root
        } catch let error as EngineError {
            throw error
        } catch {
            throw fault(error)
        }
    }

    private func fault(_ error: any Error) -> EngineError {
        guard let yaml = error as? YamlError else { return fail("it is not YAML", nil) }
        switch yaml {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return fail("it is not YAML (\(problem))", mark.line)
        case .duplicatedKeysInMapping(let names, let context):
            return fail("the name \(names.first ?? "") is there twice", context.mark.line)
        default: return fail("it is not YAML", nil)
        }
    }

    func fail(_ problem: String, _ line: Int?) -> EngineError {
        .badPlaybook(path: path, line: line, problem: problem)
    }

    func fail(_ problem: String, at node: Node) -> EngineError { fail(problem, node.mark?.line) }

    // MARK: - Shapes

    /// The names and values of a mapping, each name once.
    func pairs(of node: Node, _ what: String) throws(EngineError) -> [(name: String, key: Node, value: Node)]
    {
        guard let mapping = node.mapping else { throw fail("\(what) must be names with values", at: node) }
        var pairs: [(name: String, key: Node, value: Node)] = []
        var names: Set<String> = []
        for (key, value) in mapping {
            let name = try text(key, "a name in \(what)")
            guard names.insert(name).inserted else { throw fail("the name \(name) is there twice", at: key) }
            pairs.append((name, key, value))
        }
        return pairs
    }

    /// The values of a mapping by their names, all of which must be known.
    func members(of node: Node, _ what: String, known: [String]) throws(EngineError) -> [String: Node] {
        var members: [String: Node] = [:]
        for pair in try pairs(of: node, what) {
            guard known.contains(pair.name) else {
                let names = known.joined(separator: ", ")
                throw fail("\(what) has no \"\(pair.name)\"; what there is: \(names)", at: pair.key)
            }
            members[pair.name] = pair.value
        }
        return members
    }

    /// A mapping of names to text.
    func texts(_ node: Node, _ what: String) throws(EngineError) -> [String: String] {
        var texts: [String: String] = [:]
        for pair in try pairs(of: node, what) { texts[pair.name] = try text(pair.value, pair.name) }
        return texts
    }

    /// A number in a range.
    func number(
        _ node: Node, _ what: String, in range: ClosedRange<Double>
    ) throws(EngineError) -> Double {
        guard let value = Double(try text(node, what)), range.contains(value) else {
            throw fail("\(what) must be a number from \(range.lowerBound) to \(range.upperBound)", at: node)
        }
        return value
    }

    func list(_ node: Node, _ what: String) throws(EngineError) -> [Node] {
        guard let sequence = node.sequence else { throw fail("\(what) must be a list", at: node) }
        return Array(sequence)
    }

    /// Text, and numbers as they are written.
    func text(_ node: Node, _ what: String) throws(EngineError) -> String {
        guard let scalar = node.scalar else { throw fail("\(what) must be text", at: node) }
        let isNull = scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string)
        guard !isNull, scalar.string.contains(where: { !$0.isWhitespace }) else {
            throw fail("\(what) is empty", at: node)
        }
        return scalar.string
    }
}

// MARK: - The parts of a playbook

extension PlaybookReader {
    /// The severities, mildest first.
    func severities(_ node: Node) throws(EngineError) -> SeverityOrder {
        var order = SeverityOrder([])
        for entry in try list(node, "severities") {
            let name = try text(entry, "a severity")
            guard order.rank(of: name) == nil else {
                throw fail("the severity \(name) is there twice", at: entry)
            }
            order = SeverityOrder(order.names + [name])
        }
        guard !order.names.isEmpty else { throw fail("severities names none", at: node) }
        return order
    }

    /// The next actions by category, then severity.
    func nextActions(_ node: Node, _ order: SeverityOrder) throws(EngineError) -> [String: [String: String]] {
        var table: [String: [String: String]] = [:]
        for category in try pairs(of: node, "next_action") {
            var actions: [String: String] = [:]
            for action in try pairs(of: category.value, "next_action of \(category.name)") {
                let severity = try severity(action.key, order)
                guard actions[severity] == nil else {
                    throw fail("the severity \(severity) is there twice", at: action.key)
                }
                actions[severity] = try text(action.value, action.name)
            }
            table[category.name] = actions
        }
        return table
    }

    /// The next actions in other languages, by the languages' codes.
    func translations(
        _ node: Node, _ order: SeverityOrder
    ) throws(EngineError) -> [String: Policy.Translation] {
        var translations: [String: Policy.Translation] = [:]
        for language in try pairs(of: node, "translations") {
            guard LanguageCode.isValid(language.name) else {
                throw fail(
                    "translations names \(language.name); give a language by its ISO 639-1 code, such as de",
                    at: language.key)
            }
            let parts = try members(
                of: language.value, "the translation \(language.name)", known: ["next_action", "defaults"])
            var translation = Policy.Translation()
            if let node = parts["next_action"] { translation.nextActions = try nextActions(node, order) }
            if let node = parts["defaults"] { translation.defaults = try texts(node, "defaults") }
            translations[language.name] = translation
        }
        return translations
    }

    /// A severity as the order spells it.
    func severity(_ node: Node, _ order: SeverityOrder) throws(EngineError) -> String {
        let name = try text(node, "a severity")
        guard let rank = order.rank(of: name) else {
            let names = order.names.joined(separator: ", ")
            throw fail(
                "the severity \(name) is not in the order \(names); use one of these, or list your own order under "
                    + "severities:, mildest first", at: node)
        }
        return order.names[rank]
    }
}
