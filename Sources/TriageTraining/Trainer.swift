internal import Foundation
internal import TriageData
package import TriageModel
package import TriageNumerics
package import TriageText

/// What is trained, and how.
public struct TrainingOptions: Sendable {
    /// The bundle's name, which each decision repeats.
    public var name = "model"
    package var ngrams = NGramOptions()
    /// Whether UUIDs, paths, times and numbers are reduced to their shapes.
    package var normalizesMachineText = false
    /// Buckets of the sparse blocks.
    package var bits = ModelManifest.BucketBits(words: 17, characters: 17)
    /// An n-gram must be in so many documents.
    package var minimumDocuments = 2
    /// Use the documented settings instead of searching.
    package var fixedHyperparameters: ModelManifest.Hyperparameters?
    /// Settings of fields that are not searched, because an earlier training on rows of the same kind chose them.
    package var chosenSettings: [String: ModelManifest.Hyperparameters] = [:]
    /// Calibrate on rows held out even when settings are given: several fits instead of one.
    package var calibratesFixed = false
    /// Rows weigh inversely to their label's frequency.
    package var balancesClasses = false
    /// Splits of the search follow time.
    package var splitsByTime = false
    /// Fit parts of the rows too, to show what more rows would bring.
    package var measuresLearning = false
    /// At most this share of the sparse weights' energy is pruned.
    package var pruning = 0.001
    /// The labels are the site's own, so that held-out rows calibrate the answer.
    package var calibrates = true
    /// What the thresholds of tags are solved for.
    package var tagGoal = TagGoal.f1
    /// What `auto` answers must reach.
    package var target = AutoTarget.precision(0.95)
    /// The share of foreign tickets that it is reached with; nil for none.
    package var foreign: ForeignShare?
    /// Field by role; fields named "category" and "severity", in any case, fill those roles by default.
    public var roles: [String: String] = [:]
    /// The columns of fields whose labels are paths over several; one of their names may give the field its role.
    package var columns: [String: [String]] = [:]
    /// Refuse to start when more memory than this would be needed.
    package var memoryLimitMegabytes = 8192
    package var warmStart: WarmStart?
    /// The share of each language among the rows, which decisions expect; nil when it is unknown.
    package var languages: [String: Float]?
    /// How many rows are in each language; nil when it is unknown.
    package var languageRows: [String: Int]?
    /// Markdown to end the bundle's card with.
    package var cardNotes = ""

    /// The defaults: settings are searched, and the answer `auto` reaches a precision of 95 %.
    public init() {}

    /// Whether cross-validation chooses each field's settings, and held-out rows calibrate its probabilities; false trains
    /// in a fraction of the time with the documented settings.
    public var searchesSettings: Bool {
        get { fixedHyperparameters == nil }
        set { fixedHyperparameters = newValue ? nil : TrainingOptions.documentedHyperparameters }
    }

    /// The role of a field: the one it was given, or its own name where that is a role which no other field was given.
    package func role(of field: String) -> String? {
        role(ofColumn: field) ?? columns[field]?.lazy.compactMap(role(ofColumn:)).first
    }

    private func role(ofColumn field: String) -> String? {
        if let role = roles.first(where: { $0.value == field })?.key { return role }
        let name = field.lowercased()
        return ["category", "severity"].contains(name) && roles[name] == nil ? name : nil
    }

    /// The settings of a field where its search begins, or which are used without one.
    func firstSettings(of field: String) -> ModelManifest.Hyperparameters {
        fixedHyperparameters ?? chosenSettings[field] ?? warmStart?.settings(of: field)
            ?? HyperparameterSearch.defaults
    }

    func searchesSettings(of field: String) -> Bool {
        fixedHyperparameters == nil && chosenSettings[field] == nil
    }

    /// Whether rows are split at all.
    var needsFolds: Bool { fixedHyperparameters == nil || calibratesFixed }

    /// Fixed hyper-parameters: every block counts the same, C = 30.
    package static let documentedHyperparameters = HyperparameterSearch.defaults
}

/// The state of a training, for a progress bar.
package struct TrainingProgress: Sendable {
    /// For example "fit category".
    package var stage: String
    /// How far the whole is, 0 … 1.
    package var fraction: Double
}

