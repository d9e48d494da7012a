internal import TriageData

/// The first sheet of an Excel workbook (ECMA-376) as CSV, row by row, for the reader of CSV.
struct Workbook {
    private let archive: ZipArchive
    private let path: String
    private let texts: [String]
    private let styles: WorkbookStyles
    private let sheet: String
    /// The sheets that are not read.
    let otherSheets: [String]

    /// The shared texts of a workbook are kept in memory.
    private static let maximumTextBytes = 1 << 30

    init(_ source: ByteSource, size: Int, path: String) throws(DataError) {
        self.path = path
        let archive = try ZipArchive(source, size: size, path: path)
        self.archive = archive
        func damaged(_ problem: String) -> DataError {
            .damaged(path: path, kind: "a ZIP archive or workbook", problem: problem)
        }
        guard let workbook = try archive.open("xl/workbook.xml") else {
            throw .notText(
                path: path, kind: "a ZIP archive without a workbook",
                remedy:
                    "unpack the archive and name its files, or save the sheet as an .xlsx file or as \"CSV UTF-8\""
            )
        }
        let sheets = try Workbook.sheets(workbook)
        guard let first = sheets.names.first else { throw damaged("it has no sheet; save it again") }
        let parts = try Workbook.parts(of: archive)
        for part in parts.required where !archive.has(part) {
            throw damaged("its part \(part.shown) is missing; save it again")
        }
        sheet = parts.targets[first.relation] ?? "xl/worksheets/sheet1.xml"
        otherSheets = sheets.names.dropFirst().map(\.name)
        texts =
            try archive.open(parts.texts).map { part throws(DataError) in
                try Workbook.texts(part, path: path)
            } ?? []
        var styles =
            try archive.open(parts.styles).map { part throws(DataError) in try WorkbookStyles(part) }
            ?? WorkbookStyles()
        styles.startsIn1904 = sheets.startsIn1904
        self.styles = styles
    }

    private static func sheets(_ part: WorkbookPart) throws(DataError) -> (
        names: [(name: String, relation: String)], startsIn1904: Bool
    ) {
        var names: [(name: String, relation: String)] = []
        var startsIn1904 = false
        var scanner = try XMLScanner(part)
        while let event = try scanner.next() {
            guard case .open(let tag, let attributes) = event else { continue }
            if tag == "workbookPr" { startsIn1904 = ["1", "true"].contains(attributes["date1904"]) }
            if tag == "sheet", attributes["state"] != "hidden", attributes["state"] != "veryHidden" {
                names.append((attributes["name"] ?? "", attributes["id"] ?? ""))
            }
        }
        return (names, startsIn1904)
    }

    /// The parts that belong to a workbook, by the relations that it names them with.
    private struct Parts {
        var targets: [String: String] = [:]
        var texts = "xl/sharedStrings.xml"
        var styles = "xl/styles.xml"
        /// Without these, cells lose their content.
        var required: [String] = []
    }

    private static func parts(of archive: ZipArchive) throws(DataError) -> Parts {
        var parts = Parts()
        guard let relations = try archive.open("xl/_rels/workbook.xml.rels") else { return parts }
        var scanner = try XMLScanner(relations)
        while let event = try scanner.next() {
            guard case .open("Relationship", let attributes) = event, let target = attributes["Target"],
                attributes["TargetMode"] != "External"
            else { continue }
            let path = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
            if let id = attributes["Id"] { parts.targets[id] = path }
            switch attributes["Type"]?.split(separator: "/").last {
            case "sharedStrings"?: parts.texts = path
            case "styles"?: parts.styles = path
            default: continue
            }
            parts.required.append(path)
        }
        return parts
    }

    /// The texts that cells name by number; phonetic readings are left out.
    private static func texts(_ part: WorkbookPart, path: String) throws(DataError) -> [String] {
        var texts: [String] = []
        var text = ""
        var (isText, isPhonetic) = (false, false)
        var bytes = 0
        var scanner = try XMLScanner(part)
        while let event = try scanner.next() {
            switch event {
            case .open("si", _): text = ""
            case .open("t", _): isText = !isPhonetic
            case .open("rPh", _): isPhonetic = true
            case .close("rPh"): isPhonetic = false
            case .close("t"): isText = false
            case .close("si"):
                bytes += text.utf8.count + 16
                guard bytes <= maximumTextBytes else {
                    throw .damaged(
                        path: path, kind: "a workbook",
                        problem: "its texts are over 1 GB; save the sheet as CSV")
                }
                texts.append(WorkbookText.unescaped(text))
            case .text(let part): if isText { text += part }
            default: break
            }
        }
        return texts
    }

    // MARK: - Rows

    /// The sheet as CSV.
    func csv() throws(DataError) -> ByteSource {
        guard let part = try archive.open(sheet) else {
            throw .damaged(
                path: path, kind: "a workbook", problem: "its first sheet is missing; save it again")
        }
        var rows = SheetRows(try XMLScanner(part), texts: texts, styles: styles, damaged: part.damaged)
        var width = 0
        var isEmpty = true
        return ByteSource(making: { () throws(DataError) in
            var piece: [UInt8] = []
            while piece.count < 1 << 16, let cells = try rows.next() {
                isEmpty = isEmpty && cells.isEmpty
                width = max(width, cells.count)
                piece += Workbook.record(cells, width: width)
            }
            guard piece.isEmpty else { return piece }
            guard !isEmpty || otherSheets.isEmpty else {
                throw .damaged(
                    path: path, kind: "a workbook",
                    problem:
                        "its first sheet is empty; move the sheet of the tickets to the front, or save it as CSV"
                )
            }
            return nil
        })
    }

