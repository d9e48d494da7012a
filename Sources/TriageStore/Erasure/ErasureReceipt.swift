internal import TriageData
package import TriageModel

/// What an erasure did, place by place, with a hash of each place before and after it: the content of a receipt.
///
/// It holds no name of a requester and no text: of a requester it has the store's keyed hash.
package struct ErasureReceipt: Sendable {
    /// A store, a file of tickets, or a model.
    package struct Place: Sendable {
        /// `store`, `backup`, `tickets`, `model` or `previous model`.
        package var kind: String
        package var path: String
        /// Of a store the hash of its ledger's last row, of a file its SHA-256, of a model the SHA-256 by which it is
        /// known; nil for what was not there.
        package var before: String?
        package var after: String?
        /// What was deleted, by name.
        package var counts: [(name: String, value: Int)]

        package init(
            _ kind: String, _ path: String, before: String?, after: String?,
            counts: [(name: String, value: Int)] = []
        ) {
            (self.kind, self.path, self.before, self.after) = (kind, path, before, after)
            self.counts = counts
        }
    }

    package var subject: ErasureSubject
    /// The person who required it.
    package var by: String?
    /// When, in milliseconds since 1970.
    package var time: Int64
    package var places: [Place] = []

    package init(_ subject: ErasureSubject, by: String?, time: Int64) {
        (self.subject, self.by, self.time) = (subject, by, time)
    }

    /// The receipt as one JSON object and a line end.
    package var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.string("receipt", "triage-forget-1")
            json.string("time", Timestamp(milliseconds: time).text)
            json.object("subject") { subject.write(to: &$0) }
            json.string("by", by)
            json.array("places", places) { json, place in json.object { place.write(to: &$0) } }
        }
        json.newline()
        return json.bytes
    }
}

extension ErasureSubject {
    fileprivate func write(to json: inout JSONWriter) {
        switch self {
        case .ticket(let id): json.string("ticket", id)
        case .decision(let id): json.string("decision", id)
        case .requester(let hash): json.string("requester_hmac_sha256", Hexadecimal.text(hash))
        }
    }
}

extension ErasureReceipt.Place {
    fileprivate func write(to json: inout JSONWriter) {
        json.string("kind", kind)
        json.string("path", path)
        json.string("before", before)
        json.string("after", after)
        json.object("deleted") { json in
            for (name, value) in counts {
                json.key(named: name)
                json.integer(value)
            }
        }
    }
}

extension TicketStore {
    /// The key that signs files of a store such as receipts: the one that signs the heads of its ledger.
    package static func signingKey(of path: String) throws(StoreError) -> SigningKey {
        let folder = StoreFolder(path: path)
        try folder.check()
        return try StoreKey(reading: folder).fileSigning
    }

    /// The hash of the last row of a store's ledger, in hexadecimal; nil when an older version wrote the store.
    package static func ledgerEnd(of path: String) throws(StoreError) -> String? {
        do throws(StoreError) {
            let store = try TicketStore(path, .read)
            let head = try store.head()
            try store.close()
            return head.map { Hexadecimal.text($0.hash) }
        } catch {
            guard case .outdated = error else { throw error }
            return nil
        }
    }
}
