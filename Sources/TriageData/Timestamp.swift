internal import Glibc

/// A moment of the wall clock as RFC 3339 writes it.
package struct Timestamp {
    /// Whole seconds since 1970-01-01 00:00 UTC.
    package let seconds: Int
    /// 0 to 999.
    let milliseconds: Int

    /// A moment by its milliseconds since 1970-01-01 00:00 UTC.
    package init(milliseconds time: Int64) {
        let part = (time % 1000 + 1000) % 1000
        self.init(seconds: Int((time - part) / 1000), milliseconds: Int(part))
    }

    private init(seconds: Int, milliseconds: Int) {
        (self.seconds, self.milliseconds) = (seconds, milliseconds)
    }

    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// Such as `2026-11-25T20:50:01.042Z`.
    package var text: String {
        var second = time_t(seconds)
        var parts = tm()
        gmtime_r(&second, &parts)
        var text = ""
        text.reserveCapacity(24)
        func append(_ number: Int, _ digits: Int, _ after: String) {
            let shown = String(number)
            for _ in shown.utf8.count..<max(digits, shown.utf8.count) { text += "0" }
            text += shown
            text += after
        }
        append(Int(parts.tm_year) + 1900, 4, "-")
        append(Int(parts.tm_mon) + 1, 2, "-")
        append(Int(parts.tm_mday), 2, "T")
        append(Int(parts.tm_hour), 2, ":")
        append(Int(parts.tm_min), 2, ":")
        append(Int(parts.tm_sec), 2, ".")
        append(milliseconds, 3, "Z")
        return text
    }
}
