internal import TriageData

/// What became of many corrections at once.
package struct FeedbackReport: Sendable, Equatable {
    /// A correction that was not stored, by its place in the batch.
    package struct Failure: Sendable, Equatable {
        package var place: Int
        package var problem: String

        package init(place: Int, problem: String) { (self.place, self.problem) = (place, problem) }
    }

    package var stored = 0
    /// Corrections that were not stored, because the newest on the same field has the same label.
    package var unchanged = 0
    package var failures: [Failure] = []

    package init() {}
}

extension TicketStore {
    /// Stores corrections one after the other: of several on one field the last counts.
    ///
    /// One that changes nothing, as when a file is imported again, is counted and not stored.
    ///
    /// - Throws: `StoreError` when the store cannot work at the moment: those before are stored.
    package func addFeedback(all corrections: [NewFeedback]) async throws(StoreError) -> FeedbackReport {
        var report = FeedbackReport()
        for (place, new) in corrections.enumerated() {
            do throws(StoreError) {
                if try await addMissingFeedback(new) { report.stored += 1 } else { report.unchanged += 1 }
            } catch {
                guard !error.isUnavailable else { throw error }
                report.failures.append(.init(place: place, problem: error.description))
            }
        }
        return report
    }

    /// Corrects decisions of the store in a folder as its writer, or has the process that is its writer do it.
    ///
    /// - Throws: `StoreError` when the store cannot be written, or its writer does not answer in time.
    package static func correct(
        _ corrections: [NewFeedback], in path: String, waiting seconds: Int
    ) async throws(StoreError) -> FeedbackReport {
        let writer: TicketStore
        do throws(StoreError) { writer = try existing(path) } catch {
            guard case .locked = error else { throw error }
            var report = FeedbackReport()
            for start in stride(from: 0, to: corrections.count, by: StoreRequest.maximumCorrections) {
                let end = min(start + StoreRequest.maximumCorrections, corrections.count)
                let part = try await StoreRequest.correct(Array(corrections[start..<end]))
                    .sendFeedback(to: path, waiting: seconds)
                report.stored += part.stored
                report.unchanged += part.unchanged
                report.failures += part.failures.map {
                    .init(place: $0.place + start, problem: $0.problem)
                }
            }
            return report
        }
        let report = try await writer.addFeedback(all: corrections)
        try writer.close()
        return report
    }
}

extension NewFeedback {
    /// As a request holds it; notes are left out, since they are not masked yet.
    func write(to json: inout JSONWriter) {
        json.object { json in
            switch subject {
            case .decision(let id): json.string("decision", id)
            case .ticket(let id): json.string("ticket", id)
            }
            json.string("field", field)
            json.string("label", label)
            json.string("by", by)
        }
    }

    init?(_ json: JSONValue) {
        guard let field = json["field"]?.text, let label = json["label"]?.text else { return nil }
        if let id = json["decision"]?.text {
            self.init(.decision(id), field: field, label: label, by: json["by"]?.text)
        } else if let id = json["ticket"]?.text {
            self.init(.ticket(id), field: field, label: label, by: json["by"]?.text)
        } else {
            return nil
        }
    }
}
