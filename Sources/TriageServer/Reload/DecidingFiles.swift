package import TriageEngine
internal import TriageModel
package import TriageSettings

extension ServiceSettings {
    /// The files that decide; the state folder is the one that was set, else the store's, else the user's.
    package var decidingFiles: DecisionFiles {
        DecisionFiles(
            model: deciding.model, kb: deciding.kb, playbook: deciding.playbook, language: deciding.language,
            state: deciding.state ?? (store.isStateless ? Installation.state : store.folder),
            knownCut: deciding.matchThreshold.map { Float($0) }, signedBy: deciding.signedBy)
    }

    /// The registries and their aliases among the models; nil without one.
    package var pointers: ServerDependencies.Pointers? {
        let models = [deciding.model, deciding.shadow].compactMap { $0 }.filter(ModelRegistry.isPointer)
        guard !models.isEmpty else { return nil }
        return ServerDependencies.Pointers {
            models.map { (try? ModelRegistry.bundleFolder(of: $0)) ?? "" }
        }
    }

    /// Everything that decides, read into private memory: whoever writes into a file in place must neither change a
    /// decision nor end the service.
    ///
    /// - Throws: `ModelError`, `SearchError`, `SignatureError` or `EngineError` that names the file and what to do.
    package func loadSnapshots() throws -> LoadedSnapshots {
        func load(_ model: String?) throws -> Snapshot {
            var places = try decidingFiles.places(model: model)
            places.isCopied = true
            return try Snapshot(at: places)
        }
        return LoadedSnapshots(deciding: try load(nil), shadow: try deciding.shadow.map(load))
    }
}
