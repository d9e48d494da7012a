internal import TriageData
internal import TriageTickets

extension ProductFormat {
    /// Tasks of Label Studio with their annotations: choices, by the name of their question.
    static let labelStudio = ProductFormat(
        "Label Studio",
        when: { record in
            record.has("data") && record.hasAny("annotations", "completions", "predictions")
                && record.object("data") != nil
        },
        read: { record throws(BadRow) in
            let data = record.object("data") ?? record
            var ticket = taskTicket(data, id: record.raw("id"))
            let annotations = record.objects("annotations", "completions").filter {
                !$0.isTrue("was_cancelled")
            }
            guard let chosen = annotations.first(where: { $0.isTrue("ground_truth") }) ?? annotations.first
            else {
                return ticket
            }
            var choices: [String: [JSONValue]] = [:]
            for result in chosen.objects("result") {
                let value = result.object("value")
                let found = value?["choices"] ?? value?["taxonomy"] ?? value?["rating"]
                guard let name = result.text("from_name"), let found else { continue }
                choices[name, default: []] += labels(found)
            }
            for (name, labels) in choices {
                ticket.keep(
                    name == "body" || name == "subject" ? "\(name)_label" : name,
                    labels.count == 1 ? labels[0] : .array(labels))
            }
            return ticket
        })

    /// Choices as they are; a path of a taxonomy is one label.
    private static func labels(_ value: JSONValue) -> [JSONValue] {
        guard let elements = value.elements else { return [value] }
        return elements.map { element in
            guard let path = element.elements else { return element }
            return .string(path.compactMap(\.text).joined(separator: " > "))
        }
    }

    /// Lines of Prodigy: accepted labels; a rejected one is a negative, which is no label.
    static let prodigy = ProductFormat(
        "Prodigy",
        when: { record in
            record.hasAll("text", "answer") && record.hasAny("label", "accept", "options", "_input_hash")
        },
        read: { record throws(BadRow) in
            let id = record.object("meta")?.raw("id") ?? record.raw("id", "_input_hash")
            guard record.text("answer") == "accept" else {
                throw .leftOut(record.line, id, "an answer that accepts no label")
            }
            var ticket = taskTicket(record, id: id)
            let accepted = record.fields["accept"]?.elements ?? []
            ticket.keep("label", record["label"] ?? (accepted.count == 1 ? accepted[0] : .array(accepted)))
            return ticket
        })

    /// Lines of spaCy's text categories.
    static let spaCy = ProductFormat(
        "spaCy",
        when: { record in record.has("text") && record.object("cats") != nil },
        read: { record throws(BadRow) in
            var ticket = taskTicket(record, id: record.raw("id"))
            let categories = record.object("cats")?.fields ?? [:]
            let chosen = categories.filter { $0.value == .bool(true) || ($0.value.double ?? 0) >= 0.5 }
                .keys.sorted().map { JSONValue.string($0) }
            ticket.keep("label", chosen.count == 1 ? chosen[0] : .array(chosen))
            return ticket
        })

    /// The texts of a task, whatever its author called them.
    private static func taskTicket(_ data: ProductRecord, id: String?) -> ImportedTicket {
        let choice = data.kinds.choice(of: data.fields)
        var ticket = ImportedTicket(id: id ?? choice.id.flatMap { data.raw($0) })
        ticket.subject = choice.subject.lazy.compactMap { data.raw($0) }.first ?? ""
        ticket.body = (choice.body + choice.alternatives).lazy.compactMap { data.raw($0) }.first ?? ""
        data.keepOthers(in: &ticket, except: readMembers.union(choice.text))
        return ticket
    }

    private static let readMembers: Set<String> = [
        "options", "accept", "answer", "label", "text", "meta", "spans", "tokens", "cats",
    ]
}
