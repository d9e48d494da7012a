internal import GRDB
internal import TriageEngine

extension DecisionTable {
    /// What people found of the answers that a model gave without a person, or would have given, in the order in which
    /// they found it, each with its decision's row.
    ///
    /// The first label of each answer counts, even one that was undone: people see the model's own label after it.
    func judgements(ofModel sha256: String) -> [(row: Int64, judgement: AnswerJudgement)] {
        guard let model = symbols.known(sha256) else { return [] }
        var judged: Set<[Int64]> = []
        return corrections.compactMap { correction in
            guard let place = place(of: correction.about), entries[place].model == model,
                let answer = answers(of: entries[place]).first(where: { $0.field == correction.field }),
                answer.isSampledBlind || answer.level == .auto,
                judged.insert([correction.about, Int64(correction.field)]).inserted
            else { return nil }
            let judgement = AnswerJudgement(
                field: symbols[UInt32(correction.field)], label: symbols[answer.label],
                isRight: correction.label == answer.label, isBlind: answer.isSampledBlind,
                time: correction.time)
            return (correction.about, judgement)
        }
    }
}

extension TicketStore {
    /// What people found of the answers that a model gave without a person, or would have given.
    ///
    /// The first label of a ticket that was sent several times counts: people know the answer to its copies after it.
    package func judgements(ofModel sha256: String) throws(StoreError) -> [AnswerJudgement] {
        let found = try table { $0.judgements(ofModel: sha256) }
        let tickets = try ticketIDs(ofRows: Set(found.map(\.row)))
        var judged: Set<[String]> = []
        return found.compactMap { row, judgement in
            guard let ticket = tickets[row] else { return judgement }
            return judged.insert([ticket, judgement.field]).inserted ? judgement : nil
        }
    }

    /// The callers' ids of the tickets that were decided in these rows.
    func ticketIDs(ofRows rows: Set<Int64>) throws(StoreError) -> [Int64: String] {
        try read { database in
            let statement = try database.cachedStatement(sql: "SELECT ticket FROM ledger WHERE seq = ?")
            var tickets: [Int64: String] = [:]
            for row in rows { tickets[row] = try String.fetchOne(statement, arguments: [row]) }
            return tickets
        }
    }
}
