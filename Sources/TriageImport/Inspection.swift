internal import TriageData
internal import TriageText
package import TriageTickets

/// What a file holds and how it is read: its format, its columns, what is text, what are labels, what is rejected.
package struct Inspection {
    package let path: String
    package let kind: TicketFileKind
    package private(set) var encoding: String?
    package private(set) var separator: String?
    /// What the readers noted, a line each.
    package private(set) var notes: [String] = []
    package private(set) var rows = 0
    /// Rejected rows by their reason, with the line of the first.
    package private(set) var rejected: [(reason: String, rows: Int, line: Int)] = []
    package private(set) var choice = ColumnChoice()
    /// What a person must answer, since the file does not.
    package private(set) var questions: [String] = []
    package private(set) var leaks: [String] = []
    /// The columns that are suggested to learn from, the best first.
    package private(set) var labels: [String] = []
    private(set) var roles = ColumnRoles()
    private(set) var profiles: [ColumnProfile] = []
    private(set) var dates: DateReader
    /// The places of columns whose names no message may show.
    private var hidden: [String: Int] = [:]
    /// By row the text of its time, of the first rows; what warnings of labels read.
    private(set) var times: [String?] = []
    private let columns: TicketColumns
    private let map: ImportMap?

    private static let maximumColumns = 400

    /// Reads a whole file; `isAlone` is false where other files may have its texts.
    ///
    /// - Throws: `DataError` when it cannot be read at all.
    package init(
        _ path: String, _ columns: TicketColumns = TicketColumns(), map: ImportMap? = nil,
        dates: DateReader = DateReader(), maximumRows: Int = .max, isAlone: Bool = true
    ) throws {
        let file = try TicketFile(path)
        (self.path, kind, self.columns, self.map, self.dates) = (file.name, file.kind, columns, map, dates)
        if self.dates.order == nil {
            self.dates.order = try DateOrderSample.order(of: path, file, columns, map)
        }
        let rows = try file.rows(dates: self.dates)
        separator = file.kind == .table ? rows.separator : nil
        for (place, name) in rows.columns.enumerated() where !rows.shownColumns.contains(name) {
            hidden[name] = place + 1
        }
        try read(rows, maximumRows)
        encoding = file.encoding ?? rows.encoding
        try decide(rows, isAlone: isAlone)
    }

    // MARK: - Reading

    private mutating func read(_ rows: RowReader, _ maximumRows: Int) throws {
        let masker = Masker()
        var places: [String: Int] = [:]
        var reasons: [String: Int] = [:]
        for name in rows.columns { place(of: name, &places) }
        var time = timeColumn(among: rows.columns)
        while rows.count < maximumRows, let row = try rows.next() {
            do throws(BadRow) {
                let row = try row.get()
                for (name, value) in row.fields {
                    guard let place = place(of: name, &places) else { continue }
                    profiles[place].add(value, row: self.rows, masker: masker)
                }
                // Of JSON, the first row shows it.
                if rows.columns.isEmpty, self.rows == 0 { time = timeColumn(among: row.fields.keys.sorted()) }
                if times.count < ColumnProfile.maximumRows {
                    times.append(time.flatMap { row.fields[$0] }.flatMap { dates.iso($0) })
                }
                self.rows += 1
            } catch {
                if let place = reasons[error.message] {
                    rejected[place].rows += 1
                } else {
                    reasons[error.message] = rejected.count
                    rejected.append((error.message, 1, error.line))
                }
            }
        }
        notes = rows.notes
        if rows.columns.isEmpty { profiles.sort { $0.name < $1.name } }
    }

    /// The column of the time, by the names alone.
    private func timeColumn(among names: [String]) -> String? {
        ColumnRoles(names, columns.choice(among: names), map: map).time
    }

    @discardableResult
    private mutating func place(of name: String, _ places: inout [String: Int]) -> Int? {
        if let place = places[name] { return place }
        guard profiles.count < Inspection.maximumColumns else { return nil }
        profiles.append(ColumnProfile(name))
        places[name] = profiles.count - 1
        return profiles.count - 1
    }

    /// Whether a column's values are lists.
    package func isList(_ name: String) -> Bool { profile(name)?.isList ?? false }

    /// A column's name as messages may show it: personal data in it are masked, and the "names" of a file without a header,
    /// which are its first ticket, are numbers.
    func title(_ name: String) -> String {
        if let place = hidden[name] { return "column \(place)" }
        // Names such as custom_field_360012345678 are not personal.
        let isIdentifier = name.utf8.allSatisfy { ($0 | 0x20) > 0x60 || (0x2D...0x39).contains($0) }
        if isIdentifier, name.contains(where: \.isLetter) { return name.shown }
        return String(decoding: Masker().mask(name).text.bytes, as: UTF8.self).shown
    }

    func profile(_ name: String) -> ColumnProfile? { profiles.first { $0.name == name } }

    // MARK: - Deciding

    private mutating func decide(_ rows: RowReader, isAlone: Bool) throws {
        let names = profiles.map(\.name)
        choice = columns.choice(among: names)
        if let name = choice.missing.first {
            throw DataError.noColumn(path: path, name: name, isID: false, columns: names)
        }
        if let map {
            for name in map.names where KnownColumns.match(name, among: names) == nil {
                throw ImportError.noSuchColumn(map: map.path, name: name, columns: names)
            }
        }
        roles = ColumnRoles(names, choice, map: map)
        labels = map.flatMap { $0.labels.isEmpty ? nil : $0.labels } ?? suggestedLabels()
        askAboutText()
        askAboutLabels()
        askAboutDates()
        if isAlone, let advice = ExportAdvice.textIsElsewhere(columns: names) { questions.append(advice) }
        leaks = ColumnLeaks.warnings(in: self)
    }

    private mutating func askAboutText() {
        let named = !columns.named.isEmpty || map != nil
        let prose = profiles.filter {
            $0.looksLikeText && $0.filled * 2 > rows && !choice.text.contains($0.name) && $0.name != choice.id
        }
        let answers = Set(roles.answers)
        let candidates = prose.filter { !answers.contains($0.name) }
        func list(_ profiles: [ColumnProfile]) -> String {
            profiles.prefix(3).map {
                "\"\(title($0.name))\" (\(Int($0.wordsPerValue.rounded())) words a row)"
            }
            .joined(separator: ", ")
        }
        if choice.text.isEmpty {
            questions.append(
                candidates.isEmpty
                    ? "which column holds the text? None has a known name, and none looks like text; name it with --text"
                    : "which column holds the text? These look like it: \(list(candidates)); name it with --text"
            )
            return
        }
        guard !named else { return }
        if choice.body.isEmpty, choice.alternatives.isEmpty, !candidates.isEmpty {
            questions.append(
                "is there more text than \(title(choice.subject[0]))? These look like it: \(list(candidates)); name the "
                    + "columns with --text")
        }
        if let name = choice.body.first, KnownColumns.body.rank(name) == nil,
            KnownColumns.isAnswer(name)
        {
            questions.append(
                "is \"\(title(name))\" the customer's text? In help desks such a column holds answers of agents, which give "
                    + "labels away; name the text with --text")
        }
        let filled = choice.text.map { profile($0)?.filled ?? 0 }.max() ?? 0
        if rows > 0, filled * 2 < rows {
            questions.append(
                "is the text in \(choice.text.map(title).joined(separator: ", "))? \(rows - filled) of \(rows) rows have none"
            )
        }
        if let name = choice.body.first, let profile = profile(name), rows >= 20,
            profile.distinct.count * 10 < rows
        {
            questions.append(
                "is \"\(title(name))\" the text? It has only \(profile.distinct.count) different values in \(rows) rows"
            )
        }
    }

    private mutating func askAboutLabels() {
        guard labels.isEmpty, rows > 0 else { return }
        questions.append(
            "which column is the label? None has a known name and few values; name it with --label, or group tickets "
                + "without labels by triage discover")
    }

    private mutating func askAboutDates() {
        guard let time = roles.time, let profile = profile(time), dates.order == nil else { return }
        let texts = profile.hasManyValues ? profile.examples : profile.values
        guard texts.contains(where: DateReader.needsOrder) else { return }
        questions.append(
            "is the day or the month first in \"\(title(time))\", such as \(texts.first(where: DateReader.needsOrder) ?? "")? "
                + "give --date-order dmy or mdy")
    }

    // MARK: - Labels

    /// Kinds of labels by their names, in the order in which they are suggested.
    private static let kinds: [KnownColumns] = [
        .category, .subcategory, .severity, .team, .kind,
    ]

    /// The columns of labels: of each kind the best, then others that look like labels.
    private func suggestedLabels() -> [String] {
        var found: [String] = []
        for known in Inspection.kinds {
            let usable = known.found(among: roles.values).filter { name in
                !found.contains(name)
                    && profile(name).map { profile in
                        // A name that is known says enough where few rows show little.
                        (profile.looksLikeLabel || rows < 20 && profile.mayBeLabel)
                            && profile.filled * 2 > rows
                            || profile.isList && profile.distinct.count > 1
                    } == true
            }
            found += usable.prefix(known.rank("category") == 0 ? 1 : 2)
        }
        guard found.isEmpty else { return found }
        return roles.values.filter { name in
            guard let profile = profile(name) else { return false }
            return profile.looksLikeLabel && !profile.isMostlyNumbers && profile.filled * 2 > rows
        }
    }

    /// The map that reads the file so.
    package var asMap: ImportMap {
        ImportMap(
            input: InputColumns(
                subject: choice.subject, body: choice.body,
                alternatives: choice.alternatives.isEmpty ? nil : choice.alternatives, id: choice.id,
                requester: roles.requester, time: roles.time),
            labels: labels, dates: dates)
    }
}
