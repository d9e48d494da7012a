internal import Synchronization
internal import TriageModel

/// Sign-ins that browsers have begun at the identity provider; each can be finished once.
final class SignInAttempts: Sendable {
    struct Attempt: Sendable, Equatable {
        /// What ties the ID token to this sign-in.
        var nonce: String
        /// What ties the code to this sign-in (RFC 7636).
        var verifier: String
        /// The page to go to afterwards.
        var target: String
        /// Where the provider sent the browser back.
        var redirectAddress: String
        fileprivate var browser: [UInt8]
        fileprivate var began: ContinuousClock.Instant
    }

    static let time = Duration.seconds(600)
    /// Attempts at most; the oldest is dropped for a further one.
    static let capacity = 10_000

    private let attempts = Mutex<[String: Attempt]>([:])
    private let now: @Sendable () -> ContinuousClock.Instant

    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

    /// Begins one: its state for the address, the secret for the browser's cookie, and the attempt.
    func begin(target: String, redirectAddress: String) -> (state: String, browser: String, attempt: Attempt)
    {
        let (state, browser, time) = (Self.random(), Self.random(), now())
        let attempt = Attempt(
            nonce: Self.random(), verifier: Self.random(), target: target, redirectAddress: redirectAddress,
            browser: SHA256.digest(Array(browser.utf8)), began: time)
        attempts.withLock { attempts in
            if attempts.count >= Self.capacity {
                attempts = attempts.filter { time - $0.value.began < Self.time }
                if attempts.count >= Self.capacity,
                    let oldest = attempts.min(by: { $0.value.began < $1.value.began })
                {
                    attempts[oldest.key] = nil
                }
            }
            attempts[state] = attempt
        }
        return (state, browser, attempt)
    }

    /// Takes the attempt of a state out of the list; nil when it is not under way in this browser.
    ///
    /// Another browser's wrong secret leaves it in the list, so that nobody ends a sign-in by its state alone.
    func take(state: String, browser: String) -> Attempt? {
        let time = now()
        return attempts.withLock { attempts in
            guard let attempt = attempts[state],
                Cryptography.areEqual(attempt.browser, SHA256.digest(Array(browser.utf8)))
            else { return nil }
            attempts[state] = nil
            return time - attempt.began < Self.time ? attempt : nil
        }
    }

    /// 256 random bits; 43 letters, as RFC 7636 wants at least.
    private static func random() -> String { Base64URL.text(Cryptography.randomBytes(32)) }
}
