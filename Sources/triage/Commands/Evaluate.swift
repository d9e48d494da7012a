import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation

/// `triage evaluate`: a bundle measured on labelled tickets.
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measure a bundle on labelled tickets.")

    @OptionGroup var models: ModelOptions
    @OptionGroup var text: TextOption
    @Option(help: ArgumentHelp("Labelled tickets; may be given several times.", valueName: "file"))
    var data: [String]
    @Option(help: ArgumentHelp("Only these fields (default: all of the bundle).", valueName: "name"))
    var label: [String] = []
    @Flag(help: "JSON on standard output.")
    var json = false

    func run() throws {
        try reportingErrors {
            var evaluation = Evaluation(try models.load(), columns: text.columns, only: label)
            let known = evaluation.allFields
            if let stray = label.first(where: { !known.contains($0) }) {
                throw ValidationError(
                    "The model has no field '\(stray)'; its fields are \(known.joined(separator: ", ")).")
            }
            var failed = 0
            for path in data { failed += try read(path, into: &evaluation) }
            guard evaluation.rows > 0 else {
                throw DataError.noValues(
                    path: data.joined(separator: ", "), columns: evaluation.fields.map(\.name))
            }
            print(json ? jsonReport(evaluation, failed) : textReport(evaluation, failed))
            hintAtUnknownLabels(evaluation)
            if failed > 0 { throw ExitCode.badData }
        }
    }

    /// Measures the rows of one file; returns how many were bad.
    private func read(_ path: String, into evaluation: inout Evaluation) throws -> Int {
        let rows = try RowReader(path: path)
        var faults: [BadRow] = []
        while let row = try rows.next() {
            do throws(BadRow) { try evaluation.add(row.get()) } catch { faults.append(error) }
        }
        guard rows.count > 0 else { throw DataError.empty(path: rows.name) }
        if faults.count == rows.count {
            throw DataError.nothingUsable(
                path: rows.name, rows: rows.count, first: "line \(faults[0].line): \(faults[0].message)")
        }
        for fault in faults.prefix(10) {
            Terminal.say("triage: \(rows.name): line \(fault.line): \(fault.message)")
        }
        return faults.count
    }

    /// A field none of whose labels the bundle knows is likely another field, or spelt in another way.
    private func hintAtUnknownLabels(_ evaluation: Evaluation) {
        for (name, metrics) in evaluation.fields
        where metrics.rows > 0 && metrics.unknownLabels == metrics.rows {
            let labels = evaluation.labels(of: name)
            let first = labels.prefix(5).joined(separator: ", ") + (labels.count > 5 ? ", …" : "")
            Terminal.say(
                "triage: \(name): the bundle knows no label of these rows; its own are \(first): "
                    + "check the column, and how its labels are spelt")
        }
    }

    private func textReport(_ evaluation: Evaluation, _ failed: Int) -> String {
        var lines = ["\(evaluation.rows) rows, \(failed) bad"]
        for (name, metrics) in evaluation.fields where metrics.rows > 0 {
            lines.append(
                "\(name.shown): "
                    + String(
                        format:
                            "accuracy %.4f, macro-F1 %.4f, top-3 %.4f, log-loss %@ on %d rows, %d with unknown labels",
                        metrics.accuracy, metrics.macroF1, metrics.topThreeAccuracy,
                        metrics.logLoss.map { String(format: "%.4f", $0) } ?? "–", metrics.rows,
                        metrics.unknownLabels))
        }
        if let severity = evaluation.severityRows {
            lines.append(
                String(
                    format: "severity: under-triaged %.4f, over-triaged %.4f",
                    Double(evaluation.underTriaged) / Double(severity),
                    Double(evaluation.overTriaged) / Double(severity)))
        }
        return lines.joined(separator: "\n")
    }

    private func jsonReport(_ evaluation: Evaluation, _ failed: Int) -> String {
        var writer = JSONWriter()
        func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
        writer.object { json in
            json.key("rows")
            json.integer(evaluation.rows)
            json.key("bad_rows")
            json.integer(failed)
            json.key("fields")
            json.object { json in
                for (name, metrics) in evaluation.fields where metrics.rows > 0 {
                    json.key(name)
                    json.object { json in
                        json.key("rows")
                        json.integer(metrics.rows)
                        for (key, value) in [
                            ("accuracy", metrics.accuracy), ("macro_f1", metrics.macroF1),
                            ("top3_accuracy", metrics.topThreeAccuracy),
                        ] {
                            json.key(key)
                            json.number(rounded(value))
                        }
                        json.optional("log_loss", metrics.logLoss) { $0.number(rounded($1)) }
                        json.key("unknown_labels")
                        json.integer(metrics.unknownLabels)
                        if evaluation.severityField == name {
                            json.key("under_triage")
                            json.number(rounded(Double(evaluation.underTriaged) / Double(metrics.rows)))
                            json.key("over_triage")
                            json.number(rounded(Double(evaluation.overTriaged) / Double(metrics.rows)))
                        }
                    }
                }
            }
        }
        return writer.text
    }
}
