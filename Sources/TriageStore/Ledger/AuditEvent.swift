internal import TriageData

/// Something that was done to the service and belongs into its ledger, such as a reload or a new key.
package struct AuditEvent: Sendable, Equatable {
    /// What was done, in a word such as `reload`.
    package var name: String
    /// With what: names and values, in order, and no ticket text.
    package var details: [Detail]
    /// Who did it: the id of an API key, or nil.
    package var by: String?

    package struct Detail: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package init(_ name: String, _ details: [(name: String, value: String)] = [], by: String? = nil) {
        self.name = name
        self.details = details.map { Detail(name: $0.name, value: $0.value) }
        self.by = by
    }

    func draft(at time: Int64) -> LedgerDraft {
        let record = JSONWriter.object { json in
            json.string("event", name)
            json.object("details") { json in
                for detail in details {
                    json.key(named: detail.name)
                    json.string(detail.value)
                }
            }
            json.string("by", by)
        }
        return LedgerDraft(kind: .event, id: RecordID.make(at: time), record: record)
    }
}

extension TicketStore {
    /// Puts an event into the ledger; returns when it is on the disk.
    package func record(_ event: AuditEvent) async throws(StoreError) {
        try await commits.write { _ = try $0.append(event.draft(at: $0.time)) }
    }
}
