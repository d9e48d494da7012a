internal import Glibc
internal import SystemPackage
internal import TriageData

/// The files of a store: `triage.sqlite`, the `key`, and the `lock` that its one writer holds.
///
/// Only the owner may read the folder and its files.
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
    /// The name of the key until the ledger has its first row: a store with this file was never finished.
    var newKey: String { "\(path)/\(StoreFolder.newKeyName)" }
    var lock: String { "\(path)/\(StoreFolder.lockName)" }

    /// Makes the folder when it is not there.
    func create() throws(StoreError) {
        guard !FileInput.isFolder(path) else { return }
        guard mkdir(path, 0o700) == 0 else { throw .data(.unwritable(path, errno: .last)) }
        AtomicOutput.syncFolder(of: path)
    }

    /// - Throws: `StoreError.notAStore` that names the part which is missing, `.noLedger` when there is only a key.
    func check() throws(StoreError) {
        if FileInput.mayHold(StoreFolder.databaseName, inFolder: path), !FileInput.exists(database) {
            throw .data(.unreadable(path: path, reason: Errno.permissionDenied.description))
        }
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
        guard rename(newKey, key) == 0 else { throw .data(.unwritable(key, errno: .last)) }
        AtomicOutput.syncFolder(of: key)
    }

    /// Gives the folder another name, durably.
    func move(to other: String) throws(StoreError) {
        AtomicOutput.syncFolder(of: database)
        guard rename(path, other) == 0 else { throw .data(.unwritable(other, errno: .last)) }
        AtomicOutput.syncFolder(of: other)
    }

    /// Renames the folder to the first name that is free: `PATH.previous`, `PATH.previous-2` and so on.
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

    /// Deletes the store's files, and the folder when nothing else is in it.
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
        DatabaseFile(try open(database), path: database)
    }

    /// Opens a file of this folder for reading and writing; makes it, for the owner alone, unless there is one.
    func open(_ path: String) throws(StoreError) -> OpenFile {
        do {
            return try OpenFile(path, .readWrite, options: .create, permissions: .ownerReadWrite)
        } catch {
            throw error == .readOnlyFileSystem || error == .permissionDenied
                ? .readOnly(path: self.path) : .data(.unwritable(path, errno: error))
        }
    }

    /// Whether both paths lead to one folder that is there.
    func isSame(as other: StoreFolder) -> Bool {
        guard let identity = FileIdentity(path: path) else { return false }
        return identity == FileIdentity(path: other.path)
    }

    /// Whether this user may make files here.
    var isWritable: Bool { access(path, W_OK) == 0 }

    /// Bytes of the database and its log.
    var byteCount: Int { ["", "-wal"].reduce(0) { $0 + StoreFolder.size(database + $1) } }

    private static func size(_ path: String) -> Int {
        (try? Stat(path)).map { Int($0.size) } ?? 0
    }
}
