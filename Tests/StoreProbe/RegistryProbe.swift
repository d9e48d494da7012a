import Foundation
import TriageModel

/// Moves a registry's champion between two versions until it is killed, and writes a line before it begins.
///
/// `StoreProbe registry DIR`: promotes the version that is not the champion, then rolls back, again and again.
enum RegistryProbe {
    static func run(_ path: String) throws {
        let registry = try ModelRegistry(path)
        try FileHandle.standardOutput.write(contentsOf: Data("begun\n".utf8))
        while true {
            let change = try registry.change()
            let version = registry.champion == "v1" ? "v2" : "v1"
            try change.promote(
                RegistryEntry(.promoted, version, sha256: nil, by: "probe", reason: "to and fro"))
            let before = try change.previous()
            try change.promote(
                RegistryEntry(.rolledBack, before, sha256: nil, by: "probe", reason: "back"))
            change.end()
        }
    }
}
