#if Service
import ArgumentParser
import Foundation
import TriageData
import TriageModel
import TriageStore

/// `triage forget`: one ticket, or all tickets of one person, gone.
struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase a ticket, or all of a requester, from store, backups and training files.",
        discussion: """
            Deletes the masked text, the answer, notes of corrections, what is remembered of them, and what waits in the \
            queue; the bytes are overwritten. The ledger keeps its rows: labels, keyed hashes, and your own id of a ticket \
            that was decided. One row more accounts for the erasure, so that `triage ledger verify` still passes.

            A requester is known to the store when tickets come with "requester": it keeps a keyed hash, for as long as \
            the text. Stores named with --backup are erased in the same way. From files named with --data go the rows of \
            the requester, and those with the ids of the tickets; all other bytes stay. With --model the model is trained \
            again without them, and what was trained before is deleted: of a registry all earlier versions, and the new one \
            becomes the champion.

            Everything is checked before anything is erased. After an interruption give the same command again: it goes on, \
            with the receipt of the first run.

            A signed receipt lists each place with its hash before and after. Snapshots of the disk, unused space of file \
            systems, and the sender's own systems are not touched.

            While a service has the store open, the command leaves the request in the store and waits for its answer.
            """)
    @OptionGroup var place: StorePath
    @Option(
        help: ArgumentHelp(
            "The person: the value that tickets came with as requester, such as a mail address; case does not count (STRASSE is Straße).",
            valueName: "name"))
    var requester: String?
    @Option(
        help: ArgumentHelp(
            "The ticket: your own id of it, or the id that POST /v1/tickets gave.", valueName: "id"))
    var ticket: String?
    @Option(help: ArgumentHelp("One decision, by its id.", valueName: "id"))
    var decision: String?
    @Option(
        help: ArgumentHelp(
            "The person or request that requires it, for the ledger, which keeps it; not the requester's name.",
            valueName: "name"))
    var by: String?
    @OptionGroup var files: ForgetFiles
    @Option(
        help: ArgumentHelp(
            "Where the receipt goes; its signature lies beside it (default: receipts/ in the store's folder).",
            valueName: "file"))
    var receipt: String?
    @Option(
        help: ArgumentHelp(
            "A secret key without a password that signs the receipt (default: the store's own).",
            valueName: "file"))
    var secretKey: String?
    @OptionGroup var patience: WriterPatience

    func validate() throws {
        guard [requester, ticket, decision].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("Give --requester, --ticket or --decision, one of them.")
        }
        guard [requester, ticket, decision].allSatisfy({ $0?.trimmed.isEmpty != true }) else {
            throw ValidationError(
                "--requester, --ticket and --decision take a name or an id, not an empty text.")
        }
        guard decision == nil || files.data.isEmpty else {
            throw ValidationError("--data takes --requester or --ticket: rows have no ids of decisions.")
        }
        guard let requester, let by, Requester.names(requester, in: by) else { return }
        throw ValidationError(
            "--by holds the requester's name, and the ledger keeps it for good; give a number, or who requires the erasure."
        )
    }

    func run() async throws {
        try await reportingErrors {
            try place.checkUser()
            // Whatever cannot be read or written is met before anything is deleted.
            let model = try files.forgetModel(store: place.store)
            let paths = files.paths(of: model)
            try files.check(paths)
            let erasure = try ForgetRun(self)
            var file = try ReceiptFile(
                receipt, key: secretKey, store: place.store,
                for: ErasureReceipt(
                    try erasure.subject(in: place.store), by: by,
                    time: Int64(Date().timeIntervalSince1970 * 1000)))
            // The store goes last: until then it links the requester to the tickets' ids, which a repeated run needs.
            for path in paths {
                let input = model?.earlier.manifest.input
                try file.add([
                    try files.removeRows(of: erasure.person, ids: erasure.ids, from: path, input)
                ])
            }
            for backup in files.backup { try file.add([try await erasure.erase("backup", backup)]) }
            try file.add([try await erasure.erase("store", place.store)])
            guard file.hasDeletions else { throw nothingFound(erasure) }
            erasure.say()
            if let model { try retrain(model, erasure, &file) }
            try file.finish()
            erasure.sayRest()
            file.show()
        }
    }

    /// Trains the model again; when that fails, names the command that remains to be run.
    private func retrain(_ model: ForgetModel, _ erasure: ForgetRun, _ file: inout ReceiptFile) throws {
        do {
            try reportingErrors { try file.add(try model.retrain(by: by)) }
        } catch {
            file.show()
            Terminal.say(
                "triage: the rows are gone, but the model still knows them. Mend what kept it from being trained, then run: "
                    + erasure.again(data: files.data, model: model.path))
            throw error
        }
    }

    private func nothingFound(_ erasure: ForgetRun) -> StoreError {
        if files.model != nil {
            Terminal.say(
                "triage: the model was left as it is; if an earlier run erased them, name its receipt with --receipt, and the "
                    + "model is trained again")
        }
        return erasure.nothingFound
    }
}

/// How long a command waits for the service that has the store open.
struct WriterPatience: ParsableArguments {
    @Option(
        name: .customLong("wait"), parsing: .unconditional,
        help: ArgumentHelp(
            "How long to wait for a service that has the store open, such as 30s or 5m (default: 60s).",
            valueName: "time"), transform: Duration.waiting)
    var patience = Duration.seconds(60)

    /// Whole seconds, at least one.
    var wait: Int { Int((patience / .seconds(1)).rounded(.up)) }
}

extension DeletionReport {
    /// Notes that deleted bytes may still be in the log.
    func warnUnlessClean() {
        guard !isClean else { return }
        Terminal.say(
            "triage: another process reads an older state of the store, so that its log may still hold copies; a running "
                + "service removes them as soon as that ends; without a service run `triage store expire`")
    }
}
#endif
