import ArgumentParser
import Foundation
import TriageData
import TriageEngine

/// `triage explain`: why a ticket got its labels.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why: the words that made each label, adding up to its logit.")

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var columns: TextOption
    @Option(help: ArgumentHelp("Tickets to read instead of the argument.", valueName: "file"))
    var input: String?
    @Flag(help: "JSON Lines instead of text.")
    var json = false
    @Argument(help: "The ticket's text.")
    var ticket: [String] = []

    func validate() throws {
        guard ticket.isEmpty != (input == nil) else {
            throw ValidationError(
                "Give one ticket as an argument, or a file with --input (- is standard input).")
        }
    }

    func run() throws {
        try reportingErrors {
            let snapshot = try options.loadSnapshot()
            options.warnWithoutKB()
            var scratch = DecisionScratch(explaining: true)
            if !ticket.isEmpty {
                // Words without quotes are one ticket: a usage error would repeat them.
                show(snapshot.decide(Ticket(body: ticket.joined(separator: " ")), &scratch))
                return
            }
            let rows = try RowReader(path: input ?? "-")
            var failed = 0
            while let row = try rows.next() {
                do throws(BadRow) {
                    show(snapshot.decide(try columns.columns.ticket(in: row.get()), &scratch))
                } catch {
                    failed += 1
                    Terminal.say("triage: \(rows.name): line \(error.line): \(error.message)")
                }
            }
            rows.sayIfEmpty()
            if failed > 0 { throw ExitCode.badData }
        }
    }

    private func show(_ decision: Decision) {
        guard !json else { return print(decision.json) }
        if let id = decision.id { print("ticket \(id.shown)") }
        for (prediction, explanation) in zip(decision.predictions, decision.explanations ?? []) {
            let percent = String(format: "%.1f %%", prediction.probability * 100)
            print(
                "\(prediction.field.shown): \(prediction.label.shown)  \(percent)  \(prediction.level.rawValue)"
                    + (prediction.reasons.isEmpty
                        ? "" : "  " + prediction.reasons.map(\.rawValue).joined(separator: ", ")))
            for term in explanation.terms {
                print(
                    "  \(String(format: "%+8.3f", term.weight))  \(term.text.shown)  (\(term.field) \(term.range.lowerBound)..<\(term.range.upperBound))"
                )
            }
            print("  \(String(format: "%+8.3f", explanation.rest))  other words")
            print("  \(String(format: "%+8.3f", explanation.bias))  bias")
            print(
                "  \(String(format: "%8.3f", explanation.logit))  = logit, less the mean of all labels' logits"
            )
        }
        if let notes = decision.notes { print("note: \(notes)") }
    }
}
