internal import TriageText

/// Telephone numbers by their last digits: "+49 89 1234567", "+49891234567" and "089 1234567" are one number.
enum PhoneNumber {
    /// A key for each stretch of 8 to 15 digits with the marks between them that telephone numbers have.
    ///
    /// - Complexity: O(bytes).
    static func keys(in text: [UInt8]) -> [UInt64] {
        var keys: [UInt64] = []
        var digits: [UInt8] = []
        var marks = 0
        func finish() {
            if (minimumDigits...maximumDigits).contains(digits.count) {
                keys.append(StableHash.hash(digits.suffix(minimumDigits), kind: .wordPair))
            }
            digits.removeAll(keepingCapacity: true)
            marks = 0
        }
        for byte in text {
            if byte &- 0x30 < 10 {
                digits.append(byte)
                marks = 0
            } else if !digits.isEmpty {
                marks += 1
                // A plus begins another number.
                if byte == 0x2B || marks > maximumMarks || !isMark(byte) { finish() }
            }
        }
        finish()
        return keys
    }

    /// How many last digits identify a line: those before them are the country's and the area's, which people leave out.
    private static let minimumDigits = 8
    private static let maximumDigits = 15
    /// As in ") / ".
    private static let maximumMarks = 3

    /// A space, a bracket, a hyphen, a point or a slash.
    private static func isMark(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x28 || byte == 0x29 || (0x2D...0x2F).contains(byte)
    }
}
