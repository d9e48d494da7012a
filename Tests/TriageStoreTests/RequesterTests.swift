import Foundation
import GRDB
import Testing
import TriageData
import TriageEngine
import TriageTickets

@testable import TriageStore

/// Who wrote a ticket: kept as a keyed hash, and the way to all of a person's tickets.
struct RequesterTests {
    private func decision(_ body: String, id: String, of requester: String?) -> NewDecision {
        let text = Sample.snapshot.prepare(Ticket(id: id, body: body, requester: requester))
        return NewDecision(Sample.snapshot.decide(text), of: text, with: Sample.versions)
    }

    private func hash(_ name: String, _ folder: Folder) throws -> [UInt8] {
        guard case .requester(let hash, _)? = try TicketStore.requesterSubject(name, in: folder.store) else {
            throw StoreError.unknownRequester
        }
        return hash
    }

    @Test func `a requester's tickets are erased wherever they are, and nobody else's`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let first = try await store.record(decision("crash flurbword", id: "T-1", of: "Ann@Example.org "))
        let other = try await store.record(decision("login locked", id: "T-2", of: "bob@example.org"))
        let silent = try await store.record(decision("invoice", id: "T-3", of: nil))
        _ = try await store.enqueue(
            NewTicket(Ticket(id: "T-4", body: "flurbword queued", requester: "ann@example.org")))
        let leased = try #require(try await store.lease(1).first)
        let queued = try await store.complete(
            leased,
            with: NewDecision(Sample.snapshot.decide(leased.text), of: leased.text, with: Sample.versions))
        _ = try await store.enqueue(
            NewTicket(Ticket(id: "T-5", body: "flurbword waits", requester: "ANN@example.org")))
        #expect(try folder.count("ann@example.org") + folder.count("Ann@Example.org") == 0)
        let hash = try hash("ann@EXAMPLE.org", folder)
        #expect(Data(try folder.rawBytes()).range(of: Data(hash)) != nil)

