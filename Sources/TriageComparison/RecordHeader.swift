internal import TriageData
package import TriageEngine
package import TriageLLM
internal import TriageModel

/// What recorded answers depend on: a record may be continued, and replayed, only where all of it is the same.
package struct RecordHeader: Sendable, Equatable {
    /// SHA-256 over the texts of the data.
    package var data: String
    /// SHA-256 of the bundle.
    package var bundle: String
    /// SHA-256 of the KB, whose articles stand in prompts as examples; "none" without one.
    package var kb: String
    /// SHA-256 of the policy, whose label meanings stand in prompts and whose floors hold.
    package var policy: String
    /// SHA-256 over the question's words.
    package var prompt: String
    package var model: String
    package var fields: [String]
    package var concurrency: Int

    package init(
        data: String, snapshot: Snapshot, decider: LLMDecider, model: String, concurrency: Int
    ) {
        let fingerprint = SnapshotFingerprint(snapshot)
        self.data = data
        bundle = fingerprint.model
        kb = fingerprint.kb ?? "none"
        policy = fingerprint.policy
        prompt = decider.promptFingerprint(with: snapshot)
        self.model = model
        fields = decider.fields
        self.concurrency = concurrency
    }

    private static let format = 1

    /// The files that begin with a header, by the name of its first member.
    enum File: String {
        /// Answers that were recorded as they came.
        case record = "triage_answers"
        /// Prompts for a model on another machine, which has no name yet.
        case prompts = "triage_prompts"
        /// The replies to them.
        case replies = "triage_replies"
    }

    /// Names, and values as they are shown.
    private var parts: [(name: String, value: String)] {
        [
            ("data", data), ("bundle", bundle), ("kb", kb), ("policy", policy), ("prompt", prompt),
            ("model", model), ("fields", fields.joined(separator: ", ")), ("calls at once", "\(concurrency)"),
        ]
    }

    /// What differs from another header, in words; empty when nothing does.
    func differences(from other: RecordHeader) -> [String] {
        zip(parts, other.parts).filter { $0.0.value != $0.1.value }.map { own, other in
            "\(own.name) (recorded \(RecordHeader.short(own.value)), now \(RecordHeader.short(other.value)))"
        }
    }

    /// The beginning of a hash is enough to distinguish it.
    private static func short(_ value: String) -> String {
        value.utf8.count == 64 ? "\(value.prefix(12))…" : value
    }

    // MARK: - The first line

    /// Writes the line's object; `more` adds members of its own.
    func write(
        as file: File = .record, to json: inout JSONWriter, more: (inout JSONWriter) -> Void = { _ in }
    ) {
        json.object { json in
            json.key(named: file.rawValue)
            json.integer(RecordHeader.format)
            for (name, value) in [
                ("data", data), ("bundle", bundle), ("kb", kb), ("policy", policy), ("prompt", prompt),
                ("model", model),
            ] {
                json.key(named: name)
                json.string(value)
            }
            json.array("fields", fields) { $0.string($1) }
            json.integer("concurrency", concurrency)
            more(&json)
        }
    }

    /// Nil when the line is not a header of this format.
    init?(_ line: JSONValue, of file: File = .record) {
        guard line[file.rawValue] == .integer(Int64(RecordHeader.format)), let data = line["data"]?.text,
            let bundle = line["bundle"]?.text, let kb = line["kb"]?.text, let policy = line["policy"]?.text,
            let prompt = line["prompt"]?.text, let model = line["model"]?.text,
            let fields = line["fields"]?.elements?.compactMap(\.text),
            let concurrency = line["concurrency"]?.double, concurrency >= 1, concurrency <= 256
        else { return nil }
        (self.data, self.bundle, self.kb, self.policy) = (data, bundle, kb, policy)
        (self.prompt, self.model, self.fields) = (prompt, model, fields)
        self.concurrency = Int(concurrency)
    }
}
