import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageNumerics

/// `triage doctor`: what this machine and installation are, and what is wrong with them.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Check the installation: BLAS, models, KB, playbook. Exit code 69 when something needed is missing or bad.",
        discussion:
            "A line that starts with warn says what decisions will lack; it does not change the exit code."
    )

    @OptionGroup var options: SnapshotOptions

    func run() throws {
        try reportingErrors {
            var report = Report()
            report.line(
                "blas", "\(BLASRuntime.kernelName); \(BLASRuntime.buildDescription)",
                BLASRuntime.isUsable ? .ok : .fail)
            report.line("processors", "\(ProcessInfo.processInfo.activeProcessorCount)")
            let model = report.part("model") { try options.models.load() }
            if let model { describe(model, &report) }
            examineLanguage(&report)
            examineKB(&report)
            examinePlaybook(model, &report)
            if !report.isWell { throw ExitCode.unavailable }
        }
    }

    private func describe(_ model: ModelBundle, _ report: inout Report) {
        report.line(
            "model", "\(model.manifest.name) \(model.sha256.prefix(12)), \(model.manifest.training.rows) rows"
        )
        for head in model.heads {
            report.line(
                "field",
                "\(head.manifest.field): \(head.labels.count) labels"
                    + Doctor.doubt(head.manifest))
        }
        for (role, answer) in Decision.defaults where model.head(role: role) == nil {
            report.line("field", "none has the role \(role): decisions say \(answer)", .warn)
        }
        if model.manifest.training.blasKernel != BLASRuntime.kernelName {
            report.line(
                "note",
                "trained with BLAS kernel \(model.manifest.training.blasKernel): last bits may differ here")
        }
    }

    /// Why no answer of a field is ever `auto`; empty when some are.
    private static func doubt(_ head: ModelManifest.Head) -> String {
        guard head.isCalibrated else { return ", not calibrated on your labels: never auto" }
        guard let rule = head.auto, !rule.isReachable else { return "" }
        return ", \(rule.target) cannot be shown: never auto"
    }

    private func examineLanguage(_ report: inout Report) {
        guard let path = options.languagePath else {
            return report.line("language", "none: languages stay untold", .warn)
        }
        let model = report.part("language") { try ModelBundle(directory: path, homes: Places.roots) }
        if let head = model?.heads.first {
            report.line("language", "\(path): \(head.labels.count) languages")
        }
    }

    private func examineKB(_ report: inout Report) {
        guard let path = options.kbPath else { return report.line("kb", "none: every issue is new", .warn) }
        guard let index = report.part("kb", { try options.loadIndex() }) else { return }
        let fitted =
            index.calibration.isCalibrated
            ? "fitted on \(index.calibration.pairs) questions" : "uncalibrated: fit with triage search --fit"
        report.line("kb", "\(path): \(index.articles.count) articles, \(fitted)")
    }

    private func examinePlaybook(_ model: ModelBundle?, _ report: inout Report) {
        guard let path = options.playbookPath else {
            return report.line("playbook", "none: no safety floors apply, no next actions of your own", .warn)
        }
        guard let policy = report.part("playbook", { try Policy(playbook: path) }) else { return }
        report.line("playbook", "\(path): \(policy.floors.count) safety floors")
        if let model,
            let decision = report.part("severity", { try policy.severityDecision(for: model) }) ?? nil
        {
            report.line("severity", decision.sentence)
        }
        for gap in model.map({ policy.gaps(for: $0) }) ?? [] { report.line("playbook", gap, .warn) }
    }
}

/// The lines of the examination.
private struct Report {
    enum Mark: String {
        case ok = "ok  "
        case warn
        case fail = "FAIL"
    }

    private(set) var isWell = true

    mutating func line(_ name: String, _ value: String, _ mark: Mark = .ok) {
        isWell = isWell && mark != .fail
        print("\(mark.rawValue) \(name.padded(to: 10)) \(value.shown)")
    }

    /// What `load` gives; an error is a line of its own, in the words of every other command.
    mutating func part<Part>(_ name: String, _ load: () throws -> Part) -> Part? {
        do { return try load() } catch {
            line(name, "\(error)", .fail)
            return nil
        }
    }
}
