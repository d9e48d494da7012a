#if Service
import TriageData
import TriageModel
import TriageStore

/// The file of a receipt with its signature, written after each place, so that an interrupted run can be repeated.
///
/// The same command, given again, goes on with the unfinished receipt: what the first run erased stays in it.
struct ReceiptFile {
    private let path: String
    private let key: SigningKey
    private var receipt: ErasureReceipt
    /// Whether an earlier run erased something of the same subject.
    let isRepeated: Bool

    /// - Throws: When the key cannot be read, the folder takes no file, or `path` holds anything but a receipt of this
    ///   subject that this key signed.
    init(_ path: String?, key file: String?, store: String, for receipt: ErasureReceipt) throws {
        let own = try TicketStore.signingKey(of: store)
        key =
            try file.map { file in
                try SigningKey(file: file) { throw SignatureError.passwordNeeded(path: file) }
            } ?? own
        self.receipt = receipt
        let trusted = try TrustedKeys([key.verificationKey.base64])
        if let path {
            self.path = path
            try AtomicOutput.checkFolder(of: path)
            isRepeated = try ReceiptFile.exists(path, of: &self.receipt, trusted)
        } else {
            let folder = "\(store)/receipts"
            try AtomicOutput.makeFolders(folder)
            let earlier = try ReceiptFile.earlier(in: folder, of: &self.receipt, trusted)
            self.path = earlier.unfinished ?? "\(folder)/\(RecordID.make()).json"
            isRepeated = earlier.isFound
            try AtomicOutput.checkFolder(of: self.path)
        }
    }

    /// Takes over the places of a receipt that is there already.
    private static func exists(
        _ path: String, of receipt: inout ErasureReceipt, _ trusted: TrustedKeys
    ) throws -> Bool {
        guard FileInput.exists(path) else { return false }
        guard FileInput.size(of: path) != nil else { return false }
        guard receipt.goOn(from: try FileInput.bytes(of: path)) != nil else {
            throw DataError.unwritable(
                path: path, reason: "it holds something other than a receipt of this erasure",
                remedy: "name a new file with --receipt")
        }
        try trusted.check(file: path)
        return true
    }

    /// Finds receipts of the subject in the store's own folder, and takes over the places of an unfinished one.
    private static func earlier(
        in folder: String, of receipt: inout ErasureReceipt, _ trusted: TrustedKeys
    ) throws -> (isFound: Bool, unfinished: String?) {
        var isFound = false
        for name in try FileInput.names(inFolder: folder).sorted().reversed() where name.hasSuffix(".json") {
            let path = "\(folder)/\(name)"
            var other = receipt
            guard let isFinished = other.goOn(from: try FileInput.bytes(of: path)),
                (try? trusted.check(file: path)) != nil
            else { continue }
            isFound = true
            guard isFinished else {
                receipt = other
                return (true, path)
            }
        }
        return (isFound, nil)
    }

    /// Whether this run, or an interrupted one before it, erased anything.
    var hasDeletions: Bool {
        isRepeated || receipt.places.contains { $0.counts.contains { $0.value > 0 } }
    }

    /// Adds a place; the file is written once there is something to account for.
    mutating func add(_ places: [ErasureReceipt.Place]) throws {
        receipt.places += places
        if hasDeletions { try write() }
    }

    mutating func finish() throws {
        receipt.isFinished = true
        try write()
    }

    private func write() throws {
        try AtomicOutput.write(receipt.bytes, to: path, permissions: 0o600)
        let signature = try FileSignature(of: path, by: key)
        try AtomicOutput.write(
            Array(signature.text.utf8), to: path + FileSignature.fileEnding, permissions: 0o600)
    }

    func show() {
        print("receipt: \(path.shown)")
        print("check it: triage sign verify --key \(key.verificationKey.base64) \(path.shown)")
    }
}
#endif
