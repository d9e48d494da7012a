internal import TriageData
import TriageModel

/// What a decision depended on beside its ticket, as hashes: equal fingerprints give equal decisions.
package struct SnapshotFingerprint: Sendable, Equatable {
    /// The bundle's name.
    package var modelName: String
    /// SHA-256 of the bundle's manifest.
    package var model: String
    /// SHA-256 over the policy.
    package var policy: String
    /// SHA-256 over the KB's articles and calibration; nil without a KB.
    package var kb: String?
    /// SHA-256 of the language identifier's manifest; nil without one.
    package var language: String?

    /// That of a snapshot.
    ///
    /// - Complexity: O(bytes of the KB); make it once a snapshot.
    package init(_ snapshot: Snapshot) {
        modelName = snapshot.model.manifest.name
        model = snapshot.model.sha256
        policy = snapshot.policy.fingerprint()
        kb = snapshot.index?.fingerprint()
        language = snapshot.language?.sha256
    }

    /// One that was kept.
    package init(modelName: String, model: String, policy: String, kb: String?, language: String?) {
        (self.modelName, self.model, self.policy) = (modelName, model, policy)
        (self.kb, self.language) = (kb, language)
    }
}

extension Policy {
    /// SHA-256 over the policy's canonical JSON.
    package func fingerprint() -> String {
        var writer = JSONWriter()
        write(to: &writer)
        return Checksum.sha256(writer.bytes)
    }

    /// The fingerprint as earlier versions made it; nil for a policy with what they did not know.
    ///
    /// It marks decisions of those versions, which listed matches far below the cut: this version does not make them again.
    package func formerFingerprint() -> String? {
        guard underTriageWeight == nil, maxUnderTriage == nil, translations.isEmpty,
            floors.allSatisfy({ $0.patterns.isEmpty && $0.unlessPatterns.isEmpty })
        else { return nil }
        var fingerprint = Fingerprint()
        fingerprint.add(Array("policy 1".utf8))
        func add(_ text: String) { fingerprint.add(Array(text.utf8)) }
        for list in [severities.names] + floors.flatMap({ [[$0.id, $0.raiseTo], $0.any, $0.unless] }) {
            add(String(list.count))
            list.forEach(add)
        }
        for (category, actions) in nextActions.sorted(by: { $0.key < $1.key }) {
            add(category)
            add(String(actions.count))
            for (severity, action) in actions.sorted(by: { $0.key < $1.key }) {
                add(severity)
                add(action)
            }
        }
        add("defaults")
        for (category, action) in defaults.sorted(by: { $0.key < $1.key }) {
            add(category)
            add(action)
        }
        return fingerprint.hexadecimal()
    }

    /// The policy as one JSON object with a member for each property: maps in the order of their names, lists in their own.
    ///
    /// Translations, word lists and patterns are left out where there are none, so that older policies keep their
    /// fingerprints.
    private func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.array("severities", severities.names) { $0.string($1) }
            json.optional("under_triage_weight", underTriageWeight) { $0.number($1) }
            json.optional("max_under_triage", maxUnderTriage) { $0.number($1) }
            json.array("floors", floors) { $1.write(to: &$0) }
            json.object("next_actions", nextActions) { $0.object($1) { $0.string($1) } }
            json.object("defaults", defaults) { $0.string($1) }
            if !translations.isEmpty {
                json.object("translations", translations) { $0.object($1.write(to:)) }
            }
            json.object("label_meanings", labelMeanings) { $0.object($1) { $0.string($1) } }
            if !wordLists.isEmpty { json.object("words", wordLists) { $0.string($1) } }
        }
    }
}

extension Policy.Translation {
    fileprivate func write(to json: inout JSONWriter) {
        json.object("next_actions", nextActions) { $0.object($1) { $0.string($1) } }
        json.object("defaults", defaults) { $0.string($1) }
    }
}

extension Policy.Floor {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.string("id", id)
            json.string("raise_to", raiseTo)
            json.array("any", any) { $0.string($1) }
            json.array("unless", unless) { $0.string($1) }
            if !patterns.isEmpty { json.array("patterns", patterns) { $0.string($1.text) } }
            if !unlessPatterns.isEmpty {
                json.array("unless_patterns", unlessPatterns) { $0.string($1.text) }
            }
        }
    }
}
