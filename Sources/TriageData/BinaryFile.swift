/// Kinds of files that hold no text, told by their first bytes, and what to do with each.
enum BinaryFile {
    private static let kinds: [(start: [UInt8], kind: String, remedy: String)] = [
        (
            [0x50, 0x4B, 0x03, 0x04], "an Excel workbook or a ZIP archive",
            "save the sheet as \"CSV UTF-8\", or unpack the archive"
        ),
        (
            [0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook or Word document",
            "save the sheet as \"CSV UTF-8\""
        ),
        ([0x1F, 0x8B], "compressed with gzip", "unpack it with gunzip"),
        ([0x25, 0x50, 0x44, 0x46], "a PDF document", "export the tickets as CSV"),
        (Array("SQLite format 3".utf8), "an SQLite database", "export the tickets as CSV"),
        ([0x50, 0x4B, 0x05, 0x06], "an empty ZIP archive", "export the tickets as CSV"),
        (Array("BZh".utf8), "compressed with bzip2", "unpack it with bunzip2"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz", "unpack it with unxz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with Zstandard", "unpack it with unzstd"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive", "unpack it"),
        (
            Array("PAR1".utf8), "a Parquet file",
            "write JSON Lines from Python: pandas.read_parquet(\"FILE\").to_json(\"tickets.jsonl\", orient=\"records\", "
                + "lines=True)"
        ),
        ([0x78, 0x9C], "compressed with zlib, as spaCy's .spacy files are", BinaryFile.spaCy),
        ([0x78, 0xDA], "compressed with zlib, as spaCy's .spacy files are", BinaryFile.spaCy),
        (Array("{\\rtf".utf8), "a document in RTF", "export the tickets as CSV"),
    ]

    private static let spaCy =
        "write JSON Lines from Python: json.dumps({\"text\": doc.text, \"cats\": doc.cats}) for each doc of "
        + "spacy.tokens.DocBin().from_disk(\"FILE\").get_docs(spacy.blank(\"en\").vocab)"

    /// Texts of marks, such as the pages that some help desks call .xls.
    private static let pages: [(start: String, kind: String)] = [
        ("<!doctype html", "an HTML page"), ("<html", "an HTML page"), ("<head", "an HTML page"),
        ("<meta", "an HTML page"), ("<table", "an HTML page"), ("<?xml", "an XML document"),
        ("mime-version:", "a web archive"),
    ]

    /// Whether `bytes` may become such a file's beginning with what follows.
    static func mayBegin(_ bytes: [UInt8]) -> Bool {
        kinds.contains { $0.start.count > bytes.count && $0.start.starts(with: bytes) }
    }

    /// Refuses what begins as such a file does.
    static func check(start bytes: [UInt8], path: String) throws(DataError) {
        if let found = kinds.first(where: { bytes.starts(with: $0.start) }) {
            throw .notText(path: path, kind: found.kind, remedy: found.remedy)
        }
        let text = String(decoding: bytes.drop { $0 == 0x20 || $0 == 0x09 }.prefix(20), as: UTF8.self)
            .lowercased()
        guard let page = pages.first(where: { text.hasPrefix($0.start) }) else { return }
        throw .notText(
            path: path, kind: page.kind,
            remedy:
                "open it in a spreadsheet and save the sheet as \"CSV UTF-8\", or export the tickets as CSV")
    }
}
