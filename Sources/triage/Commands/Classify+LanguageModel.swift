import ArgumentParser
import TriageData
import TriageEngine

#if Service
import TriageLLM
import TriageTickets
#endif

extension BadRow {
    /// What stands in a table in the decision's place.
    var tableLine: [UInt8] { Array("line \(line): \(message)\n".utf8) }
}

#if Service
/// A language model that decides beside the engine.
struct LanguageModelPass {
    let client: LLMClient
    let decider: LLMDecider
    let concurrency: Int

    /// The one that the flags name; nil when they name none.
    init?(_ classify: Classify, for snapshot: Snapshot) throws {
        guard classify.llm.isGiven else { return nil }
        let settings = try classify.llm.settings(classify.llmDecisions)
        client = try settings.client()
        decider = try LLMDecider(client, for: snapshot, settings.deciding)
        concurrency = settings.concurrency
    }
}

extension Classify {
    /// Decides rows several at a time, as many as calls may be under way, and writes them in their order.
    func writeJudged(
        _ rows: RowReader, _ model: LanguageModelPass, _ snapshot: Snapshot, asTable: Bool, _ sink: LineOutput
    ) async throws -> Int {
        let printer = asTable ? DecisionTable(width: tableWidth, model: snapshot.model) : nil
        if let printer { try sink.write(printer.header) }
        var scratch = DecisionScratch()
        var failed = 0
        var isAtEnd = false
        while !isAtEnd {
            var group: [Result<Decided, BadRow>] = []
            while group.count < model.concurrency {
                guard let row = try rows.next() else {
                    isAtEnd = true
                    break
                }
                group.append(
                    ticket(in: row).map {
                        let text = snapshot.prepare($0)
                        return Decided(text: text, decision: snapshot.decide(text, &scratch))
                    })
            }
            for decision in await reconsider(group, model.decider, snapshot) {
                if case .failure = decision { failed += 1 }
                try sink.write(Classify.line(decision, printer))
            }
        }
        await model.client.shutdown()
        return failed
    }

    private func ticket(in row: Result<InputRow, BadRow>) -> Result<Ticket, BadRow> {
        do throws(BadRow) { return .success(try text.columns.ticket(in: row.get())) } catch {
            return .failure(error)
        }
    }

    /// A ticket and what the engine says of it.
    private struct Decided: Sendable {
        var text: TicketText
        var decision: Decision
    }

    private func reconsider(
        _ rows: [Result<Decided, BadRow>], _ decider: LLMDecider, _ snapshot: Snapshot
    ) async -> [Result<Decision, BadRow>] {
        await withTaskGroup(of: (Int, Result<Decision, BadRow>).self) { group in
            for (place, row) in rows.enumerated() {
                group.addTask {
                    switch row {
                    case .failure(let bad): return (place, .failure(bad))
                    case .success(let row):
                        let judged = await decider.reconsider(row.decision, of: row.text, with: snapshot)
                        return (place, .success(judged.decision))
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func line(
        _ decision: Result<Decision, BadRow>, _ printer: DecisionTable?
    ) -> [UInt8] {
        if let printer {
            switch decision {
            case .success(let decision): return printer.line(decision)
            case .failure(let bad): return bad.tableLine
            }
        }
        var writer = JSONWriter()
        switch decision {
        case .success(let decision): decision.write(to: &writer)
        case .failure(let bad): bad.write(to: &writer)
        }
        writer.newline()
        return writer.bytes
    }
}
#endif
