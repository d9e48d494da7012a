import Foundation
import Testing
import TriageEngine
import TriageModel

@testable import TriageLLM
import TriageTickets

/// The project's own folder.
let projectRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// The starter bundle with the shipped KB, playbook and language identifier, loaded once.
let starter: Result<Snapshot, any Error> = Result {
    try Snapshot(
        at: Snapshot.Places(
            model: "\(projectRoot)/models/starter", kb: "\(projectRoot)/kb",
            language: "\(projectRoot)/models/language",
            embedding: "\(projectRoot)/models/embeddings/minilm-256", homes: [projectRoot]))
}

/// A folder of one test's own, gone with it.
final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "llm-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }
}

/// Tickets that the shipped KB answers.
enum Tickets {
    static let charged = Ticket(
        id: "c", subject: "Charged twice",
        body: "I was charged twice, 588.00 EUR each, for order 4711. Please sort this out.")
    static let locked = Ticket(
        id: "l",
        body: "Mein Konto ist gesperrt nach zu vielen falschen Kennwörtern, ich kann mich nicht anmelden.")
}
