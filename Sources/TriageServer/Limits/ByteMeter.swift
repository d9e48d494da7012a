internal import NIOCore
internal import Synchronization

/// Takes the bytes of one body from its sender's bucket as they come in, and waits while that is empty.
final class ByteMeter: Sendable {
    private let limiter: RequestLimiter
    private let caller: LimitedCaller
    /// Bytes that are less than a kilobyte yet.
    private let rest = Mutex(0)

    init(_ limiter: RequestLimiter, _ caller: LimitedCaller) {
        self.limiter = limiter
        self.caller = caller
    }

    /// A piece of the body, once its sender may have sent it.
    func pass(_ piece: ByteBuffer) async -> ByteBuffer {
        let kilobytes = rest.withLock { rest in
            rest += piece.readableBytes
            defer { rest %= 1024 }
            return rest / 1024
        }
        while kilobytes > 0, let decision = await limiter.takeBytes(caller, kilobytes: kilobytes),
            !decision.isAllowed
        {
            do { try await Task.sleep(for: .microseconds(decision.untilNext)) } catch { break }
        }
        return piece
    }
}
