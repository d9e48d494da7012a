import ArgumentParser
import TriageData
import TriageModel
import TriageTraining

/// How frequent labels are among the tickets to come, where that is known or can be estimated.
struct ClassPriorsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with each label's share or count among tickets to come; train restores the mix of training.",
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

    /// Sets the mix of all fields that the file names, or of all that are estimated, or restores training's.
    func apply(_ bundle: ModelBundle, only field: String?, to manifest: inout ModelManifest) throws {
        let change: ClassPriorsChange? =
            if labelMix == "train" {
                .training
            } else if let labelMix {
                .stated(path: labelMix)
            } else { labelMixFrom.map { .estimated(path: $0, columns: text.columns(bundle)) } }
        guard let change else { return }
        let (lines, badRows, columnNotes) = try change.apply(to: &manifest, of: bundle, only: field)
        Terminal.say(columnNotes: columnNotes)
        if badRows > 0 {
            Terminal.say("triage: \(labelMixFrom ?? ""): \(badRows.counted("bad row")) left out")
        }
        lines.forEach { print($0.shown) }
    }
}
