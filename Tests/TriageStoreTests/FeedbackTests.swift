import Foundation
import Testing
import TriageData
import TriageEngine
import TriageStore
import TriageTickets

struct FeedbackTests {
    @Test func `the last word on a field counts, and undoing it brings the one before back`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let id = try await store.record(Sample.decision("crash error", id: "T-1")).id
        let first = try await store.addFeedback(
            NewFeedback(
                .decision(id), field: "category", label: "Login", by: "ann", note: "ask bob@example.org"))
        #expect(first.version == 2)
        #expect(first.decided == "Bug")
        #expect(first.note == "ask [EMAIL]")
        let second = try await store.addFeedback(
            NewFeedback(.ticket("T-1"), field: "category", label: "Billing"))
        #expect(try store.decision(id)?.corrections.map(\.label) == ["Billing"])
        let undone = try await store.undoFeedback(second.id, by: "ann")
        #expect(undone.isUndone)
        #expect(undone.version == 4)
        let decision = try #require(try store.decision(id))
        #expect(decision.version == 4)
        #expect(decision.corrections == [first])
        #expect(try store.feedback(onDecision: id)?.map(\.isUndone) == [false, true])
        await #expect(throws: StoreError.alreadyUndone(id: second.id)) {
            try await store.undoFeedback(second.id)
        }
        #expect(try store.verify().rows == 5)
    }

    @Test func `a severity that a floor raised is what was decided`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let text = Sample.snapshot.prepare(Ticket(body: "invoice refund charged"))
        var decision = Sample.snapshot.decide(text)
        let place = try #require(decision.predictions.firstIndex { $0.role == "severity" })
        #expect(decision.predictions[place].label == "Low")
        decision.predictions[place].decided = "High"
        let id = try await store.record(NewDecision(decision, of: text, with: Sample.versions, by: nil)).id
        let decided = try #require(try store.decision(id)).record.severity
        #expect(decided == "High")
        let feedback = try await store.addFeedback(
            NewFeedback(.decision(id), field: "severity", label: "High"))
        #expect(feedback.decided == decided)
        #expect(try store.exportFeedback().corrected == 0)
        #expect(try store.verify().decisions == 1)
    }

    @Test func `of two edits of one version the second is a conflict and changes nothing`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let id = try await store.record(Sample.decision("crash error")).id
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                let new = NewFeedback(.decision(id), field: "category", label: "L\(number)", expecting: 1)
                group.addTask { (try? await store.addFeedback(new)) != nil }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } == 1)
        let feedback = try #require(try store.feedback(onDecision: id))
        #expect(feedback.count == 1)
        await #expect(throws: StoreError.conflict(expected: 1, found: 2)) {
            try await store.undoFeedback(feedback[0].id, expecting: 1)
        }
        #expect(try await store.undoFeedback(feedback[0].id, expecting: 2).version == 3)
    }

    @Test func `feedback on what is not there is refused`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let id = try await store.record(Sample.decision("crash error")).id
        for (new, error) in [
            (
                NewFeedback(.decision("x"), field: "category", label: "Bug"),
                StoreError.notFound(kind: "decision", id: "x")
            ),
            (
                NewFeedback(.ticket("x"), field: "category", label: "Bug"),
                .notFound(kind: "decision on ticket", id: "x")
            ),
            (
                NewFeedback(.decision(id), field: "team", label: "Bug"),
                .noField("team", known: ["category", "severity"])
            ),
            (
                NewFeedback(.decision(id), field: "category", label: " "),
                .invalid(problem: "the label is empty; give the one that is right")
            ),
            (
                NewFeedback(.decision(id), field: "category", label: "a\nb"),
                .invalid(problem: "the label has a line break or another control character; leave it out")
            ),
            (
                NewFeedback(.decision(id), field: "category", label: "a\u{9B}b"),
                .invalid(problem: "the label has a line break or another control character; leave it out")
            ),
        ] {
            await #expect(throws: error) { try await store.addFeedback(new) }
        }
        await #expect(throws: StoreError.notFound(kind: "feedback", id: id)) {
            try await store.undoFeedback(id)
        }
        #expect(try store.verify().rows == 2)
    }

    @Test func `an export has masked text and the labels that stand`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        for number in 0..<4 {
            _ = try await store.record(
                Sample.decision(
                    "crash error, call ann@example.org", id: "T-\(number)", subject: "Re: \(number)"))
        }
        _ = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "category", label: "Login"))
        _ = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "severity", label: "Medium"))
        let wrong = try await store.addFeedback(
            NewFeedback(.ticket("T-2"), field: "category", label: "Login"))
        _ = try await store.undoFeedback(wrong.id)
        _ = try await store.addFeedback(NewFeedback(.ticket("T-3"), field: "category", label: "Bug"))
        let export = try store.exportFeedback()
        #expect(export.rows == 2)
        #expect(export.corrected == 1)
        let rows = try RowReader(bytes: export.lines, name: "export.jsonl")
        let row = try #require(try rows.next()).get()
        #expect(row.text("id") == "T-1")
        let time = try #require(row.text("time"))
        #expect(Timestamp(time)?.text == time)
        #expect(row.text("subject") == "Re: 1")
        #expect(row.text("body") == "crash error, call [EMAIL]")
        #expect(row.text("category") == "Login")
        #expect(row.text("severity") == "Medium")
        #expect(try store.feedback(limit: 10).count == 4)
    }

    @Test func `an export of the newest decisions with feedback leaves older ones out`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        for number in 0..<5 {
            _ = try await store.record(Sample.decision("crash error \(number)", id: "T-\(number)"))
            guard number != 4 else { continue }
            _ = try await store.addFeedback(
                NewFeedback(.ticket("T-\(number)"), field: "category", label: "Login"))
        }
        func ids(_ newest: Int?) throws -> [String] {
            let rows = try RowReader(bytes: try store.exportFeedback(newest: newest).lines, name: "export")
            var ids: [String] = []
            while let row = try rows.next() { ids.append(try #require(row.get().text("id"))) }
            return ids
        }
        #expect(try ids(nil) == ["T-0", "T-1", "T-2", "T-3"])
        #expect(try ids(2) == ["T-2", "T-3"])
        #expect(try ids(4) == ["T-0", "T-1", "T-2", "T-3"])
        #expect(try ids(100).count == 4)
    }
}
