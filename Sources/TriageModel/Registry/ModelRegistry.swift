internal import Glibc
package import TriageData

/// A folder of bundles, one of which decides: the champion.
///
/// `versions/vN` are bundles, which are never changed. `champion` is a link to one of them, which is replaced in one
/// step, so that a reader finds either the old version or the new one whole. Aliases are links too. `history.jsonl` has
/// a line for each change, written before the link moves: a line whose link did not move is answered by a line `kept`
/// when the registry is next changed.
package struct ModelRegistry: Sendable {
    package let path: String

    package static let historyName = "history.jsonl"
    package static let championName = "champion"
    private static let versionsName = "versions"

    /// The registry in a folder that has one.
    ///
    /// - Throws: `RegistryError.notARegistry`.
    package init(_ path: String) throws(RegistryError) {
        guard ModelRegistry.exists(path) else { throw .notARegistry(path: path) }
        self.path = ModelRegistry.trimmed(path)
    }

    /// The registry in a folder, which is made where it is missing.
    ///
    /// - Throws: `RegistryError.notARegistry` for a folder of other files.
    package init(making path: String) throws(RegistryError) {
        self.path = ModelRegistry.trimmed(path)
        guard !ModelRegistry.exists(path) else { return }
        do throws(DataError) {
            if FileInput.exists(path), try !ModelRegistry.isBegun(path) {
                throw .unwritable(
                    path: path, reason: "the folder holds other files",
                    remedy: "name a new folder for the registry")
            }
            try AtomicOutput.makeFolders("\(path)/\(ModelRegistry.versionsName)")
            try AtomicOutput.write([], to: "\(path)/\(ModelRegistry.historyName)")
        } catch {
            throw .data(error)
        }
    }

    /// Whether a folder is empty, or holds no more than a registry whose making was interrupted.
    private static func isBegun(_ path: String) throws(DataError) -> Bool {
        let others = try FileInput.allNames(inFolder: path).filter { !$0.hasPrefix("\(historyName).tmp-") }
        guard others == [versionsName] else { return others.isEmpty }
        return try FileInput.allNames(inFolder: "\(path)/\(versionsName)").isEmpty
    }

    /// Whether a folder is a registry.
    package static func exists(_ path: String) -> Bool { FileInput.exists("\(path)/\(historyName)") }

    /// The bundle's folder that a path means: of a registry its champion, of a link to a bundle the link's end.
    ///
    /// Links are followed once here, so that all files of a bundle are read from one version.
    ///
    /// - Throws: `RegistryError.noChampion`.
    package static func bundleFolder(of path: String) throws(RegistryError) -> String {
        let isRegistry = exists(path)
        let place = isRegistry ? "\(trimmed(path))/\(championName)" : trimmed(path)
        guard let end = linkTarget(place) else {
            guard !isRegistry else { throw .noChampion(path: path) }
            return path
        }
        return end.hasPrefix("/") ? end : "\(AtomicOutput.parent(of: place))/\(end)"
    }

    /// Whether a path is a registry, or a link in one: the bundle that it means can change at any time.
    package static func isPointer(_ path: String) -> Bool {
        exists(path) || exists(AtomicOutput.parent(of: trimmed(path))) && linkTarget(trimmed(path)) != nil
    }

    /// The registry that a path means, or whose version it names; nil for a bundle elsewhere.
    package static func containing(_ path: String) -> ModelRegistry? {
        if let registry = try? ModelRegistry(path) { return registry }
        let place = (try? bundleFolder(of: path)) ?? trimmed(path)
        let parent = AtomicOutput.parent(of: place)
        guard parent == versionsName || parent.hasSuffix("/\(versionsName)") else { return nil }
        return try? ModelRegistry(AtomicOutput.parent(of: parent))
    }

    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// Where a link points; nil for anything else.
    private static func linkTarget(_ path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: - Versions

    /// The folder of all versions.
    package var folder: String { "\(path)/\(ModelRegistry.versionsName)" }

    /// All versions, oldest first.
    package func versions() throws(RegistryError) -> [String] {
        do throws(DataError) {
            return try FileInput.names(inFolder: folder)
                .filter { ModelRegistry.number(of: $0) != nil }
                .sorted { (ModelRegistry.number(of: $0) ?? 0) < (ModelRegistry.number(of: $1) ?? 0) }
        } catch {
            throw .data(error)
        }
    }

    private static func number(of version: String) -> Int? {
        guard version.first == "v", let number = Int(version.dropFirst()), number > 0 else { return nil }
        return "v\(number)" == version ? number : nil
    }

    /// The folder of a version.
    package func folder(of version: String) -> String { "\(folder)/\(version)" }

    /// The champion's version; nil before the first promotion.
    package var champion: String? { version(ofLink: ModelRegistry.championName) }

    /// The aliases with their versions, by name.
    package func aliases() throws(RegistryError) -> [(name: String, version: String)] {
        do throws(DataError) {
            return try FileInput.names(inFolder: path).compactMap { name in
                guard name != ModelRegistry.championName, let version = version(ofLink: name) else {
                    return nil
                }
                return (name, version)
            }
        } catch {
            throw .data(error)
        }
    }

    private func version(ofLink name: String) -> String? {
        ModelRegistry.linkTarget("\(path)/\(name)")?.split(separator: "/").last.map(String.init)
    }

    /// The version that a name means: its own, `champion`, or an alias.
    ///
    /// - Throws: `RegistryError.noVersion`.
    package func version(named name: String) throws(RegistryError) -> String {
        let versions = try versions()
        let version = versions.contains(name) ? name : version(ofLink: name)
        guard let version, versions.contains(version) else {
            throw .noVersion(name: name, path: path, known: versions + (try aliases().map(\.name)))
        }
        return version
    }

    /// The bundle's name in each decision: the same for all versions, so that equal trainings have equal bytes.
    package var modelName: String { path.split(separator: "/").last.map(String.init) ?? "model" }

    // MARK: - Changes

    /// One program's changes; others wait until `end`.
    package func change() throws(RegistryError) -> RegistryChange { try RegistryChange(self) }

    /// The history, oldest first; a last line that is cut off, as by a crash, is left out.
    ///
    /// - Throws: `RegistryError.damagedHistory` for any other line that is not an entry.
    package func history() throws(RegistryError) -> [RegistryEntry] {
        let file = "\(path)/\(ModelRegistry.historyName)"
        let bytes: [UInt8]
        do { bytes = try FileInput.bytes(of: file) } catch { throw .data(error) }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        var entries: [RegistryEntry] = []
        for (number, line) in lines.dropLast().enumerated() {
            guard let entry = RegistryEntry(line: line) else {
                throw .damagedHistory(path: file, line: number + 1)
            }
            entries.append(entry)
        }
        return entries
    }

    /// The champions in the order in which a roll-back goes through them, the present one last.
    package static func champions(_ history: [RegistryEntry]) -> [String] {
        var stack: [String] = []
        for entry in history {
            switch entry.event {
            case .promoted: stack.append(entry.version)
            case .rolledBack, .kept:
                // Back to where it was; a version named by hand may be in front of all of them.
                if let place = stack.lastIndex(of: entry.version) {
                    stack.removeSubrange((place + 1)...)
                } else {
                    stack.append(entry.version)
                }
            case .added, .refused, .alias: break
            }
        }
        return stack
    }

    /// The roll-back from a version; nil when the version was never rolled back, or is the champion again since.
    package static func rollback(from version: String, in history: [RegistryEntry]) -> RegistryEntry? {
        let last = history.last { entry in
            entry.version == version
                ? entry.movesChampion || entry.event == .kept
                : entry.before == version && entry.event == .rolledBack
        }
        return last?.version == version ? nil : last
    }
}
