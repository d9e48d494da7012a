#if Service
import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriageStore
import TriageTickets
import TriageTraining

/// The places beside the store from which a ticket is erased: backups, files of tickets, and the model they trained.
struct ForgetFiles: ParsableArguments {
    @Option(help: ArgumentHelp("A backup to erase in too; may be given several times.", valueName: "dir"))
    var backup: [String] = []
    @Option(
        help: ArgumentHelp(
            "A file of labelled tickets, JSON Lines or CSV, from which rows are removed; may be given several times.",
            valueName: "file"))
    var data: [String] = []
    @Option(
        help: ArgumentHelp(
            "The column of the requester in --data (default: requester, customer, email and such).",
            valueName: "name"))
    var requesterColumn: String?
    @Option(
        help: ArgumentHelp(
            "The model that was trained on it, a folder or a registry: it is trained again, and what was trained before is "
                + "deleted. A registry knows the files of its last training, from which rows go too.",
            valueName: "dir"))
    var model: String?

    func validate() throws {
        guard model.map({ !data.isEmpty || ModelRegistry.containing($0) != nil }) ?? true else {
            throw ValidationError(
                "--model takes --data, the files to train it from again; only a registry knows them.")
        }
        guard !data.contains("-") else {
            throw ValidationError("--data takes files, from which rows are removed, not standard input.")
        }
        guard requesterColumn == nil || !data.isEmpty || model != nil else {
            throw ValidationError("--requester-column takes --data or --model.")
        }
    }

    /// The model that is trained again; nil for none.
    func forgetModel(store: String) throws -> ForgetModel? {
        try model.map { try ForgetModel($0, data: data, stores: [store] + backup) }
    }

    /// The files that lose rows, each once: those that were named, and those of the model's training.
    func paths(of model: ForgetModel?) -> [String] {
        var seen: Set<String> = []
        return (data + (model?.files ?? [])).filter { seen.insert(RegistryRecipe.wholePath($0)).inserted }
    }

    /// - Throws: When a file cannot be read, or takes no other bytes.
    func check(_ paths: [String]) throws {
        for file in paths {
            guard FileInput.size(of: file) != nil || !FileInput.exists(file) else {
                throw DataError.unwritable(
                    path: file, reason: "it is not a regular file",
                    remedy: "name the file that holds the rows")
            }
            let reader = try RowReader(path: file)
            if let requesterColumn, data.contains(file), !reader.columns.isEmpty,
                KnownColumns.match(requesterColumn, among: reader.columns) == nil
            {
                throw DataError.noColumn(
                    path: file, name: requesterColumn, isID: false, columns: reader.columns)
            }
            try AtomicOutput.checkReplaceable(file)
            _ = try RowRemoval(path: file, removing: { _ in false }, mentions: { _ in false })
        }
    }

    // MARK: - Rows

    /// Removes the rows of a person, and those with some ids, from a file.
    func removeRows(
        of person: String?, ids: Set<String>, from file: String, _ remembered: InputColumns?
    ) throws -> ErasureReceipt.Place {
        let wanted = person.map(Requester.normal)
        let columns = TicketColumns(remembered: remembered)
        let removal = try RowRemoval(path: file) { row in
            let names = row.fields.keys.sorted()
            if let wanted,
                requesters(names, remembered).contains(where: { name in
                    row.text(name).map { Requester.normal($0) == wanted } ?? false
                })
            {
                return true
            }
            let id = columns.choice(among: names).id.flatMap { row.text($0)?.trimmed }
            return id.map(ids.contains) ?? false
        } mentions: { text in
            wanted.map { Requester.normal(text).contains($0) } ?? false
        }
        let before = Checksum.sha256(removal.original)
        if removal.removed > 0 { try AtomicOutput.write(removal.remaining, to: file) }
        report(removal, file)
        return ErasureReceipt.Place(
            "tickets", file, before: before, after: try Checksum.sha256(file: file),
            counts: [("rows", removal.removed)])
    }

    /// The columns that may hold the requester.
    private func requesters(_ names: [String], _ remembered: InputColumns?) -> [String] {
        if let requesterColumn {
            return [KnownColumns.match(requesterColumn, among: names)].compactMap(\.self)
        }
        let known = [remembered?.requester.flatMap { KnownColumns.match($0, among: names) }]
        return known.compactMap(\.self) + KnownColumns.requester.found(among: names)
    }

    private func report(_ removal: RowRemoval, _ file: String) {
        print("removed \(removal.removed.counted("row")) of \(file.shown); \(removal.kept) stay")
        guard !removal.doubtful.isEmpty else { return }
        let lines = removal.doubtful.prefix(10).map(String.init).joined(separator: ", ")
        let more = removal.doubtful.count > 10 ? " and \(removal.doubtful.count - 10) more" : ""
        Terminal.say(
            "triage: warning: \(file): rows that stay mention the requester, or cannot be read: lines \(lines)\(more); "
                + "look at them, and remove what has to go")
    }

    // MARK: - The model
}
#endif
