internal import Glibc
internal import TriageData

/// The pause that a `Retry-After` header asks for (RFC 9110, 10.2.3): seconds, or a date.
enum RetryAfter {
    /// The pause from `now` (seconds since 1970) on; nil when the value is neither form.
    static func pause(_ value: String, now: Int) -> Duration? {
        let value = value.trimmed
        if !value.isEmpty, value.utf8.count <= 9, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int(value).map { .seconds($0) }
        }
        return date(value).map { .seconds(max(0, $0 - now)) }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that may still be sent.
    private static func date(_ text: String) -> Int? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", words[0].last == ",",
            let day = Int32(words[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(words[2])),
            let year = Int32(words[3]), (1970...9999).contains(year)
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int32($0) }
        guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]),
            (0...60).contains(clock[2])
        else { return nil }
        var parts = tm()
        parts.tm_year = year - 1900
        parts.tm_mon = Int32(month)
        parts.tm_mday = day
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (clock[0], clock[1], clock[2])
        return Int(timegm(&parts))
    }
}

extension RetryPolicy {
    /// The pause before retry number `attempt`, from 0: what the server asks for, at least, else full jitter.
    ///
    /// Nil when the server asks for more than `maximumPause`.
    func pause(attempt: Int, asked: Duration?) -> Duration? {
        if let asked, asked > maximumPause { return nil }
        let ceiling = min(maximumPause, basePause * (1 << min(attempt, 20)))
        let drawn = ceiling * Double.random(in: 0...1)
        return max(drawn, asked ?? .zero)
    }
}
