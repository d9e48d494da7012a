/// What a language model did to a decision, as the decision's notes say it.
///
/// Labels can be made again from a decision and the engine's own; what failed at the time cannot, so it is read back
/// out of the notes.
package struct ModelRemarks: Sendable, Equatable {
    /// The model's labels, by field.
    package var labels: [String: String]
    /// Fields that it was asked for and gave no label of the bundle in.
    package var unanswered: [String]
    /// A short word for why no answer came; nil when one did, or none was asked for.
    package var failure: String?

    /// Remarks of the given parts.
    package init(labels: [String: String] = [:], unanswered: [String] = [], failure: String? = nil) {
        (self.labels, self.unanswered, self.failure) = (labels, unanswered, failure)
    }

    /// Notes with these remarks at their end.
    ///
    /// - Parameters:
    ///   - notes: What they follow; nil for nothing.
    ///   - engine: What the engine alone decided.
    /// - Returns: The notes; nil when there is nothing to say.
    package func added(to notes: String?, engine: Decision) -> String? {
        let sentences = labels.keys.sorted().map { choice($0, engine) } + faults
        return sentences.isEmpty ? notes : ([notes].compactMap(\.self) + sentences).joined(separator: " ")
    }

    /// The same remarks with the faults that recorded notes tell of.
    ///
    /// - Parameters:
    ///   - recorded: Notes that were kept.
    ///   - notes: What stands before the remarks when the decision is made again.
    ///   - engine: What the engine alone decided.
    /// - Returns: Remarks that give the recorded notes when added to `notes`; self when there are none such.
    package func withFaults(of recorded: String?, after notes: String?, engine: Decision) -> ModelRemarks {
        guard let recorded else { return self }
        var candidates = [ModelRemarks(labels: labels, unanswered: silent(in: recorded, engine))]
        if let code = ModelRemarks.code(in: recorded) {
            candidates.append(ModelRemarks(labels: labels, failure: code))
        }
        return candidates.first { $0.added(to: notes, engine: engine) == recorded } ?? self
    }

    // MARK: - Sentences

    private static let refusal = [" stand: no answer of the language model (", ")."]

    private func choice(_ field: String, _ engine: Decision) -> String {
        let own = engine.predictions.first { $0.field == field }?.label
        let chosen = labels[field] ?? ""
        return own == chosen
            ? "The language model agrees on \(field)."
            : "The language model chose \(field) \(chosen); the engine had \(own ?? "none")."
    }

    private var faults: [String] {
        if let failure {
            let whose = "The engine's \(labels.isEmpty ? "labels" : "other labels")"
            return [whose + ModelRemarks.refusal.joined(separator: failure)]
        }
        return unanswered.sorted().map { ModelRemarks.silence(on: $0) }
    }

    private static func silence(on field: String) -> String {
        "The language model gave no label of the bundle for \(field), asked twice; the engine's stands."
    }

    /// The fields that notes say no label was given in.
    private func silent(in notes: String, _ engine: Decision) -> [String] {
        engine.predictions.map(\.field).filter { notes.contains(ModelRemarks.silence(on: $0)) }
    }

    /// The word for a failure that notes end with.
    private static func code(in notes: String) -> String? {
        guard notes.hasSuffix(refusal[1]), let start = notes.ranges(of: refusal[0]).last?.upperBound else {
            return nil
        }
        let code = notes[start...].dropLast(refusal[1].count)
        let isWord = code.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
        }
        return isWord && !code.isEmpty ? String(code) : nil
    }
}
