internal import TriageData

extension BacktestReport {
    /// The report as one JSON object; without the list of missed tickets as a summary.
    package func json(summary: Bool = false) -> String {
        JSONWriter.line { json in
            json.array("data", dataFiles) { $0.string($1) }
            json.integer("tickets", decided)
            json.string("from", firstDay)
            json.string("to", lastDay)
            json.integer("models", models)
            json.integer("trained_before", trainedBefore)
            json.integer("undated", undated)
            json.object("costs") {
                $0.number("review_minutes", costs.reviewMinutes)
                $0.number("error_minutes", costs.errorMinutes)
            }
            json.object("whole_tickets") { write(whole, tickets, to: &$0) }
            json.array("fields", fields) { json, field in json.object { write(field, to: &$0) } }
            writeRouting(to: &json)
            json.optional("critical", critical) { json, critical in
                json.object { json in
                    json.string("field", critical.field)
                    json.string("label", critical.label)
                    json.integer("tickets", critical.tickets)
                    json.integer("missed", missed.count)
                    if !summary { json.array("missed_tickets", missed) { $1.write(to: &$0) } }
                }
            }
        } + "\n"
    }

    private func write(_ whole: Tally, _ months: [Month], to json: inout JSONWriter) {
        write(whole, to: &json)
        json.array("months", months) { json, month in
            json.object { json in
                json.string("month", month.name)
                write(month.tally, to: &json)
            }
        }
    }

    private func write(_ tally: Tally, to json: inout JSONWriter) {
        json.integer("tickets", tally.rows)
        json.integer("right", tally.right)
        json.integer("automatic", tally.automatic)
        json.integer("automatic_wrong", tally.wrong)
        for (name, estimate) in [
            ("automatic_share", tally.automaticShare), ("precision", tally.precision),
            ("accuracy", tally.accuracy),
        ] {
            json.key(named: name)
            json.object { json in
                for (name, value) in [
                    ("value", estimate.value), ("low", estimate.low), ("high", estimate.high),
                ] {
                    json.key(named: name)
                    if let value { json.number(value.sixDecimals) } else { json.string(nil) }
                }
            }
        }
        json.number("minutes_saved", tally.minutes(costs).sixDecimals)
    }

    private func write(_ field: Field, to json: inout JSONWriter) {
        json.string("field", field.name)
        json.string("target", field.target)
        write(field.whole, field.months, to: &json)
        json.optional("random_split_accuracy", field.atRandom) { $0.number($1.sixDecimals) }
        json.array("label_changes", field.events) { json, event in
            json.object { json in
                json.string("month", event.month)
                json.string("day", event.day)
                json.string("kind", event.kind.name)
                json.string("label", event.label)
                json.string("from", event.kind.source)
                json.integer("tickets", event.tickets)
            }
        }
    }

    private func writeRouting(to json: inout JSONWriter) {
        json.optional("reassignments", routing) { json, routing in
            json.object { json in
                json.string("field", routing.field)
                json.string("column", routing.column)
                json.integer("reassigned", routing.reassigned)
                json.integer("avoided", routing.avoided)
                json.integer("right_at_any_level", routing.right)
                json.integer("caused", routing.caused)
                json.array("months", routing.months) { json, month in
                    json.object {
                        $0.string("month", month.name)
                        $0.integer("reassigned", month.reassigned)
                        $0.integer("avoided", month.avoided)
                        $0.integer("caused", month.caused)
                    }
                }
            }
        }
    }
}

extension BacktestReport.Missed {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.string("day", day)
            json.string("id", id)
            json.string("answer", answer)
            json.sixDecimals("probability", probability)
            json.string("level", level)
            json.string("excerpt", excerpt)
        }
    }
}

extension LabelEvent.Kind {
    fileprivate var name: String {
        switch self {
        case .new: "new"
        case .ended: "ended"
        case .renamed: "renamed"
        case .moved: "moved"
        }
    }

    fileprivate var source: String? {
        switch self {
        case .new(let from): from
        case .ended: nil
        case .renamed(let from), .moved(let from): from
        }
    }
}
