/// The columns that a training read: `input` in the manifest of its bundle.
///
/// Later commands read the same columns, as far as a file has them.
package struct InputColumns: Codable, Sendable, Equatable {
    /// The subject is the first of these that has content in a row.
    package var subject: [String]
    /// The body's columns, a line each.
    package var body: [String]
    /// Where those are empty, the first of these that has content is the body.
    package var alternatives: [String]?
    package var id: String?
    /// The column whose equal values (a requester) stay on one side of a split.
    package var requester: String?
    /// The column that orders rows in time.
    package var time: String?

    package init(
        subject: [String] = [], body: [String] = [], alternatives: [String]? = nil, id: String? = nil,
        requester: String? = nil, time: String? = nil
    ) {
        (self.subject, self.body, self.alternatives) = (subject, body, alternatives)
        (self.id, self.requester, self.time) = (id, requester, time)
    }

    /// The columns of text, the best first.
    package var text: [String] { subject + body + (alternatives ?? []) }

    /// Adds the columns of another file of the same training: they are read where the first file's are not there.
    mutating func add(_ other: InputColumns) {
        guard !text.isEmpty else { return self = other }
        subject += other.subject.filter { !text.contains($0) }
        let more = (other.body + (other.alternatives ?? [])).filter { !text.contains($0) }
        if !more.isEmpty { alternatives = (alternatives ?? []) + more }
        id = id ?? other.id
    }
}
