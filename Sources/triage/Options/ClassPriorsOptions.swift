import ArgumentParser
import Foundation
import TriageData
import TriageModel
import TriageNumerics
import TriageText
import TriageTickets
import TriageTraining

/// How frequent labels are among the tickets to come, where that is known or can be estimated.
struct ClassPriorsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Shares or counts of each label among tickets to come; train takes a correction back.",
            valueName: "file|train"))
    var labelMix: String?
    @Option(
        help: ArgumentHelp(
            "Estimate the label mix from tickets without labels, such as last month's.", valueName: "file"))
    var labelMixFrom: String?
    @OptionGroup var text: TextOption

    func validate() throws {
        guard labelMix == nil || labelMixFrom == nil else {
            throw ValidationError("Give --label-mix or --label-mix-from, not both.")
        }
    }

    /// Sets the mix of all fields that the file names, or of all that are estimated, or takes it back.
    func apply(_ bundle: ModelBundle, only field: String?, to manifest: inout ModelManifest) throws {
        let wanted = bundle.heads.indices.filter {
            field ?? bundle.heads[$0].manifest.field == bundle.heads[$0].manifest.field
        }
        if labelMix == "train" {
            for index in wanted { manifest.heads[index].labelMix = nil }
        } else if let labelMix {
            let file = try ClassPriorsFile(path: labelMix)
            let known = wanted.map { bundle.heads[$0].manifest.field }
            if let stray = file.fields.first(where: { !known.contains($0) }) {
                throw TrainingError.badMix(
                    path: labelMix,
                    problem: "\"\(stray)\" is no field to tune; there are \(known.joined(separator: ", "))")
            }
            for index in wanted {
                let head = bundle.heads[index]
                guard let mix = try file.mix(of: head.manifest.field, labels: head.labels.names) else {
                    continue
                }
                try set(mix, &manifest.heads[index])
            }
        } else if let labelMixFrom {
            try estimate(from: labelMixFrom, bundle, wanted, &manifest)
        }
    }

    private func set(_ mix: ModelManifest.ClassPriors, _ head: inout ModelManifest.Head) throws {
        guard let shares = head.labelShares else { throw TrainingError.noLabelShares(field: head.field) }
        head.labelMix = mix
        let how = mix.estimatedFrom.map { "estimated from \($0) tickets" } ?? "as stated"
        print("\(head.field): label mix \(how); share in training → to come:".shown)
        for (label, (before, after)) in zip(head.labels, zip(shares, mix.shares)) {
            print(String(format: "  %6.2f %% → %6.2f %%  ", 100 * before, 100 * after) + label.shown)
        }
    }

    private func estimate(
        from path: String, _ bundle: ModelBundle, _ wanted: [Int], _ manifest: inout ModelManifest
    ) throws {
        let rows = try RowReader(path: path)
        var counts = bundle.heads.map { [Int](repeating: 0, count: $0.labels.count) }
        var (features, logits) = (Features(), [Float]())
        var failed = 0
        while let row = try rows.next() {
            guard let ticket = try? text.columns.ticket(in: row.get()) else {
                failed += 1
                continue
            }
            let input = bundle.preparation.prepare(ticket)
            guard !input.isEmpty else { continue }
            bundle.score(
                subject: input.subject.bytes, body: input.body.bytes, features: &features, logits: &logits)
            for index in wanted {
                let head = bundle.heads[index]
                counts[index][TopK.indices(of: head.removingPriorShift(logits), count: 1)[0]] += 1
            }
        }
        if failed > 0 { Terminal.say("triage: \(rows.name): \(failed) bad rows left out") }
        for index in wanted {
            var training = manifest.heads[index]
            training.labelMix = nil
            guard let shares = training.labelShares else {
                throw TrainingError.noLabelShares(field: training.field)
            }
            guard let heldOut = bundle.heads[index].heldOut(under: training) else {
                throw TrainingError.nothingHeldOut(field: training.field)
            }
            guard
                let estimate = PriorShiftEstimate(
                    predicted: counts[index], heldOut: heldOut, trainingShares: shares)
            else { throw DataError.empty(path: path) }
            try adopt(estimate, &manifest.heads[index])
        }
    }

    private func adopt(_ estimate: PriorShiftEstimate, _ head: inout ModelManifest.Head) throws {
        guard estimate.isEvident,
            let mix = ModelManifest.ClassPriors(weights: estimate.shares, estimatedFrom: estimate.rows)
        else {
            head.labelMix = nil
            return print(
                "\(head.field): \(estimate.rows) tickets show no other label mix than training's, which stays"
                    .shown)
        }
        try set(mix, &head)
        print(
            "  an estimate by EM (Saerens et al., 2002): right as far as tickets of one label read as in training and only "
                + "their number changed; check it on labelled tickets")
    }
}
