internal import Hummingbird
internal import TriageEngine
internal import TriageStore

/// The queue's filters and place, as its address has them.
struct QueueQuery: Equatable {
    /// "any" for every state.
    var state = DecisionState.open.rawValue
    var order = DecisionOrder.leastSure.rawValue
    var field: String?
    var label: String?
    var level: String?
    var reason: String?
    var after: String?
    /// The decision that is open.
    var open: String?
    /// Ids of the feedback that was just given.
    var done: [String] = []
    /// What happened, as a word of `messages`.
    var message: String?

    init() {}

    init(_ request: Request) {
        func value(_ name: String) -> String? {
            request.query(name).flatMap { $0.isEmpty || $0 == "any" || $0.utf8.count > 512 ? nil : $0 }
        }
        state = request.query("state") ?? state
        order = request.query("order") ?? order
        (field, label, level, reason) = (value("field"), value("label"), value("level"), value("reason"))
        (after, open, message) = (value("after"), value("open"), value("message"))
        done = (value("done") ?? "").split(separator: ",").map(String.init)
    }

    /// Whether it has filters besides the usual ones.
    var isFiltered: Bool {
        state != DecisionState.open.rawValue || order != DecisionOrder.leastSure.rawValue
            || [field, label, level, reason].contains { $0 != nil }
    }

    var filter: DecisionFilter {
        var filter = DecisionFilter()
        filter.state = DecisionState(rawValue: state)
        (filter.field, filter.label) = (field, label)
        filter.level = level.flatMap(Decision.Level.init)
        filter.reason = reason.flatMap(Decision.Reason.init)
        return filter
    }

    var address: String {
        ConsoleAddress.make(
            "/ui/queue",
            [
                ("state", state == DecisionState.open.rawValue ? nil : state),
                ("order", order == DecisionOrder.leastSure.rawValue ? nil : order), ("field", field),
                ("label", label), ("level", level), ("reason", reason), ("after", after), ("open", open),
                ("done", done.joined(separator: ",")), ("message", message),
            ])
    }

    func with(_ change: (inout QueueQuery) -> Void) -> QueueQuery {
        var query = self
        change(&query)
        return query
    }

    /// Forgets what just happened.
    mutating func clear() { (done, message) = ([], nil) }

    func message(_ words: ConsoleWords) -> String? { ConsoleMessage.text(message, words) }
}

/// Messages that an address names after a form was handled.
enum ConsoleMessage: String {
    case saved, undone, conflict, notUndone

    static func text(_ name: String?, _ words: ConsoleWords) -> String? {
        switch name.flatMap(ConsoleMessage.init) {
        case .saved: words.saved
        case .undone: words.undone
        case .conflict: words.conflict
        case .notUndone: words.notUndone
        case nil: nil
        }
    }
}
