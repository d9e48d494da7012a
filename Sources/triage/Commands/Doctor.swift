import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriageOutput

#if Service
import TriagePages
import TriageServer
import TriageSettings
import TriageVectors
#endif

/// `triage doctor`: what this machine and installation are, what the service's settings are, and what is wrong.
struct Doctor: AsyncParsableCommand {
    #if !Service
    static let configuration = CommandConfiguration(
        abstract: "Check the installation: BLAS, models, KB, playbook.")

    @OptionGroup var options: SnapshotOptions

    func run() throws {
        try reportingErrors {
            let report = InstallationCheck(options.files).report
            report.show()
            if !report.isWell { throw ExitCode.unavailable }
        }
    }
    #else
    static let configuration = CommandConfiguration(
        abstract:
            "Check the installation: BLAS, models, KB, playbook, and the settings of triage serve.",
        usage:
            "triage doctor [--settings] [--airgap] [--report <file>] [--config <file>] [--<setting> <value> ...]",
        discussion: """
            Settings come from the same sources as those of triage serve; each may be given as its flag. Exit code 69 when \
            something needed is missing or bad, 78 when it is a setting. A line with warn names what decisions will lack; \
            it does not change the exit code. With search.url it asks the vector database what it has, and opens no other \
            connection.
            """
    )

    @OptionGroup var options: SettingsOptions

    @Flag(help: "Print every setting: its value, where that comes from, its names, and what it means.")
    var settings = false

    @Flag(
        help: ArgumentHelp(
            "Print what could open a connection; exit code 1 when a setting allows one that leaves this machine, 78 when a setting "
                + "cannot be used."))
    var airgap = false

    @Option(
        help: ArgumentHelp(
            "Write what the service reads, keeps and sends under these settings: a page for the data-protection officer and "
                + "one for the works council, in one HTML file.", valueName: "file"))
    var report: String?

    func run() async throws {
        try await reportingErrors {
            // What a secret's command prints is not shown: to list the settings none is run.
            let effective = settings ? options.effective() : options.effective().runningCommands()
            if let report {
                let page = try SiteReport(effective).page
                try AtomicOutput.write(Array(page.text.utf8), to: report)
                print("wrote \(report.shown)")
                return
            }
            if airgap {
                let report = ServiceCheck.connections(effective)
                report.show()
                guard effective.problems.isEmpty else { throw ExitCode.configuration }
                guard report.isWell else { throw ExitCode.failure }
                return
            }
            if settings {
                print(SettingsDocument.values(effective))
                for problem in effective.problems { print("FAIL \(problem.description.shown)") }
            } else {
                let installation = InstallationCheck(effective.settings.decidingFiles)
                var report = installation.report
                let isSet = ServiceCheck.check(effective, with: installation.model, &report)
                await report.search(effective.settings, with: installation.model)
                report.show()
                if !report.isWell { throw isSet ? ExitCode.unavailable : .configuration }
            }
            guard effective.problems.isEmpty else { throw ExitCode.configuration }
        }
    }
    #endif
}

#if Service
extension DiagnosticReport {
    /// Asks the vector database that a setting names what it has; nothing is dialled without one.
    fileprivate mutating func search(_ settings: ServiceSettings, with bundle: ModelBundle?) async {
        guard let database = part("search", { try settings.search.database() }) ?? nil else { return }
        defer { Task { await database.close() } }
        do throws(VectorError) {
            let status = try await database.status()
            let matrix =
                bundle?.featurizer.embedding?.sha256
                ?? Installation.embedding.flatMap { try? EmbeddingTable(directory: $0).sha256 }
            guard status.head.matrix == matrix else {
                throw .otherMatrix(
                    found: String(status.head.matrix?.prefix(12) ?? "none"),
                    wanted: String(matrix?.prefix(12) ?? "none"))
            }
            line(
                "search",
                "\(database.server): version \(status.version), \(status.head.articles.counted("article"))")
        } catch {
            line("search", "\(error.description); decisions go on without its articles", .warn)
        }
    }
}
#endif

extension DiagnosticReport {
    fileprivate func show() {
        for line in lines { print("\(line.mark.rawValue) \(line.name.padded(to: 10)) \(line.value.shown)") }
    }
}
