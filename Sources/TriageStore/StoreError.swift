package import TriageData
internal import GRDB

/// What a store could not do.
package enum StoreError: Error, Equatable {
    // MARK: The file

    /// Another process writes this store; its id, if the lock file has it.
    case locked(path: String, pid: Int32?)
    /// There is no store, or a part of one is missing.
    case notAStore(path: String, missing: String)
    /// The store's key is there, and its database is missing, empty, or without a ledger.
    case noLedger(path: String)
    /// The store was made by a newer version.
    case newer(path: String)
    /// The store's tables are those of an older version, and only a writer brings them up to date.
    case outdated(path: String)
    /// A file that the writer has open was deleted, moved or replaced.
    case displaced(path: String, name: String)
    /// The store, or the disk below it, takes no writes.
    case readOnly(path: String)
    /// The disk, or the user's share of it, is full.
    case diskFull(path: String)
    /// The bytes on disk are not a sound database.
    case damaged(path: String, problem: String)
    /// SQLite could not do it, by its result code.
    case failed(path: String, code: Int, reason: String)
    case closed
    /// A file beside the database could not be read or written.
    case data(DataError)

    // MARK: Load

    /// The queue holds as many tickets as it may.
    case full(capacity: Int, retryAfter: Int)
    /// More writes wait for the disk than may.
    case busy(retryAfter: Int)
    /// The lists of a large store are not ready yet: the ledger is still being read.
    case listing(retryAfter: Int)

    // MARK: Requests

    /// Nothing has that id.
    case notFound(kind: String, id: String)
    /// No ticket in the store is of that requester.
    case unknownRequester
    /// The decision has other fields.
    case noField(String, known: [String])
    /// Another caller changed it first: the version that was expected, and the one it has.
    case conflict(expected: Int, found: Int)
    /// The idempotency key was used with another ticket.
    case idempotencyConflict
    /// The lease ran out and another worker leased the ticket, or it is done.
    case leaseLost(id: String)
    /// That correction was undone before.
    case alreadyUndone(id: String)
    /// A value that cannot be stored, and what to give instead.
    case invalid(problem: String)
    case erased(kind: String, id: String)
    /// The store's writer did not answer in time; what it was sent stays on the disk, and it does that when it can.
    case unanswered(path: String, seconds: Int)
    /// The store's writer could not do what it was sent.
    case requestFailed(problem: String)
    /// The decision's text has expired, or was never kept.
    case textExpired(id: String)
    /// The decision was made by another snapshot than the one at hand.
    case otherSnapshot(id: String, part: String, recorded: String, loaded: String)
    /// A decision of a version of triage whose engine decided by other rules.
    case earlierEngine(id: String)
    /// A backup that an older version made.
    case outdatedBackup(path: String)
    /// The ledger does not verify, so that it is not built upon.
    case brokenLedger(path: String, fault: LedgerError)
}

extension StoreError {
    /// Whether the store cannot work at the moment, through no fault of the request: a server answers 503.
    package var isUnavailable: Bool {
        switch self {
        case .locked, .notAStore, .noLedger, .newer, .outdated, .displaced, .readOnly, .diskFull, .damaged,
            .failed:
            true
        case .closed, .data, .full, .busy, .listing, .brokenLedger: true
        default: false
        }
    }

    /// The seconds after which it is worth trying again; nil when that does not depend on time.
    package var retryAfter: Int? {
        switch self {
        case .full(_, let seconds), .busy(let seconds), .listing(let seconds): seconds
        case .diskFull, .failed, .readOnly: 30
        default: nil
        }
    }

    /// What SQLite refused, without the values of the statement.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DataError: self = .data(error)
        case let fault as LedgerError: self = .brokenLedger(path: path, fault: fault)
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_FULL: self = .diskFull(path: path)
            case .SQLITE_READONLY: self = .readOnly(path: path)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                self = .damaged(path: path, problem: error.resultCode.description)
            case .SQLITE_MISUSE: self = .closed
            default:
                self = .failed(
                    path: path, code: Int(error.extendedResultCode.rawValue),
                    reason: error.extendedResultCode.description)
            }
        default: self = .failed(path: path, code: 1, reason: String(describing: type(of: error)))
        }
    }
}

