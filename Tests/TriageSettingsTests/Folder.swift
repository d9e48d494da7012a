import Foundation
import TriageSettings

/// A folder of one test's own, gone with it.
final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "triage-settings-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    /// Settings with this folder's `.env` and the YAML file named here, if they are there.
    func settings(
        flags: [String] = [], environment: [String: String] = [:], file: String? = nil
    ) -> EffectiveSettings {
        EffectiveSettings(
            .init(
                flags: flags, environment: environment, environmentFile: "\(path)/.env",
                file: file.map { "\(path)/\($0)" }))
    }
}

extension EffectiveSettings {
    /// All that is wrong, a line each.
    var wrong: String { problems.map(\.description).joined(separator: "\n") }
}
