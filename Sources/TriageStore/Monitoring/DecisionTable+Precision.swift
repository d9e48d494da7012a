internal import TriageEngine

extension DecisionTable {
    /// What people found of the answers that a model gave without a person, or would have given, in the order in which
    /// they found it.
    ///
    /// Of each answer the first label counts: after it the model's own is no longer hidden.
    func judgements(ofModel sha256: String) -> [AnswerJudgement] {
        guard let model = symbols.known(sha256) else { return [] }
        var judged: Set<[Int64]> = []
        return corrections.compactMap { correction in
            guard !correction.isUndone, let place = place(of: correction.about),
                entries[place].model == model,
                let answer = answers(of: entries[place]).first(where: { $0.field == correction.field }),
                answer.isSampledBlind || answer.level == .auto,
                judged.insert([correction.about, Int64(correction.field)]).inserted
            else { return nil }
            return AnswerJudgement(
                field: symbols[UInt32(correction.field)], label: symbols[answer.label],
                isRight: correction.label == answer.label, isBlind: answer.isSampledBlind,
                time: correction.time)
        }
    }
}

extension TicketStore {
    /// What people found of the answers that a model gave without a person, or would have given.
    package func judgements(ofModel sha256: String) throws(StoreError) -> [AnswerJudgement] {
        try table { $0.judgements(ofModel: sha256) }
    }
}
