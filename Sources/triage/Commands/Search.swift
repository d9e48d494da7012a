import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriageSearch
import TriageTickets

/// `triage search`: the articles of a KB that answer a question.
struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Search the knowledge base.",
        discussion: """
            One question gives lines to read, --input gives JSON Lines; --csv a spreadsheet of question id, row, rank, \
            article id, title, score and known probability.
            """)

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var text: TextOption
    @Option(
        name: [.customLong("input"), .customLong("data")],
        help: ArgumentHelp("Questions to read, one row each, instead of the argument.", valueName: "file"))
    var inputs: [String] = []
    @Option(help: "Articles to show.")
    var top = 3
    @OptionGroup var sheet: SheetOption
    @Flag(help: "JSON on standard output.")
    var json = false
    @Option(
        help: ArgumentHelp(
            """
            Fit the KB's calibration on questions with answers: at least 20, and of them 5 that an article answers \
            and 5 that none does; may be given several times.
            """,
            valueName: "file"))
    var fit: [String] = []
    @Option(
        help: ArgumentHelp(
            "Where answers go (default: standard output). With --fit, the file to write instead of one in the state folder, "
                + "such as the KB's own calibration.json.",
            valueName: "file"))
    var output: String?
    @Argument(help: "The question.")
    var query: [String] = []

    /// The file of questions, if there is one.
    private var input: String? { inputs.first }

    func validate() throws {
        try TicketsArgument.checkOne(inputs)
        try TicketsArgument.checkText(query)
        try sheet.check(output)
        guard fit.isEmpty || query.isEmpty && input == nil else {
            throw ValidationError(
                "--fit takes its questions from its own files; leave the question and --input out.")
        }
        guard !fit.isEmpty || query.isEmpty != (input == nil) else {
            throw ValidationError(
                "Give one question as an argument, or a file with --input (- is standard input).")
        }
        guard options.kb != "none" else { throw ValidationError("--kb none leaves nothing to search.") }
        guard !sheet.csv || !json && fit.isEmpty else {
            throw ValidationError("--csv goes without --json and --fit.")
        }
        guard top >= 1 else { throw ValidationError("--top takes a number from 1.") }
    }

    func run() async throws {
        try await reportingErrors {
            let bundle = try options.model.map {
                try Installation.bundle($0, signedBy: options.files.signedBy)
            }
            let index = try options.files.index(with: bundle)
            if !fit.isEmpty { return try calibrate(index) }
            try await answer(index, text.columns(bundle))
        }
    }

    /// Answers the question of the argument, or those of the input.
    private func answer(_ index: SearchIndex, _ columns: TicketColumns) async throws {
        guard let input else { return try answer(Ticket(body: query.joined(separator: " ")), index) }
        let isSheet = sheet.isWanted(for: output) && !json
        var answers = RowAnswers(input: input, columns: columns, output: output)
        if isSheet { (answers.header, answers.line) = (SearchResult.sheetHeader, SearchResult.sheetRow) }
        try await answers.write { (question, row) async throws(BadRow) in
            let result = index.search(question, count: top)
            return isSheet
                ? result.sheetRows(id: question.id, row: row, of: index)
                : JSONWriter.lineBytes { json in
                    json.object { result.write(id: question.id, of: index, to: &$0) }
                }
        }
    }

    private func answer(_ question: Ticket, _ index: SearchIndex) throws {
        let result = index.search(question, count: top)
        let sink = try LineOutput(path: output)
        if json {
            try sink.write(JSONWriter.lineBytes { json in json.object { result.write(of: index, to: &$0) } })
        } else if sheet.isWanted(for: output) {
            try sink.write(SearchResult.sheetHeader + result.sheetRows(id: nil, row: nil, of: index))
        } else {
            try sink.write(Array(result.lines(of: index).map { $0.shown + "\n" }.joined().utf8))
        }
        try sink.finish()
    }

    /// Fits on the pairs and writes the calibration into the state folder, or into the file that was named.
    private func calibrate(_ index: SearchIndex) throws {
        let pairs = try fit.flatMap { try QuestionPair.read($0, articles: index.articles) }
        let calibration = try index.fit(pairs)
        let place = try output ?? fitFile(of: index)
        if output == nil { try AtomicOutput.makeFolders(AtomicOutput.parent(of: place)) }
        try calibration.write(to: place)
        if json { return print(JSONWriter.line { calibration.write(pairs, wrote: place, to: &$0) }) }
        calibration.lines(pairs).forEach { print($0) }
        print("wrote \(place.shown)")
        print(use(of: place, index).shown)
    }

    /// Where a written fit applies.
    private func use(of place: String, _ index: SearchIndex) -> String {
        let fit = options.files.state.map { index.fitFile(inState: $0) }
        guard output != nil else {
            let state = options.files.state ?? ""
            return
                "Commands with this state folder use it for just these articles; `triage serve` needs --state \(state)."
        }
        guard let fit, fit != place, FileInput.exists(fit) else {
            return "A KB uses the calibration.json in its folder."
        }
        return "An earlier fit, \(fit), is used before a KB's calibration.json; delete it to use this one."
    }

    private func fitFile(of index: SearchIndex) throws -> String {
        guard let state = options.files.state else {
            throw DataError.unwritable(
                path: "calibration.json", reason: "the environment names no state folder",
                remedy: "name one with --state DIR or TRIAGE_STATE, or the file with --output")
        }
        return index.fitFile(inState: state)
    }
}
