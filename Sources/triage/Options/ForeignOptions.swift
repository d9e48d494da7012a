import ArgumentParser
import TriageData
import TriageModel
import TriageTickets
import TriageTraining

/// How many tickets to come belong to none of the labels, as stated.
struct ForeignOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The share of tickets that belong to none of the labels, such as 0.1 or 10%. A target precision then holds with "
                + "them, each that is answered automatically counted as wrong; 0 for none.",
            valueName: "share"))
    var foreign: String?

    func validate() throws {
        guard foreign == nil || share != nil else {
            throw ValidationError("--foreign takes \(ForeignShare.expected).")
        }
    }

    var share: ForeignShare? { foreign.flatMap { Share(parsing: $0) }.flatMap { ForeignShare($0.value) } }
}

/// The share of foreign tickets, as stated or estimated.
struct ForeignOptions: ParsableArguments {
    @OptionGroup var stated: ForeignOption
    @Option(
        help: ArgumentHelp(
            "Estimate that share from recent tickets without labels, field by field.", valueName: "file"))
    var foreignFrom: String?

    func validate() throws {
        guard stated.foreign == nil || foreignFrom == nil else {
            throw ValidationError("Give --foreign or --foreign-from, not both.")
        }
    }

    /// The share for each field of a model, by name; nil when none was asked for.
    func shares(_ bundle: ModelBundle, only field: String?, text: TextOption) throws -> [String: ForeignShare]
    {
        let names = bundle.heads.map(\.manifest.field).filter { field ?? $0 == $0 }
        if let share = stated.share { return Dictionary(uniqueKeysWithValues: names.map { ($0, share) }) }
        guard let foreignFrom else { return [:] }
        let estimate = try ForeignEstimate(path: foreignFrom, columns: text.columns(bundle), bundle, names)
        Terminal.say(columnNotes: estimate.columnNotes)
        if estimate.badRows > 0 {
            Terminal.say("triage: \(foreignFrom): \(estimate.badRows.counted("bad row")) left out")
        }
        estimate.lines.forEach { print($0.shown) }
        return estimate.shares
    }
}
