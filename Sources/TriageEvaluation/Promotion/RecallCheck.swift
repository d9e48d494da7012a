internal import TriageData
internal import TriageModel
internal import TriageNumerics

/// How many of each label's tickets two models answer right on the same rows.
struct RecallCheck {
    /// A label's rows, and of these those that each model has right.
    struct Label {
        var name: String
        var rows = 0
        var right = 0
        var rightBefore = 0
        var onlyNew = 0
        var onlyOld = 0
    }

    /// A fall that chance alone would bring once in so many comparisons of all labels together.
    private static let error = 0.05
    /// A floor is judged on so many rows of its label at least.
    static let minimumRows = 20

    private(set) var labels: [Label] = []

    /// Counts the rows that both scored.
    init(_ field: ScoredField, _ before: ScoredField?) {
        let places = Dictionary((before?.rows ?? []).enumerated().map { ($1, $0) }) { first, _ in first }
        var found: [String: Label] = [:]
        for index in field.rows.indices {
            let name = field.allLabels[field.gold[index]]
            let isRight = field.isCorrect(index)
            let wasRight = places[field.rows[index]].flatMap { place in before.map { $0.isCorrect(place) } }
            var label = found[name] ?? Label(name: name)
            label.rows += 1
            if isRight { label.right += 1 }
            if wasRight == true { label.rightBefore += 1 }
            if isRight, wasRight == false { label.onlyNew += 1 }
            if !isRight, wasRight == true { label.onlyOld += 1 }
            found[name] = label
        }
        labels = found.values.sorted { $0.name < $1.name }
    }

    /// A sentence for each label whose recall surely fell: McNemar's mid-p, shared out over the labels.
    func falls(in field: String) -> [String] {
        labels.compactMap { label in
            guard label.onlyOld > label.onlyNew,
                PairedComparison.mcNemar(label.onlyNew, label.onlyOld).midP
                    < RecallCheck.error / Double(labels.count)
            else { return nil }
            return
                "\(field): of \(label.rows.counted("ticket")) with \(label.name), \(label.right) are right; "
                + "the champion has \(label.rightBefore)"
        }
    }

    /// The share of a label's rows that are right; nil with too few of them.
    func share(of label: String) -> (right: Int, rows: Int)? {
        labels.first { $0.name == label && $0.rows >= RecallCheck.minimumRows }
            .map { ($0.right, $0.rows) }
    }
}

extension ModelBundle.Head {
    /// The share of a label's held-out rows that are right; nil with too few of them.
    func heldOutRecall(of label: String) -> (right: Int, rows: Int)? {
        guard let heldOut, let place = labels.index(of: label) else { return nil }
        let rows = (0..<heldOut.count).filter { Int(heldOut.gold[$0]) == place }
        guard rows.count >= RecallCheck.minimumRows else { return nil }
        return (rows.count { Int(heldOut.predicted[$0]) == place }, rows.count)
    }
}
