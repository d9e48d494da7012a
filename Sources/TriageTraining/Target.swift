/// What the user wants of answers that nobody checks.
public enum Target: Sendable, Equatable {
    /// At least this share of them is right.
    case precision(Double)
    /// This share of tickets is answered so.
    case coverage(Double)
    /// Mistakes and reviews together cost least.
    case cost(CostMatrix)

    /// Reads "precision=0.95" or "coverage=0.7"; nil for anything else.
    public init?(parsing text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let value = Double(parts[1]), value > 0, value < 1 else { return nil }
        switch parts[0] {
        case "precision": self = .precision(value)
        case "coverage": self = .coverage(value)
        default: return nil
        }
    }

    /// How it is written.
    public var text: String {
        switch self {
        case .precision(let value): "precision=\(value)"
        case .coverage(let value): "coverage=\(value)"
        case .cost(let matrix): "cost, \(matrix.review) for a review"
        }
    }
}

/// What each kind of mistake costs, in minutes or any other unit.
public struct CostMatrix: Sendable, Equatable {
    /// What it costs that a person reads a ticket.
    public var review: Double
    /// labels × labels, row-major: what it costs to say the column's label of a ticket of the row's.
    public var mistakes: [Double]
    private let labels: Int

    /// A matrix for so many labels; the diagonal is what a right answer costs.
    public init(review: Double, mistakes: [Double], labels: Int) {
        precondition(mistakes.count == labels * labels, "\(mistakes.count) costs for \(labels) labels")
        (self.review, self.mistakes, self.labels) = (review, mistakes, labels)
    }

    /// What it costs to say `predicted` of a ticket that is `gold`.
    public func cost(gold: Int, predicted: Int) -> Double { mistakes[gold * labels + predicted] }
}
