import ArgumentParser
import Foundation
import TriageData
import TriageModel
import TriageNumerics
import TriageSearch

/// `triage doctor`: what this machine and installation are, and what is wrong with them.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the installation: BLAS, models, KB. Exit code 69 when something needed is missing.")

    @OptionGroup var options: SnapshotOptions

    func run() throws { try reportingErrors(examine) }

    private func examine() throws {
        var isWell = true
        func line(_ name: String, _ value: String, ok: Bool = true) {
            isWell = isWell && ok
            print("\(ok ? "ok  " : "FAIL") \(name.padded(to: 10)) \(value.shown)")
        }
        line("blas", "\(BLASRuntime.kernelName); \(BLASRuntime.buildDescription)", ok: BLASRuntime.isUsable)
        line("processors", "\(ProcessInfo.processInfo.activeProcessorCount)")
        do {
            let model = try options.models.load()
            line(
                "model",
                "\(model.manifest.name) \(model.sha256.prefix(12)), \(model.manifest.training.rows) rows")
            for head in model.heads {
                line(
                    "field",
                    "\(head.manifest.field): \(head.labels.count) labels"
                        + (head.manifest.isCalibrated ? "" : ", not calibrated on your labels: never auto"))
            }
            if model.manifest.training.blasKernel != BLASRuntime.kernelName {
                line(
                    "note",
                    "trained with BLAS kernel \(model.manifest.training.blasKernel): last bits may differ here"
                )
            }
        } catch {
            line("model", "\(error)", ok: false)
        }
        do {
            if let path = options.kbPath {
                let index = try options.loadIndex()
                let fitted =
                    index.calibration.isCalibrated
                    ? "fitted on \(index.calibration.pairs) questions"
                    : "uncalibrated: fit with triage search --fit"
                line("kb", "\(path): \(index.articles.count) articles, \(fitted)")
            } else {
                line("kb", "none: every issue is new")
            }
        } catch {
            line("kb", "\(error)", ok: false)
        }
        if !isWell { throw ExitCode.unavailable }
    }
}
