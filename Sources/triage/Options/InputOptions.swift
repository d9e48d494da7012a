import ArgumentParser
import TriageData

/// Which columns of the input hold text.
struct TextOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Text columns, the subject first (default: subject, and body or text).", valueName: "names"))
    var text: String?

    var columns: TextColumns {
        TextColumns((text ?? "").split(separator: ",").map(String.init))
    }
}
