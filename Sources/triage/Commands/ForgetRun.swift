#if Service
import TriageData
import TriageModel
import TriageStore

/// One run of `triage forget`: the stores that are erased, and what was found in them.
final class ForgetRun {
    /// The requester's name; nil for a ticket or a decision.
    let person: String?
    /// Ids of tickets whose rows go from training files: the one that was named, or those of the requester.
    private(set) var ids: Set<String>
    private let command: Forget
    private var total = DeletionReport()

    init(_ command: Forget) throws {
        self.command = command
        person = command.requester
        ids = Set([command.ticket?.trimmed].compactMap(\.self))
        for backup in command.files.backup { _ = try TicketStore.ledgerEnd(of: backup) }
    }

    /// What is erased in one store: each store has a key of its own, or shares it with its backups.
    func subject(in store: String) throws -> ErasureSubject {
        if let ticket = command.ticket { return .ticket(ticket) }
        if let decision = command.decision { return .decision(decision) }
        guard let hash = try TicketStore.requesterHash(command.requester ?? "", in: store) else {
            throw StoreError.unknownRequester
        }
        return .requester(hash: hash)
    }

    /// Erases in the store and its backups.
    func eraseStores() async throws -> [ErasureReceipt.Place] {
        var places = [try await erase("store", command.place.store)]
        for backup in command.files.backup { places.append(try await erase("backup", backup)) }
        return places
    }

    private func erase(_ kind: String, _ path: String) async throws -> ErasureReceipt.Place {
        let before = try TicketStore.ledgerEnd(of: path)
        var report = DeletionReport()
        do throws(StoreError) {
            report = try await TicketStore.delete(
                .erase(try subject(of: path), by: command.by), from: path, waiting: command.patience.wait)
        } catch {
            guard error.isNothingFound else { throw error }
        }
        report.warnUnlessClean()
        ids.formUnion(report.ids)
        total.decisions += report.decisions
        total.texts += report.texts
        total.tickets += report.tickets
        return ErasureReceipt.Place(
            kind, path, before: before, after: try TicketStore.ledgerEnd(of: path),
            counts: [
                ("decisions", report.decisions), ("texts", report.texts), ("waiting_tickets", report.tickets),
            ])
    }

    private func subject(of path: String) throws(StoreError) -> ErasureSubject {
        do { return try subject(in: path) } catch let error as StoreError { throw error } catch {
            throw .unknownRequester
        }
    }

    /// The error when no place held anything.
    var nothingFound: StoreError {
        if let ticket = command.ticket { return .notFound(kind: "ticket", id: ticket) }
        if let decision = command.decision { return .notFound(kind: "decision", id: decision) }
        return .unknownRequester
    }

    func say() {
        let stores = 1 + command.files.backup.count
        print(
            "erased \(total.decisions.counted("decision")) with \(total.texts.counted("text")), and "
                + total.tickets.counted("waiting ticket") + (stores > 1 ? ", in \(stores) stores" : ""))
    }
}

extension StoreError {
    fileprivate var isNothingFound: Bool {
        switch self {
        case .notFound, .unknownRequester: true
        default: false
        }
    }
}

/// Writes a receipt and its signature.
struct ReceiptSigner {
    private let path: String
    private let key: SigningKey

    /// - Throws: When the key cannot be read, or the receipt could not be written.
    init(_ path: String?, key file: String?, store: String) throws {
        let own = try TicketStore.signingKey(of: store)
        key =
            try file.map { file in
                try SigningKey(file: file) { throw SignatureError.passwordNeeded(path: file) }
            } ?? own
        let folder = "\(store)/receipts"
        self.path = path ?? "\(folder)/\(RecordID.make()).json"
        if path == nil { try AtomicOutput.makeFolders(folder) }
        try AtomicOutput.checkFolder(of: self.path)
    }

    func write(_ receipt: ErasureReceipt) throws {
        try AtomicOutput.write(receipt.bytes, to: path, permissions: 0o600)
        let signature = try FileSignature(of: path, by: key)
        try AtomicOutput.write(
            Array(signature.text.utf8), to: path + FileSignature.fileEnding, permissions: 0o600)
        print("receipt: \(path.shown)")
        print("check it: triage sign verify --key \(key.verificationKey.base64) \(path.shown)")
    }
}
#endif
