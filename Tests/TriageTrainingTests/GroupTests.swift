import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageTraining

struct GroupTests {
    private static let matters: [(name: String, words: [String])] = [
        ("printer", ["printer", "toner", "paper", "jam", "tray", "print"]),
        ("invoice", ["invoice", "charged", "refund", "payment", "amount", "billing"]),
        ("login", ["password", "login", "account", "locked", "reset", "expired"]),
        ("network", ["wifi", "network", "vpn", "slow", "disconnects", "router"]),
    ]

    /// So many tickets of each matter, in turn, each with three of its words and a word of its own.
    private static func examples(_ each: Int = 60) -> [TrainingExample] {
        var generator = SplitMix64(seed: 3)
        return (0..<each * matters.count).map { row in
            let list = matters[row % matters.count].words
            let picked = (0..<4).map { _ in list[generator.below(list.count)] }
            let text = "please help with \(picked.joined(separator: " ")) n\(row)"
            return TrainingExample(subject: [], body: Array(text.utf8))
        }
    }

    private static func groups(
        _ examples: [TrainingExample], _ count: Int? = nil, threads: Int = 2
    ) throws -> TicketGroups {
        let vectors = try GroupVectors(examples, embedding: nil, Workers(threads))
        return try TicketGroups(examples, vectors, count: count, workers: Workers(threads))
    }

    @Test func `tickets of one matter are one group, the largest first`() throws {
        let more = GroupTests.examples(90).dropFirst(240).filter {
            String(decoding: $0.body, as: UTF8.self).contains("toner")
        }
        let examples = GroupTests.examples() + more
        let found = try GroupTests.groups(examples, 4)
        #expect(found.groups.count == 4 && found.choice == nil)
        let agreement = AdjustedMutualInformation(
            found.places[..<240].compactMap(\.self), (0..<240).map { $0 % 4 })
        #expect(agreement.value > 0.9, "\(agreement)")
        let sizes = found.groups.map(\.members.count)
        #expect(sizes == sizes.sorted(by: >) && sizes.reduce(0, +) == examples.count)
        for (number, group) in found.groups.enumerated() {
            #expect(group.members.allSatisfy { found.places[$0] == number })
            let near = group.members.map { found.closeness[$0] }
            #expect(near == near.sorted(by: >))
            #expect((1...3).contains(group.examples.count) && group.examples[0] == group.members[0])
        }
    }

