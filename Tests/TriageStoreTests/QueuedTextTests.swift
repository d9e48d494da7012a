import Foundation
import GRDB
import Testing
import TriageData
import TriageEngine

@testable import TriageStore
import TriageTickets

/// What is on disk of a ticket that waits.
struct QueuedTextTests {
    private static let secrets = [
        "ann.plughword@example.org", "4111 1111 1111 1111", "+44 20 7946 0958", "DE89370400440532013000",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    ]
    /// Secrets before and behind the size limit, and words that a floor looks for behind it.
    private static let tickets = [
        Ticket(id: "T-1", subject: secrets[0], body: "xyzzy crash: " + secrets.joined(separator: " ; ")),
        Ticket(
            id: "T-2",
            body: "xyzzy \(secrets[1]) " + String(repeating: "crash ", count: Ticket.maximumFieldBytes / 6)
                + "smoke \(secrets.joined(separator: " ; "))"),
        Ticket(id: "T-3", body: "xyzzy dies: \(secrets[4])"),
    ]

    /// How many of the secrets are in files below the folder.
    private func leaks(_ folder: Folder) throws -> Int {
        let bytes = Data(try folder.bytes())
        return QueuedTextTests.secrets.count { bytes.range(of: Data($0.utf8)) != nil }
    }

    @Test(arguments: [30, 0])
    func `identifiers of a ticket are in no file of the store or a backup, whatever becomes of it`(days: Int)
        async throws
    {
        let folder = try Folder()
        var options = StoreOptions()
        options.retentionDays = days
        options.queue.attempts = 1
        let store = try TicketStore(folder.store, .write, options)
        for ticket in QueuedTextTests.tickets { _ = try await store.enqueue(NewTicket(ticket)) }
        _ = try store.backup(to: folder.file("waiting"))
        #expect(try leaks(folder) == 0)
        #expect(Data(try folder.bytes()).range(of: Data("xyzzy crash: [EMAIL]".utf8)) != nil)
        let leased = try await store.lease(3)
        #expect(leased.count == 3 && leased[1].text.wasCut)
        _ = try store.backup(to: folder.file("leased"))
        var scratch = DecisionScratch()
        for one in leased.prefix(2) {
            let decision = Sample.snapshot.decide(one.text, &scratch)
            _ = try await store.complete(
                one, with: NewDecision(decision, of: one.text, with: Sample.versions))
        }
        #expect(try await store.fail(leased[2], code: "boom") == .dead)
        _ = try store.backup(to: folder.file("decided"))
        #expect(try leaks(folder) == 0)
        for name in ["waiting", "leased"] { try FileManager.default.removeItem(atPath: folder.file(name)) }
        _ = try await store.expire(olderThanDays: 0)
        #expect(try leaks(folder) == 0)
        try store.close()
        try FileManager.default.removeItem(atPath: folder.file("decided"))
        // Only the dead letter can be tried again, and keeps its prepared text for that.
        let rest = Data(try folder.bytes())
        #expect(rest.range(of: Data("xyzzy crash".utf8)) == nil)
        #expect(rest.range(of: Data("xyzzy dies".utf8)) != nil)
    }

