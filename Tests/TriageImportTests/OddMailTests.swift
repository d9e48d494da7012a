import Testing
import TriageData
@testable import TriageImport

/// Mails as programs really send them.
@Suite(.enabled(if: MailMessage.isAvailable))
struct OddMailTests {
    private func read(_ head: String, _ body: [UInt8], name: String = "t.eml") throws -> ImportedRows {
        let header =
            "From: ana@example.org\nTo: help@example.org\nSubject: Printer\nMessage-ID: <a@x>\n\(head)\n"
        return try ImportedRows(Array(header.utf8) + body, name: name)
    }

    private func body(_ head: String, _ body: String) throws -> [String] {
        try read(head, Array(body.utf8)).values("body")
    }

    @Test(arguments: ["Content-Type: text/plain; charset=utf-8\n", "Content-Type: text/plain\n", ""])
    func `bytes that are not the UTF-8 they claim to be are Windows-1252`(head: String) throws {
        let bytes: [UInt8] = [0x47, 0x72, 0xFC, 0xDF, 0x65, 0x20, 0x93, 0x61, 0x94]
        #expect(try read(head, bytes).values("body") == ["Grüße “a”"])
    }

    @Test func `the labels of a mail without their header are not known`() throws {
        #expect(try read("", Array("a".utf8)).rows.allSatisfy { $0.fields["labels"] == nil })
        #expect(try read("X-Gmail-Labels: Inbox,Mail\n", Array("a".utf8)).values("labels") == ["Mail"])
        #expect(
            try read("X-Gmail-Labels: Inbox\n", Array("a".utf8)).rows.first?.fields["labels"]?.elements == [])
    }

    @Test func `a text goes on behind a zero byte`() throws {
        #expect(try body("", "hello\0world") == ["hello\0world"])
    }

    @Test func `a mail of parts without a boundary has its text`() throws {
        let text = "--b\nContent-Type: text/plain\n\nThe drum squeaks\n--b--\n"
        #expect(try body("MIME-Version: 1.0\nContent-Type: multipart/mixed\n", text) == ["The drum squeaks"])
    }

    @Test func `a mail forwarded as an attachment has the text of that mail`() throws {
        let inner = "From: bo@example.org\nSubject: Inner\nMessage-ID: <b@x>\n\nThe tray is stuck\n"
        #expect(try body("MIME-Version: 1.0\nContent-Type: message/rfc822\n", inner) == ["The tray is stuck"])
        let parts =
            "--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: message/rfc822\n\n\(inner)\n--b--\n"
        let head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
        #expect(try body(head, parts) == ["The tray is stuck"])
        let written = parts.replacing("\n \n", with: "\nPlease look\n")
        #expect(try body(head, written) == ["Please look"])
    }

    @Test(arguments: [
        ("Your program shows no HTML.", "The scanner is dark since noon, all of us wait", true),
        ("The scanner is dark", "The scanner is dark", false),
        ("The scanner is dark", "The scanner is dark, with regards and a logo", false),
    ])
    func `a plain part that stands in for HTML is not the text`(plain: String, html: String, isStub: Bool)
        throws
    {
        let parts =
            "--b\nContent-Type: text/plain\n\n\(plain)\n--b\nContent-Type: text/html\n\n<p>\(html)</p>\n--b--\n"
        let head = "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n"
        #expect(try body(head, parts) == [isStub ? html : plain])
    }

    @Test func `mails without text that can be read are counted`() throws {
        let read = try read(
            "MIME-Version: 1.0\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n",
            Array("eJ8+IjQAAQ==\n".utf8))
        #expect(read.values("subject") == ["Printer"])
        #expect(read.notes.contains { $0.contains("1 mail without text") })
    }

    @Test(arguments: [0, 1, 2])
    func `a mark of the encoding hides no mail`(encoding: Int) throws {
        let text = "From: ana@example.org\nSubject: Printer\nMessage-ID: <a@x>\n\nIt hums\n"
        let bytes: [UInt8] =
            switch encoding {
            case 0: [0xEF, 0xBB, 0xBF] + Array(text.utf8)
            case 1: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            default: [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            }
        #expect(try ImportedRows(bytes, name: "t.eml").values("body") == ["It hums"])
    }

    @Test func `a mail that is left out is a note, and no fault`() throws {
        let one =
            "From ana@example.org Tue Mar  4 09:15:00 2025\nFrom: ana@example.org\nSubject: A\n\nIt hums\n\n"
        let text = one + one.replacing("Subject: A", with: "Auto-Submitted: auto-replied")
        let reader = try TicketFile(bytes: Array(text.utf8), name: "t.mbox").rows()
        var bodies: [String?] = []
        #expect(try reader.forEach { bodies.append($0.fields["body"]?.text) }.isEmpty)
        #expect(bodies == ["It hums"])
        #expect(reader.notes.last == "t.mbox: 1 row left out, not a customer's tickets")
    }

    @Test func `a mailbox called csv is a mailbox`() throws {
        let text =
            "From ana@example.org Tue Mar  4 09:15:00 2025\nFrom: ana@example.org\nSubject: A\n\nIt hums\n"
        #expect(try ImportedRows(text, name: "t.csv").values("body") == ["It hums"])
    }

    // MARK: - Folders

    private func mail(_ id: Int, _ body: String) -> String {
        "From: ana@example.org\nSubject: A\nMessage-ID: <\(id)@x>\n\n\(body)\n"
    }

    @Test(arguments: [
        "Sent", "Drafts", "Junk", "Trash", "INBOX.Sent Items", "Entw&APw-rfe", "Gelöschte Elemente",
    ])
    func `folders of sent, drafted and deleted mail are left out`(folder: String) throws {
        let files = try TestFiles([
            "box/cur/1:2,S": mail(1, "No sound"), "box/.\(folder)/cur/2:2,S": mail(2, "SECRET"),
        ])
        let (tickets, rejected, _, _) = try files.imported("box")
        #expect(tickets.compactMap { $0["body"]?.text } == ["No sound"])
        #expect(rejected.count == 1)
    }

    @Test func `the mails of one folder of a maildir, and of folders of folders, are read`() throws {
        let files = try TestFiles([
            "box/cur/1:2,S": mail(1, "No sound"), "eml/a.eml": mail(2, "Charged twice"),
            "eml/Bills/May/b.EML": mail(3, "Refund"), "eml/Sent/c.eml": mail(4, "SECRET"),
        ])
        #expect(try files.imported("box/cur").0.compactMap { $0["body"]?.text } == ["No sound"])
        let (tickets, rejected, _, _) = try files.imported("eml")
        #expect(Set(tickets.compactMap { $0["body"]?.text }) == ["Charged twice", "Refund"])
        #expect(rejected.count == 1)
    }

    @Test func `a mail that cannot be read is named by its file`() throws {
        let files = try TestFiles(["box/cur/odd": "no header at all\n", "box/cur/1:2,S": mail(1, "No sound")])
        let (_, rejected, _, _) = try files.imported("box")
        #expect(rejected.count == 1)
        #expect(rejected.contains { "\($0)".contains("cur/odd") })
    }
}
