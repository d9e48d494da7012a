internal import Foundation
internal import TriageText

/// A stretch of a script that writes no spaces between words, and what it is found by: runs of its characters.
///
/// Pairs for Chinese, Japanese and Korean, as search engines index them without a dictionary, and three characters for
/// the scripts of South East Asia, whose vowels and tones are characters too.
struct ScriptRun {
    enum Script {
        case han
        case hangul
        case southEastAsian

        init?(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0xA9E0...0xA9FF, 0xAA60...0xAA7F:
                self = .southEastAsian
            case 0x3005...0x3007, 0x3040...0x312F, 0x31A0...0x31BF, 0x31F0...0x31FF, 0x3400...0x4DBF,
                0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2FA1F:
                self = .han
            case 0x1100...0x11FF, 0x3130...0x318F, 0xAC00...0xD7A3: self = .hangul
            default: return nil
            }
        }

        var length: Int { self == .southEastAsian ? 3 : 2 }
    }

    /// Part of a word: a script's characters, or others when the script is nil.
    struct Piece {
        var script: Script?
        var scalars: [Unicode.Scalar]

        var bytes: [UInt8] { ScriptRun.bytes(scalars[...]) }
    }

    private var scalars: [Unicode.Scalar] = []
    private(set) var script: Script?
    /// Where the last word ends in its text: the next one belongs to the run when it begins there.
    var end: Int32 = 0

    var isEmpty: Bool { scalars.isEmpty }

    mutating func append(_ more: [Unicode.Scalar], _ script: Script) {
        scalars += more
        self.script = script
    }

    mutating func removeAll() {
        scalars.removeAll(keepingCapacity: true)
        script = nil
    }

    /// The hashes of its runs of characters, or of the whole when it is shorter.
    var grams: [UInt64] {
        let length = script?.length ?? 2
        guard scalars.count >= length else { return [ScriptRun.hash(scalars[...], .word)] }
        return (0...scalars.count - length).map {
            ScriptRun.hash(scalars[$0..<$0 + length], .characters)
        }
    }

    /// The hashes of its parts that are hiragana alone: endings and particles, which every Japanese sentence has.
    var grammar: [UInt64] {
        guard script == .han else { return [] }
        let isHiragana = scalars.map { (0x3040...0x309F).contains($0.value) || $0 == "ー" }
        let places = scalars.indices.filter { isHiragana[$0] }
        let pairs = places.filter { $0 + 1 < scalars.count && isHiragana[$0 + 1] }
        let whole = places.count == scalars.count ? [ScriptRun.hash(scalars[...], .word)] : []
        return places.map { ScriptRun.hash(scalars[$0...$0], .word) }
            + pairs.map { ScriptRun.hash(scalars[$0...$0 + 1], .characters) } + whole
    }

    /// The hashes of its single ideographs, and of the whole where it may be a word.
    var spellings: [UInt64] {
        guard let script, scalars.count >= script.length else { return [] }
        let single = script == .han ? scalars.indices.map { ScriptRun.hash(scalars[$0...$0], .word) } : []
        return scalars.count > ScriptRun.longestWord ? single : single + [ScriptRun.hash(scalars[...], .word)]
    }

    private static let longestWord = 24

    private static func hash(_ scalars: ArraySlice<Unicode.Scalar>, _ kind: StableHash.Kind) -> UInt64 {
        StableHash.hash(bytes(scalars), kind: kind)
    }

    private static func bytes(_ scalars: ArraySlice<Unicode.Scalar>) -> [UInt8] {
        scalars.flatMap { UTF8.encode($0) ?? UTF8.encodedReplacementCharacter }
    }

    /// Whether a word has characters of such a script, or of another width.
    static func mayHold(_ word: ArraySlice<UInt8>) -> Bool {
        // Those scalars have three or four bytes.
        guard word.contains(where: { $0 >= 0xE0 }) else { return false }
        return String(decoding: word, as: UTF8.self).unicodeScalars.contains {
            Script($0) != nil || (0xFF00...0xFFEF).contains($0.value)
        }
    }

    /// A word cut where its script changes, in characters of one width (NFKC).
    static func pieces(_ word: ArraySlice<UInt8>) -> [Piece] {
        var pieces: [Piece] = []
        for scalar in String(decoding: word, as: UTF8.self).precomposedStringWithCompatibilityMapping
            .unicodeScalars
        {
            let script = Script(scalar)
            if let last = pieces.last, last.script == script {
                pieces[pieces.count - 1].scalars.append(scalar)
            } else {
                pieces.append(Piece(script: script, scalars: [scalar]))
            }
        }
        return pieces
    }
}
