import Foundation
import Testing
import TriageModel
import TriageNumerics
import TriageText

@testable import TriageTraining
import TriageTickets

struct TopFeatureTests {
    /// Two labels of twelve rows each, with some words of `rare` in the first few.
    private func words(
        of label: String, rare: String, rows: Int, requesters: Int? = nil
    ) throws -> [String] {
        var lines: [String] = []
        for number in 0..<24 {
            let category = number < 12 ? "Login" : "Billing"
            let own = number < 12 ? "locked out" : "wrong invoice"
            let text = "\(own) w\(number) \(number < rows ? rare : "")"
            let requester = "p\(requesters.map { number % $0 } ?? number)"
            lines.append(#"{"text":"\#(text)","category":"\#(category)","from":"\#(requester)"}"#)
        }
        let path = try SmallSet.write(lines.joined(separator: "\n"))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let set = try TrainingSet(
            files: [path], columns: .init(labels: ["category"], group: requesters == nil ? nil : "from"),
            preparation: TextPreparation())
        var options = TrainingOptions()
        options.fixedHyperparameters = TrainingOptions.documentedHyperparameters
        let bundle = try Trainer(options, embedding: nil, workers: Workers(1)).train(set)
        var files: [String: MappedBytes] = [:]
        for file in bundle.files { files[file.name] = MappedBytes(copying: file.bytes) }
        let model = try ModelBundle(files: files, directory: "memory") { reference throws(ModelError) in
            throw .noBundle(searched: [])
        }
        let entry = try #require(model.topFeatures?.labels.first { $0.label == label })
        #expect(entry.words.map(\.weight) == entry.words.map(\.weight).sorted(by: >))
        return entry.words.map(\.text)
    }

    @Test func `words and pairs of a label are listed, strongest first`() throws {
        let found = try words(of: "Login", rare: "", rows: 0)
        #expect(Set(found) == ["locked", "out", "locked out"])
        #expect(Set(try words(of: "Billing", rare: "", rows: 0)) == ["wrong", "invoice", "wrong invoice"])
    }

    @Test(arguments: [(4, false), (5, true)])
    func `a word needs five different rows`(rows: Int, isKept: Bool) throws {
        #expect(try words(of: "Login", rare: "mfa", rows: rows).contains("mfa") == isKept)
    }

    @Test(arguments: [(4, false), (5, true)])
    func `or five requesters, where they are known`(requesters: Int, isKept: Bool) throws {
        let found = try words(of: "Login", rare: "mfa", rows: 12, requesters: requesters)
        #expect(found.contains("mfa") == isKept)
    }

    @Test func `a placeholder is no word`() throws {
        let found = try words(of: "Login", rare: "anna@example.com", rows: 12)
        #expect(!found.contains { $0.contains("email") || $0.contains("[") })
    }

    @Test func `the list reads back as it was written`() throws {
        let words = TopFeatures([
            .init(field: "category", label: "A \"b\"", words: [.init(text: "it’s", weight: 1.5)]),
            .init(field: "category", label: "C", words: []),
        ])
        let text = String(decoding: words.json, as: UTF8.self)
        #expect(
            text == #"[{"field":"category","label":"A \"b\"","words":[["it’s",1.5]]},"#
                + #"{"field":"category","label":"C","words":[]}]"# + "\n")
    }
}
