internal import Foundation
package import TriageData

extension SearchResult {
    /// Writes the hits with their articles, and the question's id where there is one.
    package func write(id: String? = nil, of index: SearchIndex, to json: inout JSONWriter) {
        if let id { json.member("id", id) }
        json.key("matches")
        json.array(hits) { json, hit in
            json.object { json in
                json.member("id", index.articles[hit.article].id)
                json.member("title", index.articles[hit.article].title)
                json.key("score")
                json.sixDecimals(hit.score)
            }
        }
        json.key("known_probability")
        json.sixDecimals(knownProbability)
    }

    /// A line a hit, and whether the issue is known.
    package func lines(of index: SearchIndex) -> [String] {
        let verdict = String(
            format: "known issue: %@, probability %.3f%@", isKnown ? "yes" : "no", knownProbability,
            index.calibration.isCalibrated ? "" : " (uncalibrated: fit with --fit on questions with answers)")
        return hits.map { hit in
            let article = index.articles[hit.article]
            return String(format: "%.3f  ", hit.score) + "\(article.id)  \(article.title)"
        } + [verdict]
    }
}

extension SearchCalibration {
    /// What a fit on questions found.
    package func lines(_ pairs: [QuestionPair]) -> [String] {
        [
            "\(pairs.count) questions, \(pairs.count { $0.relevant.isEmpty }) without an answer; "
                + "embedding weight \(embeddingWeight)"
        ] + metrics.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    }

    /// Writes what a fit on questions found, and the file that has it.
    package func write(_ pairs: [QuestionPair], wrote path: String, to json: inout JSONWriter) {
        json.member("questions", pairs.count)
        json.member("without_an_answer", pairs.count { $0.relevant.isEmpty })
        json.key("embedding_weight")
        json.number(embeddingWeight)
        json.member("metrics", metrics)
        json.member("wrote", path)
    }
}
