internal import Synchronization
internal import TriageData
internal import TriageDrafts

/// What a server answered to a request on another machine.
package struct SavedReply: Sendable, Equatable {
    /// The body of the answer, or why there is none.
    package var result: Result<[UInt8], LLMError>
    /// From the request to the answer, failed tries included.
    package var seconds: Double
    package var retries: Int

    package init(_ result: Result<[UInt8], LLMError>, seconds: Double, retries: Int) {
        (self.result, self.seconds, self.retries) = (result, seconds, retries)
    }
}

/// Replies of another machine in the place of a server: requests find theirs by `LabelQuestion.name`.
package final class SavedReplies: Sendable {
    private let model: String
    private let replies: [String: SavedReply]
    private let seconds = Mutex(0.0)

    package init(_ replies: [String: SavedReply], of model: String) {
        (self.replies, self.model) = (replies, model)
    }

    /// A client that answers from the replies; a request without one fails as `cancelled`.
    package var client: LLMClient {
        LLMClient(model: model) { (request) async throws(LLMError) in try self.reply(to: request) }
    }

    /// The time of the replies used since the last call.
    package func takeSeconds() -> Double {
        seconds.withLock { seconds in
            defer { seconds = 0 }
            return seconds
        }
    }

    private func reply(to request: ChatRequest) throws(LLMError) -> ChatReply {
        guard let saved = replies[request.fingerprint(model: "")] else { throw .cancelled }
        seconds.withLock { $0 += saved.seconds }
        let answer = try ChatCodec.answer(saved.result.get())
        return ChatReply(
            text: answer.text, model: answer.model, finishReason: answer.finishReason,
            usage: answer.usage ?? request.estimatedUsage(answer.text), seconds: saved.seconds,
            retries: saved.retries)
    }
}

extension ChatRequest {
    /// Tokens where the server did not count them.
    func estimatedUsage(_ answer: String) -> TokenUsage {
        TokenUsage(
            input: TokenUsage.estimate(bytes: messages.reduce(0) { $0 + $1.content.utf8.count }),
            output: TokenUsage.estimate(bytes: answer.utf8.count), isEstimated: true)
    }
}
