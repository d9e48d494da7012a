import ArgumentParser
import TriageData
import TriageModel
import TriageTickets
import TriageTraining

/// Label columns that are not one plain label a row.
struct LabelShapeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Columns that are one path, the root first, such as category,subcategory: one field, called like the first. A \
            single name reads that column's labels as paths (A::B, A > B), which happens by itself where they evidently \
            are; none turns that off. May be given several times.
            """, valueName: "names|none"))
    var tree: [String] = []
    @Option(
        help: ArgumentHelp(
            """
            A column with any number of labels a row, as a list (["vpn","mac"]) or as a;b; each is learned by itself. May \
            be given several times.
            """, valueName: "name"))
    var tags: [String] = []

    /// The columns of each tree.
    private var trees: [[String]] {
        tree.filter { $0 != "none" }
            .map { $0.split(separator: ",").map { LabelText.read(String($0)) }.filter { !$0.isEmpty } }
    }

    func validate() throws {
        guard trees.allSatisfy({ !$0.isEmpty }) else {
            throw ValidationError("--tree takes names of columns, such as category,subcategory, or none.")
        }
    }

    /// The fields of a training: those of --label, then those that have a shape of their own.
    func fields(beside labels: [String]) throws -> [String] {
        let own = trees.map { $0[0] } + tags
        let plain = labels.filter { !own.contains($0) }
        let columns = plain + trees.flatMap(\.self) + tags
        guard Set(columns.map { $0.lowercased() }).count == columns.count else {
            throw ValidationError(
                "A label column is given twice; give each to one of --label, --tree and --tags, once.")
        }
        return plain + own
    }

    /// All columns that hold labels.
    func columns(beside labels: [String]) throws -> [String] {
        Array(Set(try fields(beside: labels) + trees.flatMap(\.self))).sorted()
    }

    var shapes: TrainingSet.LabelColumns {
        var shapes = TrainingSet.LabelColumns()
        for columns in trees {
            if columns.count > 1 {
                shapes.trees[columns[0]] = columns
            } else {
                shapes.paths.insert(columns[0])
            }
        }
        shapes.findsPaths = !tree.contains("none")
        shapes.tags = Set(tags)
        return shapes
    }
}

extension TrainingSet {
    /// Names the fields whose labels are read as paths.
    func sayTrees() {
        for case (let field, let tree?, let labels) in zip(zip(fields, trees), labelSets).map({
            ($0.0, $0.1, $1)
        }) {
            let depths = LabelTree(labels, paths: tree.paths).depths
            guard let first = depths.first else {
                Terminal.say("triage: no label of \(field) has a parent, so its labels are no tree")
                continue
            }
            let origin =
                tree.columns.map { "columns \($0.joined(separator: ", ")) are one path" }
                ?? "labels of '\(field)' are paths (--tree none reads each as one label)"
            let top = first.names.count == 1 ? "1 parent" : "\(first.names.count) parents"
            Terminal.say("triage: \(origin): \(labels.count) labels below \(top)".shown)
        }
    }
}
