package import TriageSearch
package import TriageTickets

extension Snapshot {
    /// How many articles a decision looks up.
    static let articleCount = 3

    /// Whether articles lie behind a network, so that a decision needs `fetching`.
    package var isRemote: Bool { index is any RemoteArticleSearch }

    /// The same with another knowledge base.
    package func searching(_ index: (any ArticleSearch)?) -> Snapshot {
        var copy = self
        copy.index = index
        return copy
    }

    /// The snapshot for the decision on one text: where articles lie behind a network, with those that the decision looks up.
    ///
    /// What the server does not answer in time is searched on this machine, or not at all; a remark of the decision names it.
    package func fetching(_ text: TicketText) async -> Snapshot {
        guard let remote = index as? any RemoteArticleSearch, !text.isEmpty else { return self }
        return searching(await remote.fetch(text, count: Self.articleCount))
    }

    /// The snapshots for the decisions on many texts, a few of them fetched at a time.
    package func fetching(_ texts: [TicketText], concurrency: Int = 4) async -> [Snapshot] {
        guard isRemote else { return texts.map { _ in self } }
        return await withTaskGroup(of: (Int, Snapshot).self) { group in
            var found = [Snapshot](repeating: self, count: texts.count)
            for (place, text) in texts.enumerated() {
                if place >= concurrency, let (done, snapshot) = await group.next() { found[done] = snapshot }
                group.addTask { (place, await fetching(text)) }
            }
            for await (done, snapshot) in group { found[done] = snapshot }
            return found
        }
    }

    /// Decides one ticket, with articles that lie behind a network.
    package func decide(_ ticket: Ticket, fetching scratch: inout DecisionScratch) async -> Decision {
        let text = prepare(ticket)
        return await fetching(text).decide(text, &scratch)
    }
}
