/// An entry of the knowledge base.
package struct Article: Sendable, Equatable {
    /// Unique in the KB.
    package var id: String
    package var title: String
    /// Empty when it has none.
    package var category: String
    /// How users describe the issue.
    package var symptoms: [String]
    /// What to do: for the agent, not for the requester.
    package var recommendedAction: String?
    /// Text for the requester, in the KB's language; not searched.
    package var reply: String?
    package var severity: String?
    package var tags: [String]
    /// Markdown.
    package var body: String

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
