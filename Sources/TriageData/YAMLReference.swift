/// A place in a YAML text that refers to another one: `*name`, with `&name` somewhere.
///
/// Found without a parser: that would compare keys that refer to keys in full, and nine such in a row are a billion.
package struct YAMLReference {
    /// The name that is referred to.
    private let name: String
    /// The line of the text, from 1.
    package let line: Int

    /// The sentence for an error message.
    ///
    /// A longer name is not quoted: it may be part of a secret.
    package var problem: String {
        "*\(name.utf8.count < 8 ? name : "…") refers to another place of the file; write out its text here"
    }

    /// The first reference of a text, or nil.
    package static func first(in text: [UInt8]) -> YAMLReference? {
        var named: Set<String> = []
        var references: [YAMLReference] = []
        var line = 1
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") else { continue }
            let name = String(decoding: text[(index + 1)...].prefix(while: isName), as: UTF8.self)
            if byte == UInt8(ascii: "&") {
                named.insert(name)
            } else if !name.isEmpty {
                references.append(YAMLReference(name: name, line: line))
            }
        }
        return references.first { named.contains($0.name) }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
