internal import Foundation
package import TriageData
internal import TriageModel
internal import TriageTickets

/// Groups as a spreadsheet, a row for each, to be named by a person; and the names as they come back.
package enum GroupSheet {
    /// The columns; `name` is for the person, `check` for this program.
    package static let columns = [
        "group", "name", "tickets", "share", "words", "example 1", "example 2", "example 3", "ids", "check",
    ]

    /// The bytes of an example that are shown.
    private static let exampleBytes = 240

    /// The rows with their header.
    package static func bytes(_ groups: TicketGroups, of set: TrainingSet) -> [UInt8] {
        let check = Check(groups)
        var bytes = CSVWriter.header(columns)
        for (number, group) in groups.groups.enumerated() {
            var cells: [CSVWriter.Cell] = [
                .integer(number + 1), .text(nil), .integer(group.members.count),
                .decimal(Float(group.members.count) / Float(max(groups.places.count, 1))),
                .text(group.words.joined(separator: ", ")),
            ]
            for place in 0..<3 {
                let row = group.examples.indices.contains(place) ? group.examples[place] : nil
                cells.append(.text(row.map { shown(set.examples[$0]) }))
            }
            let ids = group.examples.map { row in
                set.examples[row].id ?? set.examples[row].row.map { "row \($0)" } ?? ""
            }
            cells += [.text(ids.joined(separator: ", ")), .text(check.text)]
            bytes += CSVWriter.row(cells)
        }
        return bytes
    }

    /// A ticket's masked text in one line, cut at a word.
    static func shown(_ example: TrainingExample) -> String {
        let fields = [example.subject, example.body].map { field in
            String(decoding: field, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(
                separator: " ")
        }.filter { !$0.isEmpty }
        let text = fields.joined(separator: " | ")
        guard text.utf8.count > exampleBytes else { return text }
        var cut = ""
        for word in text.split(separator: " ") {
            guard cut.utf8.count + word.utf8.count < exampleBytes else { break }
            cut += cut.isEmpty ? word[...] : " " + word
        }
        // A text without spaces is cut between characters.
        return (cut.isEmpty ? String(text.prefix(exampleBytes / 4)) : cut) + " …"
    }

    /// Refuses an output that is a sheet in which someone typed a name: it would be lost.
    package static func refuseToReplace(_ path: String) throws {
        guard path != "-", FileInput.exists(path), let rows = try? RowReader(path: path),
            Set(["name", "check"]).isSubset(of: rows.columns)
        else { return }
        while let row = try rows.next() {
            let name = (try? row.get())?.text("name") ?? ""
            if !LabelText.read(name).isEmpty { throw GroupError.wouldLoseNames(path: path) }
        }
    }

    /// What ties a sheet to the groups it was made from: names are for these groups only.
    package struct Check: Sendable, Equatable {
        package var groups: Int
        package var tickets: Int
        package var digest: String

        package init(_ found: TicketGroups) {
            groups = found.groups.count
            tickets = found.places.count
            let places = found.places.map { String($0 ?? -1) }.joined(separator: ",")
            digest = String(Checksum.sha256(Array(places.utf8)).prefix(8))
        }

        /// The check in a cell of a sheet; nil for other text.
        init?(_ text: String) {
            let parts = text.split(separator: " ")
            guard parts.count == 6, parts[1] == "groups", parts[2] == "of", parts[4] == "tickets:",
                let groups = Int(parts[0]), let tickets = Int(parts[3]), groups > 0, tickets >= groups
            else { return nil }
            (self.groups, self.tickets, digest) = (groups, tickets, String(parts[5]))
        }

        var text: String { "\(groups) groups of \(tickets) tickets: \(digest)" }
    }
}

/// The names that a person gave to groups.
package struct GroupNames: Sendable, Equatable {
    /// The name of each group, by its number from 0; nil for a group without one.
    package let names: [String?]
    /// The groups that the sheet was made from.
    package let check: GroupSheet.Check
    private let path: String

    /// The names in a sheet; rows may be missing and in any order.
    ///
    /// - Throws: `DataError` when the file cannot be read; `GroupError` when it is not a sheet of groups.
    package init(path: String) throws {
        let rows = try RowReader(path: path)
        if let missing = ["group", "name", "check"].first(where: { !rows.columns.contains($0) }) {
            throw GroupError.noSheet(path: rows.name, missing: missing)
        }
        var found: [Int: (name: String?, line: Int)] = [:]
        var checks: [(check: GroupSheet.Check, line: Int)] = []
        let bad = try rows.forEach { row throws(BadRow) in
            // Spreadsheets keep rows that someone emptied.
            guard ["group", "name", "check"].contains(where: { !LabelText.read(row.text($0) ?? "").isEmpty })
            else { return }
            guard let check = row.text("check").flatMap({ GroupSheet.Check(LabelText.read($0)) }),
                let group = row.text("group").flatMap({ Int(LabelText.read($0)) }),
                (1...check.groups).contains(group)
            else {
                throw BadRow(
                    line: row.line, code: .invalidField,
                    message:
                        "the cells \"group\" and \"check\" are not those that discover wrote; restore them")
            }
            let name = LabelText.read(row.text("name") ?? "")
            checks.append((check, row.line))
            let isName = !name.isEmpty && !LabelText.isNullWord(name)
            if let other = found[group], other.name != (isName ? name : nil) {
                throw BadRow(
                    line: row.line, code: .invalidField,
                    message:
                        "group \(group) is on line \(other.line) too, with another name; keep one of them")
            }
            found[group] = (isName ? name : nil, row.line)
        }
        if let first = bad.first { throw GroupError.badRow(path: rows.name, row: first) }
        guard let check = checks.first?.check else { throw GroupError.noNames(path: rows.name) }
        if let other = checks.first(where: { $0.check != check }) {
            throw GroupError.severalSheets(path: rows.name, line: other.line)
        }
        names = (0..<check.groups).map { found[$0 + 1]?.name }
        (self.check, self.path) = (check, rows.name)
        guard names.contains(where: { $0 != nil }) else { throw GroupError.noNames(path: rows.name) }
    }

    /// Makes sure that the names are for these groups.
    package func check(_ groups: TicketGroups) throws(GroupError) {
        let found = GroupSheet.Check(groups)
        guard found.tickets == check.tickets else {
            throw .otherTickets(path: path, sheet: check.tickets, files: found.tickets)
        }
        guard found == check else { throw .otherGroups(path: path) }
    }

    /// How many different names there are.
    package var count: Int { Set(names.compactMap(\.self)).count }
}

/// Why names cannot be taken from a sheet.
package enum GroupError: Error, Equatable {
    case badRow(path: String, row: BadRow)
    case noNames(path: String)
    /// A file without a column that each sheet of groups has.
    case noSheet(path: String, missing: String)
    case severalSheets(path: String, line: Int)
    case otherTickets(path: String, sheet: Int, files: Int)
    case otherGroups(path: String)
    /// A sheet in which someone typed names would be lost.
    case wouldLoseNames(path: String)
}

extension GroupError: DescribedError {
    package var description: String {
        switch self {
        case .badRow(let path, let row): "\(path): line \(row.line): \(row.message)"
        case .noNames(let path):
            "\(path): no group has a name; write names into the column \"name\" and save the sheet as CSV"
        case .noSheet(let path, let missing):
            "\(path): there is no column \"\(missing)\"; give the sheet of groups, saved as CSV with all of its columns"
        case .severalSheets(let path, let line):
            "\(path): line \(line): this row is of another sheet than the first one; keep the rows of one sheet"
        case .otherTickets(let path, let sheet, let files):
            "\(path): the sheet was made from \(sheet.counted("ticket")), and the files have \(files); give the same files, "
                + "with the same columns"
        case .otherGroups(let path):
            "\(path): these tickets give other groups than those of the sheet: another file, another embedding, another version "
                + "or another kind of processor; make a new sheet and copy the names"
        case .wouldLoseNames(let path):
            "\(path): someone typed names into this sheet, and they would be lost; name another output, or move the sheet"
        }
    }
}
