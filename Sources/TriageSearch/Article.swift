/// An entry of the knowledge base.
public struct Article: Sendable, Equatable {
    /// Its id, unique in the KB.
    public var id: String
    /// Its title.
    public var title: String
    /// The category it belongs to; empty when it has none.
    public var category: String
    /// How users describe it.
    public var symptoms: [String]
    /// What to do: for the agent, not for the requester.
    public var recommendedAction: String?
    /// What may be said to the requester, in the KB's language; not searched.
    public var reply: String?
    /// The usual severity.
    public var severity: String?
    /// Words to find it by.
    public var tags: [String]
    /// The text, as Markdown.
    public var body: String

    /// An article of the given parts.
    public init(
        id: String, title: String, category: String = "", symptoms: [String] = [],
        recommendedAction: String? = nil, reply: String? = nil,
        severity: String? = nil, tags: [String] = [], body: String = ""
    ) {
        self.id = id
        self.title = title
        self.category = category
        self.symptoms = symptoms
        self.recommendedAction = recommendedAction
        self.reply = reply
        self.severity = severity
        self.tags = tags
        self.body = body
    }
}
