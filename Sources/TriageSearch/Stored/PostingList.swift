/// The articles of one term, in blocks of 65,536 articles: of each block its number, how many articles, their places in the
/// block, and how much the term adds to each, as a byte.
///
/// A block is 4 + 3 · articles bytes and begins at an even place. A byte is the share of the term's largest addition in 255ths,
/// rounded up: sums of bytes are upper bounds of sums of additions.
enum PostingList {
    static let blockBits = 16
    static let blockSize = 1 << blockBits

    /// Appends the list of a term; articles in ascending order.
    static func append(
        _ articles: ArraySlice<Int32>, _ weights: [Float], largest: Float, to bytes: inout [UInt8]
    ) {
        var next = articles.startIndex
        while next < articles.endIndex {
            let block = articles[next] >> blockBits
            let end = articles[next...].firstIndex { $0 >> blockBits != block } ?? articles.endIndex
            func add(_ number: UInt16) {
                withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
            }
            add(UInt16(block))
            add(UInt16(end - next - 1))
            for article in articles[next..<end] { add(UInt16(truncatingIfNeeded: article)) }
            for place in next..<end {
                let share = weights[place - articles.startIndex] / largest
                bytes.append(UInt8(clamping: Int((share * 255).rounded(.up))))
            }
            if bytes.count % 2 != 0 { bytes.append(0) }
            next = end
        }
    }

    /// Reads a term's blocks one after another.
    struct Cursor {
        private var rest: UnsafeRawBufferPointer

        init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

        /// The postings of a block, if the next block is that one: offsets, then bytes.
        mutating func block(_ number: Int) -> (postings: UnsafeRawBufferPointer, count: Int)? {
            guard rest.count >= 4, rest.loadUnaligned(as: UInt16.self) == UInt16(number).littleEndian else {
                return nil
            }
            let count = Int(UInt16(littleEndian: rest.loadUnaligned(fromByteOffset: 2, as: UInt16.self))) + 1
            let size = 4 + 3 * count + count % 2
            guard rest.count >= size else { return nil }
            defer { rest = UnsafeRawBufferPointer(rebasing: rest[size...]) }
            return (UnsafeRawBufferPointer(rebasing: rest[4..<size]), count)
        }
    }
}
