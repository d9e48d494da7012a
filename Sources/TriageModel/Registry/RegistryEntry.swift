package import TriageData

/// One line of a registry's history.
package struct RegistryEntry: Sendable, Equatable {
    /// What happened to the version.
    package enum Event: String, Sendable, Equatable {
        /// It was written; the champion did not change.
        case added
        /// It was compared with the champion and not promoted.
        case refused
        /// It became the champion.
        case promoted
        /// It became the champion again.
        case rolledBack = "rolled back"
        /// It is still the champion: a program ended before it could move the pointer.
        case kept
        /// An alias points to it, or no longer does.
        case alias
    }

    package var time: Timestamp
    package var event: Event
    package var version: String
    /// The bundle's identity; nil where it could not be read.
    package var sha256: String?
    /// Who did it: a user's or a timer's name.
    package var by: String
    package var reason: String
    /// The champion before; nil without one, and for events that leave it.
    package var before: String?
    /// What was measured, as JSON; nil for nothing.
    package var measures: JSONValue?

    package init(
        _ event: Event, _ version: String, sha256: String?, by: String, reason: String,
        before: String? = nil, measures: JSONValue? = nil, time: Timestamp = .now
    ) {
        (self.time, self.event, self.version, self.sha256) = (time, event, version, sha256)
        (self.by, self.reason, self.before, self.measures) = (by, reason, before, measures)
    }

    /// Whether the champion is `version` from this entry on.
    var movesChampion: Bool { [.promoted, .rolledBack].contains(event) }

    /// The entry that a line spells; nil for other text.
    init?(line: some Sequence<UInt8>) {
        guard let json = JSONValue(parsing: line), let time = json["time"]?.text.flatMap({ Timestamp($0) }),
            let event = json["event"]?.text.flatMap(Event.init(rawValue:)),
            let version = json["version"]?.text
        else { return nil }
        self.init(
            event, version, sha256: json["sha256"]?.text, by: json["by"]?.text ?? "",
            reason: json["reason"]?.text ?? "", before: json["before"]?.text,
            measures: json["measures"].flatMap { $0 == .null ? nil : $0 }, time: time)
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.string("time", time.text)
            json.string("event", event.rawValue)
            json.string("version", version)
            json.string("sha256", sha256)
            json.string("by", by)
            json.string("reason", reason)
            json.string("before", before)
            json.value("measures", measures ?? .null)
        }
    }
}
