internal import TriageData

/// Answers that monitoring made `suggest` in the place of `auto`.
package struct Demotions: Sendable, Equatable {
    /// One of them, with the judgements that speak against it.
    package struct Entry: Sendable, Equatable {
        package var place: LivePrecision.Place
        /// Milliseconds since 1970.
        package var since: Int64
        package var judged: Int
        package var right: Int
        package var target: Double

        /// The reason, for people.
        package var sentence: String {
            "\(place.text) is suggest in place of auto since \(Timestamp(milliseconds: since).text.prefix(10)): \(right) of "
                + "\(judged) answers of the blind sample were right, the target is \(target)"
        }
    }

    /// The model whose answers they are; another model's are not demoted.
    package var model: String
    package var entries: [Entry]

    package init(model: String, entries: [Entry] = []) { (self.model, self.entries) = (model, entries) }

    /// What a count of judgements demotes.
    package init(_ precision: LivePrecision, model: String) {
        self.init(
            model: model,
            entries: precision.broken.map { count in
                Entry(
                    place: count.place, since: count.brokenSince ?? 0, judged: count.judged,
                    right: count.right,
                    target: count.target ?? 1)
            })
    }

    /// Whether a person can restore a place: it is demoted, or is a field with a demoted label.
    package func isDemoted(_ place: LivePrecision.Place) -> Bool {
        entries.contains { $0.place == place || place.label == nil && $0.place.field == place.field }
    }

    /// Whether an answer must not be `auto`.
    package func covers(field: String, label: String) -> Bool {
        entries.contains { $0.place.field == field && ($0.place.label == nil || $0.place.label == label) }
    }
}

/// The files of monitoring in the state folder: what the service demoted, so that a restart keeps it, and what a person
/// restored.
package struct MonitorState: Sendable {
    package static let demotedName = "monitor-demoted.json"
    package static let restoredName = "monitor-restored.json"

    private let folder: String

    package init(_ folder: String) { self.folder = folder }

    private func bytes(_ name: String) throws(DataError) -> [UInt8]? {
        let path = "\(folder)/\(name)"
        return FileInput.exists(path) ? try FileInput.bytes(of: path, limit: 1 << 20) : nil
    }

    private func damaged(_ name: String) -> StoreError {
        .damaged(path: "\(folder)/\(name)", problem: "it is not a file of triage monitor; delete it")
    }

    /// What is demoted; nil when nothing ever was.
    ///
    /// - Throws: `StoreError` when the file cannot be read.
    package func demotions() throws(StoreError) -> Demotions? {
        guard let bytes = try StoreError.wrapping({ () throws(DataError) in try bytes(Self.demotedName) })
        else {
            return nil
        }
        guard let json = JSONValue(parsing: bytes), let model = json["model"]?.text,
            let entries = json["demoted"]?.elements
        else { throw damaged(Self.demotedName) }
        return Demotions(
            model: model,
            entries: entries.compactMap { entry in
                guard let place = entry["place"]?.text, let since = entry["since"]?.wholeNumber,
                    let judged = entry["judged"]?.wholeNumber, let right = entry["right"]?.wholeNumber,
                    let target = entry["target"]?.double
                else { return nil }
                return .init(
                    place: .init(text: place), since: since, judged: Int(judged), right: Int(right),
                    target: target)
            })
    }

    package func write(_ demotions: Demotions) throws(StoreError) {
        let bytes = JSONWriter.lineBytes { json in
            json.object { json in
                json.string("model", demotions.model)
                json.array("demoted", demotions.entries) { json, entry in
                    json.object { json in
                        json.string("place", entry.place.text)
                        json.integer("since", Int(entry.since))
                        json.integer("judged", entry.judged)
                        json.integer("right", entry.right)
                        json.number("target", entry.target)
                    }
                }
            }
        }
        try write(bytes, Self.demotedName)
    }

    /// From which moment on evidence counts, by the places that a person restored.
    package func restored() throws(StoreError) -> [LivePrecision.Place: Int64] {
        guard let bytes = try StoreError.wrapping({ () throws(DataError) in try bytes(Self.restoredName) })
        else {
            return [:]
        }
        guard let members = JSONValue(parsing: bytes)?.members else { throw damaged(Self.restoredName) }
        let times = members.compactMap { member in
            member.value.wholeNumber.map { (LivePrecision.Place(text: member.name), $0) }
        }
        return Dictionary(times) { max($0, $1) }
    }

    /// Has the evidence against a place count from a moment on.
    package func restore(_ place: LivePrecision.Place, at time: Int64) throws(StoreError) {
        var times = try restored()
        times[place] = time
        let sorted = times.sorted { $0.key.text < $1.key.text }
        let bytes = JSONWriter.lineBytes { json in
            json.object { json in
                for (place, time) in sorted {
                    json.key(named: place.text)
                    json.integer(Int(time))
                }
            }
        }
        try write(bytes, Self.restoredName)
    }

    private func write(_ bytes: [UInt8], _ name: String) throws(StoreError) {
        do throws(DataError) { try AtomicOutput.write(bytes, to: "\(folder)/\(name)") } catch {
            throw .data(error)
        }
    }
}

extension StoreError {
    fileprivate static func wrapping<Value>(
        _ body: () throws(DataError) -> Value
    ) throws(StoreError) -> Value {
        do throws(DataError) { return try body() } catch { throw .data(error) }
    }
}

extension JSONValue {
    /// A number of milliseconds or a count; nil for what is not one, or too large for any time.
    fileprivate var wholeNumber: Int64? {
        double.flatMap { $0 >= 0 && $0 < 0x1p53 ? Int64($0) : nil }
    }
}
