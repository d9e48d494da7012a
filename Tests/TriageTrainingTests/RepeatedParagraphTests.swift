import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageTraining

struct RepeatedParagraphTests {
    private static let footer = """
        The Tannenberg group moves to its new building in spring. Write to the moving office if this letter \
        reached the wrong desk.
        """
    private static let labels = ["Login", "Billing", "Hardware"]
    private static let openings = ["locked out of", "wrong sum for", "broken screen at"]

    /// A word that no other number has, of letters alone: numbers do not tell texts apart.
    private static func name(_ number: Int) -> String {
        "x"
            + String(number, radix: 10).map {
                String(UnicodeScalar(UInt8(0x61 + ($0.wholeNumberValue ?? 0))))
            }
            .joined()
    }

    /// Sixty rows of three labels in turn; `paragraph` makes what stands below the own text of a row.
    private func tickets(
        own: (Int) -> String = {
            "\(RepeatedParagraphTests.openings[$0 % 3]) the account of \(RepeatedParagraphTests.name($0))"
        },
        below paragraph: (Int) -> String?
    ) -> [LabelledTicket] {
        (0..<60).map { row in
            let body = [own(row), paragraph(row)].compactMap(\.self).joined(separator: "\n\n")
            return LabelledTicket(
                Ticket(subject: "", body: body), labels: ["category": Self.labels[row % 3]])
        }
    }

    /// Whether a row of sixty carries the footer: two rows of three in each label.
    private static func hasFooter(_ row: Int) -> Bool { row / 3 % 3 != 0 }

    private func train(_ set: TrainingSet, threads: Int = 1) throws -> TrainedBundle {
        var options = TrainingOptions()
        options.searchesSettings = false
        return try Trainer(options, embedding: nil, workers: Workers(threads)).train(set)
    }

    private func model(
        _ bundle: TrainedBundle, manifest edit: (String) -> String = { $0 }
    ) throws -> ModelBundle {
        var files: [String: MappedBytes] = [:]
        for file in bundle.files {
            let text = String(decoding: file.bytes, as: UTF8.self)
            let bytes =
                file.name == "manifest.json" ? ModelManifest.signed(Array(edit(text).utf8)) : file.bytes
            files[file.name] = MappedBytes(copying: bytes)
        }
        return try ModelBundle(files: files, directory: "memory") { reference throws(ModelError) in
            throw .noBundle(searched: [])
        }
    }

    private func texts(_ example: TrainingExample) -> String {
        String(decoding: example.body, as: UTF8.self).trimmed
    }

    // MARK: - What is learned

    @Test func `a footer of all labels is learned and set aside in training`() throws {
        let set = try TrainingSet(
            tickets { Self.hasFooter($0) ? Self.footer : nil }, fields: ["category"])
        let plain = try TrainingSet(tickets { _ in nil }, fields: ["category"])
        #expect(set.repeated.hashes.count == 1)
        #expect(set.examples.map { texts($0) } == plain.examples.map { texts($0) })
        #expect(plain.repeated.isEmpty)
    }

    @Test(arguments: [true, false])
    func `so is a banner above the text, and each of several`(isMasked: Bool) throws {
        let banner = "Letters from other houses carry this line so that nobody takes them for ours."
        let set = try TrainingSet(
            tickets(own: { row in
                let own = "\(Self.openings[row % 3]) \(Self.name(row))\(isMasked ? " anna@example.org" : "")"
                return row / 3 % 2 == 0 ? "\(banner)\n\n\(own)" : own
            }) { Self.hasFooter($0) ? Self.footer : nil }, fields: ["category"])
        #expect(set.repeated.hashes.count == 2)
        let text = set.examples.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(!text.contains { $0.contains("Tannenberg") || $0.contains("other houses") })
        #expect(text.allSatisfy { $0.contains("[EMAIL]") == isMasked })
    }

    @Test(
        arguments: [
            // Rows of one label.
            { $0 % 3 == 0 ? RepeatedParagraphTests.footer : nil },
            // Rows of two labels of three.
            { $0 % 3 != 0 ? RepeatedParagraphTests.footer : nil },
            // Too few rows: nine.
            { $0 < 9 ? RepeatedParagraphTests.footer : nil },
            // Too few words: a closing and a heading.
            { _ in "Thank you for your prompt help in this urgent matter" },
            { _ in "What happened, and when" },
            // Another text in each row.
            { "\(RepeatedParagraphTests.footer) \(RepeatedParagraphTests.name($0))" },
        ] as [@Sendable (Int) -> String?])
    func `what goes with a label, is rare, short or never the same is not`(
        paragraph: @Sendable (Int) -> String?
    ) throws {
        let set = try TrainingSet(tickets(below: paragraph), fields: ["category"])
        #expect(set.repeated.isEmpty)
    }

    @Test func `numbers that change are facts`() throws {
        func paragraph(_ version: Int) -> String {
            "The program says that it is version \(version) of the office suite for desks in the north."
        }
        #expect(try TrainingSet(tickets { paragraph($0) }, fields: ["category"]).repeated.isEmpty)
        let year = try TrainingSet(tickets { paragraph(2023 + $0 / 31) }, fields: ["category"])
        #expect(year.repeated.hashes.count == 1)
    }

    @Test func `an alert that is sent again and again is not`() throws {
        let set = try TrainingSet(
            tickets(own: { "Host \($0) of the north rack does not answer for \($0 + 3) minutes." }) { _ in
                "This alert repeats every ten minutes until somebody of the team confirms it."
            }, fields: ["category"])
        #expect(set.repeated.isEmpty)
    }

