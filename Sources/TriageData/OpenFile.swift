internal import Glibc
package import SystemPackage

extension Errno {
    /// The error number that the last failed call of the C library left.
    package static var last: Errno { Errno(rawValue: errno) }

    /// The system's words for an error number that another library gives, such as "Connection refused".
    package static func text(_ code: CInt) -> String { Errno(rawValue: code).description }
}

/// An open file.
///
/// Calls that a signal interrupts are repeated; any other failure throws the system's error number.
package struct OpenFile: Sendable {
    package static let standardInput = OpenFile(.standardInput)
    package static let standardOutput = OpenFile(.standardOutput)
    package static let standardError = OpenFile(.standardError)

    fileprivate let descriptor: FileDescriptor

    private init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Opens a file, which programs that this one starts do not inherit.
    package init(
        _ path: String, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions = [],
        permissions: FilePermissions? = nil
    ) throws(Errno) {
        descriptor = try system {
            try FileDescriptor.open(
                path, mode, options: options.union(.closeOnExec), permissions: permissions)
        }
    }

    package func close() { try? descriptor.close() }

    package func status() throws(Errno) -> Stat { try Stat(descriptor) }

    /// The next bytes, `count` at most; none at the end of the file.
    package func read(_ count: Int) throws(Errno) -> [UInt8] {
        try system {
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// The `count` bytes at a place of the file; fewer where it ends.
    package func read(at place: Int, _ count: Int) throws(Errno) -> [UInt8] {
        try system {
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let rest = UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                    let got = try descriptor.read(fromAbsoluteOffset: Int64(place + filled), into: rest)
                    if got == 0 { break }
                    filled += got
                }
            }
        }
    }

    package func write(_ bytes: [UInt8]) throws(Errno) { try system { _ = try descriptor.writeAll(bytes) } }

    package func truncate(to length: Int) throws(Errno) {
        try system { try descriptor.resize(to: Int64(length)) }
    }

    /// Sets the permissions, whatever the process's mask takes away from those of new files.
    package func setPermissions(_ permissions: FilePermissions) {
        fchmod(descriptor.rawValue, permissions.rawValue)
    }

    /// Brings what was written to the disk.
    package func sync() throws(Errno) {
        guard fsync(descriptor.rawValue) == 0 else { throw .last }
    }

    /// Takes the file's exclusive advisory lock, which ends when the file is closed.
    ///
    /// - Throws: `Errno.wouldBlock` when another holder has it and this one does not wait.
    package func lock(waits: Bool) throws(Errno) {
        while flock(descriptor.rawValue, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            guard Errno.last == .interrupted else { throw .last }
        }
    }
}

package struct FileIdentity: Sendable, Equatable {
    private let device: DeviceID
    private let number: Inode

    package init?(path: String) {
        guard let status = try? Stat(path) else { return nil }
        self.init(status)
    }

    package init?(_ file: OpenFile) {
        guard let status = try? file.status() else { return nil }
        self.init(status)
    }

    package init(_ status: Stat) { (device, number) = (status.deviceID, status.inode) }
}

/// A lock that lets one program at a time change a file that is replaced whole.
///
/// It is the lock of the file's folder, since each change makes another file of that name.
package struct FolderLock: Sendable {
    private let folder: OpenFile

    /// Waits until no other program holds the lock of the folder of `path`.
    package init(holding path: String) throws(DataError) {
        do throws(Errno) {
            folder = try OpenFile(AtomicOutput.parent(of: path), .readOnly, options: .directory)
            do { try folder.lock(waits: true) } catch {
                folder.close()
                throw error
            }
        } catch {
            throw .unwritable(path, errno: error)
        }
    }

    package func release() { folder.close() }
}

/// Runs calls of System, all of whose errors are error numbers.
private func system<Result>(_ body: () throws -> Result) throws(Errno) -> Result {
    do { return try body() } catch { throw error as? Errno ?? .ioError }
}