    private static func record(_ cells: [String], width: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for place in 0..<width {
            if place > 0 { bytes.append(0x2C) }
            guard place < cells.count, !cells[place].isEmpty else { continue }
            bytes.append(0x22)
            for byte in cells[place].utf8 where byte != 0 {
                if byte == 0x22 { bytes.append(0x22) }
                bytes.append(byte)
            }
            bytes.append(0x22)
        }
        return bytes + [0x0A]
    }
}

/// Which styles of cells show dates.
struct WorkbookStyles {
    private var isDate: [Bool] = []
    var startsIn1904 = false

    init() {}

    init(_ part: WorkbookPart) throws(DataError) {
        var custom: Set<Int> = []
        var isInside = false
        var scanner = try XMLScanner(part)
        while let event = try scanner.next() {
            switch event {
            case .open("numFmt", let attributes):
                if let id = attributes["numFmtId"].flatMap({ Int($0) }),
                    WorkbookStyles.showsDate(attributes["formatCode"] ?? "")
                {
                    custom.insert(id)
                }
            case .open("cellXfs", _): isInside = true
            case .close("cellXfs"): isInside = false
            case .open("xf", let attributes) where isInside:
                let id = attributes["numFmtId"].flatMap { Int($0) } ?? 0
                isDate.append((14...22).contains(id) || (45...47).contains(id) || custom.contains(id))
            default: break
            }
        }
    }

    /// Whether a format shows a day or a time: letters outside quotes, brackets and escapes.
    private static func showsDate(_ format: String) -> Bool {
        var (isQuoted, isBracket, isEscaped) = (false, false, false)
        for character in format.lowercased() {
            if isEscaped {
                isEscaped = false
            } else if character == "\"" {
                isQuoted.toggle()
            } else if isQuoted {
                continue
            } else if character == "[" || character == "]" {
                isBracket = character == "["
            } else if character == "\\" || character == "_" {
                isEscaped = true
            } else if !isBracket, "ymdh".contains(character) {
                return true
            }
        }
        return false
    }

    /// A number as its cell shows it: a date of that style, else the number.
    func shown(_ number: String, style: Int) -> String {
        guard style < isDate.count, isDate[style], let days = Double(number), days > 0, days < 2_958_466
        else {
            return number
        }
        // Excel counts days from 1899-12-30, so that its 29 February 1900 counts too; or from 1904.
        let offset = startsIn1904 ? 24_107 : 25_569
        let seconds = ((days - Double(offset)) * 86_400).rounded()
        return String(Timestamp(milliseconds: Int64(seconds) * 1000).text.prefix(19))
    }
}

/// The rows of a sheet, each with its cells by column.
private struct SheetRows {
    private var scanner: XMLScanner
    private let texts: [String]
    private let styles: WorkbookStyles
    private let damaged: (String) -> DataError
    /// Excel's own limit.
    private static let maximumColumns = 16_384

    init(
        _ scanner: XMLScanner, texts: [String], styles: WorkbookStyles,
        damaged: @escaping (String) -> DataError
    ) {
        (self.scanner, self.texts, self.styles, self.damaged) = (scanner, texts, styles, damaged)
    }

    /// The next row; nil at the end.
    mutating func next() throws(DataError) -> [String]? {
        var cells: [String] = []
        var column = 0
        var cell = SheetCell()
        while let event = try scanner.next() {
            switch event {
            case .open("row", _): (cells, column) = ([], 0)
            case .close("row"): return cells
            case .open("c", let attributes):
                column = attributes["r"].flatMap(SheetRows.column) ?? column + 1
                cell = SheetCell(
                    type: attributes["t"] ?? "n", style: attributes["s"].flatMap { Int($0) } ?? 0)
            case .open("v", _), .open("t", _): cell.isOpen = !cell.isPhonetic
            case .open("rPh", _): cell.isPhonetic = true
            case .close("rPh"): cell.isPhonetic = false
            case .close("v"), .close("t"): cell.isOpen = false
            case .text(let text): if cell.isOpen { cell.text += text }
            case .close("c"):
                guard column > 0, column <= SheetRows.maximumColumns else { continue }
                while cells.count < column { cells.append("") }
                guard let shown = cell.shown(texts, styles) else { throw damaged("a cell names no text") }
                cells[column - 1] = shown
            default: break
            }
        }
        return nil
    }

    /// The number of a cell's column, from 1, by a name such as "AB12".
    private static func column(_ name: String) -> Int? {
        let letters = name.utf8.prefix { (0x41...0x5A).contains($0) }
        guard (1...3).contains(letters.count) else { return nil }
        return letters.reduce(0) { $0 * 26 + Int($1 - 0x40) }
    }
}

private struct SheetCell {
    var type = "n"
    var style = 0
    var text = ""
    var isOpen = false
    var isPhonetic = false

    /// The cell's text; nil for a number of a text that the workbook does not have.
    func shown(_ texts: [String], _ styles: WorkbookStyles) -> String? {
        switch type {
        case "s": text.isEmpty ? "" : Int(text).flatMap { texts.indices.contains($0) ? texts[$0] : nil }
        case "b": text == "1" ? "true" : "false"
        case "e": ""
        case "n": styles.shown(text, style: style)
        default: WorkbookText.unescaped(text)
        }
    }
}
