#if Service
import ArgumentParser
import Glibc
import TriageData
import TriageStore

/// Which store is used.
struct StorePath: ParsableArguments {
    @Option(help: ArgumentHelp("The store's folder.", valueName: "dir"))
    var store = "store"

    /// Runs a command's work on the store, beside the process that writes it.
    func read(as mode: TicketStore.Mode = .read, _ work: (TicketStore) throws -> Void) throws {
        try reportingErrors {
            try checkUser()
            let store = try TicketStore(self.store, mode)
            try work(store)
            try store.close()
        }
    }

    /// Runs a command's work as the store's one writer; a store that is not there is not made.
    func write(_ work: (TicketStore) async throws -> Void) async throws {
        try await reportingErrors {
            try checkUser()
            let store = try TicketStore.existing(self.store)
            try await work(store)
            try store.close()
        }
    }

    /// Refuses to open another user's store as root: what SQLite and receipts add to it would be root's, and the service that
    /// runs as that user could not start any more.
    func checkUser() throws {
        guard geteuid() == 0, let owner = FileInput.owner(of: store), owner != 0 else { return }
        let name = Account.name(of: owner)
        throw ValidationError(
            "\(store.shown) is a store of \(name), and new files in it would be root's; run this as that user: sudo -u \(name) "
                + "triage …")
    }
}

extension ExitCode {
    init(store error: StoreError) {
        switch error {
        case .locked, .textExpired, .erased, .unanswered, .otherSnapshot, .earlierEngine, .outdated,
            .outdatedBackup:
            self = .unavailable
        case .notAStore: self = .noInput
        case .readOnly, .diskFull: self = .cannotWrite
        case .damaged, .brokenLedger, .noLedger, .newer, .invalid, .noField: self = .badData
        case .failed, .closed, .displaced: self = .ioFailed
        case .data(let error): self = ExitCode(for: error)
        case .full, .busy, .listing, .notFound, .unknownRequester, .conflict, .idempotencyConflict,
            .leaseLost, .alreadyUndone, .requestFailed:
            self = .failure
        }
    }
}
#endif
