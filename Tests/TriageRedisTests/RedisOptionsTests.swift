import Testing

@testable import TriageRedis

struct RedisOptionsTests {
    @Test func `pauses double up to the longest`() {
        let options = RedisOptions(firstPause: .milliseconds(100), maximumPause: .seconds(5))
        let pauses = (1...8).map { options.pause(afterFailures: $0, spread: 1) }
        #expect(pauses == [100, 200, 400, 800, 1600, 3200, 5000, 5000].map { .milliseconds($0) })
        #expect(options.pause(afterFailures: .max) <= .seconds(5))
    }
}
