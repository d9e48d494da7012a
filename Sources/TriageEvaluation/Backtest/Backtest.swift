package import TriageData
package import TriageEngine
package import TriageModel
package import TriageNumerics
internal import TriageTickets
package import TriageTraining

/// Last year again: each ticket is decided by the model of its day, which was trained on the tickets before.
///
/// Settings are searched for the first model, and each later one begins with the weights of the one before. Paragraphs that
/// repeat are found in all rows at once, without their labels.
package struct Backtest: Sendable {
    /// The answer to a ticket in one field.
    package struct Answer: Sendable, Equatable {
        package var label: String
        /// The label that counts, after the playbook's floors.
        package var decided: String
        package var probability: Float
        package var level: Decision.Level
    }

    /// What the model of one period was and did.
    package struct Step: Sendable, Equatable {
        package var day: String
        package var trainingRows: Int
        /// The model's identity.
        package var sha256: String
        /// By field the accuracy on rows that its training held out at random, near-duplicates together; nil without any.
        package var heldOut: [Double?]
        /// The answers to the period's rows, in order of time, a list with one for each field.
        package var answers: [[Answer?]]
        /// The labels that held-out rows got and have, by field; of the first model alone.
        package var confusions: [[Confusion]]
    }

    /// How many rows with one label were given another, or the same.
    package struct Confusion: Sendable, Equatable {
        package var given: String
        package var right: String
        package var rows: Int
    }

    package let set: TrainingSet
    package let plan: BacktestPlan
    package private(set) var steps: [Step] = []

    /// Trains and decides period after period, going on where `state` ends.
    ///
    /// - Throws: What training, `state` and `progress` throw.
    package init(
        _ set: TrainingSet, _ plan: BacktestPlan, options: TrainingOptions,
        embedding: (name: String, table: EmbeddingTable)?, workers: Workers, state: BacktestState?,
        snapshot: (ModelBundle) -> Snapshot, progress: @escaping (String, Double) throws -> Void
    ) throws {
        (self.set, self.plan) = (set, plan)
        var model: ModelBundle?
        if let state {
            (steps, model) = try state.read(fields: set.fields.count, embedding: embedding?.table)
        }
        // Training grows with the rows before, deciding with the rows of a period: both count the same here.
        let work = plan.periods.map { Double($0.trainingRows + $0.decided.count) }
        let whole = work.reduce(0, +)
        for number in steps.count..<max(steps.count, plan.periods.count) {
            let period = plan.periods[number]
            let done = work[..<number].reduce(0, +)
            let rows = set.asOf(plan.order[..<period.trainingRows].sorted())
            var options = options
            if let model {
                options.warmStart = try WarmStart(
                    model, ngrams: options.ngrams, bits: options.bits, embedding: embedding?.table)
                for head in model.manifest.heads { options.chosenSettings[head.field] = head.settings }
            }
            let trained = try Trainer(options, embedding: embedding, workers: workers) { step in
                try progress(
                    "\(period.day): \(step.stage)", (done + work[number] * 0.95 * step.fraction) / whole)
            }.train(rows)
            let bundle = try ModelBundle(trained, embedding: embedding?.table)
            let answers = Backtest.answers(
                to: plan.order[period.decided].map { set.examples[$0] }, set.fields, snapshot(bundle), workers
            )
            let step = Step(
                day: period.day, trainingRows: period.trainingRows, sha256: bundle.sha256,
                heldOut: set.fields.map { bundle.head(field: $0)?.manifest.metrics["held_out_accuracy"] },
                answers: answers,
                confusions: number == 0 ? set.fields.map { Backtest.confusions(bundle.head(field: $0)) } : [])
            try state?.write(step, number: number, trained.files)
            steps.append(step)
            model = bundle
            try progress(period.day, (done + work[number]) / whole)
        }
    }

    /// Tickets that one thread decides together.
    private static let piece = 256

    private static func answers(
        to examples: [TrainingExample], _ fields: [String], _ snapshot: Snapshot, _ workers: Workers
    ) -> [[Answer?]] {
        workers.map((examples.count + piece - 1) / piece) { number in
            var scratch = DecisionScratch()
            return examples[number * piece..<min((number + 1) * piece, examples.count)].map { example in
                let text = TicketText(
                    stored: .init(subject: example.subject, body: example.body), id: example.id)
                let decision = snapshot.decide(text, &scratch)
                return fields.map { field in
                    decision.predictions.first { $0.field == field }.map(Answer.init)
                }
            }
        }.flatMap { $0 }
    }

    private static func confusions(_ head: ModelBundle.Head?) -> [Confusion] {
        guard let head, let heldOut = head.heldOut else { return [] }
        var counts: [[Int]: Int] = [:]
        for row in 0..<heldOut.count {
            counts[[Int(heldOut.predicted[row]), Int(heldOut.gold[row])], default: 0] += 1
        }
        return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { pair, rows in
            Confusion(given: head.labels[pair[0]], right: head.labels[pair[1]], rows: rows)
        }
    }
}

extension Backtest.Answer {
    /// In a tree the likeliest label below, and its level.
    fileprivate init(_ prediction: Decision.Prediction) {
        let leaf = prediction.path?.last
        label = leaf?.label ?? prediction.label
        decided = leaf?.label ?? prediction.decided
        probability = leaf?.probability ?? prediction.probability
        level = leaf?.level ?? prediction.level
    }
}
