import ArgumentParser
import TriageData
import TriageEvaluation
import TriageModel
import TriageNumerics
import TriageTickets
import TriageTraining

extension Discover {
    /// The label's column.
    var labelColumn: String { label ?? "category" }

    // MARK: - Labelled tickets

    /// Writes every ticket with the name of its group, or null, in the order of the files.
    ///
    /// The files are read again: groups are made without the paragraphs that many tickets share, but training decides itself
    /// what repeats, with the labels at hand.
    func write(
        _ found: TicketGroups, of set: TrainingSet, _ names: GroupNames, to sink: LineOutput
    ) throws {
        let isSheet = sheet.isWanted(for: output)
        if isSheet { try sink.write(CSVWriter.header(["id", "subject", "body", labelColumn])) }
        let preparation = TextPreparation()
        var next = 0
        var reader = TicketReader(text.columns())
        for file in data {
            let rows = try RowReader(path: file)
            try reader.begin(rows)
            while let row = try rows.next() {
                guard case .success(let row) = row, set.examples.indices.contains(next),
                    set.examples[next].origin == "\(rows.name):\(row.line)",
                    let ticket = try? reader.ticket(in: row, needsID: false)
                else { continue }
                let text = preparation.prepare(ticket).masked
                let label = found.label(of: next, names)
                try sink.write(
                    isSheet ? sheetRow(ticket.id, text, label) : line(ticket.id, text, label))
                next += 1
            }
        }
    }

    private func line(_ id: String?, _ text: TicketText.Fields, _ label: String?) -> [UInt8] {
        JSONWriter.lineBytes { json in
            json.object { json in
                json.string("id", id)
                json.string("subject", String(decoding: text.subject, as: UTF8.self))
                json.string("body", String(decoding: text.body, as: UTF8.self))
                json.key(named: labelColumn)
                json.string(label)
            }
        }
    }

    private func sheetRow(_ id: String?, _ text: TicketText.Fields, _ label: String?) -> [UInt8] {
        CSVWriter.row([
            .text(id), .text(String(decoding: text.subject, as: UTF8.self)),
            .text(String(decoding: text.body, as: UTF8.self)), .text(label),
        ])
    }

    // MARK: - Summary

    /// What was found, for people on standard error, and with --json for programs.
    func report(_ found: TicketGroups, of set: TrainingSet, _ names: GroupNames?) {
        let agreement = against.flatMap { _ in AdjustedMutualInformation(found, set) }
        var lines = [found.sentence]
        if let choice = found.choice { lines.append(choice.explanation) }
        if let agreement, let against {
            lines.append(
                "adjusted mutual information with column \"\(against)\": \(OutputFormat.fixed(agreement.value, 4)) (0 chance, 1 equal groups)"
            )
        }
        if let names {
            lines.append(
                "\(found.labelledCount(names).counted("ticket")) of \(found.places.count) labelled with \(names.count.counted("name"))"
            )
        } else {
            lines.append(
                "write names into the column \"name\"; then: triage discover --data FILE --names "
                    + "\(output ?? "SHEET") --output labelled.jsonl")
        }
        lines.forEach { Terminal.say("triage: \($0)") }
        guard json else { return }
        print(
            JSONWriter.line { json in
                json.integer("tickets", found.places.count)
                json.integer("groups", found.groups.count)
                json.integer("far", found.farCount)
                json.integer("without_text", found.emptyCount)
                if let agreement {
                    json.sixDecimals("adjusted_mutual_information", Float(agreement.value))
                }
                if let names {
                    json.integer("labelled", found.labelledCount(names))
                    json.integer("names", names.count)
                }
            })
    }
}

extension AdjustedMutualInformation {
    /// The agreement of groups with the labels of a set's first field, over tickets that have both; nil without any.
    fileprivate init?(_ found: TicketGroups, _ set: TrainingSet) {
        let rows = set.examples.indices.filter {
            found.places[$0] != nil && set.examples[$0].labels[0] != nil
        }
        guard !rows.isEmpty else { return nil }
        self.init(rows.compactMap { found.places[$0] }, rows.compactMap { set.examples[$0].labels[0] })
    }
}
