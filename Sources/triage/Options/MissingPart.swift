#if !Service
import TriageData
import TriageEngine
import TriageTickets

/// An option whose work is not in this build.
struct MissingPart: DescribedError {
    var option: String

    /// The commands that only the full program has.
    static let commands = [
        "draft", "compare", "serve", "health", "keys", "ledger", "feedback", "queue", "store", "forget",
    ]

    var description: String {
        "\(option) needs the service's parts, and this program was built without them (package trait Service); use the full "
            + "program, which a plain `swift build` makes"
    }
}

/// Without the language model's client there is none.
enum LanguageModelPass {
    init?(_ classify: Classify, for snapshot: Snapshot) throws {
        nil
    }
}

extension Classify {
    func writeJudged(
        _ rows: RowReader, _ model: LanguageModelPass, _ snapshot: Snapshot, asTable: Bool, _ sink: LineOutput
    ) async throws -> Int {}
}

/// Without the store there are no corrections.
enum Corrected {
    init(store path: String) throws { throw MissingPart(option: "--feedback") }
    var rows: (name: String, lines: [UInt8]) { switch self {} }
    func report(used: Int) {}
}

/// Without the store nothing is recorded.
enum StoreMeasurement {
    init(_ snapshot: Snapshot, _ tickets: [Ticket], folder: String) async throws {
        throw MissingPart(option: "--store")
    }
    var line: String { switch self {} }
    func write(to json: inout JSONWriter) {}
}
#endif
