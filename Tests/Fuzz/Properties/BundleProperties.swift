import TriageData
import TriageModel
import TriageNumerics
import TriageText

/// A file that is accepted can be used: no tensor reaches outside, no score is anything but a number.
enum BundleProperties {
    static func checkTensors(_ bytes: [UInt8], _ check: inout Check) {
        guard let tensors = try? SafeTensors(MappedBytes(copying: bytes)) else { return }
        for name in names(in: bytes) {
            guard let shape = try? tensors.shape(of: name) else { continue }
            touch(try? tensors.buffer(name, of: Float.self, shape: shape)) { $0.bitPattern & 1 == 1 }
            touch(try? tensors.buffer(name, of: Int32.self, shape: shape)) { $0 & 1 == 1 }
            touch(try? tensors.buffer(name, of: Int8.self, shape: shape)) { $0 & 1 == 1 }
            touch(try? tensors.buffer(name, of: UInt64.self, shape: shape)) { $0 & 1 == 1 }
        }
        let vocabulary = Array("a\nb\n##c\n".utf8)
        guard let table = try? EmbeddingTable(table: tensors, vocabulary: vocabulary, sha256: "") else {
            return
        }
        let vector = table.embed(Array("a b ac a b c".utf8))
        check.that(
            vector.count == table.dimension && vector.allSatisfy(\.isFinite), "an embedding that is no vector"
        )
    }

    /// The names of a header that was accepted.
    private static func names(in bytes: [UInt8]) -> [String] {
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard case .object(let members)? = JSONValue(parsing: bytes[8..<8 + length]) else { return [] }
        return Array(members.keys)
    }

    private static func touch<Element>(_ buffer: ConstantBuffer<Element>?, _ test: (Element) -> Bool) {
        guard let buffer else { return }
        var odd = 0
        for index in 0..<buffer.count where test(buffer[index]) { odd += 1 }
        precondition(odd <= buffer.count)
    }

    // MARK: - Manifests

    /// The bytes are a manifest, signed here, of a bundle whose tensors do not change.
    static func checkManifest(_ bytes: [UInt8], _ check: inout Check) {
        let signed = ModelManifest.signed(bytes)
        let files = [
            "manifest.json": MappedBytes(copying: signed), "model.safetensors": SmallBundle.tensors,
            "MODEL_CARD.md": MappedBytes(copying: []),
        ]
        let bundle = try? ModelBundle(files: files, directory: "m") { (reference) throws(ModelError) in
            throw .embeddingNotFound(name: reference.name, sha256: reference.sha256, searched: [])
        }
        guard let bundle else { return }
        var features = Features(recordingOrigins: true)
        var logits: [Float] = []
        for text in ["password login", "", "Ω ≠ 退款 zzz"] {
            bundle.score(
                subject: Array(text.utf8), body: Array(text.utf8), features: &features, logits: &logits)
            check.that(
                logits.count == bundle.layer.columns && logits.allSatisfy(\.isFinite),
                "a logit that is no number")
            for head in bundle.heads {
                let probabilities = head.probabilities(logits)
                check.that(
                    probabilities.count == head.labels.count
                        && probabilities.allSatisfy { (0...1).contains($0) },
                    "a probability that is none")
            }
        }
    }
}

/// A bundle of two fields and 64 buckets; its manifest is the seed of the fuzzer.
package enum SmallBundle {
    private static let columns = 8

    static let tensors: MappedBytes = {
        var writer = SafeTensorsWriter()
        for (name, bits) in [("words", UInt64(0x8421)), ("characters", 0xFFFF_0000)] {
            let rows = bits.nonzeroBitCount
            writer.add("\(name).buckets", [bits], shape: [1])
            writer.add("\(name).idf", (0..<rows).map { 1 + Float($0) / 8 }, shape: [rows])
            writer.add("\(name).scale", [Float](repeating: 0.01, count: rows), shape: [rows])
            writer.add(
                "\(name).weights", (0..<rows * columns).map { Int8(truncatingIfNeeded: $0 &* 37) },
                shape: [rows, columns])
        }
        writer.add("columns.scale", [Float](repeating: 1, count: columns), shape: [columns])
        writer.add("embedding.weights", [Float](), shape: [0, columns])
        writer.add("bias", (0..<columns).map { Float($0) / 8 }, shape: [columns])
        return MappedBytes(copying: writer.bytes())
    }()

    /// Whether a bundle with that manifest loads; else the fuzzer would never get past it.
    package static func isUsable() throws -> Bool {
        let files = [
            "manifest.json": MappedBytes(copying: ModelManifest.signed(try manifest())),
            "model.safetensors": tensors,
            "MODEL_CARD.md": MappedBytes(copying: []),
        ]
        return try ModelBundle(files: files, directory: "m") { (reference) throws(ModelError) in
            throw .embeddingNotFound(name: reference.name, sha256: reference.sha256, searched: [])
        }.heads.count == 2
    }

    /// The manifest as it is written.
    package static func manifest() throws -> [UInt8] {
        func head(_ field: String, _ labels: [String]) -> ModelManifest.Head {
            .init(
                field: field, role: field, labels: labels, temperature: 1.25, isCalibrated: true,
                threshold: 0.5,
                settings: .init(characterWeight: 1, embeddingWeight: 0, inversePenalty: 30),
                metrics: ["a": 0.5])
        }
        let manifest = ModelManifest(
            name: "small",
            text: .init(
                ngrams: NGramOptions(), normalizesMachineText: false,
                masked: IdentifierKind.allCases.map(\.rawValue)),
            bucketBits: .init(words: 6, characters: 6), columns: columns,
            heads: [head("category", ["Bug", "Login"]), head("severity", ["High", "Low"])], embedding: nil,
            training: .init(
                rows: 4, dataFingerprint: "0", blasKernel: "x", prunedEnergy: 0, changedByRounding: [:]))
        let bytes = tensors.withBytes { [UInt8]($0) }
        let written = try manifest.files(tensors: bytes)
        // The card is left out, so that a manifest of any content can vouch for what there is.
        let card = "\"MODEL_CARD.md\" : \"\(written.manifest.files["MODEL_CARD.md"] ?? "")\""
        let none = "\"MODEL_CARD.md\" : \"\(Checksum.sha256([UInt8]()))\""
        return written.files[2].bytes.replacing(Array(card.utf8), with: Array(none.utf8))
    }
}
