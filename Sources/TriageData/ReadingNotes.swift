internal import Synchronization

/// Notes on files that were read, such as an encoding that is not UTF-8, for the program to show.
package enum ReadingNotes {
    private struct Recipient: Sendable {
        var say: @Sendable (String) -> Void
        /// Those sent already: commands read a file several times.
        var sent: Set<String> = []
    }

    private static let recipient = Mutex<Recipient?>(nil)

    /// From now on each note goes to `say`, once.
    package static func send(to say: @escaping @Sendable (String) -> Void) {
        recipient.withLock { $0 = Recipient(say: say) }
    }

    package static func add(_ note: String) {
        let say = recipient.withLock { recipient in
            recipient?.sent.insert(note).inserted == true ? recipient?.say : nil
        }
        say?(note)
    }
}
