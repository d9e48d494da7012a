#if Service
import ArgumentParser
import Foundation
import TriageSettings

/// The service's settings, from all their sources; each may be a flag.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A YAML file of settings (default: triage.yaml in this folder, if it is there).",
            valueName: "file"))
    var config: String?

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var flags: [String] = []

    /// All of them, and what is wrong with them.
    func effective() -> EffectiveSettings {
        EffectiveSettings(
            .init(flags: flags, environment: ProcessInfo.processInfo.environment, file: config))
    }
}
#endif
