internal import SystemPackage
internal import TriageData
internal import Yams

/// The YAML file of settings: which settings it has, on which lines, and what in it is none.
struct SettingsFile {
    private(set) var entries: [String: SettingLayer.Entry] = [:]
    private(set) var problems: [SettingsProblem] = []
    /// Its bytes; empty when no value can be read from them.
    private(set) var bytes: [UInt8] = []
    private let path: String

    static let maximumBytes = 1 << 20

    init(_ bytes: [UInt8], path: String) {
        self.path = path
        guard let text = String(validating: bytes, as: UTF8.self) else {
            complain(1, "", "is not UTF-8")
            return
        }
        if let reference = YAMLReference.first(in: bytes) {
            complain(reference.line, "", reference.problem)
            return
        }
        do {
            guard let root = try Yams.compose(yaml: text) else { return }
            if let mapping = root.mapping {
                walk(mapping, [])
                if !entries.isEmpty { self.bytes = bytes }
            } else if !SettingsFile.isNull(root) {
                complain(root.mark?.line ?? 1, "", "must be names with values, as port: 8080")
            }
        } catch {
            complain(error)
        }
    }

    /// Whether every user of the machine may write a file.
    static func isWritableByAll(_ path: String) -> Bool {
        guard let status = try? Stat(path) else { return false }
        return status.permissions.contains(.otherWrite)
    }

    private mutating func walk(_ mapping: Node.Mapping, _ prefix: [String]) {
        for (name, value) in mapping {
            let line = name.mark?.line ?? 1
            guard let word = name.string, Quoting.isName(word) else {
                complain(
                    line, "",
                    "no setting has the name here, which is not repeated: it may be part of a secret")
                continue
            }
            let key = (prefix + [word]).joined(separator: ".")
            let isKnown = Setting.all.contains { $0.key == key }
            if let nested = value.mapping, !isKnown {
                guard Setting.all.contains(where: { $0.key.hasPrefix(key + ".") }) else {
                    complain(line, key, SpellingSuggestion.complaint(key, among: Setting.all.map(\.key)))
                    continue
                }
                walk(nested, prefix + [word])
            } else if !isKnown {
                complain(line, key, SpellingSuggestion.complaint(key, among: Setting.all.map(\.key)))
            } else if entries[key] != nil {
                complain(line, key, "is there twice; keep one")
            } else if !SettingsFile.isNull(value) {
                entries[key] = .init(
                    origin: .file(path: path, line: line, key: key), value: SettingsFile.text(value))
            } else if Setting.guards.contains(key) {
                complain(
                    line, key,
                    "has no value, which would take a protection away; give one, or delete the line")
            }
        }
    }

    /// A value as a message may repeat it.
    private static func text(_ node: Node) -> String {
        guard let list = node.sequence else { return node.scalar?.string ?? "" }
        return "[\(list.map(text).joined(separator: ", "))]"
    }

    private static func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private mutating func complain(_ line: Int, _ key: String, _ problem: String) {
        problems.append(
            SettingsProblem(
                origin: .file(path: path, line: line, key: key.isEmpty ? "the file" : key), problem: problem))
    }

    private mutating func complain(_ error: any Error) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            complain(mark.line, "", "is not YAML (\(problem))")
        case .duplicatedKeysInMapping(let names, let context):
            complain(context.mark.line, names.first { Quoting.isName($0) } ?? "", "is there twice; keep one")
        default: complain(1, "", "is not YAML")
        }
    }
}
