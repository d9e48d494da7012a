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

    package init() {}

    /// Sets the thresholds of one field.
    ///
    /// - Returns: The new rule on held-out rows, in lines for people.
    /// - Throws: `TrainingError` when the bundle lacks held-out rows or costs, `DataError` when costs cannot be read.
    package func apply(
        to manifest: inout ModelManifest.Head, of head: ModelBundle.Head
    ) throws -> [String] {
        if let suggest { manifest.threshold = suggest }
        let target = try wanted(head)
        let isMixNew = manifest.labelMix != head.manifest.labelMix
        guard let scores = head.heldOut(under: manifest) else {
            guard target == nil else { throw TrainingError.nothingHeldOut(field: manifest.field) }
            // Held-out rows of another mix show nothing.
            if isMixNew, let rule = manifest.auto { manifest.auto = .init(unshown: rule.target) }
            return [AutoReport.sentence(manifest, nil)]
        }
        func rule(_ target: AutoTarget, byLabel: Bool) -> ModelManifest.AutoRule {
            ModelManifest.AutoRule(
                target, scores, labels: head.labels.names, suggest: manifest.threshold, byLabel: byLabel)
        }
        if let target {
            manifest.auto = rule(target, byLabel: byLabel)
        } else if suggest != nil || isMixNew, let earlier = manifest.auto {
            // An answer that is no longer suggested cannot be auto either, and held-out rows of another mix show nothing.
            if let target = AutoTarget(parsing: earlier.target) {
                manifest.auto = rule(target, byLabel: earlier.labelThresholds != nil)
            } else if isMixNew {
                throw TrainingError.costsNeeded(field: manifest.field)
            }
        }
        return AutoReport(manifest, scores).lines
    }

    private func wanted(_ head: ModelBundle.Head) throws -> AutoTarget? {
        guard let costs else { return target }
        let json = JSONValue(parsing: try FileInput.bytes(of: costs))
        return .cost(try CostMatrix(json, labels: head.labels.names, path: costs))
    }
}
