package import TriageDrafts
package import TriageData
internal import TriageModel

/// One chat to be answered.
package struct ChatRequest: Sendable, Equatable {
    package enum Role: String, Sendable {
        /// The program's instructions.
        case system
        case user
        case assistant
    }

    package struct Message: Sendable, Equatable {
        package var role: Role
        package var content: String

        package init(_ role: Role, _ content: String) {
            self.role = role
            self.content = content
        }
    }

    /// The shape that a reply must have.
    package struct Schema: Sendable, Equatable {
        package var name: String
        package var schema: JSONValue

        package init(name: String, schema: JSONValue) {
            self.name = name
            self.schema = schema
        }
    }

    package var messages: [Message]
    /// The shape of the reply; sent where the server takes it, and never relied on.
    package var schema: Schema?
    package var maximumTokens: Int
    /// 0 for the likeliest words.
    package var temperature: Double
    /// The seed of what chance is left.
    package var seed: Int
    /// The random word that fences foreign text in the messages; it is left out of `fingerprint`.
    package var fence: String?
    /// Whether an equal request may be answered from the cache.
    package var mayUseCache: Bool
    /// The time for this call, where it is shorter than the client's; it shapes no answer.
    package var deadline: Duration?

    /// A request with deterministic settings.
    package init(
        _ messages: [Message], schema: Schema? = nil, maximumTokens: Int = 512, temperature: Double = 0,
        seed: Int = 1, fence: String? = nil, mayUseCache: Bool = true
    ) {
        self.messages = messages
        self.schema = schema
        self.maximumTokens = maximumTokens
        self.temperature = temperature
        self.seed = seed
        self.fence = fence
        self.mayUseCache = mayUseCache
    }

    /// SHA-256 over everything that shapes the answer; the fence's random word does not.
    ///
    /// Equal for equal questions, also in another process: cache entries and recordings are named by it.
    package func fingerprint(model: String) -> String {
        var hash = Fingerprint()
        hash.add(Array(model.utf8))
        for message in messages {
            hash.add(Array(message.role.rawValue.utf8))
            hash.add(Array(withoutFence(message.content).utf8))
        }
        var shape = JSONWriter()
        if let schema { shape.value(schema.schema) }
        hash.add(shape.bytes)
        hash.add(Array("\(maximumTokens) \(temperature) \(seed)".utf8))
        return hash.hexadecimal()
    }

    private func withoutFence(_ text: String) -> String {
        guard let fence, !fence.isEmpty else { return text }
        return text.split(separator: fence, omittingEmptySubsequences: false).joined(separator: "FENCE")
    }
}

/// The answer to a chat.
package struct ChatReply: Sendable, Equatable {
    /// What the model said.
    package var text: String
    /// The model that answered, as the server names it; nil when it names none.
    package var model: String?
    /// Why it stopped, in the server's word, such as "stop" or "length".
    package var finishReason: String?
    package var usage: TokenUsage
    /// What it cost, in the price table's currency; nil without a price.
    package var cost: Double?
    /// From the call to the whole reply, retries and waiting included, in seconds.
    package var seconds: Double
    /// How often the server was asked again.
    package var retries: Int
    /// Whether it came from the cache, at no cost.
    package var isCached: Bool

    package init(
        text: String, model: String? = nil, finishReason: String? = nil, usage: TokenUsage = TokenUsage(),
        cost: Double? = nil, seconds: Double = 0, retries: Int = 0, isCached: Bool = false
    ) {
        self.text = text
        self.model = model
        self.finishReason = finishReason
        self.usage = usage
        self.cost = cost
        self.seconds = seconds
        self.retries = retries
        self.isCached = isCached
    }
}
