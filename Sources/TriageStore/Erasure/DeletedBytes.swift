internal import Foundation
internal import GRDB
internal import Synchronization
internal import TriageData

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Bytes that were deleted, to look for what is left of them in a database file.
///
/// SQLite overwrites what it deletes (`secure_delete`), but not a copy that it left behind when it moved a row to another
/// page: about one row in a thousand. Such a copy lies in a page's unused space, so that is where this looks.
struct DeletedBytes: Sendable {
    /// Each run of eight bytes, every eight bytes: what is left of 15 bytes in a row is found.
    private var runs: Set<UInt64> = []

    var isEmpty: Bool { runs.isEmpty }

    /// Adds all blobs of a row.
    mutating func insert(_ row: GRDB.Row) {
        for index in 0..<row.count {
            let bytes = row[index] as Data
            for start in stride(from: 0, through: bytes.count - 8, by: 8) {
                let run = bytes.dropFirst(start).prefix(8)
                runs.insert(run.reduce(0) { $0 << 8 | UInt64($1) })
            }
        }
    }

    mutating func formUnion(_ other: DeletedBytes) { runs.formUnion(other.runs) }

    /// Whether the unused space of a database's pages holds any of them.
    ///
    /// - Throws: `StoreError.data` when the file cannot be read.
    func remain(in file: DatabaseFile) throws(StoreError) -> Bool {
        guard !isEmpty else { return false }
        var found = false
        try file.forEachLeaf { page in
            guard !found else { return }
            for range in page.unusedRanges where contains(page.bytes[range]) { found = true }
        }
        return found
    }

    private func contains(_ bytes: ArraySlice<UInt8>) -> Bool {
        var (run, count) = (UInt64(0), 0)
        for byte in bytes {
            run = run << 8 | UInt64(byte)
            count += 1
            // Zeros are what unused space holds.
            if run != 0, count >= 8, runs.contains(run) { return true }
        }
        return false
    }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

/// A page of SQLite's file format that holds rows of a table.
struct LeafPage {
    let bytes: [UInt8]

    /// Nil for any other page: their first byte is never 13 in a file of less than 890 GB.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 512, bytes[0] == 13 else { return nil }
        self.bytes = bytes
    }

    private func number(_ place: Int) -> Int { Int(bytes[place]) << 8 | Int(bytes[place + 1]) }

    /// The gap between the list of rows and the rows, and the free blocks among them.
    var unusedRanges: [Range<Int>] {
        let listEnd = 8 + 2 * number(3)
        let rows = number(5) == 0 ? 65_536 : number(5)
        var ranges = listEnd < rows && rows <= bytes.count ? [listEnd..<rows] : []
        var block = number(1)
        while block > 0, block + 4 <= bytes.count, ranges.count < bytes.count / 4 {
            let end = block + number(block + 2)
            guard end >= block + 4, end <= bytes.count else { break }
            ranges.append(block + 4..<end)
            block = number(block)
        }
        return ranges
    }
}

/// The database's file, open for as long as the store is: to close any descriptor of it would drop the locks that SQLite
/// has on it.
final class DatabaseFile: Sendable {
    private let descriptor: Mutex<Int32>
    private let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = Mutex(descriptor)
        self.path = path
    }

    deinit { close() }

    /// Closes it, once SQLite has closed it.
    func close() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { _ = systemClose(descriptor) }
            descriptor = -1
        }
    }

    /// - Throws: `StoreError.data` when the file cannot be read.
    func forEachLeaf(_ body: (LeafPage) -> Void) throws(StoreError) {
        let header = try read(at: 0, 100)
        guard header.count == 100 else { return }
        let size = Int(header[16]) << 8 | Int(header[17])
        let pageBytes = size == 1 ? 65_536 : max(512, size)
        var place = pageBytes
        while true {
            let chunk = try read(at: place, 64 * pageBytes)
            for start in stride(from: 0, through: chunk.count - pageBytes, by: pageBytes) {
                LeafPage(Array(chunk[start..<start + pageBytes])).map(body)
            }
            guard chunk.count == 64 * pageBytes else { return }
            place += chunk.count
        }
    }

    private func read(at place: Int, _ count: Int) throws(StoreError) -> [UInt8] {
        let descriptor = descriptor.withLock { $0 }
        guard descriptor >= 0 else { throw .closed }
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            while written < count {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[written...])
                let got = pread(descriptor, rest.baseAddress, rest.count, off_t(place + written))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                written += got
            }
        }
        if let failure { throw .data(.unreadable(path: path, reason: DataError.reason(failure))) }
        return bytes
    }
}
