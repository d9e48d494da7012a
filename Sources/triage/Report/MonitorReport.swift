#if Service
import TriageData
import TriageModel
import TriageOutput
import TriageStore

/// What `triage monitor` found.
struct MonitorReport {
    var model: ModelBundle
    var precision: LivePrecision
    var demotions: Demotions
    var drift: DriftReport
    /// The options that name store, model and state of another command, with a space before each.
    var options = (store: "", state: "")

    /// Whether every precision keeps its target, and nothing has changed.
    var isWell: Bool { demotions.entries.isEmpty && drift.alarms.isEmpty }

    // MARK: - Text

    var text: String { (precisionLines + [""] + driftLines).joined(separator: "\n") }

    private var precisionLines: [String] {
        var lines = ["model \(model.manifest.name.shown) \(model.sha256.prefix(12))"]
        guard precision.counts.contains(where: { $0.judged + $0.seen > 0 }) else {
            return lines + [
                "precision of auto: no ticket of the blind sample has a label yet; set blind-sample, such as 0.03, and have "
                    + "people label tickets with the reason BLIND_SAMPLE"
            ]
        }
        lines.append("precision of auto   right of judged   at least   at most   target   seen: confirmed")
        for count in precision.counts {
            let name = count.place.label.map { "  \($0)" } ?? count.place.field
            let share = count.precision.map { Self.percent($0) } ?? "–"
            let (low, high) = (
                Self.percent(count.interval.lowerBound), Self.percent(count.interval.upperBound)
            )
            lines.append(
                "\(name.shown.padded(to: 18))  \(share.padded(to: 7)) \("\(count.right) of \(count.judged)".padded(to: 10))"
                    + "\(low.padded(to: 10)) \(high.padded(to: 9)) \((count.target.map { Self.percent($0) } ?? "–").padded(to: 8)) "
                    + "\(count.confirmed) of \(count.seen)\(Self.since(count.restored))")
        }
        return lines
            + demotions.entries.flatMap { entry in
                [
                    entry.sentence,
                    "train again, or take it back: triage monitor\(options.store)\(options.state) --restore "
                        + ShellWord.quoted(entry.place.text),
                ]
            }
    }

    /// From which day on a restored place's labels count.
    private static func since(_ restored: Int64?) -> String {
        restored.map { "   restored \(Timestamp(milliseconds: $0).text.prefix(10)), counted anew" } ?? ""
    }

    /// Why nothing is compared; nil where it is.
    private var refusal: String? {
        drift.hasTooFew
            ? "the store has \(drift.found.counted("ticket")) of this model with text; drift needs "
                + "\(DriftReport.minimum)" : nil
    }

    private var driftLines: [String] {
        if let refusal { return ["drift: \(refusal)"] }
        var lines = [
            "drift: the newest \(drift.tickets.counted("ticket")) beside \(drift.reference.counted("ticket")) of the reference"
                + (drift.isGiven
                    ? "; the \(drift.first.counted("ticket")) before them show what is usual beside words"
                    : "")
        ]
        if let classifier = drift.classifier {
            lines.append(
                "the words of the newest tickets tell them from the reference in \(Self.percent(classifier.separation)) ± "
                    + "\(Self.percent(classifier.margin)) of pairs; 50 % is no difference")
        }
        if let unseen = drift.unseen {
            lines.append(
                "unseen n-grams: \(Self.percent(unseen.now)) of the newest tickets, \(Self.percent(unseen.before)) of the first"
            )
        }
        for label in drift.labels where abs(label.now - label.before) >= 0.05 {
            lines.append(
                "\(label.field) \(label.label): \(Self.percent(label.now)), \(Self.percent(label.before)) before"
                    .shown)
        }
        guard !drift.alarms.isEmpty else { return lines + ["no change beyond chance"] }
        lines += drift.alarms.map { Self.sentence($0).shown }
        if let words = drift.classifier?.words, !words.isEmpty {
            let shown = words.map {
                "\($0.text) (\(Self.percent($0.now)), \(Self.percent($0.before)) before)"
            }
            lines.append("words that are new: \(shown.joined(separator: ", "))".shown)
        }
        return lines + [
            "label some of the new tickets and train again: triage label\(options.store) --next 20"
        ]
    }

    private static func sentence(_ alarm: DriftMonitor.Alarm) -> String {
        let since =
            "since \(Timestamp(milliseconds: alarm.time).text.prefix(10)), \(percent(alarm.before)) before"
        return switch alarm.sign {
        case .word(let word): "changed: the word \(word) is more frequent (\(since))"
        case .label(let field, let label): "changed: \(field) \(label) is more frequent (\(since))"
        case .unsure(let field): "changed: the model is less sure of \(field) (\(since))"
        case .outOfScope: "changed: more tickets are unlike the training data (\(since))"
        case .unseen: "changed: more tickets have unseen n-grams (\(since))"
        }
    }

    private static func percent(_ share: Double) -> String {
        "\(String((share * 1_000).rounded() / 10)) %"
    }

    // MARK: - JSON

    var json: String {
        JSONWriter.line { json in
            json.string("model", model.sha256)
            json.array("precision", precision.counts) { Self.write($1, to: &$0) }
            json.array("demoted", demotions.entries) { $0.string($1.place.text) }
            json.string("refusal", refusal)
            json.integer("tickets", drift.tickets)
            json.integer("reference", drift.reference)
            json.array("changes", drift.alarms) { Self.write($1, to: &$0) }
            json.array("new_words", drift.classifier?.words ?? []) { json, word in
                json.object { json in
                    json.string("word", word.text)
                    json.number("now", word.now)
                    json.number("before", word.before)
                }
            }
            if let classifier = drift.classifier {
                json.number("separation", classifier.separation)
                json.number("separation_margin", classifier.margin)
            }
            if let unseen = drift.unseen {
                json.number("unseen_now", unseen.now)
                json.number("unseen_before", unseen.before)
            }
            json.array("labels", drift.labels) { json, label in
                json.object { json in
                    json.string("field", label.field)
                    json.string("label", label.label)
                    json.number("now", label.now)
                    json.number("before", label.before)
                }
            }
        }
    }

    private static func write(_ count: LivePrecision.Count, to json: inout JSONWriter) {
        json.object { json in
            json.string("field", count.place.field)
            json.string("label", count.place.label)
            json.integer("judged", count.judged)
            json.integer("right", count.right)
            json.number("low", count.interval.lowerBound)
            json.number("high", count.interval.upperBound)
            if let target = count.target { json.number("target", target) }
            json.bool("broken", count.brokenSince != nil)
            if let restored = count.restored {
                json.string("restored", Timestamp(milliseconds: restored).text)
            }
            json.integer("seen", count.seen)
            json.integer("confirmed", count.confirmed)
        }
    }

    private static func write(_ alarm: DriftMonitor.Alarm, to json: inout JSONWriter) {
        json.object { json in
            switch alarm.sign {
            case .word(let word): json.string("word", word)
            case .label(let field, let label):
                json.string("field", field)
                json.string("label", label)
            case .unsure(let field): json.string("less_sure", field)
            case .outOfScope: json.bool("out_of_scope", true)
            case .unseen: json.bool("unseen", true)
            }
            json.integer("ticket", alarm.ticket)
            json.string("at", Timestamp(milliseconds: alarm.time).text)
            json.number("before", alarm.before)
        }
    }
}
#endif
