import Testing
import TriageData
@testable import TriageImport

struct MailTests {
    private func mail(_ head: String, _ body: String = "No sound") -> String {
        "From: Ana <Ana@Example.org>\nTo: help@example.org\nDate: Tue, 4 Mar 2025 09:15:00 +0100\n\(head)\n\n\(body)\n"
    }

    private func read(_ text: String, name: String = "t.eml") throws -> ImportedRows {
        try ImportedRows(text, name: name)
    }

    @Test(.enabled(if: MailMessage.isAvailable))
    func `a mail is a ticket`() throws {
        let read = try read(mail("Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\nMessage-ID: <a@x>"))
        #expect(read.values("id") == ["a@x"])
        #expect(read.values("subject") == ["Größe"])
        #expect(read.values("body") == ["No sound"])
        #expect(read.values("requester") == ["ana@example.org"])
        #expect(read.values("time") == ["2025-03-04T08:15:00Z"])
    }

    @Test(
        .enabled(if: MailMessage.isAvailable),
        arguments: [
            ("Auto-Submitted: auto-replied", "an automatic mail"), ("Precedence: bulk", "bulk mail"),
            ("List-Id: <news.example.org>", "a mail of a list or a newsletter"),
            ("List-Unsubscribe: <https://x>", "a mail of a list or a newsletter"),
            ("X-Autoreply: yes", "an automatic answer"),
            ("Return-Path: <>", "a bounce: its return path is empty"),
            ("X-Loop: help@example.org", "a mail loop"),
            ("X-Auto-Response-Suppress: All", "a mail that wants no automatic answer"),
            (
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                "a report: delivery-status"
            ),
        ])
    func `mail that no customer wrote is left out`(header: String, reason: String) throws {
        let read = try read(mail("Message-ID: <a@x>\n\(header)"))
        #expect(read.rows.isEmpty)
        #expect(read.faults.map(\.message) == [reason])
    }

    @Test(.enabled(if: MailMessage.isAvailable))
    func `parts are decoded, plain text is preferred, attachments are not read`() throws {
        let body = """
            --b
            Content-Type: multipart/alternative; boundary=c

            --c
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Gr=F6=DFe
            --c
            Content-Type: text/html

            <p>Gr&ouml;&szlig;e SECRET</p>
            --c--
            --b
            Content-Type: text/plain
            Content-Disposition: attachment; filename=x.txt

            SECRET
            --b--
            """
        let read = try read(mail("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b", body))
        #expect(read.values("body") == ["Größe"])
    }

    @Test(.enabled(if: MailMessage.isAvailable))
    func `HTML is read where there is no plain text`() throws {
        let read = try read(
            mail(
                "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64",
                "PHA+Tm8gc291bmQ8L3A+PHA+c2luY2Ugbm9vbjwvcD4="))
        #expect(read.values("body") == ["No sound\nsince noon"])
    }

    @Test func `flowed lines are joined`() {
        #expect(
            MailMessage.flowed("a \nb\n> q \n> r\n-- \nme", deletesSpace: false) == "a b\n> q \n> r\n-- \nme")
    }

    private var mailbox: String {
        "From ana@example.org Tue Mar  4 09:15:00 2025\n"
            + mail("Message-ID: <1@x>\nSubject: A", ">From me\nFrom here on")
            + "\nFrom bo@example.org Tue Mar  4 10:15:00 2025\n"
            + mail("Message-ID: <2@x>\nIn-Reply-To: <1@x>\nSubject: Re: A", "SECRET")
            + "\nFrom bo@example.org Tue Mar  4 10:15:00 2025\n"
            + mail("Message-ID: <3@x>\nReferences: <none@x>\nSubject: B", "Charged twice")
            + "\nFrom ana@example.org Tue Mar  4 09:15:00 2025\n"
            + mail("Message-ID: <1@x>\nSubject: A", "SECRET")
    }

    @Test(.enabled(if: MailMessage.isAvailable))
    func `a mailbox gives each conversation's first mail once`() throws {
        let read = try read(mailbox, name: "t.mbox")
        #expect(read.values("id") == ["1@x", "3@x"])
        #expect(read.values("body") == ["From me\nFrom here on", "Charged twice"])
        #expect(
            read.faults.map(\.message) == [
                "an answer in a conversation whose first mail is here", "a copy of a mail that was read",
            ])
    }

    @Test(.enabled(if: MailMessage.isAvailable))
    func `a maildir leaves out drafts and what was thrown away`() throws {
        let files = try TestFiles([
            "box/cur/1:2,S": mail("Message-ID: <1@x>", "No sound"),
            "box/cur/2:2,ST": mail("Message-ID: <2@x>", "SECRET"),
            "box/new/3": mail("Message-ID: <3@x>", "Charged twice"), "box/tmp/4": mail("", "SECRET"),
            "box/.Bills/cur/5:2,S": mail("Message-ID: <5@x>", "Refund"),
        ])
        let (tickets, rejected, _, _) = try files.imported("box")
        #expect(tickets.compactMap { $0["body"]?.text } == ["No sound", "Charged twice", "Refund"])
        #expect(tickets.last?["folder"]?.text == "Bills")
        #expect(rejected.isEmpty)
    }

    @Test func `a sentence that begins with From is no separator`() {
        #expect(MailboxFile.isSeparator(Array("From ana@example.org Tue Mar  4 09:15:00 2025".utf8)))
        #expect(!MailboxFile.isSeparator(Array("From noon on it fails".utf8)))
    }
}
