import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageNumerics
import TriageSearch

#if Service
import TriageSettings
#endif

/// `triage doctor`: what this machine and installation are, what the service's settings are, and what is wrong.
struct Doctor: ParsableCommand {
    #if !Service
    static let configuration = CommandConfiguration(
        abstract: "Check the installation: BLAS, models, KB, playbook.")

    @OptionGroup var options: SnapshotOptions

    func run() throws {
        try reportingErrors {
            var report = DiagnosticReport()
            examine(options, &report)
            if !report.isWell { throw ExitCode.unavailable }
        }
    }
    #else
    static let configuration = CommandConfiguration(
        abstract:
            "Check the installation: BLAS, models, KB, playbook, and the settings of triage serve.",
        usage: "triage doctor [--settings] [--airgap] [--config <file>] [--<setting> <value> ...]",
        discussion: """
            Settings are found where triage serve finds them; each may be given as its flag. Exit code 69 when something \
            needed is missing or bad, 78 when it is a setting. A line that starts with warn says what decisions will lack; \
            it does not change the exit code.
            """
    )

    @OptionGroup var options: SettingsOptions

    @Flag(help: "Print every setting: its value, where that comes from, its names, and what it means.")
    var settings = false

    @Flag(
        help:
            "Print what could open a connection; exit code 1 when a setting tells it to leave this machine.")
    var airgap = false

    func run() throws {
        try reportingErrors {
            let effective = options.effective()
            if airgap {
                guard Doctor.printConnections(effective) else { throw ExitCode.failure }
                return
            }
            if settings {
                Doctor.printSettings(effective)
            } else {
                try examine(effective)
            }
            guard effective.problems.isEmpty else { throw ExitCode.configuration }
        }
    }

    private func examine(_ effective: EffectiveSettings) throws {
        let deciding = effective.settings.decidingInPlace
        var report = DiagnosticReport()
        examine(deciding, &report)
        if let shadow = deciding.shadow {
            let bundle = report.part("shadow") { try ModelBundle(directory: shadow, homes: Places.roots) }
            if let bundle { report.line("shadow", "\(bundle.manifest.name) \(bundle.sha256.prefix(12))") }
        }
        Doctor.examine(effective, &report)
        if !report.isWell, effective.problems.isEmpty { throw ExitCode.unavailable }
    }
    #endif

    private func examine(_ places: any DecisionPlaces, _ report: inout DiagnosticReport) {
        examineBLAS(&report)
        report.line("processors", "\(ProcessInfo.processInfo.activeProcessorCount)")
        let model = report.part("model") {
            try ModelBundle(directory: places.modelPath(), homes: Places.roots)
        }
        if let model { describe(model, &report) }
        examineLanguage(places, &report)
        examineKB(places, model, &report)
        examinePlaybook(places, model, &report)
    }

    private func examineBLAS(_ report: inout DiagnosticReport) {
        let (kernel, build) = (BLASRuntime.kernelName, BLASRuntime.buildDescription ?? "")
        switch BLASRuntime.state {
        case .usable:
            report.line("blas", "\(kernel), self-check passed; \(build)")
            if let requested = BLASRuntime.requestedKernel, requested.lowercased() != kernel.lowercased() {
                report.line(
                    "blas", "the kernel \(requested) was requested, and this OpenBLAS uses \(kernel) instead",
                    .warn)
            }
        case .missing:
            report.line(
                "blas",
                "OpenBLAS (libopenblas.so.0) was not found: plain loops compute instead, with the same labels and several "
                    + "times slower; install it (Debian and Ubuntu: libopenblas0-pthread)", .warn)
        case .wrong:
            report.line(
                "blas",
                "OpenBLAS failed its self-check on this processor: plain loops compute instead; name another kernel in "
                    + "OPENBLAS_CORETYPE, such as Haswell, or install another version; \(build)", .fail)
        }
    }

    private func describe(_ model: ModelBundle, _ report: inout DiagnosticReport) {
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

    /// How the severity is decided where the playbook says so.
    private static func sentence(_ decision: Policy.SeverityDecision) -> String {
        let rule =
            decision.rule.map { "least expected cost, under-triage weight \($0.underTriageWeight)" }
            ?? "the likeliest label"
        guard let bound = decision.bound else { return rule }
        return rule
            + String(
                format:
                    "; %d of %d held-out rows of the harshest label called milder, %.1f %% at most with 95 %% "
                    + "confidence; %.1f %% of the others called harsher", bound.milder, bound.critical,
                100 * bound.upperBound, 100 * bound.overTriage)
    }

    private func examineLanguage(
        _ places: any DecisionPlaces, _ report: inout DiagnosticReport
    ) {
        guard let path = places.languagePath else {
            return report.line("language", "none: languages stay untold", .warn)
        }
        let model = report.part("language") { try ModelBundle(directory: path, homes: Places.roots) }
        if let head = model?.heads.first {
            report.line("language", "\(path): \(head.labels.count) languages")
        }
    }

    private func examineKB(
        _ places: any DecisionPlaces, _ model: ModelBundle?, _ report: inout DiagnosticReport
    ) {
        guard let path = places.kbPath else { return report.line("kb", "none: every issue is new", .warn) }
        guard
            let index = report.part(
                "kb",
                {
                    try SearchIndex(
                        path, with: model, cut: places.knownCut, state: places.statePath)
                })
        else { return }
        let fitted =
            index.calibration.isCalibrated
            ? "fitted on \(index.calibration.pairs) questions"
                + (index.calibrationFile.map { " (\($0))" } ?? "")
            : "uncalibrated: fit with triage search --fit FILE"
                + (places.statePath.map { " --state \($0)" } ?? "")
        report.line("kb", "\(path): \(index.articles.count) articles, \(fitted)")
    }

    private func examinePlaybook(
        _ places: any DecisionPlaces, _ model: ModelBundle?, _ report: inout DiagnosticReport
    ) {
        guard let path = places.playbookPath else {
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
