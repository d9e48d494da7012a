#if Service
import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageStore

/// `triage ledger`: what a store can show of its past.
struct Ledger: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify a store's ledger, sign its end, decide again.",
        subcommands: [Verify.self, Head.self, Replay.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look for any change, gap or missing text; exit code 65 when there is one.",
            discussion: """
                Each row's hash covers the row before it, so that a change, a deletion, another order or a gap shows, and \
                the first bad row is named. Hashes are HMACs by the store's key: whoever may write the file but lacks the \
                key cannot make them. Whoever has the key can, and a tail may be cut off without it: both show by a head \
                that was kept elsewhere, and by nothing else. Rows that a version before HMACs wrote are covered by the \
                first keyed row, which is named. A foreign table, index, trigger or view shows too. Tickets \
                that wait in the queue are not in the ledger and are not checked.
                """)
        @OptionGroup var place: StorePath
        @Option(
            help: ArgumentHelp(
                "A signed head that the ledger must contain; may be given several times.", valueName: "head"))
        var head: [String] = []
        @Option(
            help: ArgumentHelp(
                "A file, such as a log, whose lines hold signed heads; may be given several times.",
                valueName: "file"))
        var heads: [String] = []
        @Flag(help: "JSON on standard output.")
        var json = false

        func run() throws {
            try reportingErrors {
                let heads = try signedHeads()
                let store = try place.read()
                let report = try store.verify(heads: heads)
                print(json ? line(report, heads.count) : text(report, heads.count))
                try store.close()
            }
        }

        private func signedHeads() throws -> [LedgerHead] {
            let given = try head.map {
                guard let head = LedgerHead(parsing: $0) else {
                    throw ValidationError("--head takes what `triage ledger head` prints.")
                }
                return head
            }
            return try heads.reduce(into: given) { all, file in
                let text = String(decoding: try FileInput.bytes(of: file), as: UTF8.self)
                let found = LedgerHead.all(in: text)
                guard !found.isEmpty else {
                    throw ValidationError("No line of \(file) holds a signed head; name a log that does.")
                }
                all += found
            }
        }

        private func text(_ report: LedgerReport, _ heads: Int) -> String {
            let expired = report.expired == 0 ? "" : ", \(report.expired) expired"
            let keyed = report.keyedFrom == 1 ? "" : "; keyed from row \(report.keyedFrom)"
            let signed = heads == 0 ? "" : "; holds all of \(heads) signed heads"
            return "\(place.store): good; \(report.rows) rows, \(report.decisions) decisions, "
                + "\(report.texts) texts kept\(expired)\(keyed)\(signed)\nlast hash \(report.hash)\n"
                + "not checked: tickets that wait in the queue, which are not in the ledger"
        }

        private func line(_ report: LedgerReport, _ heads: Int) -> String {
            var writer = JSONWriter()
            writer.object { json in
                for (name, value) in [
                    ("rows", report.rows), ("decisions", report.decisions), ("texts", report.texts),
                    ("expired", report.expired), ("keyed_from", report.keyedFrom), ("heads", Int64(heads)),
                ] {
                    json.key(named: name)
                    json.integer(Int(value))
                }
                json.key("hash")
                json.string(report.hash)
            }
            return writer.text
        }
    }

    struct Head: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the ledger's end, signed, to be kept where this machine cannot change it.")
        @OptionGroup var place: StorePath

        func run() throws {
            try reportingErrors {
                let store = try place.read()
                if let head = try store.head() { print(head.text) }
                try store.close()
            }
        }
    }

    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a decision again from the text that was kept, and compare.",
            discussion: """
                Model, KB, playbook and language identifier must be those of the decision; another one is an error that \
                names it. The state folder is the store's folder, as for triage serve. Labels that a language model chose are taken from the record; none is asked. Exit code 65 when \
                the decision comes out otherwise.
                """)
        @OptionGroup var place: StorePath
        @OptionGroup var options: SnapshotOptions
        @Option(
            help: ArgumentHelp("The service's MATCH_THRESHOLD, if it has one.", valueName: "probability"))
        var matchThreshold: Float?
        @Flag(help: "The decision that was made again as JSON on standard output.")
        var json = false
        @Argument(help: "The decision's id.")
        var id: String

        func run() throws {
            try reportingErrors {
                var options = options
                options.state =
                    options.state ?? ProcessInfo.processInfo.environment["TRIAGE_STATE"] ?? place.store
                let snapshot = try options.loadSnapshot(knownFrom: matchThreshold)
                let store = try place.read()
                let replay = try store.replay(id, with: snapshot, SnapshotVersions(snapshot))
                if json { print(replay.replayed) }
                try store.close()
                guard replay.differing.isEmpty else {
                    let cut =
                        replay.wasCut
                        ? "; the ticket was over the size limit, and floors of what is behind it are not kept"
                        : ""
                    Terminal.say(
                        "triage: decision \(id) comes out otherwise in \(replay.differing.joined(separator: ", "))\(cut)"
                    )
                    throw ExitCode.badData
                }
                if !json { print("decision \(id.shown): the same, byte for byte") }
            }
        }
    }
}
#endif
