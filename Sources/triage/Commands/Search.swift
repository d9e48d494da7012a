import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageModel
import TriageSearch
import TriageTickets

/// `triage search`: the articles of a KB that answer a question.
struct Search: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Search the knowledge base.")

    @OptionGroup var options: SnapshotOptions
    @Option(
        help: ArgumentHelp("Questions to read, one row each, instead of the argument.", valueName: "file"))
    var input: String?
    @Option(help: "Articles to show.")
    var top = 3
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
            "With --fit, the file to write instead of one in the state folder, such as the KB's own calibration.json.",
            valueName: "file"))
    var output: String?
    @Argument(help: "The question.")
    var query: [String] = []

    func validate() throws {
        guard fit.isEmpty || query.isEmpty && input == nil else {
            throw ValidationError(
                "--fit takes its questions from its own files; leave the question and --input out.")
        }
        guard !fit.isEmpty || query.isEmpty != (input == nil) else {
            throw ValidationError(
                "Give one question as an argument, or a file with --input (- is standard input).")
        }
        guard options.kb != "none" else { throw ValidationError("--kb none leaves nothing to search.") }
        guard output == nil || !fit.isEmpty else {
            throw ValidationError("--output is for --fit; give the questions with --fit FILE.")
        }
        guard top >= 1 else { throw ValidationError("--top takes a number from 1.") }
    }

    func run() throws {
        try reportingErrors {
            let index = try options.loadIndex()
            if !fit.isEmpty { return try calibrate(index) }
            if !query.isEmpty {
                let result = index.search(Ticket(body: query.joined(separator: " ")), count: top)
                print(json ? line(result, index, id: nil) : text(result, index))
                return
            }
            let rows = try RowReader(path: input ?? "-")
            let sink = try LineOutput(path: nil, reading: input)
            var failed = 0
            while let row = try rows.next() {
                let answer: String
                do throws(BadRow) {
                    let question = try TextColumns().ticket(in: row.get())
                    answer = line(index.search(question, count: top), index, id: question.id)
                } catch {
                    failed += 1
                    var writer = JSONWriter()
                    error.write(to: &writer)
                    answer = writer.text
                }
                try sink.write(Array((answer + "\n").utf8))
            }
            rows.sayIfEmpty()
            try rows.sayFailed(failed)
        }
    }

    /// Fits on the pairs and writes the calibration into the state folder, or into the file that was named.
    private func calibrate(_ index: SearchIndex) throws {
        let pairs = try fit.flatMap { try QuestionPair.read($0, articles: index.articles) }
        let calibration = try index.fit(pairs)
        let place = try output ?? fitFile(of: index)
        if output == nil { try AtomicOutput.makeFolders(AtomicOutput.parent(of: place)) }
        try calibration.write(to: place)
        if json { return print(report(calibration, pairs, place)) }
        print(
            "\(pairs.count) questions, \(pairs.count { $0.relevant.isEmpty }) without an answer; "
                + "embedding weight \(calibration.embeddingWeight)")
        for (name, value) in calibration.metrics.sorted(by: { $0.key < $1.key }) { print("\(name) \(value)") }
        print("wrote \(place.shown)")
        print(use(of: place, index).shown)
    }

    /// Where a written fit applies.
    private func use(of place: String, _ index: SearchIndex) -> String {
        let fit = options.statePath.map { index.fitFile(inState: $0) }
        guard output != nil else {
            let state = options.statePath ?? ""
            return
                "Commands with this state folder use it for just these articles; `triage serve` needs --state \(state)."
        }
        guard let fit, fit != place, FileInput.exists(fit) else {
            return "A KB uses the calibration.json in its folder."
        }
        return "An earlier fit, \(fit), is used before a KB's calibration.json; delete it to use this one."
    }

    private func fitFile(of index: SearchIndex) throws -> String {
        guard let state = options.statePath else {
            throw DataError.unwritable(
                path: "calibration.json", reason: "the environment names no state folder",
                remedy: "name one with --state DIR or TRIAGE_STATE, or the file with --output")
        }
        return index.fitFile(inState: state)
    }

    private func report(_ calibration: SearchCalibration, _ pairs: [QuestionPair], _ place: String) -> String
    {
        var writer = JSONWriter()
        writer.object { json in
            json.key("questions")
            json.integer(pairs.count)
            json.key("without_an_answer")
            json.integer(pairs.count { $0.relevant.isEmpty })
            json.key("embedding_weight")
            json.number(calibration.embeddingWeight)
            json.key("metrics")
            json.object { json in
                for (name, value) in calibration.metrics.sorted(by: { $0.key < $1.key }) {
                    json.key(named: name)
                    json.number(value)
                }
            }
            json.key("wrote")
            json.string(place)
        }
        return writer.text
    }

    private func line(_ result: SearchResult, _ index: SearchIndex, id: String?) -> String {
        var writer = JSONWriter()
        writer.object { json in
            if let id {
                json.key("id")
                json.string(id)
            }
            json.key("matches")
            json.array(result.hits) { json, hit in
                json.object { json in
                    json.key("id")
                    json.string(index.articles[hit.article].id)
                    json.key("title")
                    json.string(index.articles[hit.article].title)
                    json.key("score")
                    json.sixDecimals(hit.score)
                }
            }
            json.key("known_probability")
            json.sixDecimals(result.knownProbability)
        }
        return writer.text
    }

    private func text(_ result: SearchResult, _ index: SearchIndex) -> String {
        let lines = result.hits.map { hit in
            String(format: "%.3f  ", hit.score)
                + "\(index.articles[hit.article].id)  \(index.articles[hit.article].title)".shown
        }
        let verdict = String(
            format: "known issue: %@, probability %.3f%@", result.isKnown ? "yes" : "no",
            result.knownProbability,
            index.calibration.isCalibrated ? "" : " (uncalibrated: fit with --fit on questions with answers)")
        return (lines + [verdict]).joined(separator: "\n")
    }
}
