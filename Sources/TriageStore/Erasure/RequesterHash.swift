internal import Foundation
package import TriageTickets

/// A requester's keyed hash: who wrote a ticket, as a store keeps it.
///
/// HMAC-SHA256 by the store's key over the name without surrounding white space, in lower case and in Unicode's composed
/// form (NFC): `Ann@Example.org` and ` ann@example.org` are one person. Without the key nobody can find out whose hash it
/// is, nor compare the hashes of two stores.
extension StoreKey {
    /// Nil for a name of nothing but white space.
    func requesterHash(_ name: String) -> [UInt8]? {
        let name = Requester.normal(name)
        return name.isEmpty ? nil : hash("requester", [Array(name.utf8)])
    }
}

/// How requesters are compared.
package enum Requester {
    /// The form in which equal requesters are equal.
    package static func normal(_ name: String) -> String {
        name.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
            .precomposedStringWithCanonicalMapping
    }
}

extension TicketText {
    /// The keyed hash of its requester; nil when the caller gave none.
    func requesterHash(by key: StoreKey) -> [UInt8]? {
        requesterHash ?? original?.requester.flatMap { key.requesterHash($0) }
    }
}

extension TicketStore {
    /// The hash that this store keeps of a requester; nil for an empty name.
    package func requesterHash(_ name: String) -> [UInt8]? { key.requesterHash(name) }

    /// The hash that a store keeps of a requester, made with the key in its folder; nil for an empty name.
    ///
    /// - Throws: `StoreError` when there is no store.
    package static func requesterHash(_ name: String, in path: String) throws(StoreError) -> [UInt8]? {
        let folder = StoreFolder(path: path)
        try folder.check()
        return try StoreKey(reading: folder).requesterHash(name)
    }
}
