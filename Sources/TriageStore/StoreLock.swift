internal import Glibc
internal import SystemPackage
internal import TriageData

/// The lock of a store's one writer: an advisory lock on a file that holds the writer's process id.
///
/// The system releases it when the process ends, however it ends.
final class StoreLock: Sendable {
    private let file: OpenFile
    /// Whether the last writer was killed, crashed or lost power: then its id is still in the file.
    let followsCrash: Bool

    /// - Throws: `StoreError.locked` with the other writer's process id.
    init(_ folder: StoreFolder) throws(StoreError) {
        file = try folder.open(folder.lock)
        do { try file.lock(waits: false) } catch {
            let owner = StoreLock.owner(file)
            file.close()
            throw .locked(path: folder.path, pid: owner)
        }
        followsCrash = (try? file.status()).map { $0.size > 0 } ?? false
        try? file.truncate(to: 0)
        try? file.write(Array("\(getpid())\n".utf8))
    }

    /// The file that is locked.
    var identity: FileIdentity? { FileIdentity(file) }

    /// Marks that the writer ended in order.
    func leave() { try? file.truncate(to: 0) }

    deinit { file.close() }

    private static func owner(_ file: OpenFile) -> Int32? {
        let bytes = (try? file.read(at: 0, 16)) ?? []
        let digits = bytes.prefix { (0x30...0x39).contains($0) }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}

/// The files that a writer has open.
///
/// A file that lost its name is gone when the process ends, and a process that makes a new file of that name is a second
/// writer. So each write first checks that every name still refers to the open file.
struct OpenFileGuard: Sendable {
    private let folder: StoreFolder
    private let identities: [(name: String, identity: FileIdentity?)]

    /// The files of a writer whose database is open; a reader has none.
    init(_ folder: StoreFolder, _ lock: StoreLock?) {
        self.folder = folder
        guard let lock else {
            identities = []
            return
        }
        let database = [StoreFolder.databaseName, StoreFolder.databaseName + "-wal"].map {
            ($0, FileIdentity(path: "\(folder.path)/\($0)"))
        }
        identities = [(StoreFolder.lockName, lock.identity)] + database
    }

    /// - Throws: `StoreError.displaced` with the first file that is gone, or that another one has the name of.
    func check() throws(StoreError) {
        for (name, identity) in identities
        where identity == nil || FileIdentity(path: "\(folder.path)/\(name)") != identity {
            throw .displaced(path: folder.path, name: name)
        }
    }
}
