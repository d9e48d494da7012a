package import TriageData
package import TriageModel
internal import TriageEngine
internal import TriageText
internal import TriageTraining

/// The figures of a backtest.
package struct BacktestReport: Sendable {
    /// Counts of one field's decided tickets, of all months or of one.
    package struct Tally: Sendable, Equatable {
        package var rows = 0
        package var right = 0
        /// Answers of level auto, and of these the wrong ones.
        package var automatic = 0
        package var wrong = 0

        package var automaticShare: Estimate { Proportion(part: automatic, whole: rows).estimate }
        package var precision: Estimate { Proportion(part: automatic - wrong, whole: automatic).estimate }
        package var accuracy: Estimate { Proportion(part: right, whole: rows).estimate }

        mutating func add(right isRight: Bool, automatic isAutomatic: Bool) {
            rows += 1
            if isRight { right += 1 }
            if isAutomatic { automatic += 1 }
            if isAutomatic, !isRight { wrong += 1 }
        }

        /// Minutes saved against triage by hand.
        package func minutes(_ costs: Costs) -> Double {
            Double(automatic) * costs.reviewMinutes - Double(wrong) * costs.errorMinutes
        }
    }

    package struct Month: Sendable, Equatable {
        /// Such as `2025-07`.
        package var name: String
        package var tally = Tally()
    }

    package struct Field: Sendable {
        package var name: String
        package var months: [Month]
        package var whole: Tally
        /// The mean accuracy on rows that the models' trainings held out at random, weighted by the rows that each decided;
        /// nil without any.
        package var atRandom: Double?
        package var events: [LabelEvent]
        /// The precision that level auto was to reach; nil for another target.
        package var target: String
    }

    /// Tickets that history sent to another place after the first, and those that it did not.
    package struct Routing: Sendable, Equatable {
        package var field: String
        /// The column of the reassignments.
        package var column: String
        package var reassigned = 0
        /// Of these the tickets whose model of the day has the last label right, at level auto and at any level.
        package var avoided = 0
        package var right = 0
        /// Tickets that history sent right at once and that a wrong answer of level auto would have sent elsewhere.
        package var caused = 0
        package var months: [(name: String, reassigned: Int, avoided: Int, caused: Int)] = []

        package static func == (left: Routing, right: Routing) -> Bool {
            left.field == right.field && left.reassigned == right.reassigned && left.avoided == right.avoided
                && left.caused == right.caused && left.right == right.right
        }
    }

    /// A ticket of the gravest severity that was given a milder one.
    package struct Missed: Sendable, Equatable {
        package var day: String
        package var id: String?
        package var answer: String
        package var probability: Float
        package var level: String
        /// The beginning of its masked text.
        package var excerpt: String
    }

    package let dataFiles: [String]
    package let costs: Costs
    package let models: Int
    package let decided: Int
    package let firstDay: String
    package let lastDay: String
    package let trainedBefore: Int
    package let undated: Int
    package private(set) var fields: [Field] = []
    /// All fields of a ticket together: automatic where each is, right where each label that it has is.
    package private(set) var tickets: [Month] = []
    package private(set) var routing: Routing?
    /// The gravest severity among the labels, and how many decided tickets have it; nil without a severity.
    package private(set) var critical: (field: String, label: String, tickets: Int)?
    package private(set) var missed: [Missed] = []

    /// What a report is made with.
    package struct Options: Sendable {
        package var dataFiles: [String] = []
        package var costs = Costs()
        package var target = ""
        package var severityField: String?
        package var severities = SeverityOrder.standard
        /// The severity that must not be missed; nil for the gravest among the labels.
        package var criticalLabel: String?
        /// The field whose label says where a ticket goes.
        package var routingField: String?
        package var reassignedColumn: String?
        /// How often history sent each row on, by its place in the training set; nil where the file does not tell.
        package var reassignments: [Int?] = []

        package init() {}
    }

    package init(_ backtest: Backtest, _ options: Options) {
        let plan = backtest.plan
        dataFiles = options.dataFiles
        costs = options.costs
        models = backtest.steps.count
        let places = plan.periods.flatMap(\.decided)
        decided = places.count
        firstDay = places.first.map { plan.days[$0] } ?? ""
        lastDay = places.last.map { plan.days[$0] } ?? ""
        trainedBefore = plan.periods.first?.trainingRows ?? 0
        undated = plan.undated
        fields = backtest.set.fields.indices.map { index in
            let (months, whole) = BacktestReport.tallies(backtest, [index])
            return Field(
                name: backtest.set.fields[index], months: months, whole: whole,
                atRandom: BacktestReport.atRandom(backtest, index),
                // A change before the first decided ticket is history that trained.
                events: LabelEventSearch(backtest, field: index).find().filter { $0.day >= firstDay },
                target: options.target)
        }
        tickets = BacktestReport.tallies(backtest, Array(backtest.set.fields.indices)).months
        countRouting(backtest, options)
        findMissed(backtest, options)
    }

    package var whole: Tally {
        tickets.reduce(into: Tally()) { sum, month in
            sum.rows += month.tally.rows
            sum.right += month.tally.right
            sum.automatic += month.tally.automatic
            sum.wrong += month.tally.wrong
        }
    }

    /// Calls `body` for each decided row: place in the plan's order, row of the set, answers.
    private static func forEachDecided(_ backtest: Backtest, _ body: (Int, Int, [Backtest.Answer?]) -> Void) {
        for (period, step) in zip(backtest.plan.periods, backtest.steps) {
            for (place, answers) in zip(period.decided, step.answers) {
                body(place, backtest.plan.order[place], answers)
            }
        }
    }

    private static func tallies(_ backtest: Backtest, _ fields: [Int]) -> (months: [Month], whole: Tally) {
        var months: [Month] = []
        var whole = Tally()
        forEachDecided(backtest) { place, row, answers in
            let labels = backtest.set.examples[row].labels
            let known = fields.filter { labels[$0] != nil && answers[$0] != nil }
            guard !known.isEmpty else { return }
            let isRight = known.allSatisfy { field in
                labels[field].map { backtest.set.labelSets[field][$0] } == answers[field]?.label
            }
            let isAutomatic = fields.allSatisfy { answers[$0]?.level == .auto }
            let name = String(backtest.plan.days[place].prefix(7))
            if months.last?.name != name { months.append(Month(name: name)) }
            months[months.count - 1].tally.add(right: isRight, automatic: isAutomatic)
            whole.add(right: isRight, automatic: isAutomatic)
        }
        return (months, whole)
    }

    private static func atRandom(_ backtest: Backtest, _ field: Int) -> Double? {
        let parts = zip(backtest.plan.periods, backtest.steps).compactMap { period, step in
            step.heldOut[field].map { (accuracy: $0, rows: Double(period.decided.count)) }
        }
        let rows = parts.reduce(0) { $0 + $1.rows }
        return rows > 0 ? parts.reduce(0) { $0 + $1.accuracy * $1.rows } / rows : nil
    }

    private mutating func countRouting(_ backtest: Backtest, _ options: Options) {
        guard let name = options.routingField, let column = options.reassignedColumn,
            let field = backtest.set.fields.firstIndex(of: name)
        else { return }
        var routing = Routing(field: name, column: column)
        BacktestReport.forEachDecided(backtest) { place, row, answers in
            guard let times = options.reassignments[row], let answer = answers[field],
                let label = backtest.set.examples[row].labels[field]
            else { return }
            let isRight = backtest.set.labelSets[field][label] == answer.label
            let month = String(backtest.plan.days[place].prefix(7))
            if routing.months.last?.name != month { routing.months.append((month, 0, 0, 0)) }
            let last = routing.months.count - 1
            if times > 0 {
                routing.reassigned += 1
                routing.months[last].reassigned += 1
                if isRight { routing.right += 1 }
                guard isRight, answer.level == .auto else { return }
                routing.avoided += 1
                routing.months[last].avoided += 1
            } else if !isRight, answer.level == .auto {
                routing.caused += 1
                routing.months[last].caused += 1
            }
        }
        self.routing = routing
    }

    private mutating func findMissed(_ backtest: Backtest, _ options: Options) {
        guard let name = options.severityField, let field = backtest.set.fields.firstIndex(of: name) else {
            return
        }
        let order = options.severities
        let labels = backtest.set.labelSets[field]
        let gravest = labels.filter { order.rank(of: $0) != nil }.max {
            (order.rank(of: $0) ?? 0) < (order.rank(of: $1) ?? 0)
        }
        guard let critical = options.criticalLabel ?? gravest else { return }
        var tickets = 0
        BacktestReport.forEachDecided(backtest) { place, row, answers in
            let example = backtest.set.examples[row]
            guard example.labels[field].map({ labels[$0] }) == critical, let answer = answers[field] else {
                return
            }
            tickets += 1
            guard !order.areEqual(answer.decided, critical), !order.isAtLeast(critical, answer.decided) else {
                return
            }
            missed.append(
                Missed(
                    day: backtest.plan.days[place],
                    // An id may be a mail's or a name.
                    id: example.id.map(BacktestReport.masked), answer: answer.decided,
                    probability: answer.probability,
                    level: answer.level.rawValue,
                    excerpt: RowFacts.excerpt(subject: example.subject, body: example.body)))
        }
        self.critical = (name, critical, tickets)
    }

    private static let masker = Masker()

    private static func masked(_ id: String) -> String {
        String(decoding: masker.mask(String(id.prefix(64))).text.bytes, as: UTF8.self)
    }
}
