internal import Glibc
package import SystemPackage

/// A file that cannot be read at all, or cannot be written.
package enum DataError: Error, Equatable {
    case notFound(path: String)
    /// The system refused, with its reason.
    case unreadable(path: String, reason: String)
    /// Writing failed or was refused; what was there before is untouched.
    case unwritable(path: String, reason: String, remedy: String)
    /// Standard output takes no more; what was written before is kept.
    case outputFailed(reason: String)
    case empty(path: String)
    /// The file is one JSON list instead of one object a line.
    case jsonArray(path: String, line: Int)
    /// The file is a JSON object around its records, or one over several lines; `program` is for jq.
    case jsonDocument(path: String, line: Int, program: String)
    /// The text is neither UTF-8, nor UTF-16, nor Windows-1252; `lines` of them, nil for UTF-32.
    case otherEncoding(path: String, line: Int, lines: Int?)
    /// The file holds no text, such as a workbook.
    case notText(path: String, kind: String, remedy: String)
    /// A library that reads such files is not installed; `package` brings it.
    case missingLibrary(path: String, package: String)
    /// A file of its kind that is damaged, or larger when unpacked than is read.
    case damaged(path: String, kind: String, problem: String)
    /// A CSV header that cannot be read, or names no column.
    case badHeader(path: String, line: Int, problem: String)
    /// What was taken for a CSV header has no record behind it; it may be a ticket's bare text.
    case headerAlone(path: String, line: Int, columns: Int)
    /// The path leads to something else than a regular file, such as a folder, a pipe or a device.
    case notAFile(path: String, kind: String)
    /// A folder that holds no mail.
    case noMail(path: String)
    /// The path leads to a file where a folder was wanted.
    case notAFolder(path: String)
    /// No record has a value in any of these columns.
    case noValues(path: String, columns: [String])
    /// No column of a CSV header is known as a ticket's text; `likely` ones hold sentences.
    case noTextColumn(path: String, columns: [String], likely: [String] = [])
    /// The rows are messages of tickets, with the words of agents.
    case messagesAlone(path: String)
    /// A column that the user named is not in the file.
    case noColumn(path: String, name: String, isID: Bool, columns: [String])
    /// Most records have no text in the columns that were read.
    case mostlyWithoutText(path: String, empty: Int, rows: Int, read: String, columns: [String])
    /// No record of the file could be used; `first` is the reason for the first one.
    case nothingUsable(path: String, rows: Int, first: String)
}

extension DataError {
    /// A file or folder that could not be opened for reading.
    package static func unreadable(_ path: String, errno error: Errno) -> DataError {
        error == .noSuchFileOrDirectory || error == .notDirectory
            ? .notFound(path: path) : .unreadable(path: path, reason: error.description)
    }

    /// A file that could not be written, with the remedy for its error number.
    package static func unwritable(_ path: String, errno error: Errno) -> DataError {
        let remedy =
            switch error {
            case .noSpace, .diskQuotaExceeded: "free space there, or name another place"
            case .fileTooLarge: "raise the limit on file sizes (ulimit -f), or name another place"
            case .noSuchFileOrDirectory, .notDirectory: "make the folder first, or name another place"
            default: "check that this user may write there, or name another place"
            }
        return .unwritable(path: path, reason: error.description, remedy: remedy)
    }
}

extension DataError {
    /// What to report of a path that cannot be reached: it is missing, or this user may not look there.
    package static func absent(_ path: String) -> DataError {
        access(path, F_OK) != 0 && errno == EACCES
            ? .unreadable(path: path, reason: Errno.permissionDenied.description) : .notFound(path: path)
    }
}

extension DataError: DescribedError {
    package var description: String {
        switch self {
        case .notFound(let path):
            "\(path): no such file or folder; check the path"
        case .unreadable(let path, let reason):
            "\(path): cannot be read (\(reason)); check that it exists and that this user may read it"
        case .unwritable(let path, let reason, let remedy):
            "\(path): cannot be written (\(reason)); \(remedy); nothing was changed"
        case .outputFailed(let reason):
            "standard output: cannot be written (\(reason)); check where it leads, and its free space"
        case .empty(let path):
            "\(path): no records; give JSON Lines (one object a line) or CSV with a header"
        case .jsonArray(let path, let line):
            "\(path): line \(line) begins a JSON list; give one object a line (jq -c '.[]' does it)"
        case .jsonDocument(let path, let line, let program):
            "\(path): line \(line) begins a JSON object "
                + (program == "." ? "of several lines" : "around a list of records")
                + "; give one object a line (jq -c '\(program)' does it)"
        case .otherEncoding(let path, let line, nil):
            "\(path): line \(line) is UTF-32; save the file as UTF-8 (iconv -f UTF-32 -t UTF-8 does it)"
        case .otherEncoding(let path, let line, let lines?):
            "\(path): line \(line) and \((lines - 1).counted("other line")) are neither UTF-8 nor Windows-1252; save "
                + "the file as UTF-8 (\"CSV UTF-8\" in Excel), or name its encoding to iconv, such as "
                + "iconv -f GBK -t UTF-8 for Chinese, SHIFT_JIS for Japanese, WINDOWS-1251 for Russian"
        case .notText(let path, let kind, let remedy):
            "\(path): not text but \(kind); \(remedy)"
        case .missingLibrary(let path, let package):
            "\(path): reading it needs a library that is not installed; install the Debian package \(package) "
                + "(apt-get install \(package))"
        case .damaged(let path, let kind, let problem):
            "\(path): \(kind) that cannot be read: \(problem)"
        case .badHeader(let path, let line, let problem):
            "\(path): line \(line): \(problem); the first line of a CSV file names its columns"
        case .headerAlone(let path, let line, let columns):
            "\(path): line \(line) was read as a CSV header of \(columns.counted("column")), and no record "
                + "follows; give JSON Lines (one object a line), or CSV whose header names subject, body, text or "
                + "description; for one ticket there is `triage explain \"its text\"`"
        case .notAFile(let path, let kind):
            "\(path): cannot be read (it is a \(kind)); name a regular file"
        case .noMail(let path):
            "\(path): the folder has no mail; name a maildir, a folder of files called .eml, or a file"
        case .notAFolder(let path):
            "\(path): cannot be read (it is not a folder); name a folder"
        case .noValues(let path, let columns):
            "\(path): no record has a value in column \(columns.joined(separator: ", ")); "
                + "name the columns of the file after the model's fields"
        case .noTextColumn(let path, let columns, let likely):
            "\(path): no column is known as a ticket's text; its columns: \(ColumnNames.shown(columns)); name the text "
                + "columns, the subject first"
                + (likely.isEmpty ? "" : "; like text looks \(ColumnNames.shown(likely.map { "\"\($0)\"" }))")
        case .messagesAlone(let path):
            "\(path): its rows are messages of tickets, those of agents too, not tickets; export the tickets, and import both "
                + "files; if they are tickets, take out columns such as sender, internal and private"
        case .noColumn(let path, let name, let isID, let columns):
            "\(path): no column \"\(name)\"\(ColumnNames.suggestion(name, columns)); its columns: "
                + "\(ColumnNames.shown(columns)); name the \(isID ? "column of the id" : "text columns") as the file has it"
        case .mostlyWithoutText(let path, let empty, let rows, let read, let columns):
            "\(path): \(empty) of \(rows) rows have no text in \(read); its columns: \(ColumnNames.shown(columns)); name "
                + "those that hold the text"
        case .nothingUsable(let path, let rows, let first):
            "\(path): none of its \(rows) records can be used; the first: \(first)"
        }
    }
}
