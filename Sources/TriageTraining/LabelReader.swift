internal import Foundation
internal import TriageData
internal import TriageTickets

/// Reads the labels of rows and numbers them, field by field.
struct LabelReader {
    private let columns: TrainingSet.Columns
    private let outOfScopeLabel: String?
    /// By field the number of each label, in order of appearance; `outside` for the out-of-scope label.
    private var numbers: [[String: Int]]
    /// By field the labels in order of appearance.
    private var names: [[String]]
    /// By field the rows without a label.
    private(set) var unlabelled: [Int]

    private static let outside = -1

    init(_ columns: TrainingSet.Columns) {
        self.columns = columns
        outOfScopeLabel = columns.outOfScopeLabel.map(LabelText.read)
        numbers = columns.labels.map { _ in [:] }
        names = columns.labels.map { _ in [] }
        unlabelled = columns.labels.map { _ in 0 }
    }

    /// The first field in which no row has a label.
    var emptyField: String? { zip(columns.labels, names).first { $1.isEmpty }?.0 }

    /// A row's labels by their numbers.
    struct RowLabels {
        /// One a field; nil without a label, and for a field of tags.
        var labels: [Int?]
        /// The fields that none of the labels fits.
        var outside: [Int]
        /// The tags of each field that has such; nil without a value.
        var tags: [[Int]?]

        var isEmpty: Bool {
            outside.isEmpty && labels.allSatisfy { $0 == nil } && tags.allSatisfy { $0 == nil }
        }
    }

    /// A row's labels; a correction wins over the row's own label.
    ///
    /// - Throws: `BadRow` when a label is a list or an object.
    mutating func read(
        _ row: InputRow, id: String?, corrected: [String: String] = [:]
    ) throws(BadRow) -> RowLabels {
        var tags: [[Int]?] = []
        if !columns.shapes.tags.isEmpty {
            tags = try readTags(row, id: id, corrected: corrected)
        }
        let (labels, outside) = try readLabels(row, id: id, corrected: corrected)
        return RowLabels(labels: labels, outside: outside, tags: tags)
    }

    /// The tags of each field that has such.
    private mutating func readTags(
        _ row: InputRow, id: String?, corrected: [String: String]
    ) throws(BadRow) -> [[Int]?] {
        var names: [[String]?] = []
        for field in columns.labels {
            guard columns.shapes.tags.contains(field) else {
                names.append(nil)
                continue
            }
            let joint = TrainingSet.LabelColumns.joint
            if let corrected = corrected[field] {
                names.append(corrected.components(separatedBy: joint))
            } else {
                names.append(try TagList.read(field, in: row, id: id))
            }
        }
        return names.enumerated().map { field, tags in
            guard let tags else {
                if columns.shapes.tags.contains(columns.labels[field]) { unlabelled[field] += 1 }
                return nil
            }
            return tags.compactMap { number($0, field: field) }.filter { $0 != LabelReader.outside }
        }
    }

    private mutating func readLabels(
        _ row: InputRow, id: String?, corrected: [String: String]
    ) throws(BadRow) -> (labels: [Int?], outside: [Int]) {
        var texts: [String] = []
        for field in columns.labels {
            guard !columns.shapes.tags.contains(field) else {
                texts.append("")
                continue
            }
            let own = corrected[field] == nil ? try columns.shapes.text(of: field, in: row, id: id) : ""
            texts.append(corrected[field] ?? own)
        }
        let labels = texts.indices.map { field in
            columns.shapes.tags.contains(columns.labels[field]) ? nil : number(texts[field], field: field)
        }
        return (
            labels.map { $0 == LabelReader.outside ? nil : $0 },
            labels.indices.filter { labels[$0] == LabelReader.outside }
        )
    }

    /// The label of a field in a row as it is read; empty without one.
    ///
    /// - Throws: `BadRow` when it is a list or an object.
    static func text(of field: String, in row: InputRow, id: String?) throws(BadRow) -> String {
        guard let value = row[field], value != .null, value.elements?.isEmpty != true else { return "" }
        guard let text = value.text else {
            let message =
                value.elements != nil
                ? "\"\(field)\" is a list; train the column as tags (--tags), or give one label"
                : "\"\(field)\" is an object; give the name of a column with a text"
            throw BadRow(line: row.line, id: id, code: .invalidField, message: message)
        }
        return LabelText.read(text)
    }

    private mutating func number(_ label: String, field: Int) -> Int? {
        guard !label.isEmpty else {
            unlabelled[field] += 1
            return nil
        }
        if let number = numbers[field][label] { return number }
        guard !isOutOfScope(label) else {
            numbers[field][label] = LabelReader.outside
            return LabelReader.outside
        }
        names[field].append(label)
        numbers[field][label] = names[field].count - 1
        return names[field].count - 1
    }

