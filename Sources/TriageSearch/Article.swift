/// An entry of the knowledge base.
package struct Article: Sendable, Equatable {
    /// Its id, unique in the KB.
    package var id: String
    /// Its title.
    package var title: String
    /// The category it belongs to; empty when it has none.
    package var category: String
    /// How users describe it.
    package var symptoms: [String]
    /// What to do: for the agent, not for the requester.
    package var recommendedAction: String?
    /// What may be said to the requester, in the KB's language; not searched.
    package var reply: String?
    /// The usual severity.
    package var severity: String?
    /// Words to find it by.
    package var tags: [String]
    /// The text, as Markdown.
    package var body: String

    /// An article of the given parts.
    package init(
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
