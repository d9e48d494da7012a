internal import TriageData

/// The end of the ledger at one moment, signed with the store's Ed25519 key.
///
/// Kept where the store's own machine cannot change it (a log on another host, a mail, a print-out), it proves that
/// up to this row the ledger had just this content: a later ledger that lacks the row, or has another hash there, was
/// cut or rewritten. It does not prove that the rows are true, that everything was recorded, or that the times are
/// right. A holder of the store's key can rewrite what follows the last head that is kept elsewhere, and sign heads of
/// that; without the key the hashes cannot be made.
package struct LedgerHead: Sendable, Equatable {
    /// The number of the last row; rows count from 1 without a gap.
    package var sequence: Int64
    /// The last row's hash: 32 bytes.
    package var hash: [UInt8]
    /// When it was signed, in milliseconds since 1970.
    package var time: Int64
    package var signature: [UInt8]

    private static let version = "triage-head-1"

    static func message(sequence: Int64, hash: [UInt8], time: Int64) -> [UInt8] {
        Array("\(version):\(sequence):\(time):\(Hexadecimal.text(hash))".utf8)
    }

    /// One line without spaces, fit for a log: version, row, time, hash and signature, separated by colons.
    package var text: String {
        "\(LedgerHead.version):\(sequence):\(time):\(Hexadecimal.text(hash)):\(Hexadecimal.text(signature))"
    }

    /// The head that such a line holds; nil when it holds none.
    package init?(parsing text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == LedgerHead.version, let sequence = Int64(parts[1]),
            let time = Int64(parts[2]), let hash = Hexadecimal.bytes(parts[3]), hash.count == 32,
            let signature = Hexadecimal.bytes(parts[4]), signature.count == 64
        else { return nil }
        (self.sequence, self.time, self.hash, self.signature) = (sequence, time, hash, signature)
    }

    init(sequence: Int64, hash: [UInt8], time: Int64, key: StoreKey) {
        (self.sequence, self.hash, self.time) = (sequence, hash, time)
        signature = key.sign(LedgerHead.message(sequence: sequence, hash: hash, time: time))
    }

    /// Whether the store's key signed it.
    func isSigned(by key: StoreKey) -> Bool {
        key.isSigned(LedgerHead.message(sequence: sequence, hash: hash, time: time), by: signature)
    }
}

extension LedgerHead {
    /// All heads in a text, such as the lines of a log, whatever is around them.
    package static func all(in text: String) -> [LedgerHead] {
        text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == ":" || $0 == "-")) }
            .compactMap { LedgerHead(parsing: String($0)) }
    }
}
