import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageTraining

/// Tickets without labels that teach: what is read of them, what they change, and what a bundle keeps.
struct UnlabelledTests {
    /// Labelled tickets know two words of each label; those without labels have these beside two others.
    private static let known = ["Login": ["password", "login"], "Billing": ["invoice", "refund"]]
    private static let others = ["Login": ["credentials", "badge"], "Billing": ["receipt", "dunning"]]

    private static func row(_ words: [String], _ number: Int, label: String? = nil) -> String {
        let text = "\(words.joined(separator: " ")) u\(number)"
        return "{\"text\":\"\(text)\"" + (label.map { ",\"category\":\"\($0)\"}" } ?? "}")
    }

    private static let labelled = known.keys.sorted().flatMap { label in
        (0..<8).map { row(known[label] ?? [], $0, label: label) }
    }.joined(separator: "\n")

    private static let rest = known.keys.sorted().flatMap { label in
        (0..<40).map { number in
            let words = (known[label] ?? []) + (others[label] ?? [])
            return row([words[number % 2], words[2 + number / 2 % 2]], 100 + number)
        }
    }.joined(separator: "\n")

    private func set(_ rows: String = labelled, rest: String? = rest) throws -> TrainingSet {
        let path = try SmallSet.write(rows)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var set = try TrainingSet(
            files: [path], columns: .init(labels: ["category"]), preparation: TextPreparation())
        if let rest { set.unlabelledTickets = try tickets(rest, beside: set) }
        return set
    }

    private func tickets(_ rows: String, beside set: TrainingSet) throws -> UnlabelledTickets {
        let path = try SmallSet.write(rows)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try UnlabelledTickets(
            files: [path], columns: TicketColumns(), preparation: TextPreparation(), beside: set, Workers(1))
    }

    private func settings(_ weight: Float) -> ModelManifest.Hyperparameters {
        var settings = ModelManifest.Hyperparameters(
            characterWeight: 0.25, embeddingWeight: 0, inversePenalty: 30)
        settings.unlabelledWeight = weight
        return settings
    }

    private func train(
        _ set: TrainingSet, _ settings: ModelManifest.Hyperparameters?, threads: Int = 1
    ) throws -> TrainedBundle {
        var options = TrainingOptions()
        (options.fixedHyperparameters, options.calibratesFixed) = (settings, true)
        return try Trainer(options, embedding: nil, workers: Workers(threads)).train(set)
    }

    /// How much more a text is like one label than like the other, by a bundle.
    private func difference(_ trained: TrainedBundle, _ text: String) throws -> Float {
        let bundle = try SmallSet.load(trained)
        var (features, logits) = (Features(), [Float]())
        bundle.score(subject: [], body: Array(text.utf8), features: &features, logits: &logits)
        let names = bundle.heads[0].labels.names
        let login = try #require(names.firstIndex(of: "Login"))
        return logits[login] - logits[1 - login]
    }

    @Test func `words that labelled tickets never had are learned from those beside them`() throws {
        let alone = try train(set(), settings(0))
        let together = try train(set(), settings(1))
        #expect(abs(try difference(alone, "credentials badge")) < 0.05)
        #expect(try difference(together, "credentials badge") > 0.3)
        #expect(try difference(together, "receipt dunning") < -0.3)
        #expect(together.manifest.training.unlabelledTickets == 80)
        #expect(alone.manifest.training.unlabelledTickets == nil)
    }

