#if Service
import ArgumentParser
import Foundation
import TriageEngine
import TriageServer
import TriageSettings

/// The service's settings, from all places where they can stand; any of them may be a flag.
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

extension ServiceSettings {
    /// What decides, with the state folder filled in: the one that was set, else the store's folder, else the usual one.
    var decidingInPlace: Deciding {
        var deciding = deciding
        deciding.state = deciding.state ?? (store.isStateless ? Places.state : store.folder)
        return deciding
    }
}

extension ServiceSettings.Deciding: DecisionPlaces {
    var statePath: String? { state }
    var knownCut: Float? { matchThreshold.map { Float($0) } }

    /// Where the KB is; nil for none.
    var kbPath: String? { kb == "none" ? nil : kb ?? Places.existing("kb") }

    /// Where the playbook is; nil for none.
    var playbookPath: String? { playbook ?? Places.playbook(ofKB: kbPath) }

    /// Where the language identifier is; nil for none.
    var languagePath: String? { language == "none" ? nil : language ?? Places.existing("models/language") }

    /// The folder of the bundle asked for, or of the starter bundle.
    func modelPath() throws -> String {
        try model ?? Places.find("models/starter", missing: { ModelError.noBundle(searched: $0) })
    }

    /// Where the parts of a snapshot lie, with one bundle or another.
    func places(model: String) -> Snapshot.Places {
        var places = Snapshot.Places(
            model: model, kb: kbPath, playbook: playbookPath, language: languagePath,
            embedding: Places.embedding, homes: Places.roots)
        places.knownCut = knownCut
        places.state = state
        return places
    }

    /// Everything that decides, read into private memory: whoever writes into a file in place must neither change a
    /// decision nor end the service.
    func load() throws -> LoadedSnapshots {
        func load(_ model: String) throws -> Snapshot {
            var places = places(model: model)
            places.isCopied = true
            return try Snapshot(at: places)
        }
        return LoadedSnapshots(deciding: try load(modelPath()), shadow: try shadow.map(load))
    }
}
#endif