    private func isOutOfScope(_ label: String) -> Bool {
        guard let other = outOfScopeLabel else { return false }
        // Of a path over several columns each part may be the label.
        return label.components(separatedBy: TrainingSet.LabelColumns.joint).contains { part in
            part == other || columns.joinsLabelForms && LabelText.form(of: part) == LabelText.form(of: other)
        }
    }

    /// Numbers the labels of rows by their sorted names, with joined forms as one label.
    ///
    /// - Returns: The sorted labels of each field, what is noteworthy about them, and the tree that they are paths of.
    func sort(
        _ examples: inout [TrainingExample]
    ) -> (sets: [[String]], notes: [LabelNotes], trees: [FieldTree?]) {
        var sets: [[String]] = []
        var notes: [LabelNotes] = []
        var trees: [FieldTree?] = []
        for field in columns.labels.indices {
            var counts = [Int](repeating: 0, count: names[field].count)
            for example in examples {
                if let label = example.labels[field] { counts[label] += 1 }
                for tag in example.tags(in: field) ?? [] { counts[tag] += 1 }
            }
            let rows = zip(names[field], counts).map { LabelForms.Count(label: $0, rows: $1) }
            let paths = PathSpellings(columns.labels[field], rows, columns.shapes)
            let spelled = names[field].map(paths.spelling)
            let forms = LabelForms(LabelForms.Count.summed(zip(spelled, counts)))
            let chosen = columns.joinsLabelForms ? spelled.map { forms.commonest(of: $0) } : spelled
            let sorted = learned(chosen, counts, field: field).sorted {
                $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
            }
            let place = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0) })
            for row in examples.indices {
                examples[row].labels[field] = examples[row].labels[field].flatMap { place[chosen[$0]] }
                if let tags = examples[row].tags(in: field) {
                    examples[row].tags[field] = Set(tags.compactMap { place[chosen[$0]] }).sorted()
                }
            }
            sets.append(sorted)
            trees.append(paths.tree)
            notes.append(
                LabelNotes(
                    field: columns.labels[field], forms, areJoined: columns.joinsLabelForms,
                    unlabelled: unlabelled[field],
                    shape: columns.shapes.tags.contains(columns.labels[field])
                        ? .tags : paths.tree != nil ? .paths : .labels))
        }
        return (sets, notes, trees)
    }
}

extension LabelReader {
    /// The labels that are learned: all, but of tags those of at least two rows.
    ///
    /// A tag of one row has none to be held out
    /// against, and each tag costs as much as a label.
    private func learned(_ chosen: [String], _ counts: [Int], field: Int) -> Set<String> {
        guard columns.shapes.tags.contains(columns.labels[field]) else { return Set(chosen) }
        let sums = Dictionary(zip(chosen, counts), uniquingKeysWith: +)
        let repeated = Set(sums.filter { $0.value >= LabelReader.minimumTagRows }.keys)
        return repeated.isEmpty ? Set(chosen) : repeated
    }

    private static let minimumTagRows = 2
}

/// The labels of one field by their forms.
struct LabelForms {
    /// A label and its rows.
    struct Count: Sendable, Equatable {
        var label: String
        var rows: Int

        /// Equal labels as one, in order of appearance.
        static func summed(_ counts: some Sequence<(String, Int)>) -> [Count] {
            var places: [String: Int] = [:]
            var sums: [Count] = []
            for (label, rows) in counts {
                if let place = places[label] {
                    sums[place].rows += rows
                } else {
                    places[label] = sums.count
                    sums.append(Count(label: label, rows: rows))
                }
            }
            return sums
        }
    }

    /// All labels, the commonest first, equally common ones by their scalars.
    let counts: [Count]
    /// Labels that share a form, the commonest first; single ones are left out.
    let groups: [[Count]]
    private let commonest: [String: String]

    init(_ labels: [Count]) {
        let ranked = labels.sorted {
            $0.rows == $1.rows
                ? $0.label.unicodeScalars.lexicographicallyPrecedes($1.label.unicodeScalars)
                : $0.rows > $1.rows
        }
        var places: [String: Int] = [:]
        var all: [[Count]] = []
        for count in ranked {
            let form = LabelText.form(of: count.label)
            if let place = places[form] {
                all[place].append(count)
            } else {
                places[form] = all.count
                all.append([count])
            }
        }
        counts = ranked
        groups = all.filter { $0.count > 1 }
        commonest = Dictionary(
            groups.flatMap { group in group.map { ($0.label, group[0].label) } }
        ) { first, _ in first }
    }

    /// The label of most rows among the forms of a label.
    func commonest(of label: String) -> String { commonest[label] ?? label }

    /// The labels with all forms joined, the commonest first.
    var joined: [Count] {
        let sums = Dictionary(counts.map { (commonest(of: $0.label), $0.rows) }, uniquingKeysWith: +)
        return counts.filter { commonest(of: $0.label) == $0.label }
            .map { Count(label: $0.label, rows: sums[$0.label] ?? 0) }
    }
}