    @Test func `one and two threads give the same bytes`() throws {
        let (one, two) = (try train(set(), settings(0.3)), try train(set(), settings(0.3), threads: 2))
        for (a, b) in zip(one.files, two.files) { #expect(a.bytes == b.bytes, "\(a.name)") }
    }

    @Test func `cross-validation weighs them, and the report has what that gained`() throws {
        // A quarter of the labelled tickets have only words that tickets without labels explain.
        let mixed = Self.known.keys.sorted().flatMap { label in
            (0..<24).map { number in
                let words = (number < 18 ? Self.known : Self.others)[label] ?? []
                return Self.row([words[number % 2]], number, label: label)
            }
        }.joined(separator: "\n")
        let set = try set(mixed)
        let trained = try train(set, nil)
        let trial = try #require(trained.fits[0].unlabelled)
        #expect(trial.count == 80 && trial.brier.together <= trial.brier.alone)
        #expect(trained.manifest.heads[0].settings.unlabelledWeight == trial.weight)
        let report = TrainingReport(trained, set, seconds: 1, countsFeedback: false)
        #expect(report.lines.contains("category: \(trial.sentence)"))
        #expect(
            report.lines.contains("80 texts of 80 tickets without labels; 0 empty or there already, 0 bad"))
        let json = JSONWriter.line { report.write(to: &$0) }
        #expect(json.contains("\"unlabelled_tickets\":80") && json.contains("\"self_training\":{\"weight\":"))
    }

    @Test func `without them nothing is tried, and no key is written`() throws {
        let set = try set(rest: nil)
        let trained = try train(set, nil)
        #expect(trained.fits[0].unlabelled == nil)
        let manifest = try #require(trained.files.first { $0.name == "manifest.json" })
        #expect(!String(decoding: manifest.bytes, as: UTF8.self).contains("unlabelled"))
        let report = TrainingReport(trained, set, seconds: 1, countsFeedback: false)
        #expect(!report.lines.contains { $0.contains("tickets without labels") })
    }

    /// A weight that an earlier model chose is of no use where no such tickets are given.
    @Test func `a weight without tickets is none`() throws {
        let trained = try train(set(rest: nil), settings(1))
        #expect(trained.manifest.heads[0].settings.unlabelledWeight == 0)
    }

    @Test func `each text counts once, and none that a labelled row has`() throws {
        let set = try set(rest: nil)
        let rows = [
            Self.row(["password", "login"], 0), Self.row(["badge"], 1), Self.row(["badge"], 1),
            #"{"text":"  "}"#, #"{"text":["x"]}"#, Self.row(["badge"], 2, label: "Nonsense"),
        ]
        let tickets = try tickets(rows.joined(separator: "\n"), beside: set)
        #expect(tickets.count == 2 && tickets.count + tickets.repeated == tickets.read)
        #expect(tickets.examples.allSatisfy { $0.labels.isEmpty })
        #expect(tickets.badRows.count + tickets.read == rows.count)
    }

    @Test func `more texts than a fit should take are left out evenly`() throws {
        let set = try set(rest: nil)
        let most = UnlabelledTickets.maximumCount
        let rows = (0..<most + 500).map { Self.row(["badge"], $0) }
        let tickets = try tickets(rows.joined(separator: "\n"), beside: set)
        #expect(tickets.count == most && tickets.isThinned && tickets.read == most + 500)
        #expect(
            String(decoding: tickets.examples[most / 2].body, as: UTF8.self) == "badge u\(most / 2 + 250)")
        #expect(try !self.tickets(Self.rest, beside: set).isThinned)
    }

    @Test func `the data's fingerprint covers their text`() throws {
        let (with, without) = (try set(), try set(rest: nil))
        let other = try set(rest: Self.rest + "\n" + Self.row(["badge"], 7))
        #expect(Set([with, without, other].map(\.fingerprint)).count == 3)
    }

    @Test func `likely labels alone count, by their sharpened probabilities`() {
        // p = 0.7, 0.25 and 0.05 to the power of 1.5: 0.82, 0.17 and 0.02.
        let logits: [Float] = [log(0.7), log(0.25), log(0.05), 9, 0, 0, 0, 9]
        let soft = SoftLabels(logits: logits, columns: 4, classCount: 3).labels
        #expect(soft.map(\.row) == [0, 0, 1, 1, 1] && soft.map(\.label) == [0, 1, 0, 1, 2])
        #expect(abs(soft[0].share - 0.8109) < 1e-3 && abs(soft[1].share - 0.1731) < 1e-3)
        #expect(abs(soft[2].share - 1 / 3) < 1e-4)
        // So many labels are as likely that the ticket counts for nothing.
        let unsure = SoftLabels(
            logits: [Float](repeating: 0, count: 32), columns: 32, classCount: 30)
        #expect(unsure.labels.isEmpty)
    }
}