extension StoreError: DescribedError {
    package var description: String {
        switch self {
        case .locked(let path, let pid):
            "\(path): another process\(pid.map { " (\($0))" } ?? "") writes this store, and a store has one writer; "
                + "stop that process, or use its HTTP interface"
        case .notAStore(let path, let missing):
            "\(path): no store here (\(missing) is missing); name a store's folder, or let `triage serve` make one"
        case .noLedger(let path):
            "\(path): found a store key but no ledger in triage.sqlite; restore a backup with `triage store restore`, "
                + "or move the file key (and triage.sqlite, if it exists) elsewhere to begin with an empty store"
        case .newer(let path):
            "\(path): made by a newer version of triage; install that version again, or restore a backup from before the "
                + "upgrade with `triage store restore`"
        case .outdated(let path):
            "\(path): made by an older version of triage; `triage serve` brings it up to date when it opens it"
        case .displaced(let path, let name):
            "\(path): \(name) was deleted, moved or replaced while this process had it open, and nothing more is written; "
                + "put it back, or stop the process and restore a backup with `triage store restore`"
        case .readOnly(let path):
            "\(path): takes no writes; check that this user may write there, and how the file system is mounted"
        case .diskFull(let path):
            "\(path): no space is left; free some there, or raise the limit that this user has"
        case .damaged(let path, let problem):
            "\(path): not a sound database (\(problem)); restore a backup with `triage store restore`"
        case .failed(let path, let code, let reason):
            "\(path): SQLite returned \(reason) (\(code)); check the disk, and the folder's permissions"
        case .closed: "the store is closed; nothing more was written"
        case .data(let error): error.description
        case .full(let capacity, let seconds):
            "the queue is full (\(capacity) tickets); try again in \(seconds) s"
        case .busy(let seconds): "the disk cannot keep up; try again in \(seconds) s"
        case .listing(let seconds):
            "the ledger is still being read for the lists, as it is after each start; try again in \(seconds) s"
        case .notFound(let kind, let id): "no \(kind) \(id.shown) in this store; check the id"
        case .unknownRequester:
            "no ticket of this requester in this store; check the spelling. The store knows who wrote a ticket only when it "
                + "was sent with \"requester\", for as long as its text is kept; name other tickets with --ticket"
        case .noField(let field, let known):
            "the decision has no field \(field.shown); it has \(known.joined(separator: ", "))"
        case .conflict(let expected, let found):
            "version \(expected) was expected and it is \(found) by now; read it again, then decide"
        case .idempotencyConflict:
            "the idempotency key was used with another ticket; give each ticket a key of its own"
        case .leaseLost(let id):
            "the lease of ticket \(id) ran out; the worker that has it now will finish it"
        case .alreadyUndone(let id): "the correction \(id.shown) was undone before"
        case .invalid(let problem), .requestFailed(let problem): problem
        case .erased(let kind, let id): "the \(kind) \(id.shown) was erased"
        case .unanswered(let path, let seconds):
            "\(path): the process that writes this store did not answer within \(seconds) s; the request is stored, and "
                + "the service carries it out as soon as it can, at its next start at the latest"
        case .textExpired(let id):
            "the text of decision \(id.shown) is no longer kept, so the decision cannot be made again; "
                + "the retention setting is the time that text is kept"
        case .otherSnapshot(let id, let part, let recorded, let loaded):
            "decision \(id.shown) was made with \(part) \(recorded.prefix(12)), and \(loaded.prefix(12)) is loaded; "
                + "load the one that the decision was made with"
        case .earlierEngine(let id):
            "decision \(id.shown) was made by an earlier version of triage with this playbook; this version leaves out matches "
                + "far below the cut, so only that version makes it again byte for byte"
        case .outdatedBackup(let path):
            "\(path): made by an older version of triage; copy the folder to the store's place, and `triage serve` upgrades the "
                + "copy when it opens it"
        case .brokenLedger(let path, let fault): "\(path): \(fault)"
        }
    }
}
