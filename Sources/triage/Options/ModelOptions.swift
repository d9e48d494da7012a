import ArgumentParser
import Foundation
import TriageEngine

/// Where model, KB and matrix are found: the flag, TRIAGE_HOME, the folder one stands in, then beside the
/// executable.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The bundle's folder.", valueName: "dir"))
    var model: String?

    @Option(help: ArgumentHelp("The KB's folder or file, or none.", valueName: "dir|none"))
    var kb: String?

    /// The bundle asked for, or the starter bundle.
    func loadModel() throws -> ModelBundle {
        let directory =
            try model ?? Places.find("models/starter", missing: { ModelError.noBundle(searched: $0) })
        return try ModelBundle(directory: directory, homes: Places.roots)
    }

    /// Model, KB, playbook and language identifier as one value.
    func loadSnapshot() throws -> Snapshot {
        let model = try loadModel()
        let kbPath = kb == "none" ? nil : kb ?? Places.existing("kb")
        let policyPath = kbPath.map { "\($0)/playbook.yaml" } ?? Places.existing("kb/playbook.yaml") ?? ""
        let policy =
            FileInput.exists(policyPath)
            ? try Policy(playbook: FileInput.bytes(of: policyPath), path: policyPath) : Policy()
        let language = try Places.existing("models/language").map {
            try ModelBundle(directory: $0, homes: Places.roots)
        }
        return Snapshot(
            model: model, index: try kbPath.map { try KBLoader.index(path: $0, model: model) },
            policy: policy,
            language: language)
    }
}

/// The folders in which shipped things are looked for.
enum Places {
    /// TRIAGE_HOME, the current folder, `../share/triage` beside the executable; those that are set.
    static var roots: [String] {
        var roots: [String] = []
        if let home = ProcessInfo.processInfo.environment["TRIAGE_HOME"], !home.isEmpty { roots.append(home) }
        roots.append(".")
        // Found through PATH, the first argument is a bare name; the system knows the file.
        let running = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let executable = URL(fileURLWithPath: running ?? CommandLine.arguments[0]).resolvingSymlinksInPath()
        roots.append(
            executable.deletingLastPathComponent().deletingLastPathComponent().path + "/share/triage")
        return roots
    }

    /// The first root that has `name`; nil when none does.
    static func existing(_ name: String) -> String? {
        roots.map { $0 == "." ? name : "\($0)/\(name)" }.first { FileInput.exists($0) }
    }

    static func find(_ name: String, missing: ([String]) -> any Error) throws -> String {
        guard let path = existing(name) else { throw missing(roots.map { "\($0)/\(name)" }) }
        return path
    }
}
