internal import Foundation
internal import GRDB
internal import Synchronization
internal import SystemPackage
internal import TriageData

/// Bytes that were deleted, to look for what is left of them in a database file.
///
/// SQLite overwrites what it deletes (`secure_delete`), but not a copy that it left behind when it moved a row to another
/// page: about one row in a thousand. Such a copy lies in a page's unused space, so that is where this looks.
struct DeletedBytes: Sendable {
    /// Each run of eight bytes, every eight bytes: what is left of 15 bytes in a row is found.
    private var runs: Set<UInt64> = []
    /// Whether other bytes were deleted too that are no longer known: then any byte in unused space may be one of them.
    private var hasUnknown = false

    init() {}

    private init(hasUnknown: Bool) { self.hasUnknown = hasUnknown }

    static let unknown = DeletedBytes(hasUnknown: true)

    var isEmpty: Bool { runs.isEmpty && !hasUnknown }

    /// Adds all blobs of a row.
    mutating func insert(_ row: Row) {
        for index in 0..<row.count {
            let bytes = row[index] as Data
            for start in stride(from: 0, through: bytes.count - 8, by: 8) {
                let run = bytes.dropFirst(start).prefix(8)
                runs.insert(run.reduce(0) { $0 << 8 | UInt64($1) })
            }
        }
    }

    mutating func formUnion(_ other: DeletedBytes) {
        runs.formUnion(other.runs)
        hasUnknown = hasUnknown || other.hasUnknown
    }

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
        if hasUnknown { return bytes.contains { $0 != 0 } }
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
    private let file: Mutex<OpenFile?>
    private let path: String

    init(_ file: OpenFile, path: String) {
        self.file = Mutex(file)
        self.path = path
    }

    deinit { close() }

    /// Closes it, once SQLite has closed it.
    func close() {
        file.withLock { file in
            file?.close()
            file = nil
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
        guard let file = file.withLock(\.self) else { throw .closed }
        do { return try file.read(at: place, count) } catch {
            throw .data(.unreadable(path: path, reason: error.description))
        }
    }
}