    @Test func `a group is named by words that others do not have`() throws {
        let examples = GroupTests.examples()
        let found = try GroupTests.groups(examples, 4)
        for group in found.groups {
            let matter = GroupTests.matters[group.members[0] % 4]
            #expect(group.words.count >= 3)
            for term in group.words {
                #expect(
                    term.split(separator: " ").allSatisfy { matter.words.contains(String($0)) }, "\(term)")
            }
            #expect(!group.words.contains("help") && !group.words.contains("please"))
        }
    }

    @Test func `any number of threads gives the same groups`() throws {
        let examples = GroupTests.examples(400)
        let one = try GroupTests.groups(examples, threads: 1)
        let three = try GroupTests.groups(examples, threads: 3)
        #expect(one.places == three.places && one.closeness == three.closeness && one.groups == three.groups)
        #expect(one.choice == three.choice)
    }

    @Test func `the number is where two halves agree best, or the root of few tickets`() throws {
        let choice = try #require(try GroupTests.groups(GroupTests.examples(100)).choice)
        let best = try #require(choice.candidates.map(\.agreement).max())
        #expect(choice.candidates.first { $0.agreement >= best - 0.01 }?.count == choice.count)
        #expect(choice.candidates.map(\.count) == [8, 11, 16, 23, 32])
        #expect(choice.explanation.contains("\(choice.count) groups") && choice.explanation.contains("8: 0."))
        let few = try #require(try GroupTests.groups(GroupTests.examples(12)).choice)
        #expect(few.count == 7 && few.candidates.isEmpty && few.explanation.contains("square root"))
    }

    @Test func `a ticket without words is in no group, and one unlike all others is far`() throws {
        var examples = GroupTests.examples()
        examples.append(TrainingExample(subject: [], body: []))
        examples.append(TrainingExample(subject: [], body: Array("zzz qqq please with".utf8)))
        let found = try GroupTests.groups(examples, 4)
        #expect(found.places[240] == nil && found.emptyCount == 1)
        #expect(found.isFar[241] && found.farCount <= 12)
        #expect(found.sentence.contains("241 tickets in 4 groups") && found.sentence.contains("1 without"))
    }

    @Test func `equal tickets, one ticket and more groups than tickets are no trap`() throws {
        let equal = (0..<50).map { _ in TrainingExample(subject: [], body: Array("printer jam".utf8)) }
        #expect(try GroupTests.groups(equal, 5).groups.map(\.members.count).reduce(0, +) == 50)
        let many = equal + GroupTests.examples(300)
        #expect(try GroupTests.groups(many, 20).places.allSatisfy { $0 != nil })
        let two = Array(equal.prefix(2))
        #expect(try GroupTests.groups(two, 9).groups.count == 2)
        #expect(throws: TrainingError.noText) { try GroupTests.groups(Array(equal.prefix(1))) }
        #expect(throws: TrainingError.noText) { try GroupTests.groups([]) }
    }

    /// With an embedding, tickets that share no n-gram still have vectors.
    @Test func `without a shared word the other block alone decides`() throws {
        let examples = ["alpha", "beta"].map { TrainingExample(subject: [], body: Array($0.utf8)) }
        let blocks = try VocabularyFit.fit(
            examples, .init(), bits: TrainingOptions().bits, minimum: 2, Workers(1))
        let featurizer = Featurizer(
            options: .init(), words: blocks.words, characters: blocks.characters, embedding: nil)
        let matrix = FeatureMatrix(examples, featurizer, Workers(1))
        let basis = NGramBasis(matrix, Workers(1))
        #expect(basis.columns == 0 && basis.coordinates(of: matrix, Workers(1)).isEmpty)
    }

    @Test func `more tickets than points are merged from small groups`() throws {
        let examples = GroupTests.examples(600)
        let found = try GroupTests.groups(examples, 4)
        let agreement = AdjustedMutualInformation(
            found.places.compactMap(\.self), examples.indices.map { $0 % 4 })
        #expect(agreement.value > 0.9, "\(agreement)")
    }

    @Test func `directions of n-grams keep what a few of them can`() throws {
        let examples = GroupTests.examples(20)
        let workers = Workers(2)
        let blocks = try VocabularyFit.fit(
            examples, .init(), bits: TrainingOptions().bits, minimum: 2, workers)
        let featurizer = Featurizer(
            options: .init(), words: blocks.words, characters: blocks.characters, embedding: nil)
        let matrix = FeatureMatrix(examples, featurizer, workers)
        let basis = NGramBasis(matrix, workers)
        let coordinates = basis.coordinates(of: matrix, workers)
        // As many directions as rows: nothing is lost, and products are those of the sparse rows.
        #expect(basis.columns == examples.count)
        for (a, b) in [(0, 0), (0, 4), (0, 1), (17, 53)] {
            let dense = (0..<basis.columns).reduce(Float(0)) {
                $0 + coordinates[a * basis.columns + $1] * coordinates[b * basis.columns + $1]
            }
            var own: [UInt32: Float] = [:]
            for entry in matrix.starts[a]..<matrix.starts[a + 1] {
                own[matrix.indices[entry]] = matrix.values[entry]
            }
            let sparse = (matrix.starts[b]..<matrix.starts[b + 1]).reduce(Float(0)) {
                $0 + matrix.values[$1] * (own[matrix.indices[$1]] ?? 0)
            }
            #expect(abs(dense - sparse) < 1e-3, "\(dense) \(sparse)")
        }
    }

    @Test func `ideographs are named in pairs, placeholders and stop words never`() {
        let texts = ["密码重置 please the anna [EMAIL]", "密码错误 please the anna [EMAIL]"]
        let others = ["printer jam", "printer toner"]
        let examples = (texts + others).map { TrainingExample(subject: [], body: Array($0.utf8)) }
        let words = GroupWords(examples, [[0, 1], [2, 3]], Workers(1)).words
        #expect(words[0].contains("密码") && words[0].contains("anna") && words[1] == ["printer"])
        #expect(!words[0].contains { $0.contains("email") || $0 == "the" || $0 == "please" })
    }
}

