import ArgumentParser
import TriageData
import TriageModel
import TriageTickets
import TriageTraining

/// Which columns of the input hold a ticket's text and its id.
struct TextOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Text columns, the subject first; may be given several times, or with commas. Default: the columns that the model \
            was trained on, else known names in any case and usual languages, such as subject, summary, title, body, \
            description.
            """, valueName: "names"))
    var text: [String] = []
    @Option(
        help: ArgumentHelp(
            "The column of the ticket's id (default: the training's, else id, Ticket ID, number, Issue key and such).",
            valueName: "name"))
    var idColumn: String?

    /// The columns to read with a model, or for a training that begins with one.
    func columns(_ model: ModelBundle? = nil) -> TicketColumns {
        TicketColumns(
            text, id: idColumn, remembered: model?.manifest.input,
            fields: model?.heads.map(\.manifest.field) ?? [])
    }

    /// Refuses a label column that is read as text or id too: the text would hold the answer.
    func check(labels: [String]) throws {
        let texts = text.isEmpty ? KnownColumns.contract : text + TicketColumns.names(in: text, among: [])
        func isAmong(_ names: [String], _ label: String) -> Bool {
            KnownColumns.match(label, among: names) != nil
        }
        if let both = labels.first(where: { isAmong(texts, $0) }) {
            throw ValidationError(
                "Column '\(both)' is a label and text at once; name the text columns alone with --text.")
        }
        if let both = labels.first(where: { isAmong([idColumn ?? "id"], $0) }) {
            throw ValidationError(
                "Column '\(both)' is a label and the id at once; name the id's column with --id-column.")
        }
    }

    func validate() throws {
        guard text.allSatisfy({ $0.contains { $0 != "," && !$0.isWhitespace } }) else {
            throw ValidationError("--text takes names of columns, such as subject,body.")
        }
        guard idColumn != "" else { throw ValidationError("--id-column takes the name of a column.") }
    }
}

extension Terminal {
    /// Writes what a reader noted about columns.
    static func say(columnNotes notes: [String]) { notes.forEach { say("triage: \($0)") } }
}

extension RowReader {
    /// Notes how many rows were left out on purpose; that changes no exit code.
    func sayLeftOut(_ leftOut: Int) {
        guard leftOut > 0 else { return }
        Terminal.say(
            "triage: \(name): \(leftOut) of \(count) rows are not a customer's tickets; each has the reason in its place"
        )
    }

    /// Notes how many rows failed, and ends with the exit code for that unless bad rows are kept.
    func sayFailed(_ failed: Int, _ badRows: BadRowsOption.Answer = .fail) throws {
        guard failed > 0 else { return }
        let remedy = badRows == .fail ? ": correct them and run again" : ""
        Terminal.say(
            "triage: \(name): \(failed) of \(count) rows could not be read; each has its error in its place\(remedy)"
        )
        if badRows == .fail { throw ExitCode.badData }
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

/// What a command does about rows that cannot be read.
struct BadRowsOption: ParsableArguments {
    enum Answer: String, ExpressibleByArgument, CaseIterable {
        case fail, keep
    }

    @Option(
        help: ArgumentHelp(
            "keep: exit code 0 although rows could not be read, or there are none; their errors are in their places, for "
                + "batches that count them later (default: fail).",
            valueName: "fail|keep"))
    var badRows = Answer.fail
}