/// The result of training, before it is written.
public struct TrainedBundle: Sendable {
    package var files: [(name: String, bytes: [UInt8])]
    package var manifest: ModelManifest
    /// Scores of held-out rows, by field.
    package var scores: [String: HeldOutScores]
    package var fits: [FieldFit]

    /// Writes the bundle to a folder, which appears whole; a bundle that was there is kept as `NAME.previous`.
    ///
    /// - Throws: An error that names the folder and what to do; a folder of other files is not replaced.
    public func write(to folder: String) throws {
        try OutputFolder(folder, names: ModelBundle.fileNames).write(files)
    }

    package struct FieldFit: Sendable {
        package var field: String
        package var candidatesTried: Int
        package var iterations: Int
        /// Whether it reached the stated tolerance.
        package var converged: Bool
        /// What tickets without labels gained in cross-validation; nil without any.
        package var unlabelled: UnlabelledTrial?
    }
}

/// Labelled tickets to a bundle: the same rows, settings, build and BLAS kernel give the same bytes on any number
/// of threads.
public struct Trainer {
    let options: TrainingOptions
    private let embedding: (name: String, table: EmbeddingTable)?
    let workers: Workers
    let progress: (TrainingProgress) throws -> Void

    /// A trainer; `progress` may throw to stop.
    package init(
        _ options: TrainingOptions, embedding: (name: String, table: EmbeddingTable)?, workers: Workers,
        progress: @escaping (TrainingProgress) throws -> Void = { _ in }
    ) {
        self.options = options
        self.embedding = embedding
        self.workers = workers
        self.progress = progress
    }

    /// A trainer on all processors.
    ///
    /// - Parameters:
    ///   - options: What is trained, and how.
    ///   - folder: The folder of an embedding matrix, such as `models/embeddings/minilm-256`; nil trains on words and runs
    ///     of characters alone.
    /// - Throws: An error that names the matrix's file and what to do.
    public init(_ options: TrainingOptions, matrix folder: String? = nil) throws {
        let matrix = try folder.map { folder in
            (
                name: URL(fileURLWithPath: folder).lastPathComponent,
                table: try EmbeddingTable(directory: folder)
            )
        }
        self.init(
            options, embedding: matrix, workers: Workers(ProcessInfo.processInfo.activeProcessorCount))
    }

    /// Fits every field of a training set.
    ///
    /// - Throws: `TrainingError` when there is nothing to learn or too little memory; what `progress` throws.
    public func train(_ set: TrainingSet) throws -> TrainedBundle {
        for (index, (field, labels)) in zip(set.fields, set.labelSets).enumerated()
        where labels.count < 2 && !set.hasTags[index] {
            throw TrainingError.oneLabel(field: field, label: labels.first ?? "")
        }
        try progress(TrainingProgress(stage: "features", fraction: 0))
        let features = try TrainingFeatures(
            set, options, embedding: embedding?.table, holdsOut: options.needsFolds, workers)
        let (featurizer, matrix) = (features.featurizer, features.matrix)
        let clusters = options.needsFolds ? Folds.clusters(set.examples, workers) : []
        var heads: [FittedHead] = []
        var fits: [TrainedBundle.FieldFit] = []
        for field in set.fields.indices {
            let (head, fit) =
                set.hasTags[field]
                ? try fitTags(field, of: set, featurizer, matrix, clusters)
                : try self.fit(field, of: set, features, clusters)
            heads.append(head)
            fits.append(fit)
        }
        try progress(TrainingProgress(stage: "write", fraction: 0.98))
        var packer = BundlePacker(options: options, embeddingName: embedding?.name, workers: workers)
        return try packer.pack(heads, featurizer, set, matrix, fits)
    }

