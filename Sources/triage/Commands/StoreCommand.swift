#if Service
import ArgumentParser
import TriageData
import TriageStore

/// `triage store`: the store as a whole.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract:
            "Back up, restore, inspect, expire and compact a store.",
        subcommands: [Backup.self, Restore.self, Status.self, Expire.self, Compact.self])

    struct Backup: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the store as it is at one moment into a new folder, also while it is in use.",
            discussion:
                "The copy holds the store's key and masked text: keep it as private as the store. A store that another "
                + "version made is copied as it is, for that version.")
        @OptionGroup var place: StorePath
        @Argument(help: "The new folder.")
        var output: String

        func run() throws {
            try place.read(as: .copy) { store in
                let rows = try store.backup(to: output)
                print("wrote \(output.shown): \(rows.counted("row")) of the ledger")
            }
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Restore a backup after its ledger is verified.",
            discussion:
                "An existing store is kept as DIR.previous, or DIR.previous-2 and so on. A store in use is left "
                + "alone: exit code 69."
        )
        @OptionGroup var place: StorePath
        @Argument(help: "The backup's folder.")
        var backup: String

        func run() throws {
            try reportingErrors {
                let done = try TicketStore.restore(backup, to: place.store)
                let previous = done.previous.map { "; the store that was there is \($0.shown) now" } ?? ""
                print(
                    "restored \(place.store.shown): \(done.ledger.rows.counted("row")) of the ledger, verified\(previous)"
                )
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show what is in the store, its bytes per decision, and whether its file and tables are sound.",
            aliases: ["info"])
        @OptionGroup var place: StorePath
        @Flag(help: "JSON on standard output.")
        var json = false

        func run() throws {
            try place.read { store in
                try store.checkIntegrity()
                let inventory = try store.inventory()
                let lines = json ? [JSONWriter.line { inventory.write(to: &$0) }] : inventory.lines
                lines.forEach { print($0) }
                try store.checkSchema()
            }
        }
    }

    struct Expire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete masked text and finished tickets that are older than some days.",
            discussion: """
                Deleted bytes are overwritten, and the file gives its unused pages back to the disk. The ledger keeps its rows \
                and hashes, and one row more accounts for what was deleted. While a service has the store open, the command \
                leaves the request in the store and waits for its answer.
                """)
        @OptionGroup var place: StorePath
        @Option(parsing: .unconditional, help: "Days for which text is kept.")
        var days: Int
        @OptionGroup var patience: WriterPatience

        func validate() throws {
            guard days >= 0 else { throw ValidationError("--days takes a number from 0.") }
        }

        func run() async throws {
            try await reportingErrors {
                let report = try await TicketStore.delete(
                    .expire(days: days), from: place.store, waiting: patience.wait)
                print("deleted \(report.texts.counted("text")) and \(report.tickets.counted("ticket"))")
                report.warnUnlessClean()
            }
        }
    }

    struct Compact: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rebuild the store's file without unused space; stop the service first.",
            discussion: """
                Needed once for a store of over 512 MB that an older version made: its file shrinks after expiries from \
                then on. It takes about a second per 200 MB, and twice the file's size on the disk meanwhile.
                """)
        @OptionGroup var place: StorePath

        func run() async throws {
            try await place.write { store in
                let before = try store.statistics().bytes
                try await store.compact()
                print("the store has \(try store.statistics().bytes) bytes now, and had \(before)")
            }
        }
    }
}
#endif
