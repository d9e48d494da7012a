#if Service
import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageModel
import TriageSearch
import TriageVectors

extension KnowledgeBaseCommand {
    /// `triage kb push`: the articles into a vector database.
    struct Push: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Write a knowledge base into a vector database, as a new version that readers switch to at once.",
            discussion: """
                The version before stays for readers under way; older ones are removed. A version that is there already is not \
                written again. Articles, what they are ranked by, and their vectors are written; the vectors are those of \
                --model, and only a service with the same matrix can search them.
                """)

        @OptionGroup var options: SnapshotOptions
        @OptionGroup var search: SearchFlags
        @Flag(help: "Write it again, even if it is there.") var again = false
        @Flag(help: "JSON on standard output.") var json = false

        func run() async throws {
            try await reportingErrors {
                let database = try search.required()
                let upload = try options.upload()
                let bar = ProgressBar("push")
                let start = ContinuousClock.now
                let done = try await database.push(upload, again: again) { fraction in
                    bar.show(fraction < 0.5 ? "write" : "index of the nearest", fraction: fraction)
                }
                bar.finish()
                await database.close()
                show(done, upload, start.duration(to: .now) / .seconds(1), database.server)
            }
        }

        private func show(_ done: PushOutcome, _ upload: CorpusUpload, _ seconds: Double, _ server: String) {
            if json {
                return print(
                    JSONWriter.line { json in
                        json.string("version", done.version)
                        json.integer("articles", done.articles)
                        json.bool("written", !done.wasThere)
                        json.array("removed", done.removed) { $0.string($1) }
                    })
            }
            print(
                done.wasThere
                    ? "\(server) has version \(done.version) already: \(done.articles.counted("article"))"
                    : "wrote \(done.articles.counted("article")) to \(server) in "
                        + String(format: "%.1f s", seconds) + ": version \(done.version) is in use")
            for version in done.removed { print("removed version \(version)") }
        }
    }

    /// `triage kb status`: what a vector database has.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show which version of a knowledge base a vector database has, and whether it is that of --kb.",
            discussion:
                "Exit code 1 when --kb is named and the database has another version; 69 when it does not answer."
        )

        @OptionGroup var options: SnapshotOptions
        @OptionGroup var search: SearchFlags
        @Flag(help: "JSON on standard output.") var json = false

        func run() async throws {
            try await reportingErrors {
                let database = try search.required()
                let status = try await database.status()
                await database.close()
                let local = options.kb == nil ? nil : try options.upload().version
                show(status, local, database.server)
                if let local, local != status.version { throw ExitCode.failure }
            }
        }

        private func show(_ status: SearchDatabase.Status, _ local: String?, _ server: String) {
            let isCurrent = local.map { $0 == status.version }
            if json {
                return print(
                    JSONWriter.line { json in
                        json.string("server", server)
                        json.string("version", status.version)
                        json.integer("articles", status.head.articles)
                        json.string("matrix", status.head.matrix)
                        json.array("versions", status.versions) { $0.string($1) }
                        json.value("current", isCurrent.map { .bool($0) } ?? .null)
                    })
            }
            print("server    \(server)")
            print("version   \(status.version), \(status.head.articles.counted("article"))")
            print(
                "matrix    \(status.head.matrix.map { String($0.prefix(12)) } ?? "none: words alone decide")")
            let others = status.versions.filter { $0 != status.version }
            if !others.isEmpty { print("others    \(others.joined(separator: ", "))") }
            if let local, let isCurrent {
                print(
                    isCurrent
                        ? "kb        the same version"
                        : "kb        another one, \(local): write it with triage kb push")
            }
        }
    }
}

extension DecisionFiles {
    /// The knowledge base as a server is given it, with the matrix of the model.
    func upload() throws -> CorpusUpload {
        let bundle = try Installation.bundle(Installation.model(model), signedBy: signedBy)
        let scratch = NSTemporaryDirectory() + "triage-kb-\(UUID().uuidString)"
        return try CorpusUpload(index(with: bundle), scratch: scratch)
    }
}

extension SnapshotOptions {
    /// The knowledge base as a server is given it.
    func upload() throws -> CorpusUpload {
        guard kb != "none" else { throw ValidationError("--kb none leaves nothing to write.") }
        return try files.upload()
    }
}
#endif
