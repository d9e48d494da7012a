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
    ]

    /// Refuses what begins as such a file does.
    static func check(start bytes: [UInt8], path: String) throws(DataError) {
        guard let found = kinds.first(where: { bytes.starts(with: $0.start) }) else { return }
        throw .notText(path: path, kind: found.kind, remedy: found.remedy)
    }
}
