internal import TriageData
package import TriageEngine
internal import TriageSearch
internal import TriageStore

/// What the console changes in the files of the knowledge base.
package struct ArticleDesk: Sendable {
    /// The knowledge base's folder.
    let folder: String
    /// Whether changed files would have no signature, and the service requires one.
    let mustBeSigned: Bool

    /// Nil without a folder of articles.
    package init?(_ files: DecisionFiles) {
        guard let path = files.kbPath, FileInput.isFolder(path) else { return nil }
        (folder, mustBeSigned) = (path, !files.signedBy.isEmpty)
    }

    /// Why a change was not made.
    enum Problem: Error {
        case changedMeanwhile
        case mustBeSigned
        case noFile
    }

    func file(_ id: String) throws -> ArticleFile {
        guard let file = try ArticleFile.find(id, inKB: folder) else { throw Problem.noFile }
        return file
    }

    /// Writes an article's file where it still is the version that a person saw; returns the file as it was before.
    func save(_ texts: ArticleTexts, of id: String, version: String) throws -> ArticleFile {
        guard !mustBeSigned else { throw Problem.mustBeSigned }
        let lock = try FolderLock(holding: "\(folder)/x")
        defer { lock.release() }
        let before = try file(id)
        guard before.version == version else { throw Problem.changedMeanwhile }
        let after = try before.with(texts)
        try AtomicOutput.write(after.bytes, to: after.path, permissions: 0o644)
        return before
    }

    /// Writes the file as it was before, after a change that cannot be used.
    func restore(_ file: ArticleFile) throws {
        try AtomicOutput.write(file.bytes, to: file.path, permissions: 0o644)
    }
}

/// What other texts of an article do to stored tickets.
struct ArticleEffect: Sendable {
    struct Change: Sendable {
        var listed: ListedDecision
        /// The articles by their ids; nil for a new issue.
        var before: String?
        var after: String?
        /// The next step, where it would be another one.
        var nextAction: String?
    }

    /// Tickets that were decided again.
    var looked = 0
    var changes: [Change] = []

    /// Tickets that are looked at, the newest with a kept text.
    static let depth = 200

    /// Decides the newest tickets with both knowledge bases; nothing without a store, or with a search of another kind.
    init(of article: Article, on snapshot: Snapshot, _ store: TicketStore?) throws {
        guard let store, let index = snapshot.index?.onThisMachine as? SearchIndex else { return }
        let snapshot = snapshot.searching(index)
        let changed = Snapshot(
            model: snapshot.model, index: index.replacing(article), policy: snapshot.policy,
            language: snapshot.language
        ).remembering(snapshot.memory)
        for listed in try store.decisions(DecisionFilter(), by: .newest, limit: Self.depth).items {
            guard let text = try store.text(ofDecision: listed.decision) else { continue }
            looked += 1
            let (old, new) = (snapshot.decide(text), changed.decide(text))
            let (before, after) = (Self.article(old), Self.article(new))
            let isOther = old.nextAction != new.nextAction
            guard before != after || isOther else { continue }
            changes.append(
                Change(
                    listed: listed, before: before, after: after, nextAction: isOther ? new.nextAction : nil))
        }
    }

    private static func article(_ decision: Decision) -> String? {
        decision.isKnownIssue ? decision.matches.first?.id : nil
    }
}
