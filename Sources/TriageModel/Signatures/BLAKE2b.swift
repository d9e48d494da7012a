/// BLAKE2b without a key (RFC 7693), for the digest sizes that libcrypto lacks: OpenSSL before 3.2 has 64 bytes alone.
///
/// Its plain loops are for short texts, such as the checksum of a key file.
enum BLAKE2b {
    private static let blockSize = 128

    /// The first words of the fractional parts of the square roots of the first eight primes, as in SHA-512.
    private static let initial: [UInt64] = [
        0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179,
    ]

    /// The order of a block's words in each of ten rounds; the last two rounds repeat the first two.
    private static let orders: [[Int]] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ]

    /// The words that each step of a round mixes: columns, then diagonals.
    private static let steps = [
        (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
        (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
    ]

    /// The digest of a message, of 1 to 64 bytes.
    static func digest(_ message: [UInt8], byteCount: Int) -> [UInt8] {
        var state = initial
        state[0] ^= 0x0101_0000 ^ UInt64(byteCount)
        var start = 0
        repeat {
            let end = min(start + blockSize, message.count)
            compress(
                &state, words(message[start..<end]), count: UInt64(end), isLast: end == message.count)
            start = end
        } while start < message.count
        let bytes = state.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
        return Array(bytes.prefix(byteCount))
    }

    /// A block's sixteen words, padded with zeros.
    private static func words(_ block: ArraySlice<UInt8>) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: 16)
        for (place, byte) in block.enumerated() { words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8) }
        return words
    }

    private static func compress(_ state: inout [UInt64], _ block: [UInt64], count: UInt64, isLast: Bool) {
        var mixed = state + initial
        mixed[12] ^= count
        if isLast { mixed[14] = ~mixed[14] }
        for round in 0..<12 {
            let order = orders[round % 10]
            for (place, step) in steps.enumerated() {
                mix(&mixed, step, block[order[2 * place]], block[order[2 * place + 1]])
            }
        }
        for place in 0..<8 { state[place] ^= mixed[place] ^ mixed[place + 8] }
    }

    private static func mix(
        _ words: inout [UInt64], _ step: (Int, Int, Int, Int), _ first: UInt64, _ second: UInt64
    ) {
        let (a, b, c, d) = step
        for (word, far, near) in [(first, 32 as UInt64, 24 as UInt64), (second, 16, 63)] {
            words[a] = words[a] &+ words[b] &+ word
            words[d] = turned(words[d] ^ words[a], far)
            words[c] = words[c] &+ words[d]
            words[b] = turned(words[b] ^ words[c], near)
        }
    }

    private static func turned(_ word: UInt64, _ count: UInt64) -> UInt64 {
        word >> count | word << (64 - count)
    }
}
