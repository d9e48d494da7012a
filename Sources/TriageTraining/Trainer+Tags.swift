internal import TriageModel
internal import TriageNumerics

extension Trainer {
    /// Fits one field of tags: a logistic regression a tag, all with the same settings.
    func fitTags(
        _ field: Int, of set: TrainingSet, _ featurizer: Featurizer, _ matrix: FeatureMatrix,
        _ clusters: [Int]
    ) throws -> (FittedHead, TrainedBundle.FieldFit) {
        let (name, labels) = (set.fields[field], set.labelSets[field])
        let (base, share) = (Double(field) / Double(set.fields.count), 1 / Double(set.fields.count))
        func report(_ stage: String, _ part: Double) throws {
            try progress(TrainingProgress(stage: "\(stage) \(name)", fraction: base + part * share))
        }
        let rows = set.examples.indices.filter { set.examples[$0].tags(in: field) != nil }
        let tags = rows.map { (set.examples[$0].tags(in: field) ?? []).map { Int32($0) } }
        let whole = HeadFit(
            matrix: matrix, rows: rows, targets: [Int](repeating: 0, count: rows.count), tags: tags,
            weights: nil, classCount: labels.count, workers: workers)
        var settings = options.firstSettings(of: name)
        if matrix.dimension == 0 { settings.embeddingWeight = 0 }
        var calibration = Calibration()
        var rule = ModelManifest.TagRule(
            goal: options.tagGoal.text, thresholds: [Float?](repeating: 0.5, count: labels.count))
        var tried = 0
        if options.needsFolds {
            let folds = Folds(
                clusters: Trainer.renumbered(clusters, rows), labels: Trainer.rarest(tags, labels.count),
                times: options.splitsByTime ? rows.map { set.examples[$0].time } : nil)
            if options.searchesSettings(of: name) {
                var search = HyperparameterSearch(
                    whole.keepingTags(Trainer.searchedTags), folds: folds, start: settings
                ) { try report("search", min(0.4, Double($0) * 0.03)) }
                if let found = try search.run() { (settings, tried) = (found.best.settings, found.tried) }
            }
            let outOfFold = try OutOfFold(
                whole, folds: folds, settings: settings, all: rows.count <= Trainer.maximumHeldOut,
                measuresContent: false
            ) { try report("calibrate", 0.4 + 0.3 * $0) }
            if !outOfFold.heldOut.targets.isEmpty {
                (calibration, rule.thresholds) = Trainer.calibrated(
                    outOfFold.heldOut, labels, options)
            }
        }
        var parameters =
            options.warmStart?.parameters(of: name, labels: labels, columns: whole.columns, featurizer) ?? []
        let outcome = try whole.fit(&parameters, settings) {
            try report("fit", 0.7 + min(0.28, Double($0) * 0.005))
        }
        let head = FittedHead(
            field: name, labels: labels, columns: whole.columns, parameters: parameters, settings: settings,
            isCalibrated: options.calibrates && calibration.auto != nil, calibration: calibration,
            labelShares: OneVsRest.shares(tags, classes: labels.count), tags: rule)
        return (
            head,
            TrainedBundle.FieldFit(
                field: name, candidatesTried: tried, iterations: outcome.iterations,
                converged: outcome.converged)
        )
    }

    /// The commonest tags choose the settings of all: the others add noise and time.
    private static let searchedTags = 64

    /// Up to so many rows all are held out: a rare tag needs every row that has it.
    private static let maximumHeldOut = 20_000

    /// Each row's rarest tag, by which folds are balanced; −1 without one.
    static func rarest(_ tags: [[Int32]], _ classes: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: classes)
        for row in tags {
            for tag in row { counts[Int(tag)] += 1 }
        }
        return tags.map { row in
            row.map { Int($0) }.min { (counts[$0], $0) < (counts[$1], $1) } ?? -1
        }
    }

    /// The temperature, the rule for level `auto` and the measures of held-out rows, and a threshold a tag.
    private static func calibrated(
        _ heldOut: HeldOut, _ labels: [String], _ options: TrainingOptions
    ) -> (Calibration, [Float?]) {
        var calibration = Calibration()
        let (temperature, logLoss) = heldOut.bestTemperature()
        calibration.temperature = Float(temperature)
        let solver = TagThresholds(heldOut, temperature: calibration.temperature)
        let thresholds = solver.solve(options.tagGoal)
        calibration.auto = solver.auto(options.target, labels: labels)
        let (micro, macro) = solver.f1(thresholds)
        calibration.metrics = [
            "held_out_rows": Double(heldOut.targets.count), "held_out_micro_f1": micro,
            "held_out_macro_f1": macro, "held_out_log_loss": logLoss,
            "held_out_brier": heldOut.brier(temperature: temperature),
            "uncalibrated_log_loss": heldOut.logLoss(temperature: 1),
            "uncalibrated_brier": heldOut.brier(temperature: 1),
        ].mapValues { ($0 * 1e6).rounded() / 1e6 }
        return (calibration, thresholds)
    }
}

extension TagThresholds {
    /// The micro and the macro F1 of held-out rows; tags that no row has and none is given are left out of the mean.
    func f1(_ thresholds: [Float?]) -> (micro: Double, macro: Double) {
        var (right, sum, total, counted) = (0, 0, 0.0, 0)
        for (column, threshold) in zip(columns, thresholds) {
            let given = threshold.map { least in column.probabilities.count { $0 >= least } } ?? 0
            let hits = column.isPositive.prefix(given).count { $0 }
            (right, sum) = (right + hits, sum + given + column.positives)
            guard given + column.positives > 0 else { continue }
            total += 2 * Double(hits) / Double(given + column.positives)
            counted += 1
        }
        return (2 * Double(right) / Double(max(sum, 1)), total / Double(max(counted, 1)))
    }
}

extension HeadFit {
    /// The same rows with their commonest tags alone.
    fileprivate func keepingTags(_ count: Int) -> HeadFit {
        guard let tags, classCount > count else { return self }
        var counts = [Float](repeating: 0, count: classCount)
        for row in tags {
            for tag in row { counts[Int(tag)] += 1 }
        }
        var places = [Int32?](repeating: nil, count: classCount)
        for (place, tag) in TopK.indices(of: counts, count: count).sorted().enumerated() {
            places[tag] = Int32(place)
        }
        return HeadFit(
            matrix: matrix, rows: rows, targets: targets,
            tags: tags.map { row in row.compactMap { places[Int($0)] } }, weights: weights,
            classCount: count, workers: workers)
    }
}
