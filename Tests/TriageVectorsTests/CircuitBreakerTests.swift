#if Service
import Testing

@testable import TriageVectors

@Suite struct CircuitBreakerTests {
    @Test func `it opens after three failures in a row and lets one question probe after the pause`() throws {
        let breaker = CircuitBreaker(failures: 3, pause: .seconds(5))
        let start = ContinuousClock.now
        for _ in 0..<2 { breaker.failed(now: start) }
        try breaker.admit(now: start)
        breaker.failed(now: start)
        #expect(throws: VectorError.breakerOpen) { try breaker.admit(now: start + .seconds(4)) }
        try breaker.admit(now: start + .seconds(5))
        // While it probes, others are refused.
        #expect(throws: VectorError.breakerOpen) { try breaker.admit(now: start + .seconds(6)) }
        breaker.succeeded()
        #expect(!breaker.isOpen)
        try breaker.admit(now: start + .seconds(6))
    }

    @Test func `a success between failures starts the count again`() throws {
        let breaker = CircuitBreaker(failures: 2, pause: .seconds(5))
        breaker.failed()
        breaker.succeeded()
        breaker.failed()
        try breaker.admit()
    }

    @Test func `a probe that fails opens it for another pause`() throws {
        let breaker = CircuitBreaker(failures: 1, pause: .seconds(5))
        let start = ContinuousClock.now
        breaker.failed(now: start)
        try breaker.admit(now: start + .seconds(5))
        breaker.failed(now: start + .seconds(5))
        #expect(throws: VectorError.breakerOpen) { try breaker.admit(now: start + .seconds(9)) }
    }
}
#endif
