internal import TriageData
package import TriageDrafts
package import TriageEngine
internal import Synchronization
internal import TriageSearch
package import TriageTickets

/// Writes drafts: by the template, and by the language model where there is one.
package struct Drafter: Sendable {
    /// The most bytes of a ticket's text, and of an article's, that are sent.
    package var maximumTextBytes = 6000
    package var maximumTokens = 600
    private let client: LLMClient

    /// A drafter; with `.disabled`, the template writes all drafts.
    package init(_ client: LLMClient = .disabled) { self.client = client }

    /// The model's draft, or the template's with the reason why.
    ///
    /// With `onEvent`, a model's reply is handed on sentence by sentence, each after the check; should a later one be
    /// refused, `reset` voids them. The whole draft is returned in any case.
    package func draft(
        _ ticket: TicketText, _ decision: Decision, with snapshot: Snapshot,
        onEvent: (@Sendable (DraftEvent) async -> Void)? = nil
    ) async -> Draft {
        let article = snapshot.answer(to: ticket, decision)
        let language = snapshot.languageOfArticles(article, decision)
        /// The template's draft, and why.
        func template(_ reason: String) -> Draft {
            var draft = TemplateDraft.write(decision, article, reason: reason, otherwise: language)
            draft.model = client.model
            return draft
        }
        guard let model = client.model else { return counted(template("no_model")) }
        if let refusal = client.refusal() { return counted(template(refusal.code)) }
        let prompt = DraftPrompt(
            ticket, decision, article, otherwise: language, maximumBytes: maximumTextBytes)
        let request = prompt.request(maximumTokens: maximumTokens)
        let reply: ChatReply
        let gate = SentenceGate(prompt)
        do throws(LLMError) {
            if let onEvent {
                reply = try await client.stream(request) { piece in
                    if let text = gate.take(piece) { await onEvent(.text(text)) }
                }
            } else {
                reply = try await client.complete(request)
            }
        } catch {
            if gate.hasShown { await onEvent?(.reset) }
            return counted(template(error.code))
        }
        var draft: Draft
        if let claim = prompt.refusal(of: reply) {
            if gate.hasShown { await onEvent?(.reset) }
            draft = template("refused_\(claim)")
        } else {
            if let rest = gate.finish() { await onEvent?(.text(rest)) }
            draft = Draft(
                text: prompt.restored(reply.text.trimmed), source: .model, reason: "ok",
                language: prompt.language,
                basedOn: article.map { [$0.id] } ?? [], model: model)
        }
        (draft.usage, draft.cost) = (reply.usage, reply.cost)
        return counted(draft)
    }

    /// The same as a sequence, which ends with the whole draft; the call is given up when nobody reads on.
    package func events(
        _ ticket: TicketText, _ decision: Decision, with snapshot: Snapshot
    ) -> AsyncStream<DraftEvent> {
        AsyncStream { continuation in
            let task = Task {
                let draft = await draft(ticket, decision, with: snapshot) { continuation.yield($0) }
                continuation.yield(.done(draft))
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func counted(_ draft: Draft) -> Draft {
        LLMMetrics(model: client.model ?? "none").draft(source: draft.source.rawValue, reason: draft.reason)
        return draft
    }
}

/// Holds back what the model writes until a sentence is whole and everything up to there is checked.
final class SentenceGate: Sendable {
    private struct State {
        var text = ""
        var shown = 0
        var isRefused = false
    }

    private let prompt: DraftPrompt
    private let state = Mutex(State())

    init(_ prompt: DraftPrompt) { self.prompt = prompt }

    /// Whether something was handed on.
    var hasShown: Bool { state.withLock { $0.shown > 0 } }

    /// Takes a piece in; the result is what may be shown now.
    func take(_ piece: String) -> String? {
        state.withLock { state in
            state.text += piece
            guard !state.isRefused, let end = SentenceGate.end(of: state.text, after: state.shown) else {
                return nil
            }
            return show(upTo: end, &state)
        }
    }

    /// What is left to show at the end, after the whole was checked.
    func finish() -> String? {
        state.withLock { state in state.isRefused ? nil : show(upTo: state.text.utf8.count, &state) }
    }

    private func show(upTo end: Int, _ state: inout State) -> String? {
        let bytes = Array(state.text.utf8)
        let whole = String(decoding: bytes[..<end], as: UTF8.self)
        guard prompt.claim(in: whole) == nil else {
            state.isRefused = true
            return nil
        }
        defer { state.shown = end }
        let text = prompt.restored(String(decoding: bytes[state.shown..<end], as: UTF8.self))
        return text.isEmpty ? nil : text
    }

    /// The end of the last line or sentence; a full stop after a digit may be part of a number.
    private static func end(of text: String, after shown: Int) -> Int? {
        let bytes = Array(text.utf8)
        var place = bytes.count - 1
        while place > shown {
            if bytes[place] == 0x0A { return place + 1 }
            let isSpace = bytes[place] == 0x20
            let isStop = [0x2E, 0x21, 0x3F].contains(bytes[place - 1])
            let isNumber = place >= 2 && (0x30...0x39).contains(bytes[place - 2])
            if isSpace, isStop, !isNumber { return place + 1 }
            place -= 1
        }
        return nil
    }
}

/// What a streamed draft brings.
package enum DraftEvent: Sendable, Equatable {
    /// More of the model's reply, already checked.
    case text(String)
    /// The text so far is void.
    case reset
    /// The whole draft; the last event.
    case done(Draft)
}
