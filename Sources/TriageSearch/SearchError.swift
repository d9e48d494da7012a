package import TriageData

/// A KB, or pairs of questions and articles, that cannot be used.
package enum SearchError: Error, Equatable {
    /// The file or folder cannot be read.
    case data(DataError)
    /// No KB where one was looked for.
    case noKnowledgeBase(searched: [String])
    /// No article in the file or folder.
    case noArticles(path: String)
    /// An article without an id.
    case missingID(path: String, line: Int)
    /// An article without a title: what is shown of it, and most of what it is found by.
    case missingTitle(path: String, line: Int)
    /// Two articles with the same id.
    case duplicateID(String, first: String, second: String)
    /// The front matter is missing, does not close, or is not YAML.
    case badFrontMatter(path: String, line: Int, problem: String)
    /// A JSON file that is no list of articles.
    case badJSON(path: String, problem: String)
    /// A question row that cannot be used.
    case badPair(path: String, line: Int, problem: String)
    /// Too few questions, or too few of one kind, to fit on.
    case tooFewQuestions(answered: Int, unanswered: Int, needed: Int, ofEachKind: Int)
    /// A calibration file that cannot be used.
    case badCalibration(path: String)
}

extension SearchError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .data(let error): error.description
        case .noKnowledgeBase(let searched):
            "no knowledge base in \(searched.joined(separator: ", ")); name one with --kb DIR"
        case .noArticles(let path):
            "\(path): no article; a KB is a folder of .md files with front matter, a kb.json or a corpus.jsonl"
        case .missingID(let path, let line):
            "\(path) line \(line): the article has no id; give it one that no other article has"
        case .missingTitle(let path, let line):
            "\(path) line \(line): the article has no title; give it one (tickets are no articles: only a file called "
                + "corpus.jsonl may go without)"
        case .duplicateID(let id, let first, let second):
            "\(second): the id \(id) is already that of \(first); give one of them another"
        case .badFrontMatter(let path, let line, let problem):
            "\(path) line \(line): \(problem); begin the file with --- lines around id, title and the rest as YAML"
        case .badJSON(let path, let problem): "\(path): \(problem)"
        case .badPair(let path, let line, let problem): "\(path) line \(line): \(problem)"
        case .tooFewQuestions(let answered, let unanswered, let needed, let each):
            "too few questions to fit on: \(answered) with an answer and \(unanswered) without; give at least "
                + "\(needed), and of them \(each) that an article of this KB answers and \(each) that none does; "
                + "nothing was written"
        case .badCalibration(let path):
            "\(path) cannot be used; fit it again with `triage search --fit`, or take it away to go uncalibrated"
        }
    }
}
