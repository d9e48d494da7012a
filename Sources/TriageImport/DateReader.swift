package import TriageData

/// Reads the dates that exports write, and writes them as ISO 8601 in UTC.
package struct DateReader: Sendable, Equatable {
    /// The order of day and month in dates such as 6/7/2025.
    package enum Order: String, Sendable {
        case dayFirst = "dmy"
        case monthFirst = "mdy"
    }

    /// Minutes that the zone of dates without one is ahead of UTC.
    package var zone: Int
    /// Nil where the order is not known: dates that can be read two ways are then none.
    package var order: Order?

    package init(zone: Int = 0, order: Order? = nil) { (self.zone, self.order) = (zone, order) }

    /// The moment as `2024-03-12T09:41:00Z`; nil where the text holds no date.
    package func iso(_ value: JSONValue) -> String? {
        let text =
            switch value {
            case .object(let fields): fields["value"]?.text ?? fields["display_value"]?.text
            default: value.text
            }
        return text.flatMap { iso($0) }
    }

    /// The moment as `2024-03-12T09:41:00Z`; nil where the text holds no date.
    package func iso(_ text: String) -> String? {
        milliseconds(text).map { Timestamp(milliseconds: $0).shortText }
    }

    /// Milliseconds since 1970 of a date in UTC or with a zone.
    static func milliseconds(_ text: String) -> Int64? { DateReader(order: .dayFirst).milliseconds(text) }

    /// Whether a text is a date of a kind that is read.
    static func isDate(_ text: String) -> Bool {
        hasSigns(text.utf8) && milliseconds(text) != nil
    }

    /// Whether a text has a digit and a sign that a date has between its parts.
    private static func hasSigns(_ text: String.UTF8View) -> Bool {
        guard text.count <= maximumBytes else { return false }
        var (digit, sign) = (false, false)
        for byte in text {
            switch byte {
            case 0x30...0x39: digit = true
            case 0x2D...0x2F, 0x3A: sign = true
            default: continue
            }
        }
        return digit && sign
    }

    /// Dates are shorter, in bytes.
    private static let maximumBytes = 64

    func milliseconds(_ text: String) -> Int64? {
        let text = text.trimmed
        guard text.utf8.count <= DateReader.maximumBytes, let first = text.utf8.first else { return nil }
        if let number = Int64(text), number > 0 { return DateReader.epoch(number) }
        guard first < 0x80 else { return nil }
        var scan = DateScan(text)
        guard var date = scan.date(order) else { return nil }
        let time = scan.time()
        guard scan.isAtEnd, date.isValid else { return nil }
        date.zone = time?.zone ?? zone
        return date.milliseconds(time)
    }

    /// Seconds or milliseconds since 1970, as far as they lie between 2000 and 2100.
    private static func epoch(_ number: Int64) -> Int64? {
        let seconds: ClosedRange<Int64> = 946_684_800...4_102_444_800
        if seconds.contains(number) { return number * 1000 }
        return seconds.contains(number / 1000) ? number : nil
    }

    /// The order that dates such as 13/6/2025 show; nil where none or both do.
    package static func order(of texts: some Sequence<String>) -> Order? {
        var (day, month) = (false, false)
        for text in texts {
            let parts = text.split(maxSplits: 3, omittingEmptySubsequences: false) { !$0.isNumber }
            guard parts.count >= 3, let first = Int(parts[0]), let second = Int(parts[1]), first <= 31 else {
                continue
            }
            if text.utf8.contains(0x2E), !text.utf8.contains(0x2F) { day = true }
            if first > 12 { day = true }
            if second > 12, second <= 31 { month = true }
        }
        return day == month ? nil : day ? .dayFirst : .monthFirst
    }

    /// Whether a date has the form 6/7/2025, whose order another date must show.
    package static func needsOrder(_ text: String) -> Bool {
        DateReader(order: .dayFirst).milliseconds(text) != nil && DateReader().milliseconds(text) == nil
            || DateReader(order: .monthFirst).milliseconds(text) != nil
                && DateReader().milliseconds(text) == nil
    }
}

/// A day and its zone.
private struct DateParts {
    var year: Int
    var month: Int
    var day: Int
    var zone = 0

