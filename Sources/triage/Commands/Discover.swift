import ArgumentParser
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageTickets
import TriageTraining

/// `triage discover`: unlabelled tickets in groups, for a person to name, and the names as labels.
struct Discover: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Group unlabelled tickets for a person to name, and take the names back as labels.",
        discussion: """
            First `triage discover --data year.csv --output groups.csv`: a spreadsheet with a row for each group, its most telling \
            words and three of its tickets, identifiers masked. Write names into the column "name"; give groups of one matter the same \
            name, and leave a group without a name where its tickets have none in common. Then `triage discover --data \
            year.csv --names groups.csv --output labelled.jsonl`: the tickets with their names, for `triage train --data \
            labelled.jsonl --label category`. Groups without a name, tickets far from every group and tickets without text \
            get no label. The same files give the same bytes on any number of threads.
            """)

    @Option(
        help: ArgumentHelp("Tickets, JSON Lines or CSV; may be given several times.", valueName: "file"))
    var data: [String]
    @Option(help: ArgumentHelp("The sheet with names: write labelled tickets.", valueName: "file"))
    var names: String?
    @Option(help: ArgumentHelp("Where the result goes (default: standard output).", valueName: "file"))
    var output: String?
    @Option(
        help: ArgumentHelp(
            "How many groups (default: chosen from the tickets). Rather too many than too few: equal names join them.",
            valueName: "n"))
    var groups: Int?
    @Option(
        help: ArgumentHelp(
            "With --names: the name of the label's column (default: category).", valueName: "name"))
    var label: String?
    @Option(
        help: ArgumentHelp(
            "A column with known labels, to show how well the groups agree with them; it is not read otherwise.",
            valueName: "name"))
    var against: String?
    @Option(
        help: ArgumentHelp(
            "The share of tickets, the least like their group, that count as far from every group and get no label (default: 5%).",
            valueName: "share"))
    var far: Share?
    @OptionGroup var text: TextOption
    // Else a sign would begin another option, and the message would be of a missing value.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The number that random choices begin with.", valueName: "n"))
    var seed: UInt64 = 1
    @OptionGroup var embedding: EmbeddingOption
    @OptionGroup var sheet: SheetOption
    @OptionGroup var threads: ThreadsOption
    @Flag(help: "A summary as JSON on standard output; goes with --output.")
    var json = false
    @Option(
        help: ArgumentHelp(
            "Write the tickets' vectors as safetensors, to compare methods.", valueName: "file",
            visibility: .hidden))
    var vectors: String?

    func validate() throws {
        guard !data.isEmpty else { throw ValidationError("Give --data at least once.") }
        guard groups ?? 2 >= 2 else { throw ValidationError("--groups takes a number from 2.") }
        guard names == nil || groups == nil else {
            throw ValidationError("The sheet of --names knows how many groups there are; leave out --groups.")
        }
        guard names != nil || !sheet.csv else {
            throw ValidationError("Groups are always a spreadsheet; --csv goes with --names.")
        }
        guard names == nil || !data.contains("-") else {
            throw ValidationError("--names reads the tickets twice; give a file instead of standard input.")
        }
        guard label == nil || names != nil else { throw ValidationError("--label goes with --names.") }
        guard !json || output != nil && output != "-" else {
            throw ValidationError(
                "--json goes with --output, since standard output has the result otherwise.")
        }
        try text.check(labels: [label, against].compactMap(\.self))
    }

    func run() throws {
        try reportingErrors {
            try LineOutput.refuse(output, [vectors], as: data + [names].compactMap(\.self))
            let names = try self.names.map { try GroupNames(path: $0) }
            if names == nil, let output { try GroupSheet.refuseToReplace(output) }
            var columns = TrainingSet.Columns(text: text.columns(), labels: [against].compactMap(\.self))
            columns.keepsUnlabelled = true
            let set = try TrainingSet(
                files: data, columns: columns, preparation: TextPreparation(), workers: threads.workers)
            Terminal.say(columnNotes: set.columnNotes)
            set.sayFaults()
            let found = try group(set, count: names?.check.groups ?? groups)
            try names?.check(found)
            let sink = try LineOutput(path: output)
            if let names {
                try write(found, of: set, names, to: sink)
            } else {
                try sink.write(GroupSheet.bytes(found, of: set))
            }
            try sink.finish()
            report(found, of: set, names)
        }
    }

    private func group(_ set: TrainingSet, count: Int?) throws -> TicketGroups {
        let matrix = try embedding.load()
        let bar = ProgressBar("discover")
        defer { bar.finish() }
        let found = try GroupVectors(
            set.examples, embedding: matrix?.table, threads.workers
        ) { bar.show("read words", fraction: 0.5 * $0) }
        if let vectors { try found.write(to: vectors) }
        return try TicketGroups(
            set.examples, found, count: count, seed: seed, far: far?.value ?? TicketGroups.defaultFarShare,
            workers: threads.workers
        ) {
            bar.show("find groups", fraction: 0.5 + 0.5 * $0)
        }
    }
}

extension GroupVectors {
    /// Writes the vectors as the tensor "vectors", tickets × dimension.
    fileprivate func write(to path: String) throws {
        var tensors = SafeTensorsWriter()
        tensors.add("vectors", values, shape: [rows, dimension])
        try AtomicOutput.write(tensors.bytes(), to: path)
    }
}
