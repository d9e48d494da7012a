import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageTraining

/// The names of labels with few rows as rows of their own, and fits on a part of the rows.
struct LabelNameTests {
    private func fit(_ set: TrainingSet, copies: Int = 1) throws -> HeadFit {
        let options = TrainingOptions()
        let features = try TrainingFeatures(set, options, embedding: nil, holdsOut: false, Workers(1))
        let rows = (0..<copies).flatMap { _ in set.examples.indices }
        return HeadFit(
            matrix: features.matrix, rows: rows, targets: rows.map { set.examples[$0].labels[0] ?? 0 },
            weights: nil, names: features.names.rows[0], classCount: set.labelSets[0].count,
            workers: Workers(1))
    }

    private func parameters(_ fit: HeadFit, _ settings: ModelManifest.Hyperparameters) -> [Float] {
        var parameters: [Float] = []
        _ = fit.fit(&parameters, settings, tolerance: 1e-9, maximumIterations: 1000) { _ in }
        return parameters
    }

    @Test func `a part of the rows is fitted with the penalty of the whole, shared out by row`() throws {
        let set = try SmallSet.read()
        let count = set.examples.count
        let whole = try fit(set, copies: 2)
        let part = whole.subset(Array(0..<count), sharesPenalty: true)
        let settings = ModelManifest.Hyperparameters(
            characterWeight: 1, embeddingWeight: 0, inversePenalty: 1)
        let rows = Array(set.examples.indices)
        let twice = whole.logits(of: rows, parameters(whole, settings), settings)
        let once = part.logits(of: rows, parameters(part, settings), settings)
        for (a, b) in zip(twice, once) { #expect(abs(a - b) < 0.02) }
    }

    @Test func `settings of earlier bundles count no names and no tickets without labels`() throws {
        let old = #"{"characterWeight":1,"embeddingWeight":2,"inversePenalty":30}"#
        let read = try JSONDecoder().decode(ModelManifest.Hyperparameters.self, from: Data(old.utf8))
        #expect(!read.usesLabelNames && read.unlabelledWeight == 0)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(read), as: UTF8.self) == old)
        var other = read
        (other.usesLabelNames, other.unlabelledWeight) = (true, 0.5)
        let text = String(decoding: try encoder.encode(other), as: UTF8.self)
        #expect(text.contains(#""labelNames":true"#) && text.contains(#""unlabelledWeight":0.5"#))
        #expect(try JSONDecoder().decode(ModelManifest.Hyperparameters.self, from: Data(text.utf8)) == other)
    }

    @Test func `card and comparison name what was learned from`() throws {
        let before = try SmallSet.train(threads: 1, fixed: true)
        var manifest = before.manifest
        manifest.heads[0].settings.usesLabelNames = true
        let lines = BundleComparison(before.manifest, manifest).lines
        #expect(lines.contains("category label names as rows: false → true"))
        let files = try manifest.files(tensors: []).files
        let card = try #require(files.first { $0.name == "MODEL_CARD.md" })
        #expect(
            String(decoding: card.bytes, as: UTF8.self).contains(
                "category learned from the names of labels with few tickets too."))
    }

    /// Names that an earlier model counted on are of no use where each label has many rows.
    @Test func `names that no label needs are not counted`() throws {
        var options = TrainingOptions()
        options.fixedHyperparameters = TrainingOptions.documentedHyperparameters
        options.fixedHyperparameters?.usesLabelNames = true
        let trained = try Trainer(options, embedding: nil, workers: Workers(1)).train(SmallSet.read())
        #expect(!trained.manifest.heads[0].settings.usesLabelNames)
    }

    @Test(arguments: [
        ("card_arrival", "card arrival"), ("CardArrival", "Card Arrival"), ("VPN", "VPN"),
        ("IT::Hardware > Laptop", "IT Hardware Laptop"), (" __x-1 ", "x 1"), ("3", ""), ("--", ""), ("", ""),
        ("Änderung/Störung", "Änderung Störung"), ("iPhone13Pro", "i Phone13Pro"), ("登录", "登录"),
    ])
    func `the words of a label's name`(label: String, text: String) {
        #expect(LabelNames.text(of: label) == text)
    }

    @Test func `names of labels with few rows alone become rows`() throws {
        var lines: [String] = []
        for (label, count) in [("locked_account", 3), ("broken_screen", 20), ("late_invoice", 21), ("7", 2)] {
            for number in 0..<count {
                lines.append(
                    "{\"text\":\"about \(label.replacing("_", with: " ")) row \(number)\",\"category\":\"\(label)\"}"
                )
            }
        }
        let path = try SmallSet.write(lines.joined(separator: "\n"))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let set = try TrainingSet(
            files: [path], columns: .init(labels: ["category"]), preparation: TextPreparation())
        let fit = try self.fit(set)
        let labels = set.labelSets[0]
        #expect(fit.names.map { labels[$0.label] } == ["broken_screen", "locked_account"])
        let named = fit.withLabelNames
        #expect(named.rows.count == fit.rows.count + 2)
        #expect(named.targets.suffix(2).map { labels[$0] } == ["broken_screen", "locked_account"])
        // A label without any row in a fold gets none from its name.
        let kept = fit.targets.indices.filter { labels[fit.targets[$0]] != "locked_account" }
        #expect(fit.subset(kept).withLabelNames.rows.count == kept.count + 1)
        // The name's words decide where the rows cannot: the fit moves towards them.
        var settings = HyperparameterSearch.defaults
        settings.embeddingWeight = 0
        let name = [fit.names[1].row]
        let plain = fit.logits(of: name, parameters(fit, settings), settings)
        settings.usesLabelNames = true
        let moved = fit.logits(of: name, parameters(fit, settings), settings)
        let place = fit.names[1].label
        #expect(moved[place] > plain[place])
    }
}
