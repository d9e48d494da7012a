#if Service
import TriageData
import TriageModel
import TriageStore

/// One run of `triage forget`: the stores that are erased, and what was found in them.
final class ForgetRun {
    /// The requester's name; nil for a ticket or a decision.
    let person: String?
    /// Ids of tickets whose rows go from training files: the one that was named, or those of the requester.
    ///
    /// They are read before anything is erased: afterwards no store links them to the person.
    private(set) var ids: Set<String>
    private let command: Forget
    private var total = DeletionReport()

    /// - Throws: When a store cannot be read, or its folder cannot be written to.
    init(_ command: Forget) throws {
        self.command = command
        person = command.requester
        ids = Set([command.ticket?.trimmed].compactMap(\.self))
        for path in [command.place.store] + command.files.backup {
            _ = try TicketStore.ledgerEnd(of: path)
            try AtomicOutput.checkFolder(of: "\(path)/triage.sqlite")
            ids.formUnion(try TicketStore.ticketIDs(of: try subject(in: path), in: path))
        }
    }

    /// What is erased in one store: each store has a key of its own, or shares it with its backups.
    func subject(in store: String) throws(StoreError) -> ErasureSubject {
        if let ticket = command.ticket { return .ticket(ticket) }
        if let decision = command.decision { return .decision(decision) }
        guard let subject = try TicketStore.requesterSubject(command.requester ?? "", in: store) else {
            throw .unknownRequester
        }
        return subject
    }

    /// Erases in the store, or in a backup of it.
    func erase(_ kind: String, _ path: String) async throws -> ErasureReceipt.Place {
        let before = try TicketStore.ledgerEnd(of: path)
        var report = DeletionReport()
        do throws(StoreError) {
            report = try await TicketStore.delete(
                .erase(try subject(in: path), by: command.by), from: path, waiting: command.patience.wait)
        } catch {
            guard error.isNothingFound else { throw error }
        }
        report.warnUnlessClean()
        total.decisions += report.decisions
        total.texts += report.texts
        total.tickets += report.tickets
        return ErasureReceipt.Place(
            kind, path, before: before, after: try TicketStore.ledgerEnd(of: path),
            counts: [
                ("decisions", report.decisions), ("texts", report.texts), ("waiting_tickets", report.tickets),
            ])
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

    /// Names what a run without files or without a model leaves to do.
    func sayRest() {
        let files = command.files
        guard files.model == nil, command.decision == nil else { return }
        guard files.data.isEmpty else {
            return print(
                "a model that was trained on these rows still knows them; to train it again, DIR its folder or registry: "
                    + again(data: files.data, model: "DIR").shown)
        }
        print(
            "was a model trained on it? \(again(data: ["FILE"], model: "DIR")) removes its rows and trains it again"
                .shown)
        guard person != nil, !ids.isEmpty else { return }
        let names = ids.sorted().prefix(ForgetRun.maximumNamed).joined(separator: ", ")
        let more = ids.count > ForgetRun.maximumNamed ? " and \(ids.count - ForgetRun.maximumNamed) more" : ""
        print(
            "in files without a column of requesters give each of these ids as --ticket instead of --requester: "
                + "\(names)\(more)".shown)
    }

    private static let maximumNamed = 50

    /// The command that goes on from here; a requester is not spelled, since the text may reach a log.
    func again(data: [String], model: String) -> String {
        let subject = command.ticket.map { "--ticket \($0)" } ?? "--requester NAME"
        let files = data.map { " --data \($0)" }.joined()
        return "triage forget --store \(command.place.store) \(subject)\(files) --model \(model)"
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
#endif
