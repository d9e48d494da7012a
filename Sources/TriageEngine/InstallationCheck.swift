internal import Foundation
internal import TriageData
package import TriageModel
internal import TriageNumerics
internal import TriageSearch

/// What an examination found, line by line.
package struct DiagnosticReport: Sendable {
    package enum Mark: String, Sendable {
        case ok = "ok  "
        /// Decisions will lack something.
        case warn
        /// Something needed is missing or bad.
        case fail = "FAIL"
    }

    package struct Line: Sendable {
        package var name: String
        package var value: String
        package var mark: Mark
    }

    package private(set) var lines: [Line] = []

    package init() {}

    /// Whether nothing failed.
    package var isWell: Bool { lines.allSatisfy { $0.mark != .fail } }

    package mutating func line(_ name: String, _ value: String, _ mark: Mark = .ok) {
        lines.append(Line(name: name, value: value, mark: mark))
    }

    /// What `load` returns; an error is a line of its own.
    package mutating func part<Part>(_ name: String, _ load: () throws -> Part) -> Part? {
        do { return try load() } catch {
            line(name, "\(error.safeDescription)", .fail)
            return nil
        }
    }
}

/// Checks the parts of a decision and the machine: BLAS, model, language identifier, knowledge base, playbook.
package struct InstallationCheck {
    package private(set) var report = DiagnosticReport()
    /// The bundle; nil when it cannot be read.
    package private(set) var model: ModelBundle?

    package init(_ files: DecisionFiles) {
        checkBLAS()
        report.line("processors", "\(ProcessInfo.processInfo.activeProcessorCount)")
        model = report.part("model") {
            try Installation.bundle(Installation.model(files.model), signedBy: files.signedBy)
        }
        if let model { describe(model) }
        checkLanguage(files)
        checkKB(files, model)
        checkPlaybook(files, model)
        checkSignatures(files)
    }

    private mutating func checkSignatures(_ files: DecisionFiles) {
        guard !files.signedBy.isEmpty else { return }
        guard let trusted = report.part("signed-by", { try TrustedKeys(files.signedBy) }) else { return }
        let names = trusted.keys.map(\.name).joined(separator: ", ")
        report.line("signed-by", "\(names): only what this key signed is read")
    }

    private mutating func checkBLAS() {
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

    private mutating func describe(_ model: ModelBundle) {
        let training = model.manifest.training
        report.line("model", "\(model.manifest.name) \(model.sha256.prefix(12)), \(training.rows) rows")
        for head in model.heads {
            report.line(
                "field",
                "\(head.manifest.field): \(head.labels.count) \(head.hasTags ? "tags" : "labels")"
                    + (head.tree.map { " in a tree of \($0.depth) depths" } ?? "")
                    + InstallationCheck.autoBlocker(head.manifest))
        }
        for (role, answer) in Decision.defaults where model.head(role: role) == nil {
            report.line("field", "none has the role \(role): decisions use \(answer)", .warn)
        }
        if training.blasKernel != BLASRuntime.kernelName {
            report.line(
                "note", "trained with BLAS kernel \(training.blasKernel): last bits may differ here")
        }
    }

    /// Why no answer of a field is ever `auto`; empty when some are.
    private static func autoBlocker(_ head: ModelManifest.Head) -> String {
        guard head.isCalibrated else { return ", not calibrated on your labels: never auto" }
        guard let rule = head.auto, !rule.isReachable else { return "" }
        return ", \(rule.target) cannot be shown: never auto"
    }

    private mutating func checkLanguage(_ files: DecisionFiles) {
        guard let path = files.languagePath else {
            return report.line("language", "none: decisions name no language", .warn)
        }
        let model = report.part("language") { try Installation.bundle(path, signedBy: files.signedBy) }
        if let head = model?.heads.first {
            report.line("language", "\(path): \(head.labels.count) languages")
        }
    }

    private mutating func checkKB(_ files: DecisionFiles, _ model: ModelBundle?) {
        guard let path = files.kbPath else { return report.line("kb", "none: every issue is new", .warn) }
        guard let index = report.part("kb", { try files.index(with: model) }) else { return }
        let fitted =
            index.calibration.isCalibrated
            ? "fitted on \(index.calibration.pairs) questions"
                + (index.calibrationFile.map { " (\($0))" } ?? "")
            : "\(index.calibration.remedy ?? "") with triage search --fit FILE"
                + (files.state.map { " --state \($0)" } ?? "")
        report.line("kb", "\(path): \(index.count) articles, \(fitted)")
        if let note = index.cutNote { report.line("match-threshold", "\(note); leave it out, or fit", .warn) }
    }

    private mutating func checkPlaybook(_ files: DecisionFiles, _ model: ModelBundle?) {
        guard let path = files.playbookPath else {
            return report.line("playbook", "none: no safety floors apply, no next actions of your own", .warn)
        }
        guard let policy = report.part("playbook", { try files.policy() }) else { return }
        report.line("playbook", "\(path): \(policy.floors.count) safety floors")
        if let model,
            let decision = report.part("severity", { try policy.severityDecision(for: model) }) ?? nil
        {
            report.line("severity", decision.sentence)
        }
        for gap in model.map({ policy.gaps(for: $0) }) ?? [] { report.line("playbook", gap, .warn) }
    }
}
