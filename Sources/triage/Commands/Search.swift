import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageModel
import TriageSearch

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
            "Fit the KB's calibration on questions with answers; may be given several times.",
            valueName: "file"))
    var fit: [String] = []
    @Argument(help: "The question.")
    var query: [String] = []

    func validate() throws {
        guard !fit.isEmpty && query.isEmpty && input == nil || fit.isEmpty && query.isEmpty != (input == nil)
        else {
            throw ValidationError(
                "Give one question as an argument, or a file with --input (- is standard input).")
        }
        guard options.kb != "none" else { throw ValidationError("--kb none leaves nothing to search.") }
        guard top >= 1 else { throw ValidationError("--top takes a number from 1.") }
    }

    func run() throws {
        try reportingErrors {
            let index = try options.loadIndex()
            if !fit.isEmpty { return try calibrate(index, options.kbPath ?? "kb") }
            if !query.isEmpty {
                let result = index.search(Array(query.joined(separator: " ").utf8), count: top)
                print(json ? line(result, index, id: nil) : text(result, index))
                return
            }
            let rows = try RowReader(path: input ?? "-")
            let sink = try LineOutput(path: nil, reading: input)
            var failed = 0
            while let row = try rows.next() {
                let answer: String
                do throws(BadRow) {
                    let question = try TextColumns().ticket(in: row.get()).cutToSize().ticket
                    let text = [question.subject, question.body].filter { !$0.isEmpty }.joined(
                        separator: "\n")
                    answer = line(
                        index.search(Array(text.utf8), count: top), index, id: question.id)
                } catch {
                    failed += 1
                    var writer = JSONWriter()
                    error.write(to: &writer)
                    answer = writer.text
                }
                try sink.write(Array((answer + "\n").utf8))
            }
            if failed > 0 {
                Terminal.say(
                    "triage: \(rows.name): \(failed) of \(rows.count) rows could not be read; "
                        + "each has its error in its place: mend them and run again")
                throw ExitCode.badData
            }
        }
    }

    /// Fits on the pairs and writes `calibration.json` into the KB's folder.
    private func calibrate(_ index: SearchIndex, _ path: String) throws {
        let pairs = try fit.flatMap { try QuestionPair.read($0, articles: index.articles) }
        let calibration = index.fit(pairs)
        print(
            "\(pairs.count) questions, \(pairs.count { $0.relevant.isEmpty }) without an answer; "
                + "embedding weight \(calibration.embeddingWeight)")
        for (name, value) in calibration.metrics.sorted(by: { $0.key < $1.key }) { print("\(name) \(value)") }
        guard FileInput.isFolder(path) else { return }
        try calibration.write(to: "\(path)/calibration.json")
        print("wrote \(path)/calibration.json")
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
                + "\(index.articles[hit.article].id)  \(index.articles[hit.article].title)"
        }
        let verdict = String(
            format: "known issue: %@, probability %.3f%@", result.isKnown ? "yes" : "no",
            result.knownProbability,
            index.calibration.isCalibrated ? "" : " (uncalibrated: fit with --fit on questions with answers)")
        return (lines + [verdict]).joined(separator: "\n")
    }
}
