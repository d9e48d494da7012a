internal import NIOCore

/// Where a connection stands and since when: what `ConnectionGuard` judges it by.
///
/// It has no clock, so that a test can tell it the time.
struct ConnectionState {
    /// What is to become of a connection.
    enum Verdict: Equatable {
        case fine
        /// The sender is too slow, and no answer has begun: it can be told.
        case tooSlow
        /// Nothing more can be said; close.
        case over
    }

    private let limits: ConnectionLimits
    private var answers = 0
    private var heads = 0
    private var isStream = false
    private var hasAnswerBegun = false
    /// Since when the connection waits for a head, or the oldest request for the end of its answer.
    private var since: NIODeadline
    private var hasHadRequest = false
    private(set) var isReceiving = false
    /// Bytes of the body so far, and the time in which this side was ready for them.
    private var receivedBytes = 0
    private var readingTime = TimeAmount.zero
    private var readingSince: NIODeadline?
    private var stalledSince: NIODeadline?
    private var answeredAt: NIODeadline?

    init(_ limits: ConnectionLimits, now: NIODeadline) {
        self.limits = limits
        since = now
    }

    /// Whether a request is under way.
    var isBusy: Bool { heads > answers }

    /// Whether the answer is out while the request's body still comes in.
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

    /// Whether this side waits for bytes; the time it does not is not the sender's.
    mutating func isReading(_ isReading: Bool, _ now: NIODeadline) {
        if let began = readingSince { readingTime = readingTime + (now - began) }
        readingSince = isReading ? now : nil
    }

    mutating func answerBegan() { hasAnswerBegun = true }

    /// Whether the reader takes what is sent.
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

    /// Whether the body so far came in below the minimum rate.
    private func isTooSlow(_ now: NIODeadline) -> Bool {
        guard limits.minimumRate > 0 else { return false }
        let waited = readingTime + (readingSince.map { now - $0 } ?? .zero)
        let seconds = Double(waited.nanoseconds) / 1e9 - Double(TimeAmount(limits.patience).nanoseconds) / 1e9
        return seconds > 0 && Double(receivedBytes) < seconds * Double(limits.minimumRate)
    }
}
