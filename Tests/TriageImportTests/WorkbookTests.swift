import Testing
import TriageData
@testable import TriageImport

/// A ZIP archive whose files are stored unpacked, as a test writes it.
struct StoredArchive {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    mutating func add(_ name: String, _ text: String, method: Int = 0, packed: [UInt8]? = nil) {
        let content = packed ?? Array(text.utf8)
        let sizes = number(content.count, 4) + number(text.utf8.count, 4)
        let common =
            number(20, 2) + number(0, 2) + number(method, 2) + number(0, 8) + sizes
            + number(name.utf8.count, 2)
        let place = bytes.count
        bytes += [0x50, 0x4B, 3, 4] + common + number(0, 2) + Array(name.utf8) + content
        directory +=
            [0x50, 0x4B, 1, 2] + number(20, 2) + common + number(0, 4) + number(0, 8) + number(place, 4)
            + Array(name.utf8)
        count += 1
    }

    var whole: [UInt8] {
        bytes + directory + [0x50, 0x4B, 5, 6] + number(0, 4) + number(count, 2) + number(count, 2)
            + number(directory.count, 4) + number(bytes.count, 4) + number(0, 2)
    }

    private func number(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(value >> (8 * $0) & 255) }
    }

    /// A workbook of one sheet.
    static func workbook(_ rows: String, texts: String = "", styles: String = "") -> [UInt8] {
        var archive = StoredArchive()
        archive.add(
            "xl/workbook.xml",
            #"<workbook><sheets><sheet name="Tickets" sheetId="1" r:id="rId7"/><sheet name="B" r:id="rId8"/></sheets></workbook>"#
        )
        archive.add(
            "xl/_rels/workbook.xml.rels",
            #"<Relationships><Relationship Id="rId7" Target="worksheets/first.xml"/></Relationships>"#)
        archive.add("xl/sharedStrings.xml", "<sst>\(texts)</sst>")
        archive.add("xl/styles.xml", "<styleSheet>\(styles)</styleSheet>")
        archive.add(
            "xl/worksheets/first.xml",
            "<?xml version=\"1.0\"?><worksheet><sheetData>\(rows)</sheetData></worksheet>")
        return archive.whole
    }
}

struct WorkbookTests {
    private let rows = """
        <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Description</t></is></c><c r="C1" t="s"><v>1</v></c>\
        <c r="D1" t="s"><v>2</v></c></row>
        <row r="2"><c r="A2"><v>41</v></c><c r="B2" t="s"><v>3</v></c><c r="D2" s="1"><v>45720.5</v></c></row>
        <row r="4"><c r="A4"><v>42</v></c><c r="B4" t="str"><v>a &lt; b</v></c><c r="C4" t="s"><v>4</v></c></row>
        """
    private let texts = """
        <si><t>Number</t></si><si><t>Category</t></si><si><t>Opened</t></si><si><r><t>No "sound", </t></r><r><t>since
        noon</t></r><rPh><t>x</t></rPh></si><si><t xml:space="preserve">Audio</t></si>
        """
    private let styles = #"<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>"#

    @Test func `the first sheet is read with its header`() throws {
        let read = try ImportedRows(
            StoredArchive.workbook(rows, texts: texts, styles: styles), name: "t.xlsx")
        #expect(read.values("Number") == ["41", "42"])
        #expect(read.values("Description") == ["No \"sound\", since\nnoon", "a < b"])
        #expect(read.values("Category") == ["", "Audio"])
        #expect(read.values("Opened") == ["2025-03-04T12:00:00", ""])
    }

    @Test func `a workbook cut anywhere is an error, not a crash`() throws {
        let whole = StoredArchive.workbook(rows, texts: texts, styles: styles)
        for end in stride(from: 4, to: whole.count, by: 7) {
            #expect(throws: DataError.self) { try ImportedRows(Array(whole[..<end]), name: "t.xlsx") }
        }
    }

    @Test func `damaged bytes in a workbook are never a crash`() throws {
        let whole = StoredArchive.workbook(rows, texts: texts, styles: styles)
        for place in stride(from: 4, to: whole.count, by: 5) {
            var bytes = whole
            bytes[place] ^= 0xFF
            _ = try? ImportedRows(bytes, name: "t.xlsx")
        }
    }

    @Test func `an archive without a workbook names the remedy`() throws {
        var archive = StoredArchive()
        archive.add("readme.txt", "x")
        let error = #expect(throws: DataError.self) { try ImportedRows(archive.whole, name: "t.zip") }
        #expect(error?.description.contains("unpack the archive") == true)
    }
}
