import TriageData
internal import TriageModel
import TriageTickets

/// What a site demands of every bundle: tickets, each with what its answer must and must not be.
///
/// JSON Lines: a ticket as everywhere (`subject` and `body`, or other known names), and for each field judged one object of
/// demands: `is` and `not` take a label (or a parent in a tree, or one tag), `at_least` a severity of the policy's order. The field with the role severity, whatever
/// its name, is judged after the floors of the playbook. `id` and `note` are the site's own.
package struct SiteTests: Sendable {
    /// What an answer must be.
    package enum Demand: Sendable, Equatable {
        /// This label.
        case equals(String)
        /// Any other label.
        case differs(String)
        /// This severity or a worse one.
        case atLeast(String)
    }

    /// A demand that a decision does not meet.
    package struct Failure: Sendable, Equatable {
        package var line: Int
        package var field: String
        /// The label decided.
        package var answer: String
        /// What it must be.
        package var demand: Demand
    }

    private struct Test {
        var line: Int
        var ticket: Ticket
        var demands: [(field: String, demand: Demand)]
    }

    /// The file.
    package let path: String
    private let tests: [Test]

    package var count: Int { tests.count }

    private static let ownNames = Set(KnownColumns.contract + ["id", "note"])

    /// Reads a file of tests.
    ///
    /// - Parameters:
    ///   - path: JSON Lines, one test a line.
    ///   - labels: The labels of each field that a test may name.
    ///   - joinsForms: Whether forms of a label are one label.
    ///   - severityField: The field with the role severity; nil when there is none.
    ///   - policy: Its severities are the order for `at_least`.
    ///   - input: The columns of the training; tests may use these names too.
    /// - Throws: `SiteTestError.badTest` for the first line that is not a test; `DataError` when the file has no line.
    package init(
        path: String, labels: [String: [String]], joinsForms: Bool = false, severityField: String?,
        policy: Policy,
        input: InputColumns? = nil
    ) throws {
        let columns = TicketColumns(remembered: input, others: labels.keys.sorted())
        let rows = try RowReader(path: path)
        self.path = rows.name
        var tests: [Test] = []
        while let result = try rows.next() {
            let row: InputRow
            do throws(BadRow) { row = try result.get() } catch {
                throw SiteTestError.badTest(path: rows.name, line: error.line, problem: error.message)
            }
            func bad(_ problem: String) -> SiteTestError {
                .badTest(path: rows.name, line: row.line, problem: problem)
            }
            let names = row.fields.keys.sorted()
            let choice = columns.choice(among: names)
            let ticket: Ticket
            do throws(BadRow) { ticket = try choice.ticket(in: row) } catch {
                throw bad(error.message)
            }
            var demands: [(field: String, demand: Demand)] = []
            for field in names
            where !SiteTests.ownNames.contains(field) && !choice.text.contains(field) && field != choice.id {
                guard let known = labels[field] else {
                    let names = labels.keys.sorted().joined(separator: ", ")
                    throw bad("\"\(field)\" is not a field of the model, which has \(names)")
                }
                let order = field == severityField ? policy.severities : nil
                let set = LabelSet(known, joinsForms: joinsForms)
                let found = try SiteTests.demands(row.fields[field], field, set, order: order, bad)
                demands += found.map { (field, $0) }
            }
            guard !demands.isEmpty else { throw bad("it demands nothing") }
            tests.append(Test(line: row.line, ticket: ticket, demands: demands))
        }
        guard !tests.isEmpty else { throw DataError.empty(path: rows.name) }
        self.tests = tests
    }

    private static func demands(
        _ value: JSONValue?, _ field: String, _ set: LabelSet, order: SeverityOrder?,
        _ bad: (String) -> SiteTestError
    ) throws -> [Demand] {
        guard case .object(let members)? = value, !members.isEmpty else {
            throw bad("\"\(field)\" has no object of is, not or at_least")
        }
        let labels = set.names
        return try members.keys.sorted().map { name in
            guard let text = members[name]?.text else {
                throw bad("\"\(name)\" of \"\(field)\" is not text")
            }
            let label = set.spelling(of: text)
            let names = order?.names ?? []
            func isKnown(_ label: String, among labels: [String]) -> Bool {
                labels.contains { order?.areEqual($0, label) ?? ($0 == label) }
            }
            switch name {
            case "at_least" where order == nil:
                throw bad(
                    "\"at_least\" is given for \"\(field)\"; only the field with the role severity has an order"
                )
            case "at_least"
            where !isKnown(label, among: names) || !labels.contains { isKnown($0, among: names) }:
                throw bad(
                    "\"\(label)\" of \"\(field)\" cannot be compared: the playbook's order is "
                        + "\(names.joined(separator: ", ")), and the field's labels are "
                        + "\(labels.joined(separator: ", ")); list those under severities: in the playbook, mildest first"
                )
            case "is", "not", "at_least":
                guard isKnown(label, among: labels + names) else {
                    let known = (labels + names.filter { !isKnown($0, among: labels) }).joined(
                        separator: ", ")
                    throw bad("\"\(label)\" is not a label of \"\(field)\", which has \(known)")
                }
            default:
                throw bad("\"\(name)\" of \"\(field)\" is not one of is, not, at_least")
            }
            return name == "is" ? .equals(label) : name == "not" ? .differs(label) : .atLeast(label)
        }
    }

    /// Decides every test's ticket and gives the demands that are not met, in the file's order.
    ///
    /// The severity judged is the one after the safety floors.
    package func failures(_ snapshot: Snapshot) -> [Failure] {
        var scratch = DecisionScratch()
        let severityField = snapshot.model.head(role: "severity")?.manifest.field
        return tests.flatMap { test in
            let decision = snapshot.decide(test.ticket, &scratch)
            return test.demands.compactMap { field, demand -> Failure? in
                let prediction = decision.predictions.first { $0.field == field }
                let answer = prediction?.decided ?? ""
                let order = field == severityField ? snapshot.policy.severities : nil
                guard !demand.isMet(by: prediction?.answers ?? [answer], order) else { return nil }
                return Failure(line: test.line, field: field, answer: answer, demand: demand)
            }
        }
    }
}

extension SiteTests.Demand {
    /// Whether answers are what is demanded; `order` when the answer is a severity.
    fileprivate func isMet(by answers: [String], _ order: SeverityOrder?) -> Bool {
        func isAnswer(_ label: String) -> Bool {
            answers.contains { order?.areEqual($0, label) ?? ($0 == label) }
        }
        return switch self {
        case .equals(let label): isAnswer(label)
        case .differs(let label): !isAnswer(label)
        case .atLeast(let minimum): answers.contains { order?.isAtLeast(minimum, $0) ?? false }
        }
    }
}

extension SiteTests.Failure: CustomStringConvertible {
    /// Line, field, answer and demand; nothing of the ticket.
    package var description: String {
        let wanted =
            switch demand {
            case .equals(let label): "must be \(label)"
            case .differs(let label): "must not be \(label)"
            case .atLeast(let label): "must be at least \(label)"
            }
        return "line \(line): \(field) is \(answer), \(wanted)"
    }
}

extension Decision.Prediction {
    /// All that the answer is: the label, in a tree the parents that it is sure of too, or each tag.
    fileprivate var answers: [String] {
        if let tags { return tags.map(\.label) }
        return (path?.prefix(depth ?? 0).map(\.label) ?? []) + [decided]
    }
}
