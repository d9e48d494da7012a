#if Service
import ArgumentParser
import TriageData
import TriageStore

/// Which store is used.
struct StorePath: ParsableArguments {
    @Option(help: ArgumentHelp("The store's folder.", valueName: "dir"))
    var store = "store"

    /// Opens it beside whoever writes it.
    func read() throws -> TicketStore { try TicketStore(store, .read) }

    /// Opens it as its one writer; one that is not there is not made.
    func write() throws -> TicketStore {
        guard ["triage.sqlite", "key"].contains(where: { FileInput.exists("\(store)/\($0)") }) else {
            throw StoreError.notAStore(path: store, missing: "triage.sqlite")
        }
        return try TicketStore(store)
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
        case .full, .busy, .notFound, .conflict, .idempotencyConflict, .leaseLost, .alreadyUndone,
            .requestFailed:
            self = .failure
        }
    }
}

/// A time of the store as people and machines read it.
func shownTime(_ milliseconds: Int64) -> String {
    Timestamp(milliseconds: milliseconds).text
}
#endif
