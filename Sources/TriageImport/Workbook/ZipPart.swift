internal import CReaders
internal import TriageData

/// The bytes of one part of an archive, and whether they are those that were packed.
struct ZipPart {
    /// The size and the CRC-32 that the archive's directory gives.
    let size: Int
    let checksum: UInt32
    private var count = 0
    private var sum: UInt32 = 0

    init(size: Int, checksum: UInt32) { (self.size, self.checksum) = (size, checksum) }

    mutating func add(_ piece: [UInt8]) {
        count += piece.count
        sum = piece.withUnsafeBufferPointer { triage_crc32(sum, $0.baseAddress, $0.count) }
    }

    /// Whether the bytes so far are the whole part, unchanged.
    var isWhole: Bool { count == size && sum == checksum }
}
