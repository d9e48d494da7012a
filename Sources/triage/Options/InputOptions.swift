import ArgumentParser
import TriageData
import TriageTickets
import TriageTraining

/// Which columns of the input hold text.
struct TextOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Text columns, the subject first (default: subject, and body, text or description).",
            valueName: "names"))
    var text: String?

    var columns: TextColumns {
        TextColumns((text ?? "").split(separator: ",").map(String.init))
    }

    /// Refuses a label column that is read as text too: the text would hold the answer.
    func check(labels: [String]) throws {
        let names = columns.wanted.map { $0.lowercased() }
        guard let both = labels.first(where: { names.contains($0.lowercased()) }) else { return }
        throw ValidationError(
            "Column '\(both)' is a label and text at once; name the text columns alone with --text.")
    }

    func validate() throws {
        guard text == nil || !columns.names.isEmpty else {
            throw ValidationError("--text takes names of columns, such as subject,body.")
        }
    }
}

extension RowReader {
    /// Notes how many rows failed, and ends with the exit code for that.
    func sayFailed(_ failed: Int) throws {
        guard failed > 0 else { return }
        Terminal.say(
            "triage: \(name): \(failed) of \(count) rows could not be read; "
                + "each has its error in its place: correct them and run again")
        throw ExitCode.badData
    }
}

extension Terminal {
    /// Names the first ten bad rows.
    static func say(_ faults: [(file: String, row: BadRow)]) {
        for fault in faults.prefix(10) {
            say("triage: \(fault.file): line \(fault.row.line): \(fault.row.message)")
        }
        if faults.count > 10 { say("triage: … and \((faults.count - 10).counted("more bad row"))") }
    }
}

extension TrainingSet {
    /// Names the rows that were left out.
    func sayFaults() { Terminal.say(faults.map { ($0.file, $0.row) }) }

    /// Refuses options that name a column which no row has: the split would silently be another one.
    func check(_ columns: [(option: String, name: String?, path: KeyPath<TrainingExample, String?>)]) throws {
        for case (let option, let name?, let path) in columns
        where examples.allSatisfy({ ($0[keyPath: path] ?? "").isEmpty }) {
            throw ValidationError(
                "No row has a value in column '\(name)'; name a column of the data with \(option), or leave it out."
            )
        }
    }

    /// Refuses an out-of-scope label that no row has.
    func check(outOfScopeLabel label: String?) throws {
        guard let label, !examples.contains(where: { !$0.outside.isEmpty }) else { return }
        throw ValidationError(
            "No row has the label '\(label)' in a --label column; give --oos-label as the data spells it, or "
                + "leave it out.")
    }
}