    var isValid: Bool {
        guard (1900...2200).contains(year), (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        return day <= [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    func milliseconds(_ time: TimeParts?) -> Int64 {
        let midnight = Timestamp(year: year, month: month, day: day)
        let minutes = (time?.hour ?? 0) * 60 + (time?.minute ?? 0) - zone
        let seconds = Int64(minutes * 60 + (time?.second ?? 0))
        return midnight.milliseconds + seconds * 1000 + Int64(time?.millisecond ?? 0)
    }
}

private struct TimeParts {
    var hour = 0
    var minute = 0
    var second = 0
    var millisecond = 0
    var zone: Int?
}

/// Reads a date's parts from left to right.
private struct DateScan {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    // MARK: - Day

    /// A day in any of these forms: 2024-03-12, 2024/03/12, 12.03.2024, 3/12/2024, 12/Mar/24, 12 Mar 2024, Mar 12, 2024, Tue, 12 Mar 2024.
    mutating func date(_ order: DateReader.Order?) -> DateParts? {
        skipWeekday()
        if let month = monthName() {
            skip(" .")
            guard let day = number(2) else { return nil }
            skip(", ")
            guard let year = year() else { return nil }
            return DateParts(year: year, month: month, day: day)
        }
        let digits = rest.count
        guard let first = number(4) else { return nil }
        // A year of four digits, such as the 0001 that some programs write for no date.
        let isYear = digits - rest.count > 2
        guard let sign = rest.first, "-/. ".utf8.contains(sign) else { return nil }
        skip("-/. ")
        if let month = monthName() {
            skip("-/. ")
            guard let year = year() else { return nil }
            return DateParts(year: year, month: month, day: first)
        }
        guard let second = number(2), rest.first == sign || sign == 0x20 else { return nil }
        skip("-/. ")
        if isYear || first > 31 {
            guard let day = number(2) else { return nil }
            return DateParts(year: first, month: second, day: day)
        }
        guard let year = year() else { return nil }
        return DateScan.numbers(first, second, year, sign, order)
    }

    private static func numbers(
        _ first: Int, _ second: Int, _ year: Int, _ sign: UInt8, _ order: DateReader.Order?
    ) -> DateParts? {
        if sign == 0x2E || first > 12 { return DateParts(year: year, month: second, day: first) }
        if second > 12 { return DateParts(year: year, month: first, day: second) }
        switch order {
        case .dayFirst?: return DateParts(year: year, month: second, day: first)
        case .monthFirst?: return DateParts(year: year, month: first, day: second)
        case nil: return first == second ? DateParts(year: year, month: first, day: second) : nil
        }
    }

    /// A year of four digits, or of two after 2000.
    private mutating func year() -> Int? {
        let digits = rest.count
        guard let year = number(4) else { return nil }
        return year < 100 && digits - rest.count <= 2 ? 2000 + year : year
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    private mutating func monthName() -> Int? {
        guard let first = rest.first, isLetter(first) else { return nil }
        let word = String(decoding: rest.prefix { isLetter($0) }, as: UTF8.self).lowercased()
        guard word.count >= 3, let month = DateScan.months.firstIndex(of: String(word.prefix(3))) else {
            return nil
        }
        rest = rest.dropFirst(word.utf8.count)
        return month + 1
    }

    private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    private mutating func skipWeekday() {
        guard let first = rest.first, isLetter(first) else { return }
        let word = rest.prefix { isLetter($0) }
        let name = String(decoding: word, as: UTF8.self).lowercased()
        guard name.count >= 3, DateScan.weekdays.contains(String(name.prefix(3))) else { return }
        rest = rest.dropFirst(word.count)
        skip(", ")
    }

    // MARK: - Time

    /// 09:41, 9:41:07.123 AM +01:00, T09:41Z; the parts that are there, nil without any.
    mutating func time() -> TimeParts? {
        if rest.first == 0x54 || rest.first == 0x74 { rest = rest.dropFirst() }
        skip(", ")
        guard !rest.isEmpty else { return nil }
        guard let hour = number(2), take(0x3A), let minute = number(2), hour < 24, minute < 60 else {
            rest = [0xFF]
            return nil
        }
        var time = TimeParts(hour: hour, minute: minute)
        if take(0x3A) {
            guard let second = number(2), second <= 60 else { return nil }
            time.second = second
            if take(0x2E) || take(0x2C) { time.millisecond = fraction() }
        }
        skip(" ")
        if let isAfternoon = half() {
            guard (1...12).contains(hour) else {
                rest = [0xFF]
                return nil
            }
            time.hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        skip(" ")
        time.zone = offset()
        return time
    }

    private mutating func half() -> Bool? {
        guard let first = rest.first, isLetter(first) else { return nil }
        let word = String(decoding: rest.prefix { isLetter($0) }, as: UTF8.self).lowercased()
        guard word == "am" || word == "pm" else { return nil }
        rest = rest.dropFirst(2)
        return word == "pm"
    }

    /// Z, UTC, GMT, +0100, +01:00, with or without a name in brackets behind it.
    private mutating func offset() -> Int? {
        // The sign of the time that most programs write.
        if rest.count == 1, rest.first == 0x5A {
            rest = []
            return 0
        }
        let word = String(decoding: rest.prefix { isLetter($0) }, as: UTF8.self).uppercased()
        if ["Z", "UTC", "GMT"].contains(word) {
            rest = rest.dropFirst(word.utf8.count)
            skipRemark()
            return 0
        }
        guard let sign = rest.first, sign == 0x2B || sign == 0x2D else { return nil }
        rest = rest.dropFirst()
        guard let hours = number(2), hours <= 14 else { return nil }
        _ = take(0x3A)
        let minutes = number(2) ?? 0
        skipRemark()
        return (sign == 0x2D ? -1 : 1) * (hours * 60 + minutes)
    }

    private mutating func skipRemark() {
        skip(" ")
        if rest.first == 0x28, rest.last == 0x29 { rest = [] }
    }

    // MARK: - Bytes

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private mutating func number(_ digits: Int) -> Int? {
        let found = rest.prefix(digits).prefix { (0x30...0x39).contains($0) }
        guard !found.isEmpty else { return nil }
        rest = rest.dropFirst(found.count)
        return found.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private mutating func fraction() -> Int {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        return (0..<3).reduce(0) { sum, place in
            sum * 10 + (place < digits.count ? Int(digits[digits.startIndex + place] - 0x30) : 0)
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func skip(_ signs: String) {
        while let first = rest.first, signs.utf8.contains(first) { rest = rest.dropFirst() }
    }
}
