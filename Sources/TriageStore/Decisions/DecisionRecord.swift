internal import TriageData
package import TriageEngine
internal import TriageTickets

/// What the ledger keeps for ever of a decision: labels, numbers and hashes, and no text of the ticket.
package struct DecisionRecord: Sendable, Equatable {
    /// What was said of one field.
    package struct Field: Sendable, Equatable {
        /// The field.
        package var name: String
        /// The label.
        package var label: String
        /// Its probability.
        package var probability: Double
        /// How far it was trusted: `auto`, `suggest` or `review`.
        package var level: String
        /// Why not further.
        package var reasons: [String]
        /// The probability from which on the label was suggested; nil when there was none.
        package var suggestFrom: Double?
        /// The probability from which on it needed nobody; nil for never.
        package var autoFrom: Double?
    }

    /// HMAC-SHA256 of the subject as it came in, in hexadecimal: equal texts have equal hashes in one store.
    package var subjectHash: String
    /// The same of the body.
    package var bodyHash: String
    /// HMAC-SHA256 of the masked text and JSON kept beside; nil when none was kept.
    package var textHash: String?
    /// The category of the answer.
    package var category: String
    /// Its severity, floors included.
    package var severity: String
    /// Whether an article answered.
    package var isKnownIssue: Bool
    /// The probability that one does; nil without a KB.
    package var knownProbability: Double?
    /// The ids of the articles that answered.
    package var matches: [String]
    /// One a field, in the bundle's order.
    package var fields: [Field]
    /// The snapshot.
    package var snapshot: SnapshotFingerprint
    /// Who asked, or nil.
    package var by: String?
}

extension DecisionRecord {
    /// The canonical bytes of a new decision's record.
    static func bytes(of new: NewDecision, key: StoreKey, textHash: [UInt8]?) -> [UInt8] {
        let decision = new.decision
        let hashes = new.hashes(by: key)
        var writer = JSONWriter()
        writer.object { json in
            json.key("subject_hash")
            json.string(Hexadecimal.text(hashes.subject))
            json.key("body_hash")
            json.string(Hexadecimal.text(hashes.body))
            json.key("text_hash")
            json.string(textHash.map { Hexadecimal.text($0) })
            json.key("category")
            json.string(decision.category)
            json.key("severity")
            json.string(decision.severity)
            json.key("known_issue")
            json.bool(decision.isKnownIssue)
            json.optional("known_probability", decision.knownProbability) { $0.sixDecimals($1) }
            json.key("matches")
            json.array(decision.matches) { $0.string($1.id) }
            json.key("fields")
            json.array(decision.predictions) { write($1, new.versions, to: &$0) }
            write(new.versions.fingerprint, to: &json)
            json.key("by")
            json.string(new.by)
        }
        return writer.bytes
    }

    private static func write(
        _ prediction: Decision.Prediction, _ versions: SnapshotVersions, to json: inout JSONWriter
    ) {
        let thresholds = versions.thresholds(prediction.field, label: prediction.label)
        json.object { json in
            json.key("field")
            json.string(prediction.field)
            json.key("label")
            json.string(prediction.label)
            json.key("probability")
            json.sixDecimals(prediction.probability)
            json.key("level")
            json.string(prediction.level.rawValue)
            json.key("reasons")
            json.array(prediction.reasons) { $0.string($1.rawValue) }
            json.optional("suggest_from", thresholds.suggest) { $0.number($1) }
            json.optional("auto_from", thresholds.auto) { $0.number($1) }
        }
    }

    private static func write(_ snapshot: SnapshotFingerprint, to json: inout JSONWriter) {
        json.key("snapshot")
        json.object { json in
            for (name, value) in [
                ("model", snapshot.modelName), ("model_sha256", snapshot.model),
                ("policy_sha256", snapshot.policy), ("kb_sha256", snapshot.kb),
                ("language_sha256", snapshot.language),
            ] {
                json.key(named: name)
                json.string(value)
            }
        }
    }

    /// A record read back; nil when the bytes are not one.
    init?(_ bytes: [UInt8]) {
        guard let value = JSONValue(parsing: bytes), let subject = value["subject_hash"]?.text,
            let body = value["body_hash"]?.text, let category = value["category"]?.text,
            let severity = value["severity"]?.text, case .bool(let isKnown)? = value["known_issue"],
            let snapshot = value["snapshot"], let fields = value["fields"]?.elements
        else { return nil }
        (subjectHash, bodyHash, textHash) = (subject, body, value["text_hash"]?.text)
        (self.category, self.severity, isKnownIssue) = (category, severity, isKnown)
        knownProbability = value["known_probability"]?.double
        matches = value["matches"]?.elements?.compactMap(\.text) ?? []
        self.fields = fields.compactMap { Field($0) }
        self.snapshot = SnapshotFingerprint(
            modelName: snapshot["model"]?.text ?? "", model: snapshot["model_sha256"]?.text ?? "",
            policy: snapshot["policy_sha256"]?.text ?? "", kb: snapshot["kb_sha256"]?.text,
            language: snapshot["language_sha256"]?.text)
        by = value["by"]?.text
    }
}

extension DecisionRecord.Field {
    fileprivate init?(_ value: JSONValue) {
        guard let name = value["field"]?.text, let label = value["label"]?.text,
            let probability = value["probability"]?.double, let level = value["level"]?.text
        else { return nil }
        self.init(
            name: name, label: label, probability: probability, level: level,
            reasons: value["reasons"]?.elements?.compactMap(\.text) ?? [],
            suggestFrom: value["suggest_from"]?.double, autoFrom: value["auto_from"]?.double)
    }
}
