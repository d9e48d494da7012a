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
            "The model that --data trained: it is trained again, and its former version deleted.",
            valueName: "dir"))
    var model: String?

    func validate() throws {
        guard model == nil || !data.isEmpty else {
            throw ValidationError("--model takes --data, the files to train it from again.")
        }
        guard !data.contains("-") else {
            throw ValidationError("--data takes files, from which rows are removed, not standard input.")
        }
        guard requesterColumn == nil || !data.isEmpty else {
            throw ValidationError("--requester-column takes --data.")
        }
    }

    /// Whether a model is trained again.
    var retrains: Bool { model != nil }

    /// - Throws: When a file or the model cannot be read, or a file's folder takes no file.
    func check() throws {
        for file in data {
            let reader = try RowReader(path: file)
            if let requesterColumn, !reader.columns.isEmpty,
                KnownColumns.match(requesterColumn, among: reader.columns) == nil
            {
                throw DataError.noColumn(
                    path: file, name: requesterColumn, isID: false, columns: reader.columns)
            }
            try AtomicOutput.checkFolder(of: file)
            _ = try RowRemoval(path: file, removing: { _ in false }, mentions: { _ in false })
        }
        if let model {
            _ = try OutputFolder(model, names: ModelBundle.fileNames)
            _ = try retraining(try Installation.bundle(model))
        }
    }

    // MARK: - Rows

    /// Removes the rows of a person, and those with some ids, from each file.
    func removeRows(of person: String?, ids: Set<String>) throws -> [ErasureReceipt.Place] {
        let wanted = person.map(Requester.normal)
        let remembered = try model.map { try Installation.bundle($0).manifest.input } ?? nil
        let columns = TicketColumns(remembered: remembered)
        return try data.map { file in
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

    /// Trains the model again, or names the command for it.
    func retrain() throws -> [ErasureReceipt.Place] {
        guard let model else {
            guard data.isEmpty else {
                print(
                    "train the model again from \(data.map(\.shown).joined(separator: ", ")): triage train …")
                return []
            }
            print(
                "was a model trained on it? triage forget … --data FILE --model DIR removes its rows and trains it again"
            )
            return []
        }
        let earlier = try Installation.bundle(model)
        let words = try retraining(earlier)
        print("triage train \(words.joined(separator: " "))".shown)
        try (Train.parse(words)).run()
        let previous = try previousPlace(of: model)
        let place = ErasureReceipt.Place(
            "model", model, before: earlier.sha256, after: try Installation.bundle(model).sha256)
        return [place] + (previous.map { [$0] } ?? [])
    }

    /// The version that the training put aside holds the forgotten rows' share in its weights: it goes.
    private func previousPlace(of model: String) throws -> ErasureReceipt.Place? {
        let path = "\(model).previous"
        guard FileInput.isFolder(path) else { return nil }
        let hash = try? Installation.bundle(path).sha256
        try OutputFolder.delete(path, names: ModelBundle.fileNames)
        print("deleted \(path.shown); a running service decides with it until it reads models again (reload)")
        return ErasureReceipt.Place("previous model", path, before: hash, after: nil)
    }

    /// The arguments of a training from the files, with the columns, roles and target of an earlier model.
    ///
    /// It does not begin with the earlier weights: these know the rows that went.
    private func retraining(_ earlier: ModelBundle) throws -> [String] {
        var words = data.flatMap { ["--data", $0] } + ["--output", model ?? ""]
        for head in earlier.heads {
            let field = head.manifest.field
            if head.hasTags {
                words += ["--tags", field]
            } else if let tree = head.manifest.tree {
                words += ["--tree", (tree.columns ?? [field]).joined(separator: ",")]
            } else {
                words += ["--label", field]
            }
            if let role = head.manifest.role { words += ["--role", "\(role)=\(field)"] }
        }
        if earlier.heads.allSatisfy({ $0.manifest.tree == nil }) { words += ["--tree", "none"] }
        let targets = Set(earlier.heads.compactMap { $0.manifest.auto?.target })
        if targets.count == 1, let target = targets.first, AutoTarget(parsing: target) != nil {
            words += ["--target", target]
        }
        if earlier.manifest.embedding == nil { words += ["--embedding", "none"] }
        guard let input = earlier.manifest.input else { return words }
        // Of names that a file lacks, the columns are found as in a first training.
        let text = input.subject.prefix(1) + input.body
        if input.subject.count == 1, text.count > 1, try haveColumns(Array(text)) {
            words += text.flatMap { ["--text", $0] }
        }
        if let id = input.id, try haveColumns([id]) { words += ["--id-column", id] }
        if let requester = input.requester { words += ["--group", requester] }
        if let time = input.time { words += ["--time", time] }
        return words
    }

    /// Whether each file has columns of these names, by its header or its first row.
    private func haveColumns(_ names: [String]) throws -> Bool {
        try data.allSatisfy { file in
            let reader = try RowReader(path: file)
            var columns = reader.columns
            if columns.isEmpty, case .success(let row)? = try reader.next() {
                columns = row.fields.keys.sorted()
            }
            return names.allSatisfy { KnownColumns.match($0, among: columns) != nil }
        }
    }
}
#endif