    @Test func `a queued ticket is decided and recorded as if it had been asked for at once`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let tickets =
            QueuedTextTests.tickets
            + ReplayTests.bodies.map { Ticket(id: "T", subject: "Re: \($0.prefix(20))", body: $0) }
        var scratch = DecisionScratch()
        for ticket in tickets {
            let direct = Sample.snapshot.decide(ticket)
            let first = try await store.record(
                NewDecision(direct, of: Sample.snapshot.prepare(ticket), with: Sample.versions))
            _ = try await store.enqueue(NewTicket(ticket))
            let leased = try #require(try await store.lease(1).first)
            let decision = Sample.snapshot.decide(leased.text, &scratch)
            #expect(decision.json == direct.json)
            let second = try await store.complete(
                leased, with: NewDecision(decision, of: leased.text, with: Sample.versions))
            let (one, two) = (try store.decision(first.id), try store.decision(second.id))
            #expect(one?.record == two?.record && one?.text == two?.text && one?.ticket == two?.ticket)
        }
        #expect(Sample.snapshot.decide(QueuedTextTests.tickets[1]).severity == "High")
        #expect(
            Sample.snapshot.prepare(QueuedTextTests.tickets[1]).floorsSetAside
                == [.init(id: "fire", kind: .cut)])
        _ = try store.verify()
    }

    @Test
    func
        `parts that are set aside and their floors wait with the text; a row of an earlier version has floors alone`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let ticket = Ticket(
            id: "T",
            body:
                "xyzzy crash\n\nOn Mon, 5 Jan 2026 at 10:00, Bob <b@example.org> wrote:\n> smoke in room 4\n")
        let direct = Sample.snapshot.decide(ticket)
        #expect(Set(direct.setAside.map(\.kind)) == [.quoted])
        #expect(direct.remarks == [.floorSetAside(floor: "fire", part: .quoted)])
        for isEarlier in [false, true] {
            _ = try await store.enqueue(NewTicket(ticket))
            if isEarlier {
                let ids = Data(#"["fire"]"#.utf8)
                _ = try await store.commits.write {
                    try $0.database.execute(sql: "UPDATE queue_texts SET floors = ?", arguments: [ids])
                }
            }
            let leased = try #require(try await store.lease(1).first)
            var scratch = DecisionScratch()
            let decision = Sample.snapshot.decide(leased.text, &scratch)
            if isEarlier {
                #expect(leased.text.floorsSetAside == [.init(id: "fire", kind: .cut)])
                #expect(decision.severity == "High" && decision.setAside.isEmpty)
            } else {
                #expect(decision.json == direct.json)
            }
        }
    }

    /// A closed store as the first version left it: three tickets wait as they came in.
    private func makeOld(_ folder: Folder) throws {
        try TicketStore(folder.store).close()
        let queue = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        try queue.write { database in
            try database.execute(
                sql: """
                    DELETE FROM grdb_migrations WHERE identifier = 'v2';
                    DROP TABLE queue_texts;
                    CREATE TABLE queue_texts (
                        number INTEGER PRIMARY KEY,
                        ticket TEXT,
                        subject BLOB NOT NULL,
                        body BLOB NOT NULL,
                        options BLOB NOT NULL
                    ) STRICT
                    """)
            for (number, ticket) in QueuedTextTests.tickets.enumerated() {
                try database.execute(
                    sql: """
                        INSERT INTO queue (number, id, state, due, attempts, request_hash, enqueued_at, updated_at)
                        VALUES (?, ?, ?, 0, 0, x'00', 1, 1)
                        """, arguments: [number + 1, "Q-\(number)", number == 0 ? "dead" : "waiting"])
                try database.execute(
                    sql: "INSERT INTO queue_texts VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        number + 1, ticket.id, Data(ticket.subject.utf8), Data(ticket.body.utf8),
                        Data("o".utf8),
                    ])
            }
        }
        try queue.close()
    }

    @Test func `what waits in a store of the first version is prepared, and its bytes are gone`() async throws
    {
        let folder = try Folder()
        try makeOld(folder)
        #expect(try leaks(folder) == QueuedTextTests.secrets.count)
        #expect(throws: StoreError.outdated(path: folder.store)) { try TicketStore(folder.store, .read) }
        #expect(throws: StoreError.outdated(path: folder.store)) { try TicketStore(folder.store) }
        let store = try TicketStore(folder.store, preparingWith: Sample.snapshot)
        #expect(try leaks(folder) == 0)
        #expect(try await store.requeue(nil) == 1)
        let leased = try await store.lease(5).sorted { $0.id < $1.id }
        var scratch = DecisionScratch()
        for (one, ticket) in zip(leased, QueuedTextTests.tickets) {
            #expect(Sample.snapshot.decide(one.text, &scratch).json == Sample.snapshot.decide(ticket).json)
            #expect(one.options == "o")
            let decision = Sample.snapshot.decide(ticket)
            let queued = try await store.complete(
                one, with: NewDecision(decision, of: one.text, with: Sample.versions))
            let direct = try await store.record(
                NewDecision(decision, of: Sample.snapshot.prepare(ticket), with: Sample.versions))
            #expect(try store.decision(queued.id)?.record == store.decision(direct.id)?.record)
        }
        #expect(leased.count == 3)
        #expect(try leaks(folder) == 0)
    }
}
