import TriageData

/// The lines of an examination, printed as they come.
struct DiagnosticReport {
    enum Mark: String {
        case ok = "ok  "
        case warn
        case fail = "FAIL"
    }

    private(set) var isWell = true

    mutating func line(_ name: String, _ value: String, _ mark: Mark = .ok) {
        isWell = isWell && mark != .fail
        print("\(mark.rawValue) \(name.padded(to: 10)) \(value.shown)")
    }

    /// What `load` gives; an error is a line of its own, in the words of every other command.
    mutating func part<Part>(_ name: String, _ load: () throws -> Part) -> Part? {
        do { return try load() } catch {
            line(name, "\(error.safeDescription)", .fail)
            return nil
        }
    }
}