    @Test func `a text without words of its own keeps its paragraph`() throws {
        let set = try TrainingSet(tickets(own: { _ in "Hi" }) { _ in Self.footer }, fields: ["category"])
        #expect(set.repeated.isEmpty)
    }

    @Test func `a paragraph in the middle of a long text is not`() throws {
        let rest = (1...9).map { "line \(Self.name($0))" }
        let set = try TrainingSet(
            tickets { row in (rest[..<4] + [Self.footer] + rest).joined(separator: "\n\n") },
            fields: ["category"])
        #expect(set.repeated.isEmpty)
    }

    @Test func `a question that is often the whole ticket is not`() throws {
        let question = "How long does it take until the new phone on my desk rings for the first time?"
        let set = try TrainingSet(
            tickets(own: { $0 < 40 ? question : "\(question)\n\n\(Self.name($0)) waits for it" }) { _ in nil
            },
            fields: ["category"])
        #expect(set.repeated.isEmpty)
    }

    @Test(arguments: [(4, 0), (5, 1)])
    func `five requesters must send it, where they are known`(requesters: Int, count: Int) throws {
        var json = JSONWriter()
        for (row, ticket) in tickets(below: { Self.hasFooter($0) ? Self.footer : nil }).enumerated() {
            var fields = ticket.row(line: row).fields
            fields["from"] = .string("p\(row % requesters)")
            json.object(fields) { $0.value($1) }
            json.newline()
        }
        let path = try SmallSet.write(String(decoding: json.bytes, as: UTF8.self))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let set = try TrainingSet(
            files: [path], columns: .init(labels: ["category"], group: "from"),
            preparation: TextPreparation())
        #expect(set.repeated.hashes.count == count)
    }

    @Test func `a second field that it goes with protects it`() throws {
        let rows = tickets { Self.hasFooter($0) ? Self.footer : nil }.enumerated().map { row, ticket in
            var ticket = ticket
            ticket.labels["severity"] = Self.hasFooter(row) ? "High" : "Low"
            return ticket
        }
        #expect(try TrainingSet(rows, fields: ["category"]).repeated.hashes.count == 1)
        #expect(try TrainingSet(rows, fields: ["category", "severity"]).repeated.isEmpty)
    }

    @Test func `known paragraphs stay known under their key`() throws {
        let learned = try TrainingSet(
            tickets { Self.hasFooter($0) ? Self.footer : nil }, fields: ["category"]
        ).repeated
        var json = JSONWriter()
        for ticket in tickets(below: { $0 < 9 ? Self.footer : nil }) {
            json.object(ticket.row(line: 0).fields) { $0.value($1) }
            json.newline()
        }
        let path = try SmallSet.write(String(decoding: json.bytes, as: UTF8.self))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let set = try TrainingSet(
            files: [path], columns: .init(labels: ["category"]), preparation: TextPreparation(),
            known: learned)
        #expect(set.repeated == learned)
        #expect(!set.examples.contains { String(decoding: $0.body, as: UTF8.self).contains("Tannenberg") })
    }

    @Test func `tickets that are kept come back as they were`() {
        var kept = KeptTickets()
        let tickets = [
            Ticket(subject: "é", body: "one\n\ntwo"),
            Ticket(body: String(repeating: "x", count: 1 << 24 + 1)),
            Ticket(subject: "last", body: ""),
        ]
        for (number, ticket) in tickets.enumerated() { kept.keep(ticket, row: 7 * number) }
        #expect((0..<3).map { kept[7 * $0] } == tickets)
        #expect(kept[1] == nil)
    }

    // MARK: - What a bundle keeps

    @Test func `a bundle keeps hashes and decides without the paragraph`() throws {
        let bundle = try train(
            TrainingSet(tickets { Self.hasFooter($0) ? Self.footer : nil }, fields: ["category"]))
        let text = bundle.files.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(!text.contains { $0.lowercased().contains("tannenberg") })
        let card = try #require(bundle.files.first { $0.name == "MODEL_CARD.md" })
        #expect(
            String(decoding: card.bytes, as: UTF8.self)
                .contains("1 paragraph that requesters repeat, such as footers and banners, is set aside"))
        let model = try model(bundle)
        let own = "Nobody at the gate knows the code."
        let prepared = model.preparation.prepare(Ticket(body: "\(own)\n\n\(Self.footer.uppercased())"))
        #expect(prepared.body.bytes.starts(with: own.utf8))
        #expect(!prepared.body.string.contains("TANNENBERG"))
    }

    @Test func `equal rows give equal bundles on any number of threads`() throws {
        let rows = tickets { Self.hasFooter($0) ? Self.footer : nil }
        let first = try train(TrainingSet(rows, fields: ["category"]))
        let second = try train(TrainingSet(rows, fields: ["category"]), threads: 3)
        #expect(first.files.map(\.bytes) == second.files.map(\.bytes))
    }

    @Test func `a bundle without the key reads as before, and a damaged hash is refused`() throws {
        let plain = try train(TrainingSet(tickets { _ in nil }, fields: ["category"]))
        #expect(try model(plain).preparation.repeated == RepeatedParagraphs())
        let manifest = try #require(plain.files.first { $0.name == "manifest.json" })
        #expect(!String(decoding: manifest.bytes, as: UTF8.self).contains("repeatedParagraphs"))
        let learned = try train(
            TrainingSet(tickets { Self.hasFooter($0) ? Self.footer : nil }, fields: ["category"]))
        let hash = try #require(learned.manifest.text.repeatedParagraphs?.hashes.first)
        #expect(throws: ModelError.self) {
            try model(learned) { $0.replacing(hash, with: hash.dropLast() + "g") }
        }
    }
}
