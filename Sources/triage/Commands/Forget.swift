#if Service
import ArgumentParser
import TriageData
import TriageStore

/// `triage forget`: the text of one ticket, gone.
struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase the text of one ticket or decision from a store, also while the service runs.",
        discussion: """
            Deletes the masked text, the answer, notes of corrections and what waits in the queue; the bytes are \
            overwritten. The ledger keeps its rows: labels, keyed hashes, and your own id of a ticket that was decided. One \
            row more accounts for the erasure, so that `triage ledger verify` still passes. Older backups, snapshots of \
            the disk and the sender's own systems are not touched.

            While a service has the store open, the command leaves the request in the store and waits for its answer.
            """)
    @OptionGroup var place: StorePath
    @Option(
        help: ArgumentHelp(
            "The ticket: your own id of it, or the id that POST /v1/tickets gave.", valueName: "id"))
    var ticket: String?
    @Option(help: ArgumentHelp("One decision, by its id.", valueName: "id"))
    var decision: String?
    @Option(help: ArgumentHelp("The person who requires it, for the ledger.", valueName: "name"))
    var by: String?
    @OptionGroup var patience: WriterPatience

    func validate() throws {
        guard (ticket == nil) != (decision == nil) else {
            throw ValidationError("Give --ticket or --decision, one of them.")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let subject = ticket.map { ErasureSubject.ticket($0) } ?? .decision(decision ?? "")
            let report = try await TicketStore.delete(
                .erase(subject, by: by), from: place.store, waiting: patience.wait)
            print(
                "erased \(report.decisions.counted("decision")) with \(report.texts.counted("text")), and "
                    + report.tickets.counted("waiting ticket")
            )
            report.warnUnlessClean()
        }
    }
}

/// How long a command waits for the service that has the store open.
struct WriterPatience: ParsableArguments {
    @Option(
        name: .customLong("wait"), parsing: .unconditional,
        help: ArgumentHelp(
            "How long to wait for a service that has the store open, such as 30s or 5m (default: 60s).",
            valueName: "time"), transform: Duration.waiting)
    var patience = Duration.seconds(60)

    /// Whole seconds, at least one.
    var wait: Int { Int((patience / .seconds(1)).rounded(.up)) }
}

extension DeletionReport {
    /// Notes that deleted bytes may still be in the log.
    func warnUnlessClean() {
        guard !isClean else { return }
        Terminal.say(
            "triage: another process reads an older state of the store, so that its log may still hold copies; a running "
                + "service removes them as soon as that ends; without a service run `triage store expire`")
    }
}
#endif
