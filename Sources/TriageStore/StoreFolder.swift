internal import TriageData

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The files of a store: `triage.sqlite`, the `key`, and the `lock` that its one writer holds.
///
/// The folder is the owner's alone, and so is all in it.
struct StoreFolder: Sendable {
    /// The folder's path, without a slash at its end.
    let path: String

    init(path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    static let databaseName = "triage.sqlite"
    static let keyName = "key"
    static let newKeyName = "key.new"
    static let lockName = "lock"

    var database: String { "\(path)/\(StoreFolder.databaseName)" }
    var key: String { "\(path)/\(StoreFolder.keyName)" }
    /// What the key is called until the ledger has its first row: a store that has it was never finished.
    var newKey: String { "\(path)/\(StoreFolder.newKeyName)" }
    var lock: String { "\(path)/\(StoreFolder.lockName)" }

    /// Makes the folder when it is not there.
    func create() throws(StoreError) {
        guard !FileInput.isFolder(path) else { return }
        guard mkdir(path, 0o700) == 0 else { throw .data(.unwritable(path, errno: errno)) }
        AtomicOutput.syncFolder(of: path)
    }

    /// - Throws: `StoreError.notAStore` that names the part which is missing, `.noLedger` when there is only a key.
    func check() throws(StoreError) {
        let hasKey = FileInput.exists(key)
        guard hasDatabase else {
            throw hasKey
                ? .noLedger(path: path) : .notAStore(path: path, missing: StoreFolder.databaseName)
        }
        guard hasKey else { throw .notAStore(path: path, missing: StoreFolder.keyName) }
    }

    /// Whether there is a database that is not empty.
    var hasDatabase: Bool { StoreFolder.size(database) > 0 }

    /// Whether any part of a store is there.
    var hasParts: Bool { [database, key, newKey].contains { FileInput.exists($0) } }

    /// Gives a new key its name, durably: the store is whole from now on.
    func finishKey() throws(StoreError) {
        guard rename(newKey, key) == 0 else { throw .data(.unwritable(key, errno: errno)) }
        AtomicOutput.syncFolder(of: key)
    }

    /// Gives the folder another name, durably.
    func move(to other: String) throws(StoreError) {
        AtomicOutput.syncFolder(of: database)
        guard rename(path, other) == 0 else { throw .data(.unwritable(other, errno: errno)) }
        AtomicOutput.syncFolder(of: other)
    }

    /// Keeps what is here beside it, under the first name that is free: `PATH.previous`, `PATH.previous-2` and so on.
    ///
    /// - Returns: That name; nothing that had one before is touched.
    func setAside() throws(StoreError) -> String {
        var (name, number) = ("\(path).previous", 1)
        while FileInput.exists(name) {
            number += 1
            name = "\(path).previous-\(number)"
        }
        try move(to: name)
        return name
    }

    /// Takes the store's files away, and the folder when nothing else is in it.
    func remove() {
        let names = [
            StoreFolder.databaseName, StoreFolder.keyName, StoreFolder.newKeyName, StoreFolder.lockName,
        ]
        for name in names + ["-wal", "-shm", "-journal"].map({ StoreFolder.databaseName + $0 }) {
            unlink("\(path)/\(name)")
        }
        rmdir(path)
    }

    /// Makes an empty file unless there is one, so that SQLite does not make it for everybody to read.
    @discardableResult
    func makeDatabase() throws(StoreError) -> DatabaseFile {
        let descriptor = open(database, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EROFS || errno == EACCES
                ? .readOnly(path: path) : .data(.unwritable(database, errno: errno))
        }
        return DatabaseFile(descriptor: descriptor, path: database)
    }

    /// Whether this user may make files here.
    var isWritable: Bool { access(path, W_OK) == 0 }

    /// Bytes of the database and its log.
    var byteCount: Int { ["", "-wal"].reduce(0) { $0 + StoreFolder.size(database + $1) } }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
