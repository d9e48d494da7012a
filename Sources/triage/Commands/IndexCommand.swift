import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageSearch

/// `triage kb index`: the index of a large knowledge base.
struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Index a large knowledge base once, so that commands and the service start at once.",
        discussion: """
            The index goes into the state folder and is made again when a file of the knowledge base changes. Commands and the \
            service make it too where it is missing; this command shows how far it is, and compares an index that is there with its \
            hashes. Fewer than \
            \(SearchIndex.minimumStoredArticles) articles need no index.
            """)
    @OptionGroup var options: SnapshotOptions
    @Flag(help: "JSON on standard output.") var json = false

    func validate() throws {
        guard options.files.signedBy.isEmpty else {
            throw ValidationError(
                "An index on disk is not signed: with --signed-by or TRIAGE_SIGNED_BY the articles are indexed in memory at each "
                    + "start.")
        }
        guard options.kb != "none" else {
            throw ValidationError("--kb none leaves nothing to index; name a folder or file.")
        }
    }

    func run() throws {
        try reportingErrors {
            guard let state = options.files.state else {
                throw DataError.unwritable(
                    path: "the index", reason: "the environment names no state folder",
                    remedy: "name one with --state DIR or TRIAGE_STATE")
            }
            let bundle = try options.model.map {
                try Installation.bundle($0, signedBy: options.files.signedBy)
            }
            let (clock, start) = (ContinuousClock(), ContinuousClock.now)
            let bar = ProgressBar("index")
            var made = 0
            let index = try options.files.index(with: bundle, checksIndex: true) { done, all in
                made = done
                bar.show("\(done) articles", fraction: Double(done) / Double(all))
            }
            bar.finish()
            if index.storedFolder == nil, index.count >= SearchIndex.minimumStoredArticles {
                throw DataError.unwritable(
                    path: "\(state)/kb-index", reason: "the index could not be written, see above",
                    remedy: "name another state folder with --state")
            }
            let seconds = start.duration(to: clock.now) / .seconds(1)
            show(index, made: made > 0, seconds: seconds)
        }
    }

    private func show(_ index: SearchIndex, made: Bool, seconds: Double) {
        let bytes = index.storedFolder.map(IndexCommand.size) ?? 0
        if json {
            print(
                JSONWriter.line { json in
                    json.integer("articles", index.count)
                    json.string("folder", index.storedFolder)
                    json.bool("made", made)
                    json.integer("bytes", bytes)
                })
            return
        }
        guard let folder = index.storedFolder else {
            print(
                "\(index.count.counted("article")): read at each start; an index is made from "
                    + "\(SearchIndex.minimumStoredArticles) articles on")
            return
        }
        print(
            made
                ? String(
                    format: "indexed %d articles in %.1f s: %.0f MB in %@", index.count, seconds,
                    Double(bytes) / 1e6, folder.shown)
                : "\(index.count) articles: the index in \(folder.shown) is current")
    }

    private static func size(of folder: String) -> Int {
        let names = (try? FileInput.names(inFolder: folder)) ?? []
        return names.reduce(0) { $0 + (FileInput.size(of: "\(folder)/\($1)") ?? 0) }
    }
}
