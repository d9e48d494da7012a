internal import NIOCore

/// A connection's progress and times, from which `ConnectionGuard` decides whether to close it.
///
/// It has no clock of its own, for tests.
struct ConnectionState {
    enum Verdict: Equatable {
        case fine
        /// The sender is too slow, and an answer can still be sent.
        case tooSlow
        /// Close without an answer.
        case over
    }

    private let limits: ConnectionLimits
    private var answers = 0
    private var heads = 0
    private var isStream = false
    private var hasAnswerBegun = false
    /// When the connection began to wait for a head, or when the oldest unanswered request began.
    private var since: NIODeadline
    private var hasHadRequest = false
    private(set) var isReceiving = false
    /// Bytes of the body so far, and the time in which the service was ready to read them.
    private var receivedBytes = 0
    private var readingTime = TimeAmount.zero
    private var readingSince: NIODeadline?
    private var stalledSince: NIODeadline?
    private var answeredAt: NIODeadline?

    init(_ limits: ConnectionLimits, now: NIODeadline) {
        self.limits = limits
        since = now
    }

    var isBusy: Bool { heads > answers }

    /// Whether the answer is sent while the request's body still arrives.
    var isAnswered: Bool { isReceiving && !isBusy }

    mutating func head(isStream: Bool, _ now: NIODeadline) {
        if !isBusy { since = now }
        heads += 1
        (hasHadRequest, isReceiving) = (true, true)
        self.isStream = isStream
        (receivedBytes, readingTime, answeredAt) = (0, .zero, nil)
        if readingSince != nil { readingSince = now }
    }

    mutating func received(_ bytes: Int) { receivedBytes += bytes }

    mutating func bodyEnded() { isReceiving = false }

    /// Records whether the service waits for bytes; other time does not count against the sender.
    mutating func isReading(_ isReading: Bool, _ now: NIODeadline) {
        if let began = readingSince { readingTime = readingTime + (now - began) }
        readingSince = isReading ? now : nil
    }

    mutating func answerBegan() { hasAnswerBegun = true }

    /// Records whether the reader accepts data.
    mutating func isWritable(_ isWritable: Bool, _ now: NIODeadline) {
        stalledSince = isWritable ? nil : now
    }

    mutating func answerEnded(_ now: NIODeadline) {
        answers += 1
        hasAnswerBegun = false
        since = now
        if isReceiving { answeredAt = now }
    }

    func verdict(at now: NIODeadline) -> Verdict {
        if let stalledSince, now - stalledSince > TimeAmount(limits.patience * 2), limits.minimumRate > 0 {
            return .over
        }
        if let answeredAt { return now - answeredAt > TimeAmount(limits.patience) ? .over : .fine }
        guard isBusy else {
            let time = hasHadRequest ? limits.idleTime : limits.headerTime
            guard now - since > TimeAmount(time) else { return .fine }
            return hasHadRequest ? .over : .tooSlow
        }
        let failing: Verdict = hasAnswerBegun || heads > answers + 1 ? .over : .tooSlow
        if isReceiving, isTooSlow(now) { return failing }
        return !isStream && now - since > TimeAmount(limits.requestTime) ? failing : .fine
    }

    /// Whether the body arrives below the minimum rate.
    private func isTooSlow(_ now: NIODeadline) -> Bool {
        guard limits.minimumRate > 0 else { return false }
        let waited = readingTime + (readingSince.map { now - $0 } ?? .zero)
        let seconds = Double(waited.nanoseconds) / 1e9 - Double(TimeAmount(limits.patience).nanoseconds) / 1e9
        return seconds > 0 && Double(receivedBytes) < seconds * Double(limits.minimumRate)
    }
}