        let report = try await store.erase(.requester(hash: hash), by: "request 17")
        #expect(
            report == DeletionReport(texts: 2, tickets: 1, decisions: 2, ids: ["T-1", "T-4", "T-5"]))
        #expect(try folder.count("flurbword") == 0)
        #expect(Data(try folder.rawBytes()).range(of: Data(hash)) == nil)
        for id in [first.id, queued.id] { #expect(try store.decision(id)?.isErased == true) }
        for id in [other.id, silent.id] { #expect(try store.decision(id)?.text != nil) }
        #expect(try store.verify().expired == 2)
        await #expect(throws: StoreError.unknownRequester) {
            try await store.erase(.requester(hash: hash))
        }
        #expect(try await store.erase(.ticket("T-2")).decisions == 1)
        let left = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM requesters") }
        #expect(left == 0)
    }

    @Test func `the hash goes with the text when it expires`() async throws {
        let (folder, clock) = (try Folder(), TestClock())
        let store = try TicketStore(folder.store, clock: clock.clock)
        _ = try await store.record(decision("crash", id: "T-1", of: "ann"))
        clock.advance(seconds: 40 * 86_400)
        _ = try await store.record(decision("crash again", id: "T-2", of: "ann"))
        _ = try await store.expire()
        let report = try await store.erase(.requester(hash: hash("ann", folder)))
        #expect(report.ids == ["T-2"])
    }

    @Test func `names are compared without case, white space and the form of their accents`() throws {
        let folder = try Folder()
        try TicketStore(folder.store).close()
        #expect(try hash(" Zo\u{EB} ", folder) == hash("zoe\u{308}", folder))
        #expect(try hash("ann", folder) != hash("anna", folder))
        for (name, other) in [
            ("Straße Müller", "STRASSE MÜLLER"), ("Groß", "GROSS"), ("GROẞ", "groß"), ("σοφος", "ΣΟΦΟΣ"),
            ("ﬁnn", "FINN"),
        ] {
            #expect(try hash(name, folder) == hash(other, folder), "\(name)")
            #expect(Requester.normal(name.decomposedStringWithCanonicalMapping) == Requester.normal(other))
        }
        #expect(try TicketStore.requesterSubject(" \n", in: folder.store) == nil)
    }

    @Test func `what came again under a requester's id, without the requester, is erased too`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await store.record(decision("crash flurbword", id: "Z-1", of: "ann"))
        let again = try await store.record(decision("crash flurbword again", id: "Z-1", of: nil))
        let other = try await store.record(decision("crash", id: "Z-2", of: nil))
        _ = try await store.enqueue(NewTicket(Ticket(id: "Z-1", body: "flurbword waits")))
        let subject = try #require(store.requesterSubject("ANN"))
        #expect(try TicketStore.ticketIDs(of: subject, in: folder.store) == ["Z-1"])
        let report = try await store.erase(subject)
        #expect(report == DeletionReport(texts: 2, tickets: 1, decisions: 2, ids: ["Z-1"]))
        #expect(try store.decision(again.id)?.isErased == true)
        #expect(try store.decision(other.id)?.isErased == false)
        #expect(try folder.count("flurbword") == 0)
    }

    @Test func `a requester whom an earlier version stored in lower case alone is found by the same name`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await store.record(decision("crash", id: "T-1", of: "Straße Müller"))
        let subject = try #require(store.requesterSubject("straße müller"))
        guard case .requester(let hash, let earlier?) = subject else {
            Issue.record("no hash of the earlier form")
            return
        }
        let found = try await store.pool.write { database in
            try database.execute(
                sql: "UPDATE requesters SET hash = ? WHERE hash = ?", arguments: [Data(earlier), Data(hash)])
            return database.changesCount
        }
        #expect(found == 1)
        #expect(try await store.erase(subject).ids == ["T-1"])
        let mail = try self.hash("ann@example.org", folder)
        #expect(store.requesterSubject("ann@example.org") == .requester(hash: mail))
    }

    @Test func `a reader sees whether something was erased after a row`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await store.record(decision("crash", id: "T-1", of: "ann"))
        let row = try TicketStore.lastLedgerRow(of: folder.store)
        _ = try await store.record(decision("crash", id: "T-2", of: "bob"))
        #expect(try !TicketStore.hasErasures(after: row, in: folder.store))
        _ = try await store.erase(.ticket("T-1"))
        #expect(try TicketStore.hasErasures(after: row, in: folder.store))
        let last = try TicketStore.lastLedgerRow(of: folder.store)
        #expect(try !TicketStore.hasErasures(after: last, in: folder.store))
        #expect(try TicketStore.hasErasures(after: last + 1, in: folder.store))
    }

    @Test(arguments: [
        ("Dörte Groß", "request 17 of DÖRTE GROSS", true), ("Dörte Groß", "17: Groß, Dörte", true),
        ("ann@example.org", "for ann@example.org", true), ("Al", "legal, request 3", false),
        ("Al", "request of Al", true), ("Dörte Groß", "Dörte Klein", false),
        ("frank", "request17offrank", true),
        ("Dörte Groß", "request 17", false),
    ])
    func `a text that holds a requester's name is noticed`(name: String, text: String, isNamed: Bool) {
        #expect(Requester.names(name, in: text) == isNamed)
    }

    @Test func `another process requests the erasure by the hash, never by the name`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await store.record(decision("crash flurbword", id: "T-1", of: "ann@example.org"))
        let request = StoreRequest.erase(.requester(hash: try hash("ann@example.org", folder)), by: nil)
        async let report = request.send(to: folder.store, waiting: 60)
        while try await store.pool.read({ try Int.fetchOne($0, sql: "SELECT count(*) FROM requests") }) == 0 {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(try folder.count("ann@example.org") == 0)
        try await store.serveRequests()
        #expect(try await report.ids == ["T-1"])
    }

    @Test func `a store of the third version keeps everything and takes requesters`() async throws {
        let folder = try Folder()
        let new = try TicketStore(folder.store)
        let receipt = try await new.record(decision("crash", id: "T-1", of: nil))
        let before = try new.verify()
        try new.close()
        let database = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        try await database.writeWithoutTransaction {
            try $0.execute(
                sql: """
                    DROP TABLE requesters; DROP TABLE memory; DROP TABLE memory_start;
                    DROP INDEX queue_requester; ALTER TABLE queue DROP COLUMN requester;
                    DELETE FROM grdb_migrations WHERE identifier = 'v4';
                    """)
        }
        try database.close()
        #expect(throws: StoreError.outdated(path: folder.store)) { try TicketStore(folder.store, .read) }
        let store = try TicketStore(folder.store)
        #expect(try store.verify() == before)
        #expect(try store.decision(receipt.id)?.text?.body == "crash")
        _ = try await store.record(decision("crash", id: "T-2", of: "ann"))
        #expect(try await store.erase(.requester(hash: hash("ann", folder))).decisions == 1)
    }
}
