package import TriageData
package import TriageModel
internal import Foundation
package import TriageTickets

extension TrainingSet {
    /// How the columns of labels become a field each: a label, a path in a tree, or several tags.
    package struct LabelColumns: Sendable, Equatable {
        /// For fields whose labels are paths over several columns these columns, the root's first.
        package var trees: [String: [String]] = [:]
        /// Fields of one column that are read as paths, whether they look like it or not.
        package var paths: Set<String> = []
        /// Whether a column is read as paths where its labels evidently are such.
        package var findsPaths = true
        /// Fields with any number of labels a row.
        package var tags: Set<String> = []

        package init() {}

        /// The columns that a bundle was trained on.
        package init(_ model: ModelBundle) {
            findsPaths = false
            for head in model.heads {
                let field = head.manifest.field
                if head.hasTags { tags.insert(field) }
                guard let tree = head.manifest.tree else { continue }
                if let columns = tree.columns { trees[field] = columns } else { paths.insert(field) }
            }
        }

        /// All columns but those that are named like their field.
        package var others: [String] { trees.sorted { $0.key < $1.key }.flatMap(\.value) }

        /// The first column of a path over several that no row has; nil when all are there.
        package func missingColumn(among names: Set<String>) -> String? {
            others.first { column in !names.contains { InputRow.isSame($0, column) } }
        }

        /// Stands between the parts of a path until all labels are known; no label has it.
        static let joint = "\u{1F}"

        /// The label of a field in a row as it is read; empty without one.
        ///
        /// - Throws: `BadRow` when it is a list or an object, or the path of several columns begins with a gap.
        package func text(of field: String, in row: InputRow, id: String?) throws(BadRow) -> String {
            if tags.contains(field) {
                let names = try TagList.read(field, in: row, id: id) ?? []
                return names.sorted().joined(separator: LabelColumns.joint)
            }
            guard let columns = trees[field] else { return try LabelReader.text(of: field, in: row, id: id) }
            var parts: [String] = []
            for column in columns { parts.append(try LabelReader.text(of: column, in: row, id: id)) }
            while parts.last?.isEmpty ?? false { parts.removeLast() }
            guard let gap = parts.firstIndex(of: "") else {
                return parts.joined(separator: LabelColumns.joint)
            }
            let message =
                "it has a value of \"\(columns[parts.count - 1])\" and none of \"\(columns[gap])\"; fill in the parent"
            throw BadRow(line: row.line, id: id, code: .invalidField, message: message)
        }
    }
}

/// The tree of one field's labels, as its column or columns give it.
package struct FieldTree: Sendable, Equatable {
    package var paths: LabelPath
    /// The columns of the parts, the root's first; nil when one column holds the path.
    package var columns: [String]?
}

/// Decides which labels of a field are paths, and how each is spelled.
struct PathSpellings {
    /// nil when the labels are no paths.
    let tree: FieldTree?
    /// The spelling of each label.
    private let spellings: [String: String]

    /// `rows` are the labels as they were read, with the number of their rows.
    init(_ field: String, _ rows: [LabelForms.Count], _ columns: TrainingSet.LabelColumns) {
        if let names = columns.trees[field] {
            (tree, spellings) = PathSpellings.joined(rows, names)
            return
        }
        let counts = rows.map { (label: $0.label, rows: $0.rows) }
        let paths =
            columns.paths.contains(field)
            ? LabelPath.forced(in: counts) : columns.findsPaths ? LabelPath.find(in: counts) : nil
        guard let paths else {
            (tree, spellings) = (nil, [:])
            return
        }
        tree = FieldTree(paths: paths, columns: nil)
        // Of several spellings of one path the commonest is the label.
        let groups = Dictionary(grouping: LabelForms(rows).counts) { paths.spelling(of: $0.label) }
        spellings = Dictionary(
            groups.values.flatMap { group in group.map { ($0.label, group[0].label) } }
        ) { first, _ in first }
    }

    /// The label that a text stands for.
    func spelling(of label: String) -> String { spellings[label] ?? label }

    /// Paths of several columns: a value of the first column alone may be a whole path, as decisions have it.
    private static func joined(
        _ rows: [LabelForms.Count], _ columns: [String]
    ) -> (FieldTree, [String: String]) {
        let joint = TrainingSet.LabelColumns.joint
        let whole = rows.map(\.label).filter { $0.contains(joint) }
        let paths = LabelPath.joining(Set(whole.flatMap { $0.components(separatedBy: joint) }))
        let spellings = rows.map { row in
            (row.label, paths.joined(row.label.components(separatedBy: joint)))
        }
        return (
            FieldTree(paths: paths, columns: columns), Dictionary(spellings) { first, _ in first }
        )
    }
}
