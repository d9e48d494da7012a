/// Characters that a workbook writes by their number.
enum WorkbookText {
    /// A text with its characters for `_xHHHH_`, as ECMA-376 (part 1, 22.9.2.19) writes those that XML cannot have.
    ///
    /// The end of a line is one character, since Excel writes `_x000D_` before its line feeds.
    static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x5F), text.contains("_x") else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "_x") {
            result += rest[..<start.lowerBound]
            let digits = rest[start.upperBound...].prefix(4)
            let behind = rest[digits.endIndex...]
            guard digits.count == 4, digits.allSatisfy(\.isHexDigit), behind.first == "_",
                let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
            else {
                result += rest[start]
                rest = rest[start.upperBound...]
                continue
            }
            if scalar != "\r" || behind.dropFirst().first?.isNewline != true {
                result.unicodeScalars.append(scalar)
            }
            rest = behind.dropFirst()
        }
        return result + rest
    }
}
