import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageModel
import TriageSearch

#if Service
import TriageSettings
import TriageVectors

/// The vector database of a command, from the table of settings; without --search-url none is used.
struct SearchFlags: ParsableArguments {
    @Option(setting: "search.url") var url: [String]
    @Option(setting: "search.password-file") var passwordFile: [String]
    @Option(setting: "search.tls") var tls: [String]
    @Option(setting: "search.ca") var ca: [String]
    @Option(setting: "search.timeout") var timeout: [String]
    @Option(setting: "search.connections") var connections: [String]

    var isGiven: Bool { !url.isEmpty }

    private var effective: EffectiveSettings {
        EffectiveSettings(
            search: [url, passwordFile, tls, ca, timeout, connections].flatMap(\.self),
            environment: ProcessInfo.processInfo.environment)
    }

    func validate() throws {
        try effective.validate()
        guard isGiven || (passwordFile + tls + ca + timeout + connections).isEmpty else {
            throw ValidationError("--search-password-file, --search-tls and the like go with --search-url.")
        }
    }

    /// Warns of an address in the environment that is not called.
    func warnUnused() {
        let name = Setting.named("search.url").variable
        guard !isGiven, !(ProcessInfo.processInfo.environment[name] ?? "").isEmpty else { return }
        Terminal.say(
            "triage: warning: \(name) is set and not used: without --search-url this command opens no connection.")
    }

    var settings: ServiceSettings.Search {
        get throws { try effective.checked().search }
    }

    /// The database; nil without --search-url. Only a flag lets a command open a connection.
    func database() throws -> SearchDatabase? { isGiven ? try settings.database() : nil }

    /// The database of a command that is there for it.
    func required() throws -> SearchDatabase {
        guard let database = try database() else {
            throw ValidationError("Name the database with --search-url, as postgres://user@host/database.")
        }
        return database
    }

    /// The snapshot with the articles of the database in place of those on this machine, which stay for when it does not
    /// answer, if they were named.
    func applied(to snapshot: Snapshot, local kb: String?) async throws -> Snapshot {
        guard let database = try database() else { return snapshot }
        let opened = await database.open(
            embedding: snapshot.searchEmbedding, preparation: snapshot.model.preparation,
            local: kb == nil ? nil : snapshot.index)
        if let failure = opened.failure {
            Terminal.say("triage: warning: decisions go on without the database: \(failure.description)")
        }
        return snapshot.searching(opened)
    }
}
#else
/// Without the service's parts there is no vector database: `Triage` refuses its flags.
struct SearchFlags: ParsableArguments {
    var isGiven: Bool { false }
    func warnUnused() {}
    func applied(to snapshot: Snapshot, local kb: String?) async throws -> Snapshot { snapshot }
}
#endif
