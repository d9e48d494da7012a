import ArgumentParser
import Foundation
import TriageData
import TriageEvaluation
import TriageModel
import TriageNumerics
import TriageText
import TriageTraining
import TriageTickets

/// `triage audit`: which labels of a training set are probably wrong.
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Rank labelled tickets whose label is probably wrong, and name labels that cannot be told apart.",
        discussion: """
            Every row is judged by weights that never saw it or its near-duplicates. One line of JSON a row in doubt, \
            the likeliest mistakes first, with the words that speak for either label and the most similar rows that \
            have the other one; words are masked as everywhere.
            """)

    @Option(help: ArgumentHelp("Labelled tickets; may be given several times.", valueName: "file"))
    var data: [String]
    @Option(help: ArgumentHelp("The label column to audit.", valueName: "name"))
    var label: String
    @OptionGroup var text: TextOption
    @Option(help: ArgumentHelp("Rows to list at most.", valueName: "n"))
    var top = 1000
    @Option(help: ArgumentHelp("Where the lines go (default: standard output).", valueName: "file"))
    var output: String?
    @Option(help: ArgumentHelp("A page with the same, to read.", valueName: "file"))
    var html: String?
    @Option(
        help: ArgumentHelp(
            "A column whose equal values (a requester) stay on one side of a split.", valueName: "name"))
    var group: String?
    @Option(help: ArgumentHelp("The embedding matrix, or none.", valueName: "dir|none"))
    var embedding: String?
    @Option(help: "Threads (default: all processors).")
    var threads: Int?

    func validate() throws {
        guard !data.isEmpty else { throw ValidationError("Give --data at least once.") }
        try text.check(labels: [label])
        guard top >= 1 else { throw ValidationError("--top takes a number from 1.") }
        guard output == nil || output != html else {
            throw ValidationError("--output and --html are one file.")
        }
        guard threads ?? 1 >= 1 else { throw ValidationError("--threads takes a number from 1.") }
    }

    func run() throws {
        try reportingErrors {
            try LineOutput.refuse(output, as: data)
            if let html { try LineOutput.refuse(html, as: data) }
            let columns = TrainingSet.Columns(text: text.columns, labels: [label], group: group)
            let set = try TrainingSet(files: data, columns: columns, preparation: TextPreparation())
            try set.check([("--group", group, \.group)])
            if !set.faults.isEmpty { Terminal.say("triage: \(set.faults.count) bad rows left out") }
            let matrix = try Places.loadEmbedding(embedding)
            let bar = ProgressBar("audit")
            let audit = try LabelAudit(
                set, field: 0, options: TrainingOptions(), embedding: matrix,
                workers: Workers(threads ?? ProcessInfo.processInfo.activeProcessorCount)
            ) { bar.show("hold out \(label)", fraction: $0) }
            bar.finish()
            let sink = try LineOutput(path: output)
            var writer = JSONWriter()
            for (rank, suspect) in audit.suspects.prefix(top).enumerated() {
                writer.removeAll()
                writer.suspect(suspect, rank: rank + 1, of: audit, set)
                writer.newline()
                try sink.write(writer.bytes)
            }
            try sink.finish()
            let page = AuditReport(audit, set, field: label, top: top)
            if let html { try AtomicOutput.write(Array(page.document.html().utf8), to: html) }
            page.summary.forEach { Terminal.say($0.shown) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func suspect(
        _ suspect: LabelAudit.Suspect, rank: Int, of audit: LabelAudit, _ set: TrainingSet
    ) {
        object { json in
            json.key("rank")
            json.integer(rank)
            json.origin(set.examples[suspect.row])
            json.key("label")
            json.string(audit.labels[suspect.label])
            json.key("suggested")
            json.string(audit.labels[suspect.suggested])
            json.key("probability")
            json.sixDecimals(suspect.probabilities.label)
            json.key("suggested_probability")
            json.sixDecimals(suspect.probabilities.suggested)
            json.key("likely_wrong")
            json.bool(suspect.isLikelyWrong)
            json.key("words_for_label")
            json.array(suspect.words.label) { $0.string($1) }
            json.key("words_for_suggested")
            json.array(suspect.words.suggested) { $0.string($1) }
            json.key("agreeing")
            json.array(suspect.agreeing) { json, other in
                json.object { json in
                    json.origin(set.examples[other.row])
                    json.key("similarity")
                    json.sixDecimals(other.similarity)
                }
            }
        }
    }

    private mutating func origin(_ example: TrainingExample) {
        key("id")
        string(example.id)
        key("row")
        string(example.origin)
    }
}
