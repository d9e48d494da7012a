#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Which file a name stands for.
struct FileIdentity: Sendable, Equatable {
    private let device: UInt64
    private let number: UInt64

    /// Nil when there is no such file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// That of an open file.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }
}

/// The files that a writer has open.
///
/// What is written into a file that has lost its name is nowhere once the process ends, and whoever makes the file anew
/// is a second writer: so a write looks first whether each is still what its name stands for.
struct OpenFileGuard: Sendable {
    private let folder: StoreFolder
    private let identities: [(name: String, identity: FileIdentity?)]

    /// Those of a writer, whose database is open; a reader holds none.
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
