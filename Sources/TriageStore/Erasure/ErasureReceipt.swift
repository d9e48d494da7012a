package import TriageData
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
    /// The places of an earlier run that was interrupted, as its receipt has them.
    package var earlier: [JSONValue] = []
    /// False until the last place is done: the same command goes on from there.
    package var isFinished = false

    private static let format = "triage-forget-1"

    package init(_ subject: ErasureSubject, by: String?, time: Int64) {
        (self.subject, self.by, self.time) = (subject, by, time)
    }

    /// The receipt as one JSON object and a line end.
    package var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.string("receipt", ErasureReceipt.format)
            json.string("time", Timestamp(milliseconds: time).text)
            json.object("subject") { subject.write(to: &$0) }
            json.string("by", by)
            json.bool("finished", isFinished)
            json.key(named: "places")
            json.array {
                for place in earlier { $0.value(place) }
                for place in newPlaces { $0.object { place.write(to: &$0) } }
            }
        }
        json.newline()
        return json.bytes
    }

    /// The places without those that an earlier run has done and this one left as they were.
    private var newPlaces: [Place] {
        let done = Set(earlier.compactMap { $0["path"]?.text })
        return places.filter { !$0.isUnchanged || !done.contains($0.path) }
    }

    /// Takes over the places of an earlier receipt of the same subject.
    ///
    /// - Returns: Whether that one was finished; nil for a receipt of another subject, or other bytes.
    package mutating func goOn(from bytes: [UInt8]) -> Bool? {
        guard let json = JSONValue(parsing: bytes), json["receipt"]?.text == ErasureReceipt.format,
            let other = json["subject"], subject.forms.contains(other),
            let places = json["places"]?.elements
        else { return nil }
        earlier = places
        return json["finished"] != .bool(false)
    }
}

extension ErasureSubject {
    /// As receipts spell it, those of earlier versions too.
    fileprivate var forms: [JSONValue] {
        var subjects = [self]
        if case .requester(_, let earlier?) = self { subjects.append(.requester(hash: earlier)) }
        return subjects.compactMap { subject in
            JSONValue(parsing: JSONWriter.object { subject.write(to: &$0) })
        }
    }

    fileprivate func write(to json: inout JSONWriter) {
        switch self {
        case .ticket(let id): json.string("ticket", id)
        case .decision(let id): json.string("decision", id)
        case .requester(let hash, _): json.string("requester_hmac_sha256", Hexadecimal.text(hash))
        }
    }
}

extension ErasureReceipt.Place {
    fileprivate var isUnchanged: Bool { before == after && counts.allSatisfy { $0.value == 0 } }

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
