/// `MODEL_CARD.md`: what a person should know of a bundle, made from its manifest alone.
struct ModelCard {
    private let manifest: ModelManifest

    init(_ manifest: ModelManifest) { self.manifest = manifest }

    var markdown: String {
        """
        # \(manifest.name)

        A ticket-triage bundle of format \(manifest.format), trained on \(manifest.training.rows) labelled tickets.
        It holds weights over hashed n-grams and an embedding, and no ticket's text.

        | field | labels | calibrated | character weight | embedding weight | C | held-out accuracy | held-out rows |
        |---|---|---|---|---|---|---|---|
        \(manifest.heads.map(row).joined(separator: "\n"))

        Held-out figures come from rows kept apart while the settings were chosen, near-duplicates on one side.
        Pruning removed \(manifest.training.prunedEnergy) of the sparse weights' energy; rounding to bytes changed the
        best label of these training rows: \(changes).

        Data fingerprint `\(manifest.training.dataFingerprint)`, BLAS kernel \(manifest.training.blasKernel).
        Embedding: \(manifest.embedding.map { "\($0.name), SHA-256 `\($0.sha256)`" } ?? "none needed").

        """
    }

    private var changes: String {
        manifest.training.changedByRounding.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private func row(_ head: ModelManifest.Head) -> String {
        func metric(_ name: String) -> String { head.metrics[name].map { String($0) } ?? "–" }
        let cells: [String] = [
            head.field, String(head.labels.count), head.isCalibrated ? "yes" : "no",
            String(head.settings.characterWeight), String(head.settings.embeddingWeight),
            String(head.settings.inversePenalty), metric("held_out_accuracy"), metric("held_out_rows"),
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }
}
