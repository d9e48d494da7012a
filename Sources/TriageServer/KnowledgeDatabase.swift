package import Logging
package import ServiceLifecycle
internal import TriageData
package import TriageEngine
internal import TriageModel
package import TriageSettings
internal import TriageVectors

/// The vector database in which the service searches for articles, and the version of the knowledge base that it has open there.
package final class KnowledgeDatabase: Sendable {
    private let database: SearchDatabase
    private let cut: Float?
    private let usesLocal: Bool
    private let logger: Logger

    /// How often the version that the database points to is looked at.
    private static let interval = Duration.seconds(5)

    /// The database of the settings; nil without an address. No connection is opened.
    ///
    /// - Throws: `VectorError` when a setting cannot be used.
    package init?(_ settings: ServiceSettings, logger: Logger) throws {
        let database = try settings.search.database { error in
            if let error {
                logger.warning(
                    "the vector database does not answer; decisions go on without it",
                    metadata: ["error": "\(error.safeDescription)"])
            } else {
                logger.info("the vector database answers")
            }
        }
        guard let database else { return nil }
        (self.database, self.logger) = (database, logger)
        cut = settings.deciding.matchThreshold.map { Float($0) }
        // The shipped articles are not those of the site.
        usesLocal = settings.deciding.kb != nil
    }

    /// The snapshot with the articles of the database; those on this machine stay for when it does not answer, if they were named.
    package func attach(to snapshot: Snapshot) async -> Snapshot {
        let opened = await database.open(
            embedding: snapshot.searchEmbedding, preparation: snapshot.model.preparation, cut: cut,
            local: usesLocal ? snapshot.index : nil)
        if let failure = opened.failure {
            logger.warning(
                "no knowledge base was opened in the vector database",
                metadata: ["error": "\(failure.safeDescription)"])
        } else {
            logger.notice(
                "the knowledge base is in the vector database",
                metadata: ["server": "\(database.server)", "articles": .stringConvertible(opened.count)])
        }
        return snapshot.searching(opened)
    }

    package func close() async { await database.close() }

    /// Opens new versions, and the first one when the database did not answer before.
    func follower(_ reloader: SnapshotReloader) -> any Service { Follower(database: database, reloader: reloader) }

    private struct Follower: Service {
        let database: SearchDatabase
        let reloader: SnapshotReloader

        func run() async throws {
            await untilShutdown(every: KnowledgeDatabase.interval) {
                // The reloader logs and counts failures.
                if await database.hasMoved() { _ = try? await reloader.reload() }
            }
        }
    }
}
