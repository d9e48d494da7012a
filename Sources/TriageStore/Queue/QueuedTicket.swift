package import TriageTickets

/// A ticket to be added to the queue.
package struct NewTicket: Sendable, Equatable {
    /// The ticket as it came in; nothing of its text reaches the disk but what `enqueue` makes of it.
    package var ticket: Ticket
    /// A name under which the caller may send it again without having it twice; nil for none.
    ///
    /// Put the caller's own id before it, so that two callers do not meet in one name.
    package var idempotencyKey: String?
    /// The caller's options, as text that the lease returns; empty for none.
    package var options: String

    package init(_ ticket: Ticket, idempotencyKey: String? = nil, options: String = "") {
        (self.ticket, self.idempotencyKey, self.options) = (ticket, idempotencyKey, options)
    }
}

/// The receipt for a ticket that is on the disk.
package struct TicketReceipt: Sendable, Equatable {
    /// The id that the queue gave it.
    package var id: String
    /// False when the same idempotency key had brought it before.
    package var isNew: Bool
}

package enum TicketState: String, Sendable, CaseIterable {
    /// It waits to be worked on, for the first time or again.
    case waiting
    /// A worker has leased it.
    case leased
    /// It is decided.
    case done
    /// It failed as often as it may; see it with `deadLetters`, and have it tried again with `requeue`.
    case dead
}

/// A ticket of the queue, without its text.
package struct QueuedTicket: Sendable, Equatable {
    /// The id that the queue gave it.
    package var id: String
    package var state: TicketState
    /// Deliveries so far.
    package var attempts: Int
    /// When it came in, in milliseconds since 1970.
    package var enqueuedAt: Int64
    /// When it last changed, in milliseconds since 1970.
    package var updatedAt: Int64
    /// The decision's id, when it is done.
    package var decision: String?
    /// The code of what last went wrong, such as `lease_expired`.
    package var error: String?
}

extension QueuedTicket {
    /// The error's code of a ticket that was erased before it was decided.
    static let erased = "erased"

    /// Whether it was erased before it was decided.
    package var isErased: Bool { state == .done && error == QueuedTicket.erased }
}

/// A ticket given to one worker for a time.
package struct LeasedTicket: Sendable {
    /// The id that the queue gave it.
    package let id: String
    /// This delivery's number, from 1; with the id it names the lease.
    package let attempt: Int
    let number: Int64
    /// Its text as it was prepared when it came in; a decision on it is that on the ticket as it came in, if the bundle
    /// that prepared it decides.
    package let text: TicketText
    let optionBytes: [UInt8]

    package var options: String { String(decoding: optionBytes, as: UTF8.self) }
}
