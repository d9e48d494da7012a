import Foundation
import Testing
import TriageData
import TriageModel

/// One way to harm a bundle, and what must be said of it.
struct Damage: Sendable, CustomTestStringConvertible {
    var name: String
    /// The bundle that is harmed: "plain", or "embedded" with its matrix.
    var bundle = "plain"
    var status: Int32 = 65
    var says: [String]
    var harm: @Sendable (Workspace) throws -> Void

    var testDescription: String { name }

    static let files: [Damage] = [
        Damage(name: "no manifest", status: 66, says: ["no manifest.json in plain", "restore it"]) {
            try FileManager.default.removeItem(atPath: $0.file("plain/manifest.json"))
        },
        Damage(name: "an empty folder", status: 66, says: ["no manifest.json in plain"]) {
            try FileManager.default.removeItem(atPath: $0.file("plain"))
            try FileManager.default.createDirectory(
                atPath: $0.file("plain"), withIntermediateDirectories: false)
        },
        Damage(name: "a manifest that is no JSON", says: ["plain/manifest.json", "restore it"]) {
            try $0.write("plain/manifest.json", "{\"format\": 1,")
        },
        Damage(name: "an empty manifest", says: ["plain/manifest.json"]) {
            try $0.write("plain/manifest.json", "")
        },
        Damage(name: "a manifest of brackets", says: ["plain/manifest.json"]) {
            try $0.write("plain/manifest.json", String(repeating: "[", count: 100_000))
        },
        Damage(
            name: "a manifest that lacks a value",
            says: ["plain/manifest.json", "missing or of the wrong type"]
        ) {
            try replace("\"columns\" :", by: "\"pillars\" :", in: $0)
        },
        Damage(name: "a manifest changed by hand", says: ["plain/manifest.json", "vouches for"]) {
            try replace("\"threshold\" : 0.5", by: "\"threshold\" : 0.4", in: $0)
        },
        Damage(name: "a newer format", says: ["plain/manifest.json", "format 99 is newer", "upgrade triage"])
        {
            try replace("\"format\" : 1", by: "\"format\" : 99", in: $0)
        },
        Damage(name: "a format that never was", says: ["plain/manifest.json", "format 0 does not exist"]) {
            try replace("\"format\" : 1", by: "\"format\" : 0", in: $0)
        },
        Damage(
            name: "another hash contract",
            says: ["plain/manifest.json", "hash contract other", "train it again"]
        ) {
            try rewrite($0) { manifest, _ in manifest.hashContract = "other" }
        },
        Damage(name: "no tensors", status: 66, says: ["no model.safetensors in plain"]) {
            try FileManager.default.removeItem(atPath: $0.file("plain/model.safetensors"))
        },
        Damage(name: "a manifest that vouches for no tensors", status: 66, says: ["no model.safetensors"]) {
            try FileManager.default.removeItem(atPath: $0.file("plain/model.safetensors"))
            try replace("\"files\" : {", by: "\"files\" : {}, \"gone\" : {", in: $0)
            try sign($0)
        },
        Damage(name: "tensors cut short", says: ["plain/model.safetensors", "vouches for"]) {
            let bytes = try $0.bytes("plain/model.safetensors")
            try $0.write("plain/model.safetensors", Array(bytes.prefix(bytes.count / 2)))
        },
        Damage(name: "empty tensors", says: ["plain/model.safetensors"]) {
            try $0.write("plain/model.safetensors", "")
        },
        Damage(name: "one bit of the tensors", says: ["plain/model.safetensors", "vouches for"]) {
            var bytes = try $0.bytes("plain/model.safetensors")
            bytes[bytes.count - 100] ^= 1
            try $0.write("plain/model.safetensors", bytes)
        },
        Damage(name: "one bit of the card", says: ["plain/MODEL_CARD.md", "vouches for"]) {
            var bytes = try $0.bytes("plain/MODEL_CARD.md")
            bytes[10] ^= 1
            try $0.write("plain/MODEL_CARD.md", bytes)
        },
        Damage(name: "no words", status: 66, says: ["no words.json in plain"]) {
            try FileManager.default.removeItem(atPath: $0.file("plain/words.json"))
        },
        Damage(name: "other words", says: ["plain/words.json", "vouches for"]) {
            try $0.write("plain/words.json", "[]\n")
        },
        Damage(
            name: "tensors that are a folder", status: 74,
            says: ["plain/model.safetensors: cannot be read (it is a folder)"]
        ) {
            try FileManager.default.removeItem(atPath: $0.file("plain/model.safetensors"))
            try $0.write("plain/model.safetensors/x", "")
        },
        Damage(
            name: "a card that is a pipe", status: 74, says: ["plain/MODEL_CARD.md: cannot be read (it is a"]
        ) {
            try $0.shell("rm plain/MODEL_CARD.md && mkfifo plain/MODEL_CARD.md")
        },
        Damage(name: "a manifest that is a device", status: 74, says: ["plain/manifest.json: cannot be read"])
        {
            try $0.shell("ln -sf /dev/zero plain/manifest.json")
        },
    ]

