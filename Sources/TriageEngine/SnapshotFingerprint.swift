public import TriageModel

/// What a decision depended on beside its ticket, as hashes: equal fingerprints give equal decisions.
public struct SnapshotFingerprint: Sendable, Equatable {
    /// The bundle's name.
    public var modelName: String
    /// SHA-256 of the bundle's manifest.
    public var model: String
    /// SHA-256 over the policy.
    public var policy: String
    /// SHA-256 over the KB's articles and calibration; nil without a KB.
    public var kb: String?
    /// SHA-256 of the language identifier's manifest; nil without one.
    public var language: String?

    /// That of a snapshot.
    ///
    /// - Complexity: O(bytes of the KB); make it once a snapshot.
    public init(_ snapshot: Snapshot) {
        modelName = snapshot.model.manifest.name
        model = snapshot.model.sha256
        policy = snapshot.policy.fingerprint()
        kb = snapshot.index?.fingerprint()
        language = snapshot.language?.sha256
    }

    /// One that was kept.
    public init(modelName: String, model: String, policy: String, kb: String?, language: String?) {
        (self.modelName, self.model, self.policy) = (modelName, model, policy)
        (self.kb, self.language) = (kb, language)
    }
}

extension Policy {
    /// SHA-256 over all that the policy says.
    public func fingerprint() -> String {
        var fingerprint = Fingerprint()
        fingerprint.add("policy 1")
        for list in [severities] + floors.flatMap({ [[$0.id, $0.raiseTo], $0.any, $0.unless] }) {
            fingerprint.add(String(list.count))
            list.forEach { fingerprint.add($0) }
        }
        for (category, actions) in nextActions.sorted(by: { $0.key < $1.key }) {
            fingerprint.add(category)
            fingerprint.add(String(actions.count))
            for (severity, action) in actions.sorted(by: { $0.key < $1.key }) {
                fingerprint.add(severity)
                fingerprint.add(action)
            }
        }
        fingerprint.add("defaults")
        for (category, action) in defaults.sorted(by: { $0.key < $1.key }) {
            fingerprint.add(category)
            fingerprint.add(action)
        }
        return fingerprint.hexadecimal()
    }
}
