package import TriageData
internal import TriageModel

/// The target that the threshold for level `auto` must reach.
package enum AutoTarget: Sendable, Equatable {
    /// At least this share of them is right.
    case precision(Double)
    /// This share of tickets is answered so.
    case coverage(Double)
    /// Mistakes and reviews together cost least.
    case cost(CostMatrix)

    /// What a target may be, after "takes".
    package static let expected =
        "precision=P or coverage=C with a share between 0 and 1, such as precision=0.95 or 95%"

    /// Reads "precision=0.95" or "coverage=70%"; nil for anything else.
    ///
    /// A share alone, as "95%", is a precision.
    package init?(parsing text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count <= 2, let share = Share(parsing: String(parts[parts.count - 1])), share.isInside
        else { return nil }
        switch parts.count == 1 ? "precision" : parts[0].trimmed.lowercased() {
        case "precision": self = .precision(share.value)
        case "coverage": self = .coverage(share.value)
        default: return nil
        }
    }

    package var text: String {
        switch self {
        case .precision(let value): "precision=\(value)"
        case .coverage(let value): "coverage=\(value)"
        case .cost(let matrix): "cost, \(matrix.review) for a review"
        }
    }
}

/// What each kind of mistake costs, in minutes or any other unit.
package struct CostMatrix: Sendable, Equatable {
    /// What it costs that a person reads a ticket.
    package var review: Double
    /// labels × labels, row-major: the cost of answering the column's label for a ticket of the row's.
    package var mistakes: [Double]
    private let labels: Int

    /// A matrix for so many labels; the diagonal is what a right answer costs.
    package init(review: Double, mistakes: [Double], labels: Int) {
        precondition(mistakes.count == labels * labels, "\(mistakes.count) costs for \(labels) labels")
        (self.review, self.mistakes, self.labels) = (review, mistakes, labels)
    }

    package func cost(gold: Int, predicted: Int) -> Double { mistakes[gold * labels + predicted] }
}

extension CostMatrix {
    /// Reads {"review": 4, "mistake": 15, "mistakes": {"GOLD": {"PREDICTED": 120}}} for a field's labels.
    ///
    /// `mistake` is the cost of every kind that `mistakes` does not name; without it each must be named.
    ///
    /// - Throws: `TrainingError.badCosts` with what is missing or unknown.
    package init(_ json: JSONValue?, labels: [String], path: String) throws(TrainingError) {
        let maximumCost = 1e6
        func bad(_ problem: String) -> TrainingError { .badCosts(path: path, problem: problem) }
        if let stray = json?.members?.first(where: { !["review", "mistake", "mistakes"].contains($0.name) }) {
            throw bad("\"\(stray.name)\" is unknown; the names are review, mistake and mistakes")
        }
        func cost(_ value: JSONValue?) -> Double? {
            value?.double.flatMap { (0...maximumCost).contains($0) ? $0 : nil }
        }
        guard let json, let review = cost(json["review"]) else {
            throw bad(
                "it needs \"review\", what it costs that a person reads a ticket, as a number from 0 to a million"
            )
        }
        let common = cost(json["mistake"])
        guard json["mistake"] == nil || common != nil else {
            throw bad("\"mistake\" must be a number from 0 to a million")
        }
        var costs = [Double?](repeating: common, count: labels.count * labels.count)
        for label in labels.indices { costs[label * labels.count + label] = 0 }
        let set = LabelSet(labels)
        func position(of label: String) -> Int? {
            set.index(reading: label).flatMap { labels.firstIndex(of: set[$0]) }
        }
        for (gold, row) in json["mistakes"]?.members ?? [] {
            guard let place = position(of: gold) else { throw bad("no label is called \"\(gold)\"") }
            for (predicted, value) in row.members ?? [] {
                guard let other = position(of: predicted) else {
                    throw bad("no label is called \"\(predicted)\"")
                }
                guard let value = cost(value), place != other || value == 0 else {
                    throw bad(
                        "the cost of \"\(predicted)\" for \"\(gold)\" must be a number from 0 to a million, and 0 for the right label"
                    )
                }
                costs[place * labels.count + other] = value
            }
        }
        if let missing = costs.firstIndex(where: { $0 == nil }) {
            throw bad(
                "it has no cost of \"\(labels[missing % labels.count])\" for \"\(labels[missing / labels.count])\"; "
                    + "name it under \"mistakes\", or give \"mistake\" for all that are not named")
        }
        self.init(review: review, mistakes: costs.compactMap { $0 }, labels: labels.count)
    }
}
