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

    /// The bytes of the original at which its fields were cut; nil where a field was not.
    package struct CutOffsets: Sendable, Equatable {
        package var subject: Int?
        package var body: Int?
    }

    /// The caller's id of the ticket.
    package let id: String?
    /// The masked subject, with offsets of the original.
    package let subject: MappedText
    /// The masked body, with offsets of the original.
    package let body: MappedText
    /// Whether a field's cleaned text was over the size limit.
    package let wasCut: Bool
    /// Where the original's fields were cut; unknown for text read from a store.
    package let cutOffsets: CutOffsets
    /// The cleaned text before masking, or the masked text where the original was not kept.
    ///
    /// A prompt makes placeholders from it that can be replaced again. It reaches no disk and no log.
    package let unmasked: Fields
    /// The ids of the safety floors that words behind the size limit fired.
    package var floorsBehindLimit: [String] = []
    /// The ticket as it came in; nil for text read from a store.
    package let original: Ticket?
    /// Keyed hashes of the original, where a store kept them with the text.
    package let hashes: Fields?

    /// A prepared ticket.
    init(
        original: Ticket, cutOffsets: CutOffsets, subject: MappedText, body: MappedText, unmasked: Fields
    ) {
        (id, self.original, hashes) = (original.id, original, nil)
        (self.subject, self.body, self.unmasked) = (subject, body, unmasked)
        self.cutOffsets = cutOffsets
        wasCut = cutOffsets.subject != nil || cutOffsets.body != nil
    }

    /// Text that was prepared before and stored; its offsets are those of the prepared text.
    package init(
        stored fields: Fields, id: String? = nil, wasCut: Bool = false, floorsBehindLimit: [String] = [],
        hashes: Fields? = nil
    ) {
        (subject, body) = (MappedText(fields.subject), MappedText(fields.body))
        (self.id, self.wasCut, self.floorsBehindLimit) = (id, wasCut, floorsBehindLimit)
        (self.hashes, unmasked, original, cutOffsets) = (hashes, fields, nil, CutOffsets())
    }

    package var masked: Fields { Fields(subject: subject.bytes, body: body.bytes) }

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
