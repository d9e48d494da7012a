internal import Glibc

/// A moment of the wall clock, written as RFC 3339 in UTC with milliseconds, such as `2026-11-25T20:50:01.042Z`.
package struct Timestamp: Sendable, Hashable {
    /// Milliseconds since 1970-01-01 00:00 UTC.
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whole seconds since 1970-01-01 00:00 UTC.
    package var seconds: Int { Int(milliseconds.flooredDivision(by: 1000).quotient) }

    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Such as `2026-11-25T20:50:01.042Z`.
    package var text: String { text(hasMilliseconds: true) }

    /// Such as `2026-11-25T20:50:01Z`, with milliseconds only where there are some.
    package var shortText: String { text(hasMilliseconds: milliseconds % 1000 != 0) }

    private func text(hasMilliseconds: Bool) -> String {
        let (days, time) = milliseconds.flooredDivision(by: 86_400_000)
        let (year, month, day) = Self.date(ofDay: days)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        func append(_ number: Int64, _ digits: Int, _ end: Unicode.Scalar) {
            if number < 0 || number >= 10_000 {
                bytes += String(number).utf8
            } else {
                let powers: [Int64] = [1, 10, 100, 1000]
                let first = number >= 1000 ? 4 : digits
                for place in (0..<first).reversed() {
                    bytes.append(0x30 + UInt8(number / powers[place] % 10))
                }
            }
            bytes.append(UInt8(ascii: end))
        }
        append(year, 4, "-")
        append(month, 2, "-")
        append(day, 2, "T")
        append(time / 3_600_000, 2, ":")
        append(time / 60_000 % 60, 2, ":")
        append(time / 1000 % 60, 2, hasMilliseconds ? "." : "Z")
        if hasMilliseconds { append(time % 1000, 3, "Z") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Midnight in UTC of a day in the Gregorian calendar, whose parts are valid.
    package init(year: Int, month: Int, day: Int) {
        self.init(milliseconds: Self.day(Int64(year), Int64(month), Int64(day)) * 86_400_000)
    }
}

extension Timestamp {
    /// Reads a time of RFC 3339 with any fraction of a second, in UTC or with an offset; nil for other text.
    ///
    /// Digits after the milliseconds are dropped. A leap second counts as the first second of the next minute.
    package init?(_ text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        guard let year = rest.number(4), rest.take("-"), let month = rest.number(2), rest.take("-"),
            let day = rest.number(2), rest.take("T") || rest.take("t"),
            let hour = rest.number(2), rest.take(":"), let minute = rest.number(2), rest.take(":"),
            let second = rest.number(2), let fraction = rest.fraction(), let offset = rest.offset(),
            rest.isEmpty, hour < 24, minute < 60, second <= 60, (1...12).contains(month)
        else { return nil }
        let days = Self.day(year, month, day)
        guard Self.date(ofDay: days) == (year, month, day) else { return nil }
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
        self.init(milliseconds: seconds * 1000 + fraction)
    }

    /// The date of a day counted from 1970-01-01, in the Gregorian calendar.
    ///
    /// Years begin in March here, so that the leap day is their last. Source:
    /// https://howardhinnant.github.io/date_algorithms.html, civil_from_days.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (day + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    /// The reverse, days_from_civil of the same source.
    private static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Timestamp: Comparable {
    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

    package static func + (moment: Timestamp, seconds: Double) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds + Int64(seconds * 1000))
    }
}

extension Int64 {
    /// Quotient and remainder, the remainder never negative.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let remainder = (self % divisor + divisor) % divisor
        return ((self - remainder) / divisor, remainder)
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func take(_ character: Character) -> Bool {
        guard let first, first == character.asciiValue else { return false }
        removeFirst()
        return true
    }

    /// Reads exactly so many decimal digits.
    fileprivate mutating func number(_ digits: Int) -> Int64? {
        guard count >= digits else { return nil }
        var number: Int64 = 0
        for byte in prefix(digits) {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int64(byte - 0x30)
        }
        removeFirst(digits)
        return number
    }

    /// Reads the milliseconds after a decimal point; 0 without one, nil for a point without digits.
    fileprivate mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        let digits = prefix { (0x30...0x39).contains($0) }
        removeFirst(digits.count)
        var milliseconds = Array(digits.prefix(3))[...]
        while milliseconds.count < 3 { milliseconds.append(0x30) }
        return digits.isEmpty ? nil : milliseconds.number(3)
    }

    /// Reads `Z` or an offset from UTC such as `+02:00`, in minutes.
    fileprivate mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(2), hours < 24 else { return nil }
        _ = take(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }
}
