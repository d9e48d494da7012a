internal import GRDB
internal import TriageData

/// Something that was done to the service, with its row of the ledger.
package struct RecordedEvent: Sendable, Equatable {
    package var sequence: Int64
    /// Milliseconds since 1970.
    package var time: Int64
    package var event: AuditEvent

    package var name: String { event.name }

    init?(_ row: LedgerEntry) {
        guard let json = JSONValue(parsing: row.record), let name = json["event"]?.text else { return nil }
        let details = (json["details"]?.members ?? []).map { ($0.name, $0.value.text ?? "") }
        (sequence, time) = (row.sequence, row.time)
        event = AuditEvent(name, details, by: json["by"]?.text)
    }
}

extension TicketStore {
    /// What was done to the service, the newest first, before a row of the ledger: reloads, changed keys and the like.
    package func auditLog(before row: Int64 = .max, limit: Int) throws(StoreError) -> [RecordedEvent] {
        let rows = try tables { $0.events.reversed().drop { $0 >= row }.prefix(limit).map(\.self) }
        return try read { database in
            try rows.compactMap { row in
                try LedgerEntry.fetchOne(
                    database.cachedStatement(sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE seq = ?"),
                    arguments: [row]
                ).flatMap(RecordedEvent.init)
            }
        }
    }
}
