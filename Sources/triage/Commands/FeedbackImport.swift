#if Service
import ArgumentParser
import TriageData
import TriageStore

extension FeedbackCommand {
    /// `triage feedback import`: many corrections from a file.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record right labels from a CSV or JSON Lines file, also while the service runs.",
            discussion: """
                One ticket a row: its id (your own, the queue's, or a decision's), and a column for each field, such as \
                id,category,severity. An empty cell leaves its field alone; other columns are not read. A label that the \
                model does not have is an error, and the other rows still count. So is a row that contradicts an earlier one \
                of the file. A correction that changes nothing, as of a file imported before, is not stored again. The \
                apostrophe that `triage label` puts before = + - @ in its sheet is left out.

                A running service remembers the corrections within a second.
                """)
        @OptionGroup var place: StorePath
        @Argument(help: "The file; - for standard input.")
        var file: String
        @Option(
            help: ArgumentHelp("The column of the id (default: id, Ticket ID and such).", valueName: "name"))
        var idColumn: String?
        @Option(help: ArgumentHelp("Who corrects, for the ledger.", valueName: "name"))
        var by: String?
        @Option(
            help: ArgumentHelp(
                "The model whose labels count (default: the starter model, if it decided).", valueName: "dir")
        )
        var model: String?
        @Flag(help: "Accept labels that a field does not have yet.")
        var newLabel = false
        @OptionGroup var patience: WriterPatience

        func run() async throws {
            try await reportingErrors {
                var sheet = try CorrectionSheet(self)
                let report = try await TicketStore.correct(
                    sheet.corrections.map(\.feedback), in: place.store, waiting: patience.wait)
                sheet.add(report.failures)
                sheet.notes.forEach { Terminal.say("triage: \($0)") }
                let unchanged =
                    report.unchanged == 0
                    ? "" : "\(report.unchanged) \(report.unchanged == 1 ? "was" : "were") there already; "
                print(
                    "stored \(report.stored.counted("correction")) of \(sheet.rows.counted("row")); "
                        + "\(unchanged)\(sheet.failures.count) failed")
                if !sheet.failures.isEmpty { throw ExitCode.badData }
            }
        }
    }

    /// `triage feedback clear`: nothing is remembered any longer.
    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Erase the memory of corrections, also while the service runs.",
            discussion: """
                Decisions no longer remember what people corrected until now. The corrections stay in the ledger, and the \
                next training learns from them.
                """)
        @OptionGroup var place: StorePath
        @Option(help: ArgumentHelp("Who requires it, for the ledger.", valueName: "name"))
        var by: String?
        @OptionGroup var patience: WriterPatience

        func run() async throws {
            try await reportingErrors {
                let report = try await TicketStore.delete(
                    .eraseMemory(by: by), from: place.store, waiting: patience.wait)
                print("erased the memory of \(report.texts.counted("ticket"))")
                report.warnUnlessClean()
            }
        }
    }
}
#endif