    /// Harm that all hashes vouch for: the readers themselves must notice.
    static let signed: [Damage] = [
        tensors("a header of 2^63 bytes", "header length") { $0[7] = 0x80 },
        tensors("a header longer than the file", "header length") { $0[4] = 1 },
        tensors("a header cut short", "header") { $0.replaceSubrange(0..<2, with: [100, 0]) },
        tensors("seven bytes", "header length") { $0 = [1, 2, 3, 4, 5, 6, 7] },
        tensors("a header that is a list", "header") { $0.replaceSubrange(8..<9, with: Array("[".utf8)) },
        tensors("brackets for a header", "header") {
            let text = [UInt8](repeating: 0x5B, count: 100_000)
            $0 = withUnsafeBytes(of: UInt64(text.count).littleEndian) { [UInt8]($0) } + text
        },
        header("an unknown type", #""dtype":"F32""#, #""dtype":"X32""#, "tensor "),
        header("a wrong type", #""dtype":"F32""#, #""dtype":"I32""#, "was expected"),
        header("a wrong shape", #""shape":["#, #""shape":[1,"#, "was expected"),
        header("a negative extent", #""shape":["#, #""shape":[-1,-"#, "tensor "),
        header(
            "an extent that overflows", #""shape":["#, #""shape":[9223372036854775807,9223372036854775807,"#,
            "tensor "),
        header("a missing tensor", #""bias""#, #""bios""#, "no tensor bias"),
        header("data of nothing", #""data_offsets":[0,"#, #""data_offsets":[9,"#, "tensor "),
        header("data beyond the file", #""data_offsets":[0,"#, #""data_offsets":[0,9"#, "tensor "),
        Damage(name: "tensors over each other", says: ["plain/model.safetensors", "overlap"]) {
            try rewrite($0) { _, tensors in tensors = try overlapping(tensors) }
        },
        Damage(name: "bytes no tensor owns", says: ["plain/model.safetensors", "overlap"]) {
            try rewrite($0) { _, tensors in tensors += [0, 0, 0, 0] }
        },
        Damage(name: "not a number", says: ["plain/model.safetensors", "tensor bias"]) {
            try rewrite($0) { _, tensors in try setFirstBias(&tensors, 0x7FC0_0000) }
        },
        Damage(name: "an infinite number", says: ["plain/model.safetensors", "tensor bias"]) {
            try rewrite($0) { _, tensors in try setFirstBias(&tensors, 0x7F80_0000) }
        },
        words("words that are no list", "{}", "not a list of labels"),
        words(
            "words without a label", #"[{"field":"category","words":[]}]"#, "without field, label and words"),
        words(
            "a word without its weight", #"[{"field":"category","label":"Bug","words":[["crash"]]}]"#,
            "without its weight"),
        manifest("no label", "labels of field") { $0.heads[0].labels = [] },
        manifest("a label twice", "labels of field") { $0.heads[0].labels[1] = $0.heads[0].labels[0] },
        manifest("a field twice", "labels of field") { $0.heads[1].field = $0.heads[0].field },
        manifest("no temperature", "labels of field") { $0.heads[0].temperature = 0 },
        manifest("more labels than columns", "labels of field") {
            $0.heads[0].labels = (100..<200).map(String.init)
        },
        manifest("runs of no characters", "text options") { $0.text.characterRuns = [0, 99] },
        manifest("no masking", "would not mask email, phone, card") { $0.text.masked = [] },
        manifest("masking without one kind", "would not mask secret; restore the file") {
            $0.text.masked.removeAll { $0 == "secret" }
        },
        manifest("runs that are missing", "text options") { $0.text.characterRuns = [] },
        manifest("2^63 buckets", "2^63 buckets", "model.safetensors") { $0.bucketBits.words = 63 },
        manifest("buckets below nothing", "buckets", "model.safetensors") { $0.bucketBits.characters = -1 },
        manifest("no columns", "0 columns", "model.safetensors") {
            $0.columns = 0
            $0.heads = []
        },
        manifest("2^62 columns", "columns", "model.safetensors") { $0.columns = 1 << 62 },
    ]

    static let matrices: [Damage] = [
        Damage(
            name: "no matrix", bundle: "embedded", status: 69,
            says: ["no embedding matrix tiny", "TRIAGE_HOME"]
        ) {
            try FileManager.default.removeItem(atPath: $0.file("embeddings"))
        },
        Damage(
            name: "another matrix of the same name", bundle: "embedded",
            says: ["embeddings/tiny/table.safetensors is damaged, or not", "SHA-256"]
        ) {
            var bytes = try $0.bytes("embeddings/tiny/table.safetensors")
            bytes[bytes.count - 1] ^= 1
            try $0.write("embeddings/tiny/table.safetensors", bytes)
        },
        Damage(name: "a matrix cut short", bundle: "embedded", says: ["embeddings/tiny: "]) {
            let bytes = try $0.bytes("embeddings/tiny/table.safetensors")
            try $0.write("embeddings/tiny/table.safetensors", Array(bytes.prefix(40)))
        },
        Damage(
            name: "no vocabulary", bundle: "embedded", status: 66,
            says: ["embeddings/tiny/vocab.txt: no such file"]
        ) {
            try FileManager.default.removeItem(atPath: $0.file("embeddings/tiny/vocab.txt"))
        },
        Damage(
            name: "an empty vocabulary", bundle: "embedded",
            says: ["embeddings/tiny: ", "vocab.txt is empty"]
        ) {
            try $0.write("embeddings/tiny/vocab.txt", "")
        },
        Damage(
            name: "a vocabulary cut short", bundle: "embedded",
            says: ["embeddings/tiny: ", "embedding rows for 1 pieces"]
        ) {
            try $0.write("embeddings/tiny/vocab.txt", "a\n")
        },
        Damage(
            name: "another piece in the vocabulary", bundle: "embedded",
            says: ["embeddings/tiny/vocab.txt is not the file that the manifest vouches for"]
        ) {
            let text = String(decoding: try $0.bytes("embeddings/tiny/vocab.txt"), as: UTF8.self)
            try $0.write("embeddings/tiny/vocab.txt", text.replacingOccurrences(of: "crash", with: "crush"))
        },
        Damage(
            name: "a piece twice", bundle: "embedded",
            says: ["embeddings/tiny: ", "vocab.txt line 2 repeats line 1"]
        ) {
            try $0.write("embeddings/tiny/vocab.txt", "a\na\n")
        },
    ]
}

struct DamagedBundleTests {
    @Test(arguments: Damage.files + Damage.signed + Damage.matrices)
    func `a harmed bundle is refused with file and remedy`(_ damage: Damage) throws {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        try damage.harm(workspace)
        try workspace.write("t.jsonl", RowCase.good)
        for words in [["models", "verify"], ["classify", "--kb", "none", "--input", "t.jsonl"]] {
            let outcome = try workspace.run(words + ["--model", damage.bundle])
            #expect(outcome.status == damage.status, "\(outcome.errors)")
            for part in damage.says { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
            #expect(outcome.output.isEmpty)
        }
        let list = try workspace.run(["models", "list", "."])
        #expect(list.status == 0)
        let other = damage.bundle == "plain" ? "embedded" : "plain"
        #expect(
            list.text.split(separator: "\n").contains {
                $0.hasPrefix("\(other)  ") && !$0.contains("unusable")
            })
    }

    @Test func `bundles that nobody harmed are good`() throws {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        for bundle in ["plain", "embedded"] {
            #expect(try workspace.run(["models", "verify", bundle]).status == 0)
        }
        // Signing again changes nothing: what the tests above refuse is refused for the harm alone.
        let before = try workspace.bytes("plain/manifest.json")
        try Damage.rewrite(workspace) { _, _ in }
        #expect(try workspace.bytes("plain/manifest.json") == before)
    }
}

// MARK: - How harm is done

extension Damage {
    static func replace(_ old: String, by new: String, in workspace: Workspace) throws {
        let text = String(decoding: try workspace.bytes("plain/manifest.json"), as: UTF8.self)
        try #require(text.contains(old))
        try workspace.write("plain/manifest.json", text.replacingOccurrences(of: old, with: new))
    }

    /// Fills in the digest of a manifest that was changed as text.
    static func sign(_ workspace: Workspace) throws {
        let text = String(decoding: try workspace.bytes("plain/manifest.json"), as: UTF8.self)
        let range = try #require(text.range(of: #""digest" : "[0-9a-f]{64}""#, options: .regularExpression))
        let zeros = "\"digest\" : \"\(String(repeating: "0", count: 64))\""
        let digest = Checksum.sha256(Array(text.replacingCharacters(in: range, with: zeros).utf8))
        try workspace.write(
            "plain/manifest.json", text.replacingCharacters(in: range, with: "\"digest\" : \"\(digest)\""))
    }

    /// Changes manifest and tensors of the plain bundle, all hashes made anew.
    static func rewrite(
        _ workspace: Workspace, _ change: (inout ModelManifest, inout [UInt8]) throws -> Void
    ) throws {
        var manifest = try ModelBundle(directory: workspace.file("plain")).manifest
        var tensors = try workspace.bytes("plain/model.safetensors")
        try change(&manifest, &tensors)
        for file in try manifest.files(tensors: tensors).files {
            try workspace.write("plain/\(file.name)", file.bytes)
        }
    }

    private static func tensors(
        _ name: String, _ part: String, _ change: @escaping @Sendable (inout [UInt8]) throws -> Void
    ) -> Damage {
        Damage(name: name, says: ["plain/model.safetensors", part, "restore the file"]) {
            try rewrite($0) { _, tensors in try change(&tensors) }
        }
    }

    private static func header(_ name: String, _ old: String, _ new: String, _ part: String) -> Damage {
        tensors(name, part) { try replaceHeader(&$0) { $0.replacingFirst(old, with: new) } }
    }

    private static func manifest(
        _ name: String, _ part: String, _ file: String = "manifest.json",
        _ change: @escaping @Sendable (inout ModelManifest) -> Void
    ) -> Damage {
        Damage(name: name, says: ["plain/\(file)", part]) {
            try rewrite($0) { manifest, _ in change(&manifest) }
        }
    }

    private static func words(_ name: String, _ text: String, _ part: String) -> Damage {
        Damage(name: name, says: ["plain/words.json", part, "restore the file"]) {
            try rewrite($0) { manifest, _ in
                manifest.files["words.json"] = Checksum.sha256(Array(text.utf8))
            }
            try $0.write("plain/words.json", text)
        }
    }

    private static func header(of tensors: [UInt8]) -> String {
        let length = tensors.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        return String(decoding: tensors[8..<8 + length], as: UTF8.self)
    }

    private static func replaceHeader(_ tensors: inout [UInt8], _ change: (String) throws -> String) throws {
        let old = header(of: tensors)
        var new = Array(try change(old).utf8)
        try #require(new != Array(old.utf8))
        while new.count % 64 != 56 { new.append(0x20) }
        tensors.replaceSubrange(
            0..<8 + old.utf8.count,
            with: withUnsafeBytes(of: UInt64(new.count).littleEndian) { [UInt8]($0) } + new)
    }

    /// The scales of characters where those of columns lie: the same type, and a shape that fits.
    private static func overlapping(_ tensors: [UInt8]) throws -> [UInt8] {
        var tensors = tensors
        let members =
            try JSONSerialization.jsonObject(with: Data(header(of: tensors).utf8)) as? [String: [String: Any]]
        let bias = try #require(members?["bias"]?["data_offsets"] as? [Int])
        let scale = try #require(members?["columns.scale"]?["data_offsets"] as? [Int])
        try replaceHeader(&tensors) {
            $0.replacingFirst("[\(scale[0]),\(scale[1])]", with: "[\(bias[0]),\(bias[1])]")
        }
        return tensors
    }

    private static func setFirstBias(_ tensors: inout [UInt8], _ bits: UInt32) throws {
        let text = header(of: tensors)
        let members = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: Any]]
        let offsets = try #require(members?["bias"]?["data_offsets"] as? [Int])
        let start = 8 + text.utf8.count + offsets[0]
        tensors.replaceSubrange(
            start..<start + 4, with: withUnsafeBytes(of: bits.littleEndian) { [UInt8]($0) })
    }
}

extension String {
    fileprivate func replacingFirst(_ old: String, with new: String) -> String {
        guard let range = range(of: old) else { return self }
        return replacingCharacters(in: range, with: new)
    }
}
