/// An entry of the knowledge base.
public struct Article: Sendable, Equatable {
    /// Unique in the KB.
    public package(set) var id: String
    /// The title.
    public package(set) var title: String
    /// Empty when it has none.
    public package(set) var category: String
    /// How users describe the issue.
    public package(set) var symptoms: [String]
    /// What to do: for the agent, not for the requester.
    public package(set) var recommendedAction: String?
    /// Text for the requester, in the KB's language; not searched.
    public package(set) var reply: String?
    /// The usual severity of such tickets; nil when the article names none.
    public package(set) var severity: String?
    /// More words to find it by.
    public package(set) var tags: [String]
    /// Markdown.
    public package(set) var body: String
    /// Texts in other languages, by ISO 639-1 code; not searched.
    package var translations: [String: Translation] = [:]

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
