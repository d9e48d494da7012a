import ArgumentParser
import TriageEngine
import TriageModel

/// Everything that a decision is made with.
struct SnapshotOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model's folder (default: the starter model).", valueName: "dir"))
    var model: String?
    @Option(help: ArgumentHelp("The KB's folder or file, or none.", valueName: "dir|none"))
    var kb: String?

    @Option(
        help: ArgumentHelp(
            "The folder for what triage derives and can make again, such as a fit of the KB (default: TRIAGE_STATE, else "
                + "triage in the user's cache folder).", valueName: "dir"))
    var state: String?

    @Option(
        help: ArgumentHelp(
            "The playbook (default: the KB's playbook.yaml, else the shipped one).", valueName: "file"))
    var playbook: String?
    @Option(
        help: ArgumentHelp("The language identifier's folder, or none.", valueName: "dir|none"))
    var language: String?

    @Option(
        help: ArgumentHelp(
            "A public key with which model, KB, playbook and language identifier must be signed; several with commas (default: "
                + "TRIAGE_SIGNED_BY, else unsigned ones are read).", valueName: "file|key"))
    var signedBy: String?

    func validate() throws {
        let paths = [
            ("--signed-by", signedBy),
            ("--kb", kb), ("--state", state), ("--playbook", playbook), ("--language", language),
            ("--model", model),
        ]
        for (name, path) in paths where path?.isEmpty ?? false {
            throw ValidationError("\(name) is empty; name a file or folder, or leave \(name) out.")
        }
    }

    var files: DecisionFiles {
        DecisionFiles(
            model: model, kb: kb, playbook: playbook, language: language,
            state: state ?? Installation.state,
            signedBy: signedBy.map { TrustedKeys.names(in: $0) } ?? Installation.signedBy)
    }

    func loadSnapshot() throws -> Snapshot { try Snapshot(at: files.places()) }

    /// Notes that no knowledge base was found, or that one was found for a model that was named: its articles may not be
    /// the site's.
    func sayKB() {
        if let note = files.noteWithoutKB {
            Terminal.say("triage: \(note) (--kb)")
        } else if model != nil, kb == nil, let path = files.kbPath {
            Terminal.say(
                "triage: known issues come from \(path.shown); name another folder with --kb, or none")
        }
    }
}
