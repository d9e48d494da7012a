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
            abstract: "Verify that no row was changed, removed or lost its text; exit code 65 when one was.",
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
            try place.read { store in
                let heads = try signedHeads()
                let report = try store.verify(heads: heads)
                print(
                    json
                        ? JSONWriter.line { report.write(heads: heads.count, to: &$0) }
                        : report.text(of: place.store, heads: heads.count))
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
    }

    struct Head: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the signed end of the ledger; keep it where this machine cannot change it.")
        @OptionGroup var place: StorePath

        func run() throws {
            try place.read { store in
                if let head = try store.head() { print(head.text) }
            }
        }
    }

    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Repeat a decision from its stored text, and compare.",
            discussion: """
                Model, KB, playbook and language identifier must be those of the decision; an error names one that differs. \
                The state folder is the store's folder, as for triage serve. Labels that a language model chose come from \
                the record, without a model. Exit code 65 when the new decision differs.
                """)
        @OptionGroup var place: StorePath
        @OptionGroup var options: SnapshotOptions
        @Option(
            help: ArgumentHelp("The service's MATCH_THRESHOLD, if it has one.", valueName: "probability"))
        var matchThreshold: Float?
        @Flag(help: "Print the new decision as JSON.")
        var json = false
        @Argument(help: "The decision's id.")
        var id: String

        func run() throws {
            try place.read { store in
                var files = options.files
                files.knownCut = matchThreshold
                files.state =
                    options.state ?? ProcessInfo.processInfo.environment["TRIAGE_STATE"] ?? place.store
                let snapshot = try Snapshot(at: files.places())
                let replay = try store.replay(id, with: snapshot, SnapshotVersions(snapshot))
                if json { print(replay.replayed) }
                if let difference = replay.difference {
                    Terminal.say("triage: decision \(id) \(difference)")
                    throw ExitCode.badData
                }
                if !json { print("decision \(id.shown): the same, byte for byte") }
            }
        }
    }
}
#endif