/// Groups as a spreadsheet, and names as they come back.
struct GroupSheetTests {
    private static func found() throws -> (set: TrainingSet, groups: TicketGroups) {
        let lines = (0..<40).map { row in
            let text = row % 2 == 0 ? "=printer jam tray \(row) " : "invoice refund \(row) anna@example.com "
            return
                #"{"id":"t\#(row)","text":"\#(text + String(repeating: row % 2 == 0 ? "toner " : "amount ", count: 50))"}"#
        }
        let path = try SmallSet.write(lines.joined(separator: "\n"))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var columns = TrainingSet.Columns(labels: [])
        columns.keepsUnlabelled = true
        let set = try TrainingSet(files: [path], columns: columns, preparation: TextPreparation())
        let vectors = try GroupVectors(set.examples, embedding: nil, Workers(1))
        return (set, try TicketGroups(set.examples, vectors, count: 2, workers: Workers(1)))
    }

    private static func names(_ text: String) throws -> GroupNames {
        let path = NSTemporaryDirectory() + "names-\(UUID().uuidString).csv"
        try AtomicOutput.write(Array(text.utf8), to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try GroupNames(path: path)
    }

    @Test func `a sheet has a row for each group, masked, guarded and cut`() throws {
        let (set, groups) = try GroupSheetTests.found()
        let bytes = GroupSheet.bytes(groups, of: set)
        let text = String(decoding: bytes.dropFirst(3), as: UTF8.self)
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]) && text.components(separatedBy: "\r\n").count == 4)
        #expect(text.hasPrefix("group,name,tickets,share,words,example 1,example 2,example 3,ids,check\r\n"))
        #expect(text.contains("1,,20,0.5,") && text.contains("2,,20,0.5,"))
        #expect(!text.contains("anna@example.com") && text.contains("[EMAIL]"))
        #expect(
            text.contains("'=printer") && text.contains(" …") && text.contains("2 groups of 40 tickets: "))
        #expect(text.utf8.split(separator: 0x0A).allSatisfy { $0.count < 1000 })
    }

    @Test func `names come back in any order, other separators, with rows missing`() throws {
        let (set, groups) = try GroupSheetTests.found()
        let check = GroupSheet.Check(groups).text
        let names = try GroupSheetTests.names(
            "name;group;tickets;check\r\n Printing ;2;20;\(check)\r\n;;;\r\n")
        #expect(names.names == [nil, "Printing"] && names.count == 1)
        try names.check(groups)
        let labels = set.examples.indices.map { groups.label(of: $0, names) }
        for (row, label) in labels.enumerated() {
            #expect(label == (groups.places[row] == 1 && !groups.isFar[row] ? "Printing" : nil))
        }
        let both = try GroupSheetTests.names("group,name,check\n1,A,\(check)\n2,A,\(check)\n")
        #expect(both.names == ["A", "A"] && both.count == 1)
        let unnamed = try GroupSheetTests.names("group,name,check\n1,-,\(check)\n2,A,\(check)\n")
        #expect(unnamed.names == [nil, "A"])
    }

    @Test func `what is no sheet of these groups is refused with a remedy`() throws {
        let (_, groups) = try GroupSheetTests.found()
        let check = GroupSheet.Check(groups)
        func error(_ text: String) throws -> String {
            do { try GroupSheetTests.names(text).check(groups) } catch { return "\(error)" }
            return "accepted"
        }
        let other = "2 groups of 40 tickets: 00000000"
        #expect(try error("group,name,check\n1,A,\(other)\n").contains("make a new sheet"))
        #expect(
            try error("group,name,check\n1,A,2 groups of 41 tickets: 00000000\n").contains(
                "made from 41 tickets"))
        #expect(try error("group,name,check\n1,,\(check.text)\n").contains("no group has a name"))
        #expect(try error("group,name,check\n1,A,\(check.text)\n2,B,\(other)\n").contains("line 3"))
        #expect(try error("group,name,check\n1,A,\(check.text)\n1,B,\(check.text)\n").contains("line 2 too"))
        #expect(try error("group,name,check\n1,A,\(check.text)\n3,B,\(check.text)\n").contains("line 3"))
        #expect(
            try error("group,name,check\n1,A,\(check.text)\nx,B,\(check.text)\n").contains("restore them"))
        #expect(try error("id,text\n1,hello\n").contains("no column \"group\""))
    }
}
