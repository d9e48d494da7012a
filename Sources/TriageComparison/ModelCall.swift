/// What asking the language model about one ticket took.
package struct ModelCall: Sendable, Equatable {
    /// The engine's own time, in seconds.
    package var engineSeconds: Double
    /// The time from question to label, a second question and failed tries included, in seconds.
    package var modelSeconds: Double
    package var replies: Int
    /// Questions asked again because an answer was of no use.
    package var repeated: Int
    /// Times that a request was sent again after a fault of the server.
    package var retries: Int
    /// Why no answer came, as a short code; nil when one did.
    package var failure: String?
    package var inputTokens: Int
    package var outputTokens: Int
    /// Whether tokens are estimated, because the server did not say.
    package var isEstimated: Bool

    package init(
        engineSeconds: Double, modelSeconds: Double, replies: Int = 1, repeated: Int = 0, retries: Int = 0,
        failure: String? = nil, inputTokens: Int = 0, outputTokens: Int = 0, isEstimated: Bool = false
    ) {
        (self.engineSeconds, self.modelSeconds, self.replies) = (engineSeconds, modelSeconds, replies)
        (self.repeated, self.retries, self.failure) = (repeated, retries, failure)
        (self.inputTokens, self.outputTokens, self.isEstimated) = (inputTokens, outputTokens, isEstimated)
    }
}
