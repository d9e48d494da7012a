/// A run of digit groups as telephone numbers are written, with every place where it could end.
struct PhoneShape {
    static let maximumGroups = 12
    static let maximumDigits = 20

    /// A separator of two blanks, and one that wraps the line.
    static let wide = ASCII.tab
    static let wrap = ASCII.newline

    var start: Int
    var hasPlus = false
    /// Whether the first group stands in parentheses.
    var hasArea = false
    /// Whether any group stands in parentheses.
    var hasParentheses = false
    var sizes = SIMD16<UInt8>(repeating: 0)
    /// The mark after each group; a space for mixed ones such as ") ".
    var separators = SIMD16<UInt8>(repeating: 0)
    var ends = SIMD16<Int32>(repeating: 0)
    var count = 0
    /// The first eight digits, in order.
    var leading = SIMD8<UInt8>(repeating: 0)
    var digits = 0

    /// The first `count` groups as one number, for comparing shapes: 3, 3, 4 is 334.
    func pattern(_ count: Int) -> Int {
        (0..<count).reduce(0) { $0 * 10 + Swift.min(Int(sizes[$1]), 9) }
    }

    func total(_ count: Int) -> Int {
        (0..<count).reduce(0) { $0 + Int(sizes[$1]) }
    }

    func end(_ count: Int) -> Int { start + Int(ends[count - 1]) }

    /// The end of the groups on the first line.
    var endOfLine: Int {
        let wrapped = (0..<count - 1).first { separators[$0] == Self.wrap }
        return end(wrapped.map { $0 + 1 } ?? count)
    }

    /// Whether the separators between the first `count` groups, from the `first` on, are all the same.
    func isEven(_ count: Int, from first: Int = 0) -> Bool {
        guard count - 1 > first else { return true }
        return (first..<count - 1).allSatisfy { separators[$0] == separators[first] }
    }

    /// Whether `separator` stands between the first `count` groups.
    func has(_ separator: UInt8, _ count: Int) -> Bool {
        (0..<max(0, count - 1)).contains { separators[$0] == separator }
    }

    /// Whether the first groups look like a calendar date: 01.02.2023, 2023-01-02 or 01.02.23.
    func isDate(_ count: Int) -> Bool {
        guard count >= 3, separators[0] == separators[1], !hasPlus, !hasArea else { return false }
        guard separators[0] != ASCII.space, sizes[1] <= 2 else { return false }
        let isYearLast = sizes[0] <= 2 && sizes[2] == 4
        let isYearFirst = sizes[0] == 4 && sizes[2] <= 2 && (leading[0] == 1 || leading[0] == 2)
        let isShort = count == 3 && sizes[0] <= 2 && sizes[2] == 2 && separators[0] != ASCII.dash
        return isYearLast || isYearFirst || isShort
    }

    /// Whether dots make the groups an amount or a version rather than a number to dial.
    func isDecimal(_ count: Int) -> Bool {
        guard has(ASCII.dot, count), !hasPlus else { return false }
        // "02/5550.1424": the area code is set apart.
        let first = count > 2 && separators[0] != ASCII.dot ? 1 : 0
        if !isEven(count, from: first) || (1..<count).contains(where: { sizes[$0] == 1 }) { return true }
        return count == 2 && total(count) < 8 || pattern(count) == 1333
    }

    // MARK: - Collecting

    /// The groups that start at `start`, at a digit, a plus or a parenthesis.
    init(_ text: [UInt8], at start: Int) {
        self.start = start
        var position = start
        if text.peek(position) == ASCII.plus {
            hasPlus = true
            position += 1
        }
        var isOpen = text.peek(position) == ASCII.openParen
        if isOpen { position += 1 }
        if isOpen, text.peek(position) == ASCII.plus {
            hasPlus = true
            position += 1
        }
        while count < Self.maximumGroups {
            let end = text.skip(from: position, while: ASCII.isDigit)
            guard end > position, digits + end - position <= Self.maximumDigits else { return }
            // Parentheses around a whole number are not part of it.
            if isOpen, end - position > 5 { return }
            add(text, position..<end)
            position = end
            if isOpen {
                guard text.peek(position) == ASCII.closeParen else { return }
                if count == 1 { hasArea = true }
                hasParentheses = true
                isOpen = false
                position += 1
                ends[count - 1] = Int32(truncatingIfNeeded: position - start)
            }
            let next = Self.separator(text, from: position)
            // "0171 2345678/0171 2345679" are two numbers, "0171/2345678" is one.
            if next.mark == ASCII.slash, digits >= 7 { return }
            separators[count - 1] = next.mark
            position = next.end
            if text.peek(position) == ASCII.openParen, ASCII.isDigit(text.peek(position + 1)) {
                isOpen = true
                position += 1
            }
            guard position > end else { return }
        }
    }

    private mutating func add(_ text: [UInt8], _ group: Range<Int>) {
        for index in group where digits + index - group.lowerBound < 8 {
            leading[digits + index - group.lowerBound] = text[index] &- ASCII.zero
        }
        sizes[count] = UInt8(group.count)
        ends[count] = Int32(truncatingIfNeeded: group.upperBound - start)
        digits += group.count
        count += 1
    }

    /// One mark between two groups: up to two blanks, a dash, dot or slash, a dash or slash with blanks around it,
    /// or a line break with a dash or blanks before it.
    static func separator(_ text: [UInt8], from start: Int) -> (end: Int, mark: UInt8) {
        var position = skipBlanks(text, from: start)
        let blanks = position - start
        let mark = text.peek(position)
        if mark == ASCII.dot, blanks == 0 { return (position + 1, ASCII.dot) }
        let hasMark = mark == ASCII.dash || mark == ASCII.slash
        if hasMark { position = skipBlanks(text, from: position + 1) }
        if let next = afterLineBreak(text, at: position) { return (next, wrap) }
        if hasMark { return (position, mark) }
        return blanks == 0 ? (start, ASCII.space) : (position, blanks == 1 ? ASCII.space : wide)
    }

    private static func skipBlanks(_ text: [UInt8], from start: Int) -> Int {
        var position = start
        while position < start + 2, ASCII.isBlank(text.peek(position)) { position += 1 }
        return position
    }

    /// The first digit of the next line, if the line ends at `index`.
    private static func afterLineBreak(_ text: [UInt8], at index: Int) -> Int? {
        var position = index
        if text.peek(position) == ASCII.carriageReturn { position += 1 }
        guard text.peek(position) == ASCII.newline else { return nil }
        position = skipBlanks(text, from: position + 1)
        return ASCII.isDigit(text.peek(position)) ? position : nil
    }
}
