#if Service
import TriageData
import TriageStore

/// What people said is right, as rows to train on.
struct Corrected {
    private let path: String
    private let export: FeedbackExport

    /// Reads a store, which may be in use.
    init(store path: String) throws {
        self.path = path
        let store = try TicketStore(path, .read)
        export = try store.exportFeedback()
        try store.close()
    }

    var rows: (name: String, lines: [UInt8]) { ("feedback in \(path)", export.lines) }

    /// Says how many rows there are, and how many could not be had.
    func report(used: Int) {
        let expired = export.withoutText == 0 ? "" : "; \(export.withoutText) more whose text has expired"
        Terminal.say(
            "triage: \(used.counted("row")) from feedback in \(path), \(export.corrected) of the labels "
                + "corrected\(expired)")
    }
}
#endif
