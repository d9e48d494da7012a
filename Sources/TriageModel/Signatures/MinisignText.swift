internal import Foundation
internal import TriageData

/// The text form that keys and signatures of minisign share: a comment on a line, Base64 on the next.
struct MinisignText {
    private let path: String
    private let lines: [ArraySlice<UInt8>]

    static let untrusted = "untrusted comment: "
    static let trusted = "trusted comment: "

    /// The largest file that is read; minisign's own limit for both comments together is below it.
    static let maximumBytes = 32 << 10

    /// The lines of a file, whatever ends them.
    init(_ bytes: [UInt8], path: String) {
        self.path = path
        lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
    }

    static func read(_ path: String) throws(SignatureError) -> MinisignText {
        do throws(DataError) {
            return MinisignText(try FileInput.bytes(of: path, limit: maximumBytes), path: path)
        } catch { throw .data(error) }
    }

    /// The bytes of a line behind its label, as they are.
    func comment(_ label: String, line: Int) throws(SignatureError) -> [UInt8] {
        guard line < lines.count, lines[line].starts(with: label.utf8) else {
            throw bad(line, "expected \"\(label)…\"")
        }
        return Array(lines[line].dropFirst(label.utf8.count))
    }

    /// The bytes of a line of Base64, which must be the only spelling of `count` bytes.
    func bytes(_ count: Int, line: Int) throws(SignatureError) -> [UInt8] {
        guard line < lines.count, let bytes = MinisignText.decoded(lines[line]), bytes.count == count else {
            throw bad(line, "expected \(count) bytes in Base64")
        }
        return bytes
    }

    func bad(_ line: Int, _ problem: String) -> SignatureError {
        .badFormat(path: path, line: line + 1, problem: problem)
    }

    /// The bytes of Base64 without white space; nil for any other text, also for other spellings of the same bytes.
    static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
        let text = Data(text)
        guard let bytes = Data(base64Encoded: text), bytes.base64EncodedData() == text else { return nil }
        return [UInt8](bytes)
    }

    static func encoded(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
