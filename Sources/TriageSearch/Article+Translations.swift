extension Article {
    /// An article's own texts in another language.
    package struct Translation: Sendable, Equatable {
        /// What to do: for the agent.
        package var recommendedAction: String?
        /// Text for the requester.
        package var reply: String?

        package init(recommendedAction: String? = nil, reply: String? = nil) {
            (self.recommendedAction, self.reply) = (recommendedAction, reply)
        }
    }

    /// The article with the texts that it has in this language in the place of its own; the same where it has none.
    package func translated(into language: String?) -> Article {
        guard let language, let translation = translations[language] else { return self }
        var article = self
        article.recommendedAction = translation.recommendedAction ?? recommendedAction
        article.reply = translation.reply ?? reply
        return article
    }
}
