import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics

/// Two small bundles that the program itself trained, once for all tests: one of n-grams alone, one with a matrix.
enum TrainedBundle {
    /// Three labels of twelve tickets each.
    static let tickets: String = {
        let kinds = [
            ("password login locked", "Login", "High"), ("invoice refund charged", "Billing", "Low"),
            ("crash error broken", "Bug", "Medium"),
        ]
        let rows = kinds.flatMap { words, category, severity in
            (0..<12).map { number in
                #"{"id":"\#(category)-\#(number)","text":"\#(words) number \#(number) please","#
                    + #""category":"\#(category)","severity":"\#(severity)"}"#
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }()

    private static let place = NSTemporaryDirectory() + "triage-cli-\(getpid())"

    /// A folder with `plain`, `embedded` and `embeddings/tiny`; its path, or why there is none.
    private static let home: Result<Workspace, any Error> = Result {
        let home = try Workspace(path: place)
        atexit { try? FileManager.default.removeItem(atPath: TrainedBundle.place) }
        try home.write("train.jsonl", tickets)
        for (name, bytes) in matrix() { try home.write("embeddings/tiny/\(name)", bytes) }
        for (name, embedding) in [("plain", "none"), ("embedded", "embeddings/tiny")] {
            let outcome = try home.run([
                "train", "--data", "train.jsonl", "--label", "category", "--label", "severity", "--fixed",
                "--bits", "8", "--embedding", embedding, "--output", name,
            ])
            try #require(outcome.status == 0, "\(outcome.errors)")
        }
        return home
    }

    /// Copies both bundles and the matrix into a workspace.
    static func copy(into workspace: Workspace) throws {
        let home = try home.get()
        for name in ["plain", "embedded", "embeddings"] {
            try FileManager.default.copyItem(atPath: home.file(name), toPath: workspace.file(name))
        }
    }

    /// The path of the bundle without a matrix, to be read only.
    static func plain() throws -> String { try home.get().file("plain") }

    /// A matrix of eight columns for a dozen pieces.
    private static func matrix() -> [(String, [UInt8])] {
        let pieces = [
            "[UNK]", "password", "login", "locked", "invoice", "refund", "charged", "crash", "error", "##s",
        ]
        var writer = SafeTensorsWriter()
        let rows = (0..<pieces.count * 8).map { Int8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        writer.add("rows", rows, shape: [pieces.count, 8])
        writer.add("scale", [Float](repeating: 0.01, count: pieces.count), shape: [pieces.count])
        return [
            ("table.safetensors", writer.bytes()),
            ("vocab.txt", Array((pieces.joined(separator: "\n") + "\n").utf8)),
        ]
    }
}
