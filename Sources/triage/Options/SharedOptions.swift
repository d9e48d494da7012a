import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageNumerics

/// How many threads a training uses; no result depends on it.
struct ThreadsOption: ParsableArguments {
    @Option(help: "Threads (default: all processors). No result depends on it.")
    var threads: Int?

    func validate() throws {
        guard threads ?? 1 >= 1 else { throw ValidationError("--threads takes a number from 1.") }
    }

    var workers: Workers { Workers(threads ?? ProcessInfo.processInfo.activeProcessorCount) }
}

/// The embedding matrix of a training.
struct EmbeddingOption: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the embedding matrix, or none.", valueName: "dir|none"))
    var embedding: String?

    func load() throws -> (name: String, table: EmbeddingTable)? { try EmbeddingOption.load(embedding) }

    /// The matrix, with a note on standard error where none was found.
    static func load(_ path: String?) throws -> (name: String, table: EmbeddingTable)? {
        let matrix = try Installation.loadEmbedding(path)
        if matrix == nil, path != "none" {
            Terminal.say(
                "triage: no embedding matrix found; training on n-grams alone (name one with --embedding)")
        }
        return matrix
    }
}

/// CSV for a spreadsheet instead of the usual form.
struct SheetOption: ParsableArguments {
    @Flag(help: "CSV for a spreadsheet; without it too when --output ends in .csv.")
    var csv = false

    /// Whether answers go into a spreadsheet.
    func isWanted(for output: String?) -> Bool { csv || output?.lowercased().hasSuffix(".csv") ?? false }

    /// Refuses an output whose name is that of another kind of table.
    func check(_ output: String?) throws {
        guard let output, let dot = output.lastIndex(of: ".") else { return }
        let kind = output[dot...].lowercased()
        guard [".tsv", ".tab", ".xlsx", ".xls", ".xlsm", ".ods", ".numbers"].contains(kind) else { return }
        throw ValidationError(
            "Spreadsheets are written as CSV; name the --output \(output[..<dot]).csv, which every spreadsheet opens."
                .shown)
    }
}

/// One ticket as an argument, or a file of tickets.
struct TicketsArgument: ParsableArguments {
    @OptionGroup var text: TextOption
    @Option(
        name: [.customLong("input"), .customLong("data")],
        help: ArgumentHelp("A file of tickets instead of the argument.", valueName: "file"))
    var inputs: [String] = []
    @Argument(help: "The ticket's text.")
    var ticket: [String] = []

    /// The file, if there is one.
    var input: String? { inputs.first }

    func validate() throws {
        guard ticket.isEmpty || input == nil else { throw TicketsArgument.needsOne }
        try TicketsArgument.checkOne(inputs)
        try TicketsArgument.checkText(ticket)
        try TicketsArgument.checkFileName(ticket)
    }

    /// Refuses a second file, which would be the only one read.
    static func checkOne(_ inputs: [String]) throws {
        guard inputs.count < 2 else {
            throw ValidationError("Give --input once; run the command once for each file.")
        }
    }

    /// Refuses the name of a file, and an option whose dash was changed by a word processor: either would be taken for a
    /// ticket's text without a word.
    static func checkText(_ words: [String]) throws {
        guard !words.contains(where: { $0.hasPrefix("—") || $0.hasPrefix("–") }) else {
            throw ValidationError("An option begins with two hyphens (--), not with a dash.")
        }
        guard words.count == 1, words[0].count <= 255 else { return }
        if FileInput.exists(words[0]) {
            throw ValidationError("The argument is a file, not a ticket's text; give it with --input.")
        }
    }

    /// Refuses a lone word that reads like the name of a file that is not there.
    private static func checkFileName(_ words: [String]) throws {
        guard words.count == 1, words[0].count <= 255 else { return }
        let ending = words[0].lowercased().split(separator: ".").last.map(String.init)
        if !words[0].contains(where: \.isWhitespace), words[0].contains("."), let ending,
            fileEndings.contains(ending)
        {
            throw ValidationError("There is no file of this name; give an existing one with --input.")
        }
    }

    private static let fileEndings: Set<String> = [
        "csv", "tsv", "json", "jsonl", "ndjson", "txt", "xlsx", "eml", "mbox",
    ]

    /// Refuses neither a ticket nor a file.
    func checkGiven() throws {
        guard !ticket.isEmpty || input != nil else { throw TicketsArgument.needsOne }
    }

    private static let needsOne = ValidationError(
        "Give one ticket as an argument, or a file with --input (- is standard input).")

    /// The text of the argument; words without quotes are one ticket, since a usage error would repeat them.
    var given: String { ticket.joined(separator: " ") }

    /// The columns of a file; a ticket of the command line has none.
    func columns(_ model: ModelBundle) -> TicketColumns {
        ticket.isEmpty ? text.columns(model) : TicketColumns()
    }
}

extension Share: ExpressibleByArgument {
    package init?(argument: String) { self.init(parsing: argument) }
}

/// Sets of labels with a coverage.
struct LabelSetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "For each field a set of labels that holds the right one in this share of tickets, such as 0.95 or 95%.",
            valueName: "share"))
    var labelSets: Share?
    @Flag(help: "With --label-sets: reach the share for each label, where a label has enough held-out rows.")
    var setsByLabel = false

    func validate() throws {
        guard labelSets != nil || !setsByLabel else {
            throw ValidationError("--sets-by-label goes with --label-sets.")
        }
        guard labelSets?.isInside ?? true else {
            throw ValidationError("--label-sets takes \(Share.expected).")
        }
    }

    /// The snapshot with label sets, where they are wanted.
    func applied(to snapshot: Snapshot) throws -> Snapshot {
        try labelSets.map { try snapshot.withLabelSets(coverage: $0.value, byLabel: setsByLabel) } ?? snapshot
    }
}

/// A report on the terminal, as JSON, or in a folder.
struct ReportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the report into this folder; an earlier one is kept as DIR.previous.", valueName: "dir"))
    var report: String?
    @Flag(help: "JSON on standard output.")
    var json = false

    static let names = ["report.html", "report.md", "report.json"]

    /// The folder, checked before the work begins.
    func folder() throws(DataError) -> OutputFolder? {
        guard let report else { return nil }
        return try OutputFolder(report, names: ReportOptions.names)
    }

    /// Writes a document into the folder, and shows it, or `summary` with --json.
    func show(_ document: Document, json text: String, summary: String, _ folder: OutputFolder?) throws {
        let texts = [document.html(), document.markdown(), text]
        try folder?.write(zip(ReportOptions.names, texts).map { ($0, Array($1.utf8)) })
        guard !json else { return print(summary, terminator: summary.hasSuffix("\n") ? "" : "\n") }
        print(document.terminalText())
        if let report { print("\nwrote \(report)/report.html, report.md and report.json") }
    }
}

extension ModelBundle {
    /// The columns that hold the labels of some fields.
    func labelColumns(of fields: [String]) -> [String] {
        heads.filter { fields.contains($0.manifest.field) }.flatMap(\.labelColumns)
    }

    /// Refuses fields that the bundle lacks.
    func check(fields: [String]) throws {
        let known = heads.map(\.manifest.field)
        if let stray = fields.first(where: { !known.contains($0) }) {
            throw ValidationError(
                "The model has no field '\(stray)'; its fields are \(known.joined(separator: ", ")).".shown)
        }
    }
}
