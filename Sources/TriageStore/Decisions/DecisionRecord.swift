internal import TriageData
package import TriageEngine
internal import TriageTickets

/// The permanent record of a decision in the ledger: labels, numbers and hashes, and no text of the ticket.
package struct DecisionRecord: Sendable, Equatable {
    /// The answer in one field.
    package struct Field: Sendable, Equatable {
        package var name: String
        /// The predicted label.
        package var label: String
        package var probability: Float
        /// How far it was trusted: `auto`, `suggest` or `review`.
        package var level: String
        /// Why the level is not `auto`.
        package var reasons: [String]
        /// The probability threshold for the level `suggest`; nil when there was none.
        package var suggestFrom: Float?
        /// The probability threshold for the level `auto`; nil when the label never had that level.
        package var autoFrom: Float?
        /// The label that the decision went by where a safety floor raised the severity; nil where it is `label`, and in rows
        /// of an earlier version.
        package var decided: String?
    }

    /// HMAC-SHA256 of the subject as it came in, in hexadecimal: equal texts have equal hashes in one store.
    package var subjectHash: String
    /// HMAC-SHA256 of the body as it came in, in hexadecimal.
    package var bodyHash: String
    /// HMAC-SHA256 of the masked text and the JSON that are kept for a time; nil when none was kept.
    package var textHash: String?
    /// The category of the answer.
    package var category: String
    /// Its severity, floors included.
    package var severity: String
    /// Whether an article answers.
    package var isKnownIssue: Bool
    /// The probability that one does; nil without a KB.
    package var knownProbability: Float?
    /// The ids of the articles that answer.
    package var matches: [String]
    /// One for each field, in the bundle's order.
    package var fields: [Field]
    /// The snapshot.
    package var snapshot: SnapshotFingerprint
    /// The id of the API key that requested the decision, or nil.
    package var by: String?
    /// What a language model did, which deciding again cannot give; nil in a row of an earlier version.
    package var remarks: [Remark]?
    /// The ticket's language as an ISO 639-1 code; nil when it is unknown, and in a row of an earlier version.
    package var language: String?
}

extension DecisionRecord {
    /// The record of a new decision.
    init(_ new: NewDecision, key: StoreKey, textHash: [UInt8]?) {
        let (decision, hashes) = (new.decision, new.hashes(by: key))
        self.init(
            subjectHash: Hexadecimal.text(hashes.subject), bodyHash: Hexadecimal.text(hashes.body),
            textHash: textHash.map { Hexadecimal.text($0) }, category: decision.category,
            severity: decision.severity, isKnownIssue: decision.isKnownIssue,
            knownProbability: decision.knownProbability, matches: decision.matches.map(\.id),
            fields: decision.predictions.map { Field($0, new.versions) }, snapshot: new.versions.fingerprint,
            by: new.by, remarks: decision.remarks.filter(\.isOfModel), language: decision.language)
    }

    private init() {
        self.init(
            subjectHash: "", bodyHash: "", category: "", severity: "", isKnownIssue: false, matches: [],
            fields: [],
            snapshot: SnapshotFingerprint(modelName: "", model: "", policy: "", kb: nil, language: nil)
        )
    }

    /// A record read back; nil when the bytes are not one.
    init?(_ bytes: [UInt8]) {
        guard let json = JSONValue(parsing: bytes) else { return nil }
        do throws(WireError) { self = try DecisionRecord.wire.read(json) } catch { return nil }
    }

    /// The canonical bytes of a row: its members and their order are frozen, and new ones come last.
    static let wire = WireType<DecisionRecord>.object(empty: { DecisionRecord() }) { object in
        object.member("subject_hash", .text, nil, \.subjectHash)
        object.member("body_hash", .text, nil, \.bodyHash)
        object.member("text_hash", .orNull(.text), nil, \.textHash)
        object.member("category", .text, nil, \.category)
        object.member("severity", .text, nil, \.severity)
        object.member("known_issue", .flag, nil, \.isKnownIssue)
        object.member("known_probability", .orNull(.share), nil, \.knownProbability)
        object.member("matches", .list(of: .text), nil, \.matches)
        object.member("fields", .list(of: Field.wire), nil, \.fields)
        object.member("snapshot", snapshot, nil, \.snapshot)
        object.member("by", .orNull(.text), nil, \.by)
        object.optional("remarks", Remark.list, nil, \.remarks)
        object.optional("language", .text, nil, \.language)
    }

    private static let snapshot = WireType<SnapshotFingerprint>.object(
        empty: { DecisionRecord().snapshot }
    ) { object in
        object.member("model", .text, nil, \.modelName)
        object.member("model_sha256", .text, nil, \.model)
        object.member("policy_sha256", .text, nil, \.policy)
        object.member("kb_sha256", .orNull(.text), nil, \.kb)
        object.member("language_sha256", .orNull(.text), nil, \.language)
    }
}

extension DecisionRecord.Field {
    fileprivate init(_ prediction: Decision.Prediction, _ versions: SnapshotVersions) {
        let thresholds = versions.thresholds(prediction.field, label: prediction.label)
        self.init(
            name: prediction.field, label: prediction.label, probability: prediction.probability,
            level: prediction.level.rawValue, reasons: prediction.reasons.map(\.rawValue),
            suggestFrom: thresholds.suggest, autoFrom: thresholds.auto,
            decided: prediction.decided == prediction.label ? nil : prediction.decided)
    }

    fileprivate static let wire = WireType<Self>.object(
        empty: { Self(name: "", label: "", probability: 0, level: "", reasons: []) }
    ) { object in
        object.member("field", .text, nil, \.name)
        object.member("label", .text, nil, \.label)
        object.member("probability", .share, nil, \.probability)
        object.member("level", .text, nil, \.level)
        object.member("reasons", .list(of: .text), nil, \.reasons)
        object.member("suggest_from", .orNull(.number), nil, \.suggestFrom)
        object.member("auto_from", .orNull(.number), nil, \.autoFrom)
        object.optional("decided", .text, nil, \.decided)
    }
}
