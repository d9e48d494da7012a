import TriageData
import TriageModel

#if Service
import TriageStore
#endif

/// The files and the store that a training reads, to find out whether rows went from them meanwhile.
///
/// A model that was trained on rows which `triage forget` erased before it was ready must not be kept.
struct TrainingSources {
    private let files: [(path: String, sha256: String)]
    private let store: (path: String, row: Int64)?

    /// The sources as they are before the training reads them; pipes are left out.
    init(files: [String], store: String?) throws {
        self.files = try files.filter { FileInput.size(of: $0) != nil }.map { path throws(DataError) in
            (path, try Checksum.sha256(file: path))
        }
        #if Service
        self.store = try store.map { path throws(StoreError) in
            (path, try TicketStore.lastLedgerRow(of: path))
        }
        #else
        self.store = nil
        #endif
    }

    /// - Throws: `RegistryError.sourceChanged` when a file has other bytes now, or something was erased in the store.
    func check() throws {
        for file in files
        where try FileInput.size(of: file.path) == nil || Checksum.sha256(file: file.path) != file.sha256 {
            throw RegistryError.sourceChanged("\(file.path) changed")
        }
        #if Service
        if let store, try TicketStore.hasErasures(after: store.row, in: store.path) {
            throw RegistryError.sourceChanged("tickets were erased in \(store.path)")
        }
        #endif
    }
}

extension RegistryRecipe {
    /// All files whose rows count in the training: tickets, and right labels by ticket.
    var files: [String] {
        data + zip(options, options.dropFirst()).filter { $0.0 == "--corrections" }.map(\.1)
    }
}
