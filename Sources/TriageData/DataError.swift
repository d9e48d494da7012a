/// A file that cannot be read at all, or cannot be written.
public enum DataError: Error, Equatable {
    /// The file or folder is not there.
    case notFound(path: String)
    /// The system refused; `reason` is its own word for why.
    case unreadable(path: String, reason: String)
    /// Writing failed; what was there before is untouched.
    case unwritable(path: String, reason: String)
    /// The file has no records.
    case empty(path: String)
    /// The file is one JSON list instead of one object a line.
    case jsonArray(path: String)
    /// A CSV header with a name twice or none at all.
    case badHeader(path: String, problem: String)
    /// No record of the file could be used; `first` says why for the first one.
    case nothingUsable(path: String, rows: Int, first: String)
}

extension DataError: CustomStringConvertible {
    /// What was found and what to do.
    public var description: String {
        switch self {
        case .notFound(let path):
            "\(path): no such file or folder; check the path"
        case .unreadable(let path, let reason):
            "\(path): cannot be read (\(reason)); check that it exists and that this user may read it"
        case .unwritable(let path, let reason):
            "\(path): cannot be written (\(reason)); check the folder, its permissions and free space; nothing was changed"
        case .empty(let path):
            "\(path): no records; give JSON Lines (one object a line) or CSV with a header"
        case .jsonArray(let path):
            "\(path): line 1 begins a JSON list; give one object a line (jq -c '.[]' does it)"
        case .badHeader(let path, let problem):
            "\(path): line 1: \(problem); the first line of a CSV file names its columns"
        case .nothingUsable(let path, let rows, let first):
            "\(path): none of its \(rows) records can be used; the first: \(first)"
        }
    }
}
