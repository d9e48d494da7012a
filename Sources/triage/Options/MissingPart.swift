#if !Service
import TriageData
import TriageEngine
import TriageTickets

/// An option whose work is not in this build.
struct MissingPart: DescribedError {
    var option: String

    /// The commands that only the full program has.
    static let commands = [
        "compare", "serve", "health", "keys", "ledger", "feedback", "queue", "store", "forget", "monitor",
    ]

    var description: String {
        "\(option) needs the service's parts, and this program was built without them (package trait Service); use the full "
            + "program, which a plain `swift build` makes"
    }
}

/// Without the store there are no corrections.
enum Corrected {
    init(store path: String) throws { throw MissingPart(option: "--feedback") }
    var rows: (name: String, lines: [UInt8]) { switch self {} }
    func report(used: Int) {}
}

/// Without the store nothing is recorded.
enum StoreBenchmark {
    init(_ snapshot: Snapshot, _ tickets: [Ticket], folder: String) async throws {
        throw MissingPart(option: "--store")
    }
    var line: String { switch self {} }
    func write(to json: inout JSONWriter) {}
}
#endif
