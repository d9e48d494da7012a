package import TriageText

/// A ticket's text cleaned, cut to size and masked: what deciding, searching, measuring, storing and prompting read.
///
/// A ticket is prepared once, and its text is handed on.
package struct TicketText: Sendable, Equatable {
    /// Two fields of bytes.
    package struct Fields: Sendable, Equatable {
        package var subject: [UInt8]
        package var body: [UInt8]

        package init(subject: [UInt8], body: [UInt8]) { (self.subject, self.body) = (subject, body) }
    }

    /// A part of a field that neither the model nor the search reads.
    package struct PartSetAside: Sendable, Equatable {
        /// "subject" or "body".
        package var field: String
        package var part: SetAside

        package init(field: String, part: SetAside) { (self.field, self.part) = (field, part) }
    }

    /// A safety floor that words of a part fired which is set aside.
    package struct FloorSetAside: Sendable, Equatable {
        /// The floor's id.
        package var id: String
        /// What the part is: a floor behind the size limit has its full effect, another is left to a person.
        package var kind: SetAside.Kind

        package init(id: String, kind: SetAside.Kind) { (self.id, self.kind) = (id, kind) }
    }

    /// The caller's id of the ticket.
    package let id: String?
    /// The masked subject, with offsets of the original.
    package let subject: MappedText
    /// The masked body, with offsets of the original.
    package let body: MappedText
    /// Whether a field's cleaned text was over the size limit.
    package let wasCut: Bool
    /// The cleaned text before masking, or the masked text where the original was not kept.
    ///
    /// A prompt makes placeholders from it that can be replaced again. It reaches no disk and no log.
    package let unmasked: Fields
    /// The parts that are set aside, in the order of subject and body.
    package var setAside: [PartSetAside] = []
    /// The safety floors that words of these parts fired.
    package var floorsSetAside: [FloorSetAside] = []
    /// The ticket as it came in; nil for text read from a store.
    package let original: Ticket?
    /// Keyed hashes of the original, where a store kept them with the text.
    package let hashes: Fields?
    /// The keyed hash of the requester, where a store kept it with the text.
    package var requesterHash: [UInt8]?

    /// A prepared ticket.
    init(
        original: Ticket, subject: MappedText, body: MappedText, unmasked: Fields, setAside: [PartSetAside]
    ) {
        (id, self.original, hashes, self.setAside) = (original.id, original, nil, setAside)
        (self.subject, self.body, self.unmasked) = (subject, body, unmasked)
        wasCut = setAside.contains { $0.part.kind == .cut }
    }

    /// Text that was prepared before and stored; its offsets are those of the prepared text.
    package init(
        stored fields: Fields, id: String? = nil, wasCut: Bool = false, setAside: [PartSetAside] = [],
        floorsSetAside: [FloorSetAside] = [], hashes: Fields? = nil
    ) {
        (subject, body) = (MappedText(fields.subject), MappedText(fields.body))
        (self.id, self.wasCut, self.setAside, self.floorsSetAside) = (id, wasCut, setAside, floorsSetAside)
        (self.hashes, unmasked, original) = (hashes, fields, nil)
    }

    package var masked: Fields { Fields(subject: subject.bytes, body: body.bytes) }

    /// Whether preparing changed nothing.
    package var isOriginal: Bool { !wasCut && subject.isIdentity && body.isIdentity }

    /// The bytes of the masked text.
    package var byteCount: Int { subject.bytes.count + body.bytes.count }

    /// Whether something was masked.
    package var hasPlaceholder: Bool {
        [subject.bytes, body.bytes].contains {
            $0.contains(0x5B) && !IdentifierKind.placeholders(in: $0).isEmpty
        }
    }

    /// Subject and body without placeholders, which carry nothing of the question.
    package var withoutPlaceholders: Fields {
        func rest(of text: [UInt8]) -> [UInt8] {
            var rest = text
            for range in IdentifierKind.placeholders(in: text).reversed() { rest.removeSubrange(range) }
            return rest
        }
        return Fields(subject: rest(of: subject.bytes), body: rest(of: body.bytes))
    }

    /// Whether nothing but white space is left.
    package var isEmpty: Bool {
        !subject.bytes.contains { $0 > 0x20 } && !body.bytes.contains { $0 > 0x20 }
    }
}
