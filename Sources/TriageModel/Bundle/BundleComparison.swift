/// What changed between two manifests, a line a change.
package struct BundleComparison {
    package private(set) var lines: [String] = []

    package init(_ before: ModelManifest, _ after: ModelManifest) {
        compare("name", before.name, after.name)
        compare("rows", before.training.rows, after.training.rows)
        compare("data", before.training.dataFingerprint.prefix(12), after.training.dataFingerprint.prefix(12))
        compare("BLAS kernel", before.training.blasKernel, after.training.blasKernel)
        compare("embedding", before.embedding?.name ?? "none", after.embedding?.name ?? "none")
        compare(
            "embedding SHA-256", before.embedding?.sha256.prefix(12) ?? "",
            after.embedding?.sha256.prefix(12) ?? "")
        compare(
            "repeated paragraphs set aside", before.text.repeatedParagraphs?.hashes.count ?? 0,
            after.text.repeatedParagraphs?.hashes.count ?? 0)
        let fields = Set(before.heads.map(\.field)).union(after.heads.map(\.field)).sorted()
        for field in fields {
            compare(field, before.heads.first { $0.field == field }, after.heads.first { $0.field == field })
        }
        if lines.isEmpty { lines.append("the same settings and data, other weights") }
    }

    private mutating func compare(
        _ name: String, _ before: some Equatable & CustomStringConvertible,
        _ after: some CustomStringConvertible
    ) {
        if before.description != after.description { lines.append("\(name): \(before) → \(after)") }
    }

    private mutating func compare(
        _ field: String, _ before: ModelManifest.Head?, _ after: ModelManifest.Head?
    ) {
        guard let before, let after else {
            lines.append("\(field): only in the \(before == nil ? "second" : "first")")
            return
        }
        let gone = Set(before.labels).subtracting(after.labels).sorted()
        let new = Set(after.labels).subtracting(before.labels).sorted()
        if !gone.isEmpty { lines.append("\(field): labels gone: \(gone.joined(separator: ", "))") }
        if !new.isEmpty { lines.append("\(field): new labels: \(new.joined(separator: ", "))") }
        compare(
            "\(field) label names as rows", before.settings.usesLabelNames, after.settings.usesLabelNames)
        compare(
            "\(field) weight of tickets without labels", before.settings.unlabelledWeight,
            after.settings.unlabelledWeight)
        compare("\(field) character weight", before.settings.characterWeight, after.settings.characterWeight)
        compare("\(field) embedding weight", before.settings.embeddingWeight, after.settings.embeddingWeight)
        compare("\(field) C", before.settings.inversePenalty, after.settings.inversePenalty)
        compare("\(field) temperature", before.temperature, after.temperature)
        compare("\(field) suggested from", before.threshold, after.threshold)
        compare("\(field) label mix", before.mixText, after.mixText)
        compare("\(field) target", before.auto?.target ?? "none", after.auto?.target ?? "none")
        compare(
            "\(field) auto from", before.auto?.threshold?.description ?? "never",
            after.auto?.threshold?.description ?? "never")
        compare("\(field) auto by label", before.auto.labels, after.auto.labels)
        compare("\(field) tree", before.treeText, after.treeText)
        compare("\(field) tags", before.tags?.goal ?? "none", after.tags?.goal ?? "none")
        let tags = (before.tags?.thresholds, after.tags?.thresholds)
        if before.labels == after.labels, let old = tags.0, let new = tags.1 {
            compare(
                "\(field) tag thresholds that changed", 0, zip(old, new).count { $0 != $1 })
        }
        for name in Set(before.metrics.keys).union(after.metrics.keys).sorted() {
            compare("\(field) \(name)", before.metrics[name] ?? 0, after.metrics[name] ?? 0)
        }
    }
}

extension ModelManifest.Head {
    /// The tree's depths and thresholds, as `models diff` compares them.
    fileprivate var treeText: String {
        guard let tree else { return "none" }
        let levels = tree.levels.map { level in
            "\(level.threshold)/\(level.auto?.threshold?.description ?? "never")"
        }
        return "\(tree.levels.count + 1) depths, suggested/auto from \(levels.joined(separator: ", "))"
    }

    /// The live label mix, as `models diff` compares it.
    fileprivate var mixText: String {
        guard let labelMix else { return "of training" }
        return zip(labels, labelMix.shares).map { "\($0) \($1)" }.joined(separator: ", ")
    }
}

extension ModelManifest.AutoRule? {
    /// The thresholds by label, as `models diff` compares them.
    fileprivate var labels: String {
        guard let thresholds = self?.labelThresholds else { return "none" }
        return thresholds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
