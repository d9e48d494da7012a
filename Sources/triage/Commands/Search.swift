import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriageSearch
import TriageTickets

#if Service
import TriageVectors
#endif

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
    @OptionGroup var database: SearchFlags
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
            guard try await !answerFromDatabase(bundle) else { return }
            database.warnUnused()
            let index = try options.files.index(with: bundle)
            if !fit.isEmpty { return try calibrate(index) }
            try await answer(text.columns(bundle)) { (question, count) in
                (index, index.search(question, count: count))
            }
        }
    }

    /// What finds articles for a question: where they are, and what was found.
    private typealias Searching = (Ticket, Int) async -> (any ArticleSearch, SearchResult)

    #if Service
    /// Answers from the vector database; false when none is named.
    private func answerFromDatabase(_ bundle: ModelBundle?) async throws -> Bool {
        guard let server = try database.database() else { return false }
        guard fit.isEmpty else {
            throw ValidationError("--fit takes the articles of --kb; leave --search-url out, and push the KB again.")
        }
        let bundle = try bundle ?? Installation.bundle(Installation.model(nil), signedBy: options.files.signedBy)
        let local = try options.kb.map { _ in try options.files.index(with: bundle) }
        let matrix = try TrustedKeys(options.files.signedBy)
        let opened = await server.open(
            embedding: try bundle.featurizer.embedding ?? Installation.embedding.map { try matrix.matrix($0) },
            preparation: bundle.preparation, local: local)
        if let failure = opened.failure {
            guard local != nil else { throw failure }
            Terminal.say("triage: warning: articles come from --kb: \(failure.description)")
        }
        var lost = 0
        try await answer(text.columns(bundle)) { (question, count) in
            let text = bundle.preparation.prepare(question)
            let found = await opened.fetch(text, count: count)
            if found.outage != nil { lost += 1 }
            return (found, found.search(text, count: count))
        }
        await server.close()
        guard lost > 0, opened.failure == nil else { return true }
        Terminal.say("triage: warning: the database did not answer \(lost.counted("question"))")
        if local == nil { throw ExitCode.unavailable }
        return true
    }
    #else
    private func answerFromDatabase(_ bundle: ModelBundle?) async throws -> Bool { false }
    #endif

    /// Answers the question of the argument, or those of the input.
    private func answer(_ columns: TicketColumns, _ search: Searching) async throws {
        guard let input else { return try await answer(Ticket(body: query.joined(separator: " ")), search) }
        let isSheet = sheet.isWanted(for: output) && !json
        var answers = RowAnswers(input: input, columns: columns, output: output)
        if isSheet { (answers.header, answers.line) = (SearchResult.sheetHeader, SearchResult.sheetRow) }
        try await answers.write { (question, row) async throws(BadRow) in
            let (index, result) = await search(question, top)
            return isSheet
                ? result.sheetRows(id: question.id, row: row, of: index)
                : JSONWriter.lineBytes { json in
                    json.object { result.write(id: question.id, of: index, to: &$0) }
                }
        }
    }

    private func answer(_ question: Ticket, _ search: Searching) async throws {
        let (index, result) = await search(question, top)
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
