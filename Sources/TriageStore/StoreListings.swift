package import TriageData

/// What commands list of a store, as members of JSON objects and as lines for people.
extension Feedback {
    package func write(to json: inout JSONWriter) {
        json.string("id", id)
        json.string("time", Timestamp(milliseconds: time).text)
        json.string("decision", decision)
        json.string("ticket", ticket)
        json.string("field", field)
        json.string("decided", decided)
        json.string("label", label)
        json.string("by", by)
        json.string("note", note)
        json.bool("undone", isUndone)
        json.integer("version", version)
    }
}

extension TicketStore {
    /// Hands out all feedback, page by page.
    package func forEachFeedback(_ body: (Feedback) -> Void) throws(StoreError) {
        var after: Int64?
        while true {
            let page = try feedback(after: after, limit: 500)
            guard let last = page.last else { return }
            page.forEach(body)
            after = last.decisionSequence
        }
    }

    /// Deletes something from the store in a folder as its writer, or has the process that is its writer do it.
    ///
    /// - Parameters:
    ///   - request: What to delete.
    ///   - path: The store's folder.
    ///   - seconds: How long to wait for another writer.
    /// - Returns: What was deleted.
    /// - Throws: `StoreError` when the store cannot be written, or its writer does not answer in time.
    package static func delete(
        _ request: StoreRequest, from path: String, waiting seconds: Int
    ) async throws(StoreError) -> DeletionReport {
        let writer: TicketStore
        do throws(StoreError) { writer = try existing(path) } catch {
            guard case .locked = error else { throw error }
            return try await request.send(to: path, waiting: seconds)
        }
        let report =
            switch request {
            case .erase(let subject, let by): try await writer.erase(subject, by: by)
            case .expire(let days): try await writer.expire(olderThanDays: days)
            case .eraseMemory(let by): try await writer.eraseMemory(by: by)
            case .correct: throw .requestFailed(problem: "corrections delete nothing")
            }
        try writer.close()
        return report
    }

    /// Opens the store in a folder as its one writer; a store that is not there is not made.
    ///
    /// - Throws: `StoreError.notAStore` when the folder holds neither a database nor a key.
    package static func existing(_ path: String) throws(StoreError) -> TicketStore {
        let folder = StoreFolder(path: path)
        guard [folder.database, folder.key].contains(where: { FileInput.exists($0) }) else {
            throw .notAStore(path: path, missing: StoreFolder.databaseName)
        }
        return try TicketStore(path)
    }
}

extension QueuedTicket {
    package func write(to json: inout JSONWriter) {
        json.string("id", id)
        json.string("state", state.rawValue)
        json.integer("attempts", attempts)
        json.string("enqueued_at", Timestamp(milliseconds: enqueuedAt).text)
        json.string("updated_at", Timestamp(milliseconds: updatedAt).text)
        json.string("decision", decision)
        json.string("error", error)
    }
}

extension StoreInventory {
    private var counts: [(name: String, value: Int)] {
        [
            ("decisions", decisions), ("feedback", feedback), ("ledger_rows", ledgerRows), ("texts", texts),
        ] + TicketState.allCases.map { ("queue_\($0.rawValue)", queue[$0] ?? 0) } + [("bytes", bytes)]
            + (bytesPerDecision.map { [("bytes_per_decision", $0)] } ?? [])
    }

    private var oldest: String? { oldestText.map { Timestamp(milliseconds: $0).text } }

    package var lines: [String] {
        counts.map { "\($0.name.replacing("_", with: " ")): \($0.value)" }
            + (oldest.map { ["oldest text: \($0)"] } ?? []) + ["public key: \(publicKey)"]
    }

    package func write(to json: inout JSONWriter) {
        for (name, value) in counts {
            json.key(named: name)
            json.integer(value)
        }
        json.string("oldest_text", oldest)
        json.string("public_key", publicKey)
    }
}

extension LedgerReport {
    /// The findings of a verification with some signed heads, in two lines.
    package func text(of path: String, heads: Int) -> String {
        let expired = expired == 0 ? "" : ", \(expired) expired or erased"
        let keyed = keyedFrom == 1 ? "" : "; keyed from row \(keyedFrom)"
        let signed = heads == 0 ? "" : "; holds all of \(heads.counted("signed head"))"
        return
            "\(path): good; \(rows.counted("row")), \(decisions.counted("decision")), \(texts.counted("text")) kept"
            + "\(expired)\(keyed)\(signed)\n"
            + "last hash \(hash)\n"
            + "not checked: tickets that wait in the queue, which are not in the ledger"
    }

    package func write(heads: Int, to json: inout JSONWriter) {
        json.integer("rows", Int(rows))
        json.integer("decisions", Int(decisions))
        json.integer("texts", Int(texts))
        json.integer("expired", Int(expired))
        json.integer("keyed_from", Int(keyedFrom))
        json.integer("heads", heads)
        json.string("hash", hash)
    }
}
