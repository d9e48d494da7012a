internal import Foundation
import TriageNumerics
internal import TriageText

extension ModelManifest {
    private static let digestDigits = 64

    /// Reads and checks a manifest.
    ///
    /// - Throws: `ModelError` when it is not JSON, newer than this build, of another hash contract, or altered.
    init(_ bytes: MappedBytes, directory: String) throws(ModelError) {
        let text = bytes.withBytes { [UInt8]($0) }
        struct Version: Decodable { var format: Int }
        guard let version = try? JSONDecoder().decode(Version.self, from: Data(text)) else {
            throw .badManifest(directory: directory, problem: "it is not JSON with a format number")
        }
        guard (1...ModelManifest.currentFormat).contains(version.format) else {
            throw .unsupportedFormat(found: version.format, newestSupported: ModelManifest.currentFormat)
        }
        do {
            self = try JSONDecoder().decode(ModelManifest.self, from: Data(text))
        } catch {
            throw .badManifest(directory: directory, problem: "a value is missing or of the wrong type")
        }
        guard hashContract == StableHash.contract else {
            throw .hashContract(found: hashContract, expected: StableHash.contract)
        }
        let unmasked = IdentifierKind.allCases.map(\.rawValue).filter { !self.text.masked.contains($0) }
        guard unmasked.isEmpty else { throw .unmasked(kinds: unmasked) }
        guard digest.utf8.count == ModelManifest.digestDigits,
            ModelManifest.digest(of: text, marked: digest) == digest
        else { throw .checksumMismatch(file: ModelBundle.manifestFile, directory: directory) }
    }

    /// The manifest as JSON with sorted keys and its digest filled in.
    func encoded() throws -> [UInt8] {
        var blank = self
        blank.digest = String(repeating: "0", count: ModelManifest.digestDigits)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = [UInt8](try encoder.encode(blank)) + [0x0A]
        let digest = Checksum.sha256(text)
        return ModelManifest.replace(blank.digest, by: digest, in: text)
    }

    /// The text of a manifest with the digest that it should have, whatever its content; for tests.
    package static func signed(_ text: [UInt8]) -> [UInt8] {
        let mark = Array("\"digest\" : \"".utf8)
        guard let start = text.firstRange(of: mark)?.upperBound, start + digestDigits <= text.count else {
            return text
        }
        var signed = text
        let place = start..<start + digestDigits
        signed.replaceSubrange(place, with: repeatElement(0x30, count: digestDigits))
        signed.replaceSubrange(place, with: Checksum.sha256(signed).utf8)
        return signed
    }

    private static func digest(of text: [UInt8], marked digest: String) -> String {
        Checksum.sha256(replace(digest, by: String(repeating: "0", count: digestDigits), in: text))
    }

    private static func replace(_ old: String, by new: String, in text: [UInt8]) -> [UInt8] {
        text.replacing(Array("\"digest\" : \"\(old)\"".utf8), with: Array("\"digest\" : \"\(new)\"".utf8))
    }
}