    private func fit(
        _ field: Int, of set: TrainingSet, _ features: TrainingFeatures, _ clusters: [Int]
    ) throws -> (FittedHead, TrainedBundle.FieldFit) {
        let (featurizer, matrix) = (features.featurizer, features.matrix)
        let name = set.fields[field]
        let share = set.fields.count
        let base = Double(field) / Double(share)
        func report(_ stage: String, _ part: Double) throws {
            try progress(TrainingProgress(stage: "\(stage) \(name)", fraction: base + part / Double(share)))
        }
        let rows = set.examples.indices.filter { set.examples[$0].labels[field] != nil }
        let targets = rows.compactMap { set.examples[$0].labels[field] }
        let classes = set.labelSets[field].count
        let whole = HeadFit(
            matrix: matrix, rows: rows, targets: targets,
            weights: options.balancesClasses ? Trainer.balance(targets, classes) : nil,
            names: features.names.rows[field], unlabelled: features.unlabelled, classCount: classes,
            workers: workers)
        var settings = options.firstSettings(of: name)
        // An earlier model's settings may count on rows that are not there now.
        if features.unlabelled.isEmpty { settings.unlabelledWeight = 0 }
        if features.names.rows[field].isEmpty { settings.usesLabelNames = false }
        if matrix.dimension == 0 { settings.embeddingWeight = 0 }
        var calibration = Calibration()
        var search: HyperparameterSearch.Result?
        var curve: LearningCurve?
        if options.needsFolds {
            let folds = Folds(
                clusters: Trainer.renumbered(clusters, rows), labels: targets,
                times: options.splitsByTime ? rows.map { set.examples[$0].time } : nil)
            if options.searchesSettings(of: name) {
                var searching = HyperparameterSearch(whole, folds: folds, start: settings) {
                    try report("search", min(0.4, Double($0) * 0.03))
                }
                search = try searching.run()
                settings = search?.best.settings ?? settings
            }
            calibration = try Calibration(
                whole, folds: folds, settings: settings,
                outside: set.examples.indices.filter { set.examples[$0].outside.contains(field) },
                target: options.target, foreignShare: options.foreign, labels: set.labelSets[field],
                tree: set.trees[field].map { LabelTree(set.labelSets[field], paths: $0.paths) }
            ) { try report("calibrate", 0.4 + 0.3 * $0) }
            if options.measuresLearning {
                curve = try LearningCurve(whole, folds: folds, settings: settings) {
                    try report("learning curve", 0.7 + 0.1 * $0)
                }
            }
        }
        var parameters =
            options.warmStart?.parameters(
                of: name, labels: set.labelSets[field], columns: whole.columns,
                featurizer) ?? []
        let outcome = try whole.fit(&parameters, settings) {
            try report("fit", 0.8 + min(0.18, Double($0) * 0.005))
        }
        var head = FittedHead(
            field: name, labels: set.labelSets[field], columns: whole.columns, parameters: parameters,
            settings: settings, isCalibrated: options.calibrates && calibration.scores != nil,
            calibration: calibration, labelShares: Trainer.shares(targets, whole.weights, classes),
            tree: ModelManifest.Tree(
                set.trees[field], labels: set.labelSets[field], levels: calibration.levels))
        head.learningCurve = curve.flatMap { $0.steps.isEmpty ? nil : $0.steps }
        let fit = TrainedBundle.FieldFit(
            field: name, candidatesTried: search?.tried ?? 0, iterations: outcome.iterations,
            converged: outcome.converged, unlabelled: search?.unlabelled)
        return (head, fit)
    }

    /// n / (classes · rows of the label), one weight a row: scikit-learn's "balanced".
    private static func balance(_ targets: [Int], _ classes: Int) -> [Float] {
        var counts = [Int](repeating: 0, count: classes)
        for target in targets { counts[target] += 1 }
        return targets.map { Float(targets.count) / Float(classes * counts[$0]) }
    }

    /// The share of each label among rows of these weights.
    static func shares(_ targets: [Int], _ weights: [Float]?, _ classes: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: classes)
        for (row, target) in targets.enumerated() { sums[target] += weights.map { Double($0[row]) } ?? 1 }
        let whole = sums.reduce(0, +)
        return sums.map { Float($0 / whole) }
    }

    /// Cluster numbers of a subset of rows, counted within the subset.
    static func renumbered(_ clusters: [Int], _ rows: [Int]) -> [Int] {
        var first: [Int: Int] = [:]
        return rows.enumerated().map { position, row in
            let cluster = first[clusters[row]] ?? position
            first[clusters[row]] = cluster
            return cluster
        }
    }
}
