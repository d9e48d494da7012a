import ArgumentParser
import TriageData
import TriageImport
import TriageTickets

/// `triage import`: exports of help desks, workbooks and mail to JSON Lines.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Read an export as it comes and write its tickets as JSON Lines; or show what a file holds.",
        discussion: """
            Reads CSV, JSON and JSON Lines of Zammad, ServiceNow, Jira, Zendesk, Freshdesk, GLPI, OTRS/Znuny, FreeScout, \
            Chatwoot, GitHub and GitLab, the CSV of osTicket, Excel workbooks (first sheet), mail (mbox, maildir, .eml), \
            fastText, Label Studio, Prodigy and spaCy files; any other CSV or JSON by the names of its columns or by --map. \
            Each ticket has id, subject, body, requester, time (ISO 8601 in UTC) and its labels. The body is the first \
            message of the customer; notes and answers of agents are left out, since they give labels away. \
            Several files are one import: a table without text takes the texts of an export by id. \
            --inspect writes nothing: it shows format, columns and masked examples, what is read as what, and what is \
            unclear. train, evaluate and classify read the same files directly.
            """)

    @Argument(help: ArgumentHelp("Files, or folders of mail; - is standard input.", valueName: "file"))
    var files: [String]
    @Option(help: ArgumentHelp("Where tickets go (default: standard output).", valueName: "file"))
    var output: String?
    @Flag(help: "Show what the files hold and how they are read, and write no tickets.")
    var inspect = false
    @Option(
        help: ArgumentHelp(
            "With --inspect: write the columns found as a map, to be edited.", valueName: "file"))
    var mapOut: String?
    @Option(help: ArgumentHelp("Read the columns that this map names.", valueName: "file"))
    var map: String?
    @Option(
        help: ArgumentHelp(
            "Write each rejected row's file, line, id and reason, as JSON Lines.", valueName: "file"))
    var rejected: String?
    @OptionGroup var text: TextOption
    @Option(
        help: ArgumentHelp(
            "A label column to keep; others are left out. May be given several times.", valueName: "name"))
    var label: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The zone of dates without one, such as +01:00.", valueName: "offset"))
    var zone = "+00:00"
    @Option(help: ArgumentHelp("What comes first in dates such as 6/7/2025: dmy or mdy.", valueName: "order"))
    var dateOrder: String?
    @Flag(help: "With --inspect: JSON, an object a file.")
    var json = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("Name at least one file.") }
        guard DateReader.zone(zone) != nil else {
            throw ValidationError("--zone takes an offset such as +01:00.")
        }
        guard dateOrder.map({ DateReader.Order(rawValue: $0) != nil }) ?? true else {
            throw ValidationError("--date-order takes dmy or mdy.")
        }
        guard mapOut == nil || inspect else { throw ValidationError("--map-out goes with --inspect.") }
        guard mapOut == nil || files.count == 1 else { throw ValidationError("--map-out takes one file.") }
        guard !json || inspect else { throw ValidationError("--json goes with --inspect.") }
        guard !inspect || output == nil && rejected == nil else {
            throw ValidationError("--inspect writes no tickets; leave out --output and --rejected.")
        }
        guard map == nil || text.text.isEmpty && text.idColumn == nil && label.isEmpty else {
            throw ValidationError("Give --map, or --text, --id-column and --label.")
        }
        for name in [output, rejected].compactMap(\.self) {
            guard let dot = name.lastIndex(of: "."),
                [".csv", ".tsv", ".tab", ".xlsx", ".xls", ".xlsm", ".ods"].contains(name[dot...].lowercased())
            else { continue }
            throw ValidationError("Tickets are written as JSON Lines; name \(name[..<dot]).jsonl.".shown)
        }
        guard rejected == nil || rejected != output else {
            throw ValidationError("--output and --rejected are one file.")
        }
    }

    /// The columns to read, the map where one was given, and how dates are read.
    private func choice() throws -> (columns: TicketColumns, map: ImportMap?, dates: DateReader) {
        var dates = DateReader(
            zone: DateReader.zone(zone) ?? 0, order: dateOrder.flatMap { DateReader.Order(rawValue: $0) })
        if let map {
            let map = try ImportMap(path: map)
            if dates.zone == 0 { dates.zone = map.dates.zone }
            return (map.columns, map, DateReader(zone: dates.zone, order: dates.order ?? map.dates.order))
        }
        var columns = text.columns()
        columns.others = label
        return (columns, nil, dates)
    }

    func run() throws {
        try reportingErrors {
            try LineOutput.refuse(output, [rejected, mapOut], as: files + [map].compactMap(\.self))
            let (columns, map, dates) = try choice()
            guard !inspect else { return try runInspection(columns, map, dates) }
            var tickets = TicketImport(columns, map: map, labels: label, dates: dates)
            let sink = try LineOutput(path: output)
            let rejects = try rejected.map { try LineOutput(path: $0) }
            var buffer = LineBuffer(sink)
            var first: [TicketImport.Rejected] = []
            do {
                try tickets.read(
                    files, write: { try buffer.add($0) },
                    reject: { row in
                        if row.row.code != .leftOut, first.count < 10 { first.append(row) }
                        try rejects?.write(JSONWriter.lineBytes { row.write(to: &$0) })
                    })
                try buffer.flush()
                try sink.finish()
                try rejects?.finish()
            } catch {
                sink.abandon()
                rejects?.abandon()
                throw error
            }
            Terminal.say(columnNotes: tickets.notes)
            Terminal.say(first.map { ($0.file, $0.row) })
            tickets.counts.lines.forEach { Terminal.say("triage: \($0)") }
            guard tickets.counts.unreadable == 0 else { throw ExitCode.badData }
        }
    }

    private func runInspection(_ columns: TicketColumns, _ map: ImportMap?, _ dates: DateReader) throws {
        var hasQuestion = false
        for (place, file) in files.enumerated() {
            let inspection = try Inspection(
                file, columns, map: map, dates: dates, isAlone: files.count == 1)
            if json {
                print(JSONWriter.line { inspection.write(to: &$0) })
            } else {
                if place > 0 { print("") }
                inspection.lines.forEach { print($0.shown) }
            }
            hasQuestion = hasQuestion || inspection.choice.text.isEmpty
            if let mapOut {
                try AtomicOutput.write(Array(inspection.asMap.yaml.utf8), to: mapOut)
                Terminal.say("triage: wrote \(mapOut)")
            }
        }
        if files.count > 1, !files.contains("-"), !json { try showTogether(columns, map, dates) }
        if hasQuestion { throw ExitCode.badData }
    }

    /// Shows what the files are as one import: which rows belong together, and how many tickets there are.
    private func showTogether(_ columns: TicketColumns, _ map: ImportMap?, _ dates: DateReader) throws {
        var tickets = TicketImport(columns, map: map, labels: label, dates: dates)
        try tickets.read(files, write: { _ in }, reject: { _ in })
        print("\nall files as one import")
        for line in tickets.joinNotes + tickets.counts.lines { print("  \(line)".shown) }
    }
}

/// Collects lines, so that many are written at once.
private struct LineBuffer {
    private let sink: LineOutput
    private var bytes: [UInt8] = []
    private static let size = 1 << 16

    init(_ sink: LineOutput) { self.sink = sink }

    mutating func add(_ line: [UInt8]) throws {
        bytes += line
        if bytes.count >= LineBuffer.size { try flush() }
    }

    mutating func flush() throws {
        try sink.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
