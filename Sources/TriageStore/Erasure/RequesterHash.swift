internal import Foundation
package import TriageTickets

/// A requester's keyed hash: who wrote a ticket, as a store keeps it.
///
/// HMAC-SHA256 by the store's key over `Requester.normal` of the name: `Ann@Example.org` and ` ann@example.org` are one
/// person. Without the key nobody can find out whose hash it is, nor compare the hashes of two stores.
extension StoreKey {
    /// Nil for a name of nothing but white space.
    func requesterHash(_ name: String) -> [UInt8]? { hash(ofNormal: Requester.normal(name)) }

    /// What erases all tickets of a person, also those that a version before full case folding stored.
    func requesterSubject(_ name: String) -> ErasureSubject? {
        guard let hash = requesterHash(name) else { return nil }
        let earlier = self.hash(ofNormal: Requester.lowercase(name))
        return .requester(hash: hash, earlier: earlier == hash ? nil : earlier)
    }

    private func hash(ofNormal name: String) -> [UInt8]? {
        name.isEmpty ? nil : hash("requester", [Array(name.utf8)])
    }
}

/// How requesters are compared.
package enum Requester {
    /// The form in which equal requesters are equal: without surrounding white space, in Unicode's composed form (NFC), and
    /// without case.
    ///
    /// Lower case alone tells `Straße` from `STRASSE`, its upper case, and `σοφος` from `σοφοσ`. The first step to lower case
    /// is for the capital `ẞ`, whose upper case is itself.
    package static func normal(_ name: String) -> String {
        let lower = lowercase(name)
        guard !lower.utf8.allSatisfy({ $0 < 0x80 }) else { return lower }
        return lower.uppercased().lowercased().precomposedStringWithCanonicalMapping
    }

    /// Whether a text holds a requester's name: as it is, where it has at least four characters, or each of its words.
    package static func names(_ requester: String, in text: String) -> Bool {
        let (name, text) = (normal(requester), normal(text))
        let words = Set(words(of: name))
        return name.count >= minimumPart && text.contains(name)
            || !words.isEmpty && words.isSubset(of: self.words(of: text))
    }

    private static let minimumPart = 4

    private static func words(of text: String) -> [Substring] {
        text.split { !$0.isLetter && !$0.isNumber }
    }

    /// The form of earlier versions.
    fileprivate static func lowercase(_ name: String) -> String {
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
    /// What erases all tickets of a requester in this store; nil for an empty name.
    package func requesterSubject(_ name: String) -> ErasureSubject? { key.requesterSubject(name) }

    /// What erases all tickets of a requester in the store of a folder, made with the key in it; nil for an empty name.
    ///
    /// - Throws: `StoreError` without a store in the folder.
    package static func requesterSubject(
        _ name: String, in path: String
    ) throws(StoreError) -> ErasureSubject? {
        let folder = StoreFolder(path: path)
        try folder.check()
        return try StoreKey(reading: folder).requesterSubject(name)
    }
}
