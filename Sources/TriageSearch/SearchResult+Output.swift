internal import Foundation
package import TriageData

extension SearchResult {
    /// Writes the hits with their articles, and the question's id where there is one.
    package func write(id: String? = nil, of index: any ArticleSearch, to json: inout JSONWriter) {
        if let id { json.string("id", id) }
        json.array("matches", hits) { json, hit in
            json.object { json in
                let article = index.article(of: hit)
                json.string("id", article.id)
                json.string("title", article.title)
                json.sixDecimals("score", hit.score)
            }
        }
        json.sixDecimals("known_probability", knownProbability)
    }

    /// The columns of a spreadsheet of hits.
    package static let sheetHeader = CSVWriter.header([
        "question id", "row", "rank", "article id", "title", "score", "known probability", "error",
    ])

    /// A row a hit, the best first; one without an article when nothing was found.
    package func sheetRows(id: String?, row: Int?, of index: any ArticleSearch) -> [UInt8] {
        let question: [CSVWriter.Cell] = [.text(id), row.map { .integer($0) } ?? .text(nil)]
        let end: [CSVWriter.Cell] = [.decimal(knownProbability), .text(nil)]
        guard !hits.isEmpty else {
            return CSVWriter.row(question + [CSVWriter.Cell](repeating: .text(nil), count: 4) + end)
        }
        return hits.enumerated().flatMap { rank, hit in
            let article = index.article(of: hit)
            return CSVWriter.row(
                question + [
                    .integer(rank + 1), .text(article.id), .text(article.title), .decimal(hit.score),
                ] + end)
        }
    }

    /// The row of a question that could not be read.
    package static func sheetRow(_ bad: BadRow) -> [UInt8] {
        let empty = [CSVWriter.Cell](repeating: .text(nil), count: 6)
        return CSVWriter.row([.text(bad.id)] + empty + [.text("line \(bad.line): \(bad.message)")])
    }

    /// A line a hit, and whether the issue is known.
    package func lines(of index: any ArticleSearch) -> [String] {
        let verdict = String(
            format: "known issue: %@, probability %.3f%@", isKnown ? "yes" : "no", knownProbability,
            (index as? SearchIndex)?.calibration.remedy.map { " (\($0) with --fit on questions with answers)" } ?? "")
        return hits.map { hit in
            let article = index.article(of: hit)
            return String(format: "%.3f  ", hit.score) + "\(article.id)  \(article.title)"
        } + [verdict]
    }
}

extension SearchCalibration {
    /// What a fit on questions would replace; nil after one.
    package var remedy: String? {
        if isCalibrated { return nil }
        return isFittedOnArticles ? "fitted on the articles alone: fit" : "uncalibrated: fit"
    }

    /// What a fit on questions found.
    package func lines(_ pairs: [QuestionPair]) -> [String] {
        [
            "\(pairs.count) questions, \(pairs.count { $0.relevant.isEmpty }) without an answer; "
                + "embedding weight \(embeddingWeight)"
        ] + metrics.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    }

    /// Writes what a fit on questions found, and the file that has it.
    package func write(_ pairs: [QuestionPair], wrote path: String, to json: inout JSONWriter) {
        json.integer("questions", pairs.count)
        json.integer("without_an_answer", pairs.count { $0.relevant.isEmpty })
        json.number("embedding_weight", embeddingWeight)
        json.object("metrics", metrics) { $0.number($1) }
        json.string("wrote", path)
    }
}
