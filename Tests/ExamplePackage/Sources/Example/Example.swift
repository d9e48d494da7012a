import TriageEngine

/// Decides one ticket with the bundle and KB of the folder named by the first argument, and prints the JSON.
@main
struct Example {
    static func main() throws {
        let home = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "."
        let snapshot = try Snapshot(
            at: Snapshot.Places(
                model: "\(home)/models/starter", kb: "\(home)/kb", language: "\(home)/models/language"))
        let ticket = Ticket(
            id: "42", subject: "Locked out",
            body: "My account is locked after the password change, and payroll closes at noon.")
        print(snapshot.decide(ticket).json)
    }
}
