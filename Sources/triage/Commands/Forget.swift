#if Service
import ArgumentParser
import Foundation
import TriageData
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
            again from these files, and the version before it is deleted.

            A signed receipt lists each place with its hash before and after. Snapshots of the disk, unused space of file \
            systems, and the sender's own systems are not touched.

            While a service has the store open, the command leaves the request in the store and waits for its answer.
            """)
    @OptionGroup var place: StorePath
    @Option(
        help: ArgumentHelp(
            "The person: the value that tickets came with as requester, such as a mail address; upper and lower case count as one.",
            valueName: "name"))
    var requester: String?
    @Option(
        help: ArgumentHelp(
            "The ticket: your own id of it, or the id that POST /v1/tickets gave.", valueName: "id"))
    var ticket: String?
    @Option(help: ArgumentHelp("One decision, by its id.", valueName: "id"))
    var decision: String?
    @Option(help: ArgumentHelp("The person who requires it, for the ledger.", valueName: "name"))
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
    }

    func run() async throws {
        try await reportingErrors {
            let signer = try ReceiptSigner(receipt, key: secretKey, store: place.store)
            // Whatever cannot be read is met before anything is deleted.
            try files.check()
            let erasure = try ForgetRun(self)
            var receipt = ErasureReceipt(
                try erasure.subject(in: place.store), by: by, time: Int64(Date().timeIntervalSince1970 * 1000)
            )
            receipt.places = try await erasure.eraseStores()
            receipt.places += try files.removeRows(of: erasure.person, ids: erasure.ids)
            guard receipt.places.contains(where: { $0.counts.contains { $0.value > 0 } }) || files.retrains
            else {
                throw erasure.nothingFound
            }
            erasure.say()
            do { receipt.places += try files.retrain() } catch {
                // What was erased is gone, whether or not the training succeeds.
                try signer.write(receipt)
                throw error
            }
            try signer.write(receipt)
        }
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
