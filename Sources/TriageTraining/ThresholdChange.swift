internal import TriageData
package import TriageModel

/// Other thresholds for the same weights.
package struct ThresholdChange: Sendable {
    /// What automatic answers must reach; nil keeps the rule.
    package var target: AutoTarget?
    /// The file of costs, in place of a target.
    package var costs: String?
    /// A threshold for each label.
    package var byLabel = false
    /// The probability from which an answer is suggested; nil keeps it.
    package var suggest: Float?
    /// The share of foreign tickets that a precision is reached with; nil keeps it.
    package var foreign: ForeignShare?

    package init() {}

    /// Sets the thresholds of one field.
    ///
    /// - Returns: The new rule on held-out rows, in lines for people.
    /// - Throws: `TrainingError` when the bundle lacks held-out rows or costs, `DataError` when costs cannot be read.
    package func apply(
        to manifest: inout ModelManifest.Head, of head: ModelBundle.Head
    ) throws -> [String] {
        guard !head.hasTags else {
            return [
                "\(manifest.field): thresholds of tags are solved while training, for f1 or a precision; train again for others"
            ]
        }
        if let suggest { manifest.threshold = suggest }
        let target = try wanted(head)
        let isMixNew = manifest.labelMix != head.manifest.labelMix
        guard let scores = head.heldOut(under: manifest) else {
            guard target == nil else { throw TrainingError.nothingHeldOut(field: manifest.field) }
            // Held-out rows of another mix show nothing.
            if isMixNew, let rule = manifest.auto { manifest.auto = .init(unshown: rule.target) }
            applyToDepths(nil, isMixNew: isMixNew, &manifest, head)
            return [AutoReport.sentence(manifest, nil)]
        }
        let share = foreign ?? ForeignShare(head.manifest.auto)
        func rule(_ target: AutoTarget, byLabel: Bool) -> ModelManifest.AutoRule {
            ModelManifest.AutoRule(
                target, scores, labels: head.labels.names, suggest: manifest.threshold, byLabel: byLabel,
                foreign: share)
        }
        if let target {
            manifest.auto = rule(target, byLabel: byLabel)
        } else if suggest != nil || isMixNew || foreign != nil, let earlier = manifest.auto {
            // An answer that is no longer suggested cannot be auto either, and held-out rows of another mix show nothing.
            if let target = AutoTarget(parsing: earlier.target) {
                manifest.auto = rule(target, byLabel: earlier.labelThresholds != nil)
            } else if isMixNew || foreign != nil {
                throw TrainingError.costsNeeded(field: manifest.field)
            }
        }
        applyToDepths(target, isMixNew: isMixNew, &manifest, head)
        return AutoReport(manifest, scores).lines + AutoReport.depths(manifest)
            + [ForeignShare.note(manifest, foreign)].compactMap(\.self)
    }

    /// Sets the thresholds of each depth of a tree above the deepest; nothing for labels without parents.
    ///
    /// Costs are of whole labels, and the held-out rows of nodes are of training's label mix: with another one, no parent is
    /// `auto`.
    private func applyToDepths(
        _ target: AutoTarget?, isMixNew: Bool, _ manifest: inout ModelManifest.Head, _ head: ModelBundle.Head
    ) {
        guard var tree = manifest.tree, let nodes = head.tree?.depths else { return }
        for depth in tree.levels.indices {
            var level = tree.levels[depth]
            if let suggest { level.threshold = suggest }
            let wanted = target ?? level.auto.flatMap { AutoTarget(parsing: $0.target) }
            guard target != nil || suggest != nil || isMixNew || foreign != nil, let wanted else {
                tree.levels[depth] = level
                continue
            }
            if case .cost = wanted {
                level.auto = .init(unshown: wanted.text)
            } else if manifest.labelMix == nil, head.heldOutNodes.indices.contains(depth) {
                level.auto = ModelManifest.AutoRule(
                    wanted, head.heldOutNodes[depth], labels: nodes[depth].names, suggest: level.threshold,
                    byLabel: target == nil ? level.auto?.labelThresholds != nil : byLabel,
                    foreign: foreign ?? ForeignShare(level.auto))
            } else {
                level.auto = .init(unshown: wanted.text)
            }
            tree.levels[depth] = level
        }
        manifest.tree = tree
    }

    private func wanted(_ head: ModelBundle.Head) throws -> AutoTarget? {
        guard let costs else { return target }
        let json = JSONValue(parsing: try FileInput.bytes(of: costs))
        return .cost(try CostMatrix(json, labels: head.labels.names, path: costs))
    }
}
