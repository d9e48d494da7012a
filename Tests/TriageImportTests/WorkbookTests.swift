import Testing
import TriageData
@testable import TriageImport

/// A ZIP archive whose files are stored unpacked, as a test writes it.
struct StoredArchive {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    mutating func add(_ name: String, _ text: String) { add(name, Array(text.utf8)) }

    mutating func add(_ name: String, _ content: [UInt8]) {
        var common = number(20, 2) + number(0, 8) + number(Int(StoredArchive.checksum(content)), 4)
        common += number(content.count, 4) + number(content.count, 4) + number(name.utf8.count, 2)
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

    /// CRC-32 (ISO 3309) by a table, byte by byte.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { bytes in
            var sum = ~UInt32(0)
            var place = 0
            while place < bytes.count {
                sum = (sum >> 8) ^ table[Int((sum ^ UInt32(bytes[place])) & 255)]
                place += 1
            }
            return ~sum
        }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        var sum = UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
        return sum
    }

    /// A workbook of one sheet.
    static func workbook(_ rows: String, texts: String = "", styles: String = "") -> [UInt8] {
        workbook(
            sheet: Array(
                "<?xml version=\"1.0\"?><worksheet><sheetData>\(rows)</sheetData></worksheet>\n".utf8),
            texts: texts, styles: styles)
    }

    /// A workbook whose sheet has these bytes.
    static func workbook(sheet: [UInt8], texts: String = "", styles: String = "") -> [UInt8] {
        var archive = StoredArchive()
        archive.add(
            "xl/workbook.xml",
            #"<workbook><sheets><sheet name="Tickets" sheetId="1" r:id="rId7"/><sheet name="B" r:id="rId8"/></sheets></workbook>"#
        )
        archive.add(
            "xl/_rels/workbook.xml.rels",
            #"<Relationships><Relationship Id="rId7" Target="worksheets/first.xml"/>"#
                + #"<Relationship Id="rId1" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/>"#
                + #"<Relationship Id="rId2" Type="http://x/relationships/styles" Target="/xl/styles.xml"/></Relationships>"#
        )
        archive.add("xl/sharedStrings.xml", "<sst>\(texts)</sst>")
        archive.add("xl/styles.xml", "<styleSheet>\(styles)</styleSheet>")
        archive.add("xl/worksheets/first.xml", sheet)
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

    @Test func `one flipped bit anywhere is an error, or changes nothing`() throws {
        let whole = StoredArchive.workbook(rows, texts: texts, styles: styles)
        let right = try ImportedRows(whole, name: "t.xlsx").rows
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 1 << UInt8(place % 8)
            guard let read = try? ImportedRows(bytes, name: "t.xlsx") else { continue }
            // The first bytes decide the kind of file.
            if place >= 4 { #expect(read.rows == right, "byte \(place)") }
        }
    }

    private func error(ofSheet sheet: String) -> String {
        let error = #expect(throws: DataError.self, "\(sheet)") {
            try ImportedRows(StoredArchive.workbook(sheet: Array(sheet.utf8)), name: "t.xlsx")
        }
        return error?.description ?? ""
    }

    private static let row =
        "<row><c t=\"str\"><v>body</v></c></row><row><c t=\"str\"><v>No sound</v></c></row>"

    @Test(arguments: [
        "<worksheet><sheetData>\(row)", "<worksheet><sheetData>\(row)<row><c t=\"str\"><v>No ma",
        "<worksheet><sheetData>\(row)<row></c></row></sheetData></worksheet>", "garbage", "",
        "<?xml version=\"1.0\" encoding=\"windows-1252\"?><worksheet><sheetData>\(row)</sheetData></worksheet>",
        "<worksheet><sheetData>\(row)<row><c t=\"s\"><v>9</v></c></row></sheetData></worksheet>",
    ])
    func `a sheet that is cut off or ill-formed is an error that names its part`(sheet: String) {
        #expect(error(ofSheet: sheet).contains("xl/worksheets/first.xml"))
    }

    @Test func `a sheet in UTF-16, and signs in the values of tags, are read`() throws {
        let text = "<worksheet a=\"x > y\"><sheetData>\(WorkbookTests.row)</sheetData></worksheet>"
        let wide: [UInt8] =
            [0xFF, 0xFE] + text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 255), UInt8(unit >> 8)] }
        for sheet in [wide, Array(text.utf8)] {
            let read = try ImportedRows(StoredArchive.workbook(sheet: sheet), name: "t.xlsx")
            #expect(read.values("body") == ["No sound"])
        }
    }

    @Test func `a value over the limit is an error, not the end of the sheet`() throws {
        #expect(XMLScanner.maximumBytes == RowReader.maximumRecordBytes)
        let text = "<v>\(String(repeating: "word ", count: 1 << 19))</v>"
        func read(limit: Int) throws -> [XMLScanner.Event] {
            let part = WorkbookPart(source: ByteSource(bytes: Array(text.utf8))) {
                .damaged(path: "t", kind: "k", problem: $0)
            }
            var scanner = try XMLScanner(part, limit: limit)
            var events: [XMLScanner.Event] = []
            while let event = try scanner.next() { events.append(event) }
            return events
        }
        #expect(try read(limit: 4 << 20).count == 3)
        let error = #expect(throws: DataError.self) { try read(limit: 1 << 20) }
        #expect(error?.description.contains("over 1 MB") == true)
    }

    @Test func `a part that the workbook names and does not have is an error`() {
        var archive = StoredArchive()
        archive.add(
            "xl/workbook.xml",
            #"<workbook><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#)
        archive.add(
            "xl/_rels/workbook.xml.rels",
            #"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>"#
                + #"<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
        )
        archive.add(
            "xl/worksheets/sheet1.xml", "<worksheet><sheetData>\(WorkbookTests.row)</sheetData></worksheet>")
        let error = #expect(throws: DataError.self) { try ImportedRows(archive.whole, name: "t.xlsx") }
        #expect(error?.description.contains("xl/sharedStrings.xml is missing") == true)
    }

    @Test(arguments: [
        ("a_x000D_\nb", "a\nb"), ("a_x0009_b", "a\tb"), ("_x005F_x0041_", "_x0041_"),
        ("snake_xcase", "snake_xcase"),
        ("_x00", "_x00"), ("a_xD83D_b", "a_xD83D_b"),
    ])
    func `characters that a workbook writes by number are read`(text: String, read: String) {
        #expect(WorkbookText.unescaped(text) == read)
    }
}
