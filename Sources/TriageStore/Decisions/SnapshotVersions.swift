package import TriageEngine
internal import TriageText

/// What is recorded of the snapshot behind a decision: its hashes, the thresholds of its fields, how it masks.
///
/// Make it once a snapshot, not once a decision.
package struct SnapshotVersions: Sendable {
    /// The hashes of its parts.
    package let fingerprint: SnapshotFingerprint
    private let thresholds: [String: (suggest: Float, auto: ModelManifest.AutoRule?)]

    /// Those of a snapshot.
    ///
    /// - Complexity: O(bytes of the KB).
    package init(_ snapshot: Snapshot) {
        fingerprint = SnapshotFingerprint(snapshot)
        thresholds = Dictionary(
            uniqueKeysWithValues: snapshot.model.heads.map {
                ($0.manifest.field, ($0.manifest.threshold, $0.manifest.auto))
            })
    }

    /// The probability thresholds for the levels `suggest` and `auto`; nil for a level that the label never has.
    func thresholds(_ field: String, label: String) -> (suggest: Float?, auto: Float?) {
        guard let found = thresholds[field] else { return (nil, nil) }
        return (found.suggest, found.auto?.threshold(of: label))
    }
}
