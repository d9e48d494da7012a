internal import TriageData
package import TriageEngine
internal import TriageModel
internal import TriageTickets

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
    /// The model, as the server knows it.
    package var model: String
    /// The fields asked about.
    package var fields: [String]
    /// Calls under way at once.
    package var concurrency: Int

    /// What a run's answers depend on.
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

    /// A hash is told apart by its beginning.
    private static func short(_ value: String) -> String {
        value.utf8.count == 64 ? "\(value.prefix(12))…" : value
    }

    // MARK: - The first line

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("triage_answers")
            json.integer(RecordHeader.format)
            for (name, value) in [
                ("data", data), ("bundle", bundle), ("kb", kb), ("policy", policy), ("prompt", prompt),
                ("model", model),
            ] {
                json.key(named: name)
                json.string(value)
            }
            json.key("fields")
            json.array(fields) { $0.string($1) }
            json.key("concurrency")
            json.integer(concurrency)
        }
    }

    /// Nil when the line is no header of this format.
    init?(_ line: JSONValue) {
        guard line["triage_answers"] == .integer(Int64(RecordHeader.format)), let data = line["data"]?.text,
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

extension LLMDecider {
    /// SHA-256 over the questions about one fixed ticket: it changes with the words of the prompt, the labels, their
    /// meanings, the examples and the options.
    func promptFingerprint(with snapshot: Snapshot) -> String {
        let ticket = Ticket(
            subject: "Locked out", body: "The password was reset, and the invoice page is slow.")
        let prompt = LabelPrompt(snapshot.prepare(ticket), fields: fields, snapshot, options)
        var fingerprint = Fingerprint()
        for round in 0..<2 {
            let request = prompt.request(asking: fields, round: round)
            fingerprint.add(Array(request.fingerprint(model: "").utf8))
        }
        let limits = "\(options.maximumTextBytes) \(options.examples) \(options.below.map { "\($0)" } ?? "all")"
        fingerprint.add(Array(limits.utf8))
        return fingerprint.hexadecimal()
    }
}
