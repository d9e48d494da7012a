package import TriageData
package import TriageModel

/// A KB, or pairs of questions and articles, that cannot be used.
package enum SearchError: Error, Equatable {
    case data(DataError)
    case noKnowledgeBase(searched: [String])
    case noArticles(path: String)
    case missingID(path: String, line: Int)
    case missingTitle(path: String, line: Int)
    case duplicateID(String, first: String, second: String)
    case badFrontMatter(path: String, line: Int, problem: String)
    case badJSON(path: String, problem: String)
    /// A row of a question and its articles.
    case badPair(path: String, line: Int, problem: String)
    case tooFewQuestions(answered: Int, unanswered: Int, needed: Int, ofEachKind: Int)
    case badCalibration(path: String)
    /// Files that are not signed as they must be.
    case signature(SignatureError)
}

extension SearchError {
    /// Does `work`, with its errors as this type's own.
    static func checking<Value>(
        _ work: () throws(SignatureError) -> Value
    ) throws(SearchError) -> Value {
        do { return try work() } catch {
            if case .data(let error) = error { throw .data(error) }
            throw .signature(error)
        }
    }
}

extension SearchError: DescribedError {
    package var description: String {
        switch self {
        case .data(let error): error.description
        case .noKnowledgeBase(let searched):
            "no knowledge base in \(searched.joined(separator: ", ")); name its folder, or decide without one"
        case .noArticles(let path):
            "\(path): no article; a KB is a folder of .md files with front matter, a kb.json or a corpus.jsonl"
        case .missingID(let path, let line):
            "\(path) line \(line): the article has no id; give it one that no other article has"
        case .missingTitle(let path, let line):
            "\(path) line \(line): the article has no title; give it one (only a file named corpus.jsonl may have "
                + "articles without titles)"
        case .duplicateID(let id, let first, let second):
            "\(second): the id \(id) is already that of \(first); give one of the two another id"
        case .badFrontMatter(let path, let line, let problem):
            "\(path) line \(line): \(problem); begin the file with --- lines around id, title and the rest as YAML"
        case .badJSON(let path, let problem): "\(path): \(problem)"
        case .badPair(let path, let line, let problem): "\(path) line \(line): \(problem)"
        case .tooFewQuestions(let answered, let unanswered, let needed, let each):
            "too few questions to fit on: \(answered) with an answer and \(unanswered) without; give at least "
                + "\(needed), and of them \(each) that an article of this KB answers and \(each) that none does; "
                + "nothing was written"
        case .badCalibration(let path):
            "\(path) cannot be used; fit it again, or delete it to search uncalibrated"
        case .signature(let error): error.description
        }
    }
}
