internal import Glibc
internal import SystemPackage
package import TriageData

/// The right to change a registry, which one program has at a time, until it ends.
package struct RegistryChange: Sendable {
    private let registry: ModelRegistry
    private let lock: FolderLock

    /// Waits for other programs, then records a change that one of them did not finish.
    init(_ registry: ModelRegistry) throws(RegistryError) {
        self.registry = registry
        do { lock = try FolderLock(holding: registry.historyPath) } catch { throw .data(error) }
        do throws(RegistryError) { try settle() } catch {
            lock.release()
            throw error
        }
    }

    package func end() { lock.release() }

    /// Removes a cut-off last line, and adds the line for a promotion whose link never moved.
    private func settle() throws(RegistryError) {
        do throws(DataError) {
            let bytes = try FileInput.bytes(of: registry.historyPath)
            if let last = bytes.last, last != 0x0A {
                let whole = (bytes.lastIndex(of: 0x0A) ?? -1) + 1
                try AtomicOutput.write(Array(bytes[..<whole]), to: registry.historyPath)
            }
        } catch {
            throw .data(error)
        }
        let history = try registry.history()
        guard let champion = registry.champion, let last = history.last(where: { $0.movesChampion }),
            ModelRegistry.champions(history).last != champion
        else { return }
        try record(
            RegistryEntry(
                .kept, champion, sha256: nil, by: last.by,
                reason: "\(last.event.rawValue) \(last.version) was interrupted before it counted"))
    }

    /// Writes a bundle's files as the next version, without making it the champion.
    ///
    /// - Returns: Its name, or that of a version with the same bytes.
    package func add(
        _ files: [(name: String, bytes: [UInt8])], by: String, reason: String, measures: JSONValue? = nil
    ) throws(RegistryError) -> (version: String, isNew: Bool) {
        let manifest = files.first { $0.name == ModelBundle.manifestFile }?.bytes ?? []
        let sha256 = Checksum.sha256(manifest)
        let history = try registry.history()
        let versions = try registry.versions()
        if let same = versions.last(where: { version in
            (try? FileInput.bytes(of: "\(registry.folder(of: version))/\(ModelBundle.manifestFile)"))
                == manifest
        }) {
            return (same, false)
        }
        let numbers = (versions + history.map(\.version)).compactMap { Int($0.dropFirst()) }
        let version = "v\((numbers.max() ?? 0) + 1)"
        do throws(DataError) {
            try OutputFolder(registry.folder(of: version), names: ModelBundle.fileNames).write(files)
        } catch {
            throw .data(error)
        }
        try record(
            RegistryEntry(.added, version, sha256: sha256, by: by, reason: reason, measures: measures))
        return (version, true)
    }

    /// Makes a version the champion.
    ///
    /// - Throws: `RegistryError.championChanged` when `compared` is given and is not the champion any more.
    package func promote(_ entry: RegistryEntry, comparedWith compared: String?? = nil) throws(RegistryError)
    {
        if let compared, compared != registry.champion {
            throw .championChanged(champion: registry.champion ?? "none", path: registry.path)
        }
        guard registry.champion != entry.version else {
            throw .isChampion(version: entry.version, path: registry.path)
        }
        var entry = entry
        entry.before = registry.champion
        try record(entry)
        try point(ModelRegistry.championName, to: entry.version)
    }

    /// The version that a roll-back makes the champion: the one before the present champion in the
    /// history that was not deleted.
    ///
    /// - Throws: `RegistryError.nothingBefore`.
    package func previous() throws(RegistryError) -> String {
        guard let champion = registry.champion else { throw .noChampion(path: registry.path) }
        let kept = try registry.versions()
        let before = ModelRegistry.champions(try registry.history()).dropLast().last {
            $0 != champion && kept.contains($0)
        }
        guard let before else { throw .nothingBefore(version: champion, path: registry.path) }
        return before
    }

    /// Has an alias point to a version, or removes it.
    package func alias(_ name: String, _ version: String?, by: String, reason: String) throws(RegistryError) {
        try registry.checkAlias(name)
        let old = try registry.aliases().first { $0.name == name }?.version
        guard let target = version ?? old else {
            throw .noVersion(name: name, path: registry.path, known: try registry.aliases().map(\.name))
        }
        let change = version == nil ? "\(name) removed" : name
        try record(
            RegistryEntry(
                .alias, target, sha256: nil, by: by,
                reason: reason.isEmpty ? change : "\(change): \(reason)"))
        if let version { return try point(name, to: version) }
        unlink("\(registry.path)/\(name)")
        AtomicOutput.syncFolder(of: "\(registry.path)/\(name)")
    }

    /// Adds a line to the history, which is on the disk when this returns.
    package func record(_ entry: RegistryEntry) throws(RegistryError) {
        let path = registry.historyPath
        do throws(Errno) {
            let file = try OpenFile(path, .writeOnly, options: .append)
            defer { file.close() }
            try file.write(JSONWriter.lineBytes { entry.write(to: &$0) })
            try file.sync()
        } catch {
            throw .data(.unwritable(path, errno: error))
        }
    }

    /// Moves a link in one step: a new one is renamed over it.
    private func point(_ name: String, to version: String) throws(RegistryError) {
        let link = "\(registry.path)/\(name)"
        let temporary = "\(registry.path)/.\(name).tmp-\(getpid())"
        unlink(temporary)
        guard symlink(registry.linkText(version), temporary) == 0, rename(temporary, link) == 0 else {
            let error = Errno.last
            unlink(temporary)
            throw .data(.unwritable(link, errno: error))
        }
        AtomicOutput.syncFolder(of: link)
    }
}

extension ModelRegistry {
    fileprivate var historyPath: String { "\(path)/\(ModelRegistry.historyName)" }

    fileprivate func linkText(_ version: String) -> String {
        String(folder(of: version).dropFirst(path.count + 1))
    }

    /// Refuses the name of an alias that is a version's, a file's, or not a plain word.
    fileprivate func checkAlias(_ name: String) throws(RegistryError) {
        let plain = name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard plain, !name.isEmpty, name.utf8.count <= 64 else {
            throw .badAlias(name: name, problem: "it is not a plain word of at most 64 characters")
        }
        guard name != ModelRegistry.championName else {
            throw .badAlias(name: name, problem: "promote and rollback move the champion")
        }
        if name.first == "v", Int(name.dropFirst()) != nil {
            throw .badAlias(name: name, problem: "it has the form of a version")
        }
        if FileInput.entryKind("\(path)/\(name)") != .other {
            throw .badAlias(name: name, problem: "a file or folder of the registry has this name")
        }
    }
}
