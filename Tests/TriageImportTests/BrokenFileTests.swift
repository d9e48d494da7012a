import Testing
import TriageData
@testable import TriageImport

/// Files of every kind, cut off, damaged and called by the wrong name: an error or rows, never a crash or a hang.
struct BrokenFileTests {
    private static let names = ["t.json", "t.jsonl", "t.csv", "t.xlsx", "t.mbox", "t.eml", "t.txt", "t"]

    private static let files: [[UInt8]] =
        ProductCase.all.map { Array($0.text.utf8) } + [
            Array(
                "From a@x Tue Mar  4 09:15:00 2025\nFrom: a@x\nTo: b@x\nSubject: S\nMessage-ID: <1@x>\n\nNo sound\n"
                    .utf8),
            Array("__label__a No sound\n".utf8), Array("id;body;queue\n1;\"No sound\";a\n".utf8),
            StoredArchive.workbook("<row><c t=\"inlineStr\"><is><t>body</t></is></c></row>"),
        ]

    private func read(_ bytes: [UInt8], _ name: String) {
        guard let reader = try? TicketFile(bytes: bytes, name: name).rows() else { return }
        var rows = 0
        while rows < 10_000, let row = try? reader.next() {
            if case .failure(let bad) = row { #expect(!bad.message.isEmpty) }
            rows += 1
        }
        #expect(rows < 10_000)
    }

    @Test(arguments: files.indices)
    func `a file under any name, cut anywhere`(file: Int) {
        let bytes = BrokenFileTests.files[file]
        for name in BrokenFileTests.names {
            read(bytes, name)
            for end in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 40)) {
                read(Array(bytes[..<end]), name)
            }
        }
    }

    @Test(arguments: files.indices)
    func `a file with damaged bytes`(file: Int) {
        let bytes = BrokenFileTests.files[file]
        var random = UInt64(file + 1)
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        for _ in 0..<60 {
            var damaged = bytes
            for _ in 0..<(1 + next(4)) {
                damaged[next(damaged.count)] = [0, 0x22, 0x7B, 0x5D, 0xFF, 0x0A][next(6)]
            }
            read(damaged, BrokenFileTests.names[next(BrokenFileTests.names.count)])
        }
    }
}
