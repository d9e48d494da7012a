import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageText
import TriageTickets
import TriageTraining

@testable import TriageEngine

/// Small models whose labels are a tree, and tags.
private enum Shaped {
    static let words: [(path: String, words: [String])] = [
        ("Network::VPN", ["tunnel", "vpn", "gateway", "client", "ipsec"]),
        ("Network::WLAN", ["wireless", "wlan", "antenna", "signal", "beacon"]),
        ("Network::DNS", ["resolver", "dns", "lookup", "zone", "nameserver"]),
        ("Hardware::Laptop", ["battery", "lid", "keyboard", "fan", "hinge"]),
        ("Hardware::Printer", ["toner", "paper", "tray", "drum", "stapler"]),
        ("Other", ["canteen", "parking", "badge", "desk", "plant"]),
    ]
    private static let fillers = ["please", "today", "again", "office", "morning", "still", "team", "floor"]

    private static func text(_ words: [String], _ count: Int, _ generator: inout SplitMix64) -> String {
        ((0..<count).map { _ in words[generator.below(words.count)] }
            + (0..<3).map { _ in fillers[generator.below(fillers.count)] }).joined(separator: " ")
    }

    static let tree: ModelBundle = {
        var generator = SplitMix64(seed: 9)
        let rows = words.flatMap { path, words in
            (0..<24).map { number in
                // A third of the rows name the area alone, so that their kind cannot be known.
                let area =
                    path.hasPrefix("Network")
                    ? "network cable" : path.hasPrefix("Hard") ? "device repair" : "building"
                let own = number % 3 == 0 ? "" : text(words, 2, &generator)
                let filler = text(fillers, 1, &generator)
                return
                    #"{"text":"\#(own) \#(area) \#(filler) w\#(generator.below(900))","category":"\#(path)"}"#
            }
        }
        return train(rows, field: "category")
    }()

    static let tags: ModelBundle = {
        var generator = SplitMix64(seed: 2)
        let rows = (0..<80).map { number in
            let (vpn, mac) = (number % 2 == 0, number % 3 == 0)
            let tags = [vpn ? "\"vpn\"" : nil, mac ? "\"mac\"" : nil].compactMap(\.self)
            let filler = text(fillers, 2, &generator)
            return
                #"{"text":"\#(vpn ? "tunnel" : "printer") \#(mac ? "apple" : "laptop") \#(filler)","tags":[\#(tags.joined(separator: ","))]}"#
        }
        return train(rows, field: "tags", areTags: true)
    }()

    private static func train(_ rows: [String], field: String, areTags: Bool = false) -> ModelBundle {
        let path = NSTemporaryDirectory() + "shape-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            try AtomicOutput.write(Array(rows.joined(separator: "\n").utf8), to: path)
            var columns = TrainingSet.Columns(labels: [field])
            if areTags { columns.shapes.tags = [field] }
            let set = try TrainingSet(files: [path], columns: columns, preparation: TextPreparation())
            var options = TrainingOptions()
            options.target = .precision(0.8)
            return try Trained.load(Trainer(options, embedding: nil, workers: Workers(1)).train(set))
        } catch {
            preconditionFailure("the test model cannot be trained: \(error)")
        }
    }

    static let texts = [
        "tunnel vpn gateway", "network cable", "device repair toner", "canteen", "wireless tunnel", "lid",
        "tunnel canteen toner", "network device", "paper keyboard antenna badge", "the vpn", "", "zzqx",
    ]
}

struct TreeDecisionTests {
    private let snapshot = Snapshot(model: Shaped.tree)

    private func decide(_ text: String) -> Decision.Prediction {
        snapshot.decide(Ticket(body: text)).predictions[0]
    }

    @Test func `a path never contradicts itself`() throws {
        let tree = try #require(Shaped.tree.heads[0].tree)
        for text in Shaped.texts {
            let prediction = decide(text)
            let path = try #require(prediction.path)
            for (parent, child) in zip(path, path.dropFirst()) {
                #expect(parent.probability >= child.probability && parent.level >= child.level)
                #expect(child.label.hasPrefix(parent.label + "::"))
            }
            #expect(Shaped.tree.heads[0].labels.names.contains(path[path.count - 1].label))
            #expect(path.map(\.name) == tree.paths.parts(of: path[path.count - 1].label))
            let depth = try #require(prediction.depth)
            #expect(prediction.label == (depth > 0 ? path[depth - 1].label : path[path.count - 1].label))
            #expect(prediction.probability == path.first { $0.label == prediction.label }?.probability)
            #expect(prediction.level == path.first { $0.label == prediction.label }?.level)
        }
    }

    @Test func `the probability of a parent is the sum of its labels'`() throws {
        let head = Shaped.tree.heads[0]
        var scratch = DecisionScratch()
        for text in Shaped.texts {
            let path = try #require(snapshot.decide(Ticket(body: text), &scratch).predictions[0].path)
            let probabilities = head.probabilities(scratch.logits)
            for step in path {
                let sum = zip(head.labels.names, probabilities)
                    .filter { $0.0 == step.label || $0.0.hasPrefix(step.label + "::") }
                    .reduce(Float(0)) { $0 + $1.1 }
                #expect(abs(sum - step.probability) < 5e-6)
            }
        }
    }

    @Test func `an unsure label is backed off to its parent`() throws {
        let prediction = decide("network cable")
        #expect(prediction.label == "Network" && prediction.level != .review && prediction.depth == 1)
        #expect(prediction.path?.map(\.level).last == .review)
        #expect(prediction.alternatives.count == 3)
        #expect(prediction.alternatives[0].label.hasPrefix("Network::"))
        #expect(!prediction.reasons.contains(.lowConfidence) || prediction.level == .suggest)
        let whole = decide("tunnel vpn gateway network cable")
        #expect(whole.label == "Network::VPN" && whole.depth == 2)
    }

    @Test func `nothing is sure about an empty or unknown ticket`() {
        for text in ["", "zzqx"] {
            let prediction = decide(text)
            #expect(prediction.level == .review && prediction.depth == 0)
            #expect(Shaped.tree.heads[0].labels.names.contains(prediction.label))
        }
    }

    @Test func `a ticket that was cut is never auto, at any depth`() throws {
        let prediction = decide(
            "tunnel vpn gateway network cable " + String(repeating: "vpn ", count: 100_000))
        #expect(prediction.reasons.contains(.truncated))
        #expect(try #require(prediction.path).allSatisfy { $0.level != .auto })
    }

    @Test(arguments: [nil, "Network", "Hardware", "Network::VPN", "Other"])
    func `words, rest and bias of a parent add up to its log-odds`(label: String?) throws {
        let head = Shaped.tree.heads[0]
        let temperature = Double(head.manifest.temperature)
        for text in Shaped.texts {
            var scratch = DecisionScratch(Explanation.Request(label: label))
            let decision = snapshot.decide(Ticket(body: text), &scratch)
            let explanation = try #require(decision.explanations?.first)
            for sum in [explanation.own] + (explanation.against.map { [$0.sum] } ?? []) {
                #expect(abs(sum.terms.reduce(sum.bias + sum.rest) { $0 + $1.weight } - sum.logit) < 2e-5)
            }
            let isParent = ["Network", "Hardware"].contains(explanation.label)
            #expect((explanation.own.spread != nil) == isParent)
            guard let spread = explanation.own.spread, let against = explanation.against else { continue }
            let exact = Softmax.probabilities(scratch.logits[head.columns], temperature: Float(temperature))
            func p(_ node: String) -> Double {
                zip(head.labels.names, exact).reduce(0) {
                    $0 + ($1.0 == node || $1.0.hasPrefix(node + "::") ? Double($1.1) : 0)
                }
            }
            let own = p(explanation.label)
            #expect(abs(Double(explanation.own.logit + spread) - temperature * log(own / (1 - own))) < 1e-3)
            let other = p(against.label)
            #expect(
                abs(Double(against.sum.logit + (against.sum.spread ?? 0)) - temperature * log(own / other))
                    < 1e-3)
        }
    }

    @Test func `a counterfactual of a parent changes it`() throws {
        var scratch = DecisionScratch(Explanation.Request(counterfactual: true))
        let decision = snapshot.decide(Ticket(body: "network cable"), &scratch)
        #expect(decision.predictions[0].label == "Network")
        let found = try #require(decision.explanations?[0].counterfactual)
        #expect(found.effect != nil && !found.words.isEmpty)
    }

    @Test func `the playbook's action of the deepest named part applies`() {
        var policy = Policy()
        policy.defaults = ["Network": "Ask the network team.", "Network::VPN": "Restart the gateway."]
        let snapshot = Snapshot(model: Shaped.tree, policy: policy)
        func action(_ text: String) -> String { snapshot.decide(Ticket(body: text)).nextAction }
        #expect(action("tunnel vpn gateway network cable") == "Restart the gateway.")
        #expect(action("wireless wlan antenna network cable") == "Ask the network team.")
        #expect(action("network cable") == "Ask the network team.")
        #expect(policy.gaps(for: Shaped.tree).isEmpty)
    }

    @Test func `a language model's label has its own path`() throws {
        let text = snapshot.prepare(Ticket(body: "network cable"))
        let decision = snapshot.adopting(
            ["category": "Hardware::Laptop"], in: snapshot.decide(text), of: text)
        let prediction = decision.predictions[0]
        #expect(prediction.label == "Hardware::Laptop")
        #expect(prediction.path?.map(\.label) == ["Hardware", "Hardware::Laptop"])
        #expect(try #require(prediction.path).allSatisfy { $0.level <= .suggest })
    }
}

struct TagDecisionTests {
    private let snapshot = Snapshot(model: Shaped.tags)

    private func decide(_ text: String) -> Decision.Prediction {
        snapshot.decide(Ticket(body: text)).predictions[0]
    }

    @Test(arguments: [
        ("tunnel apple", ["mac", "vpn"]), ("tunnel laptop", ["vpn"]), ("printer apple", ["mac"]),
        ("printer laptop", []),
    ])
    func `a ticket has each tag that reaches its threshold, maybe none`(text: String, tags: [String]) throws {
        let prediction = decide(text)
        let given = try #require(prediction.tags)
        #expect(given.map(\.label).sorted() == tags)
        #expect(prediction.label == given.map(\.label).joined(separator: ";"))
        #expect(given.allSatisfy { $0.probability >= $0.threshold })
        #expect(zip(given, given.dropFirst()).allSatisfy { $0.probability >= $1.probability })
        #expect(prediction.alternatives.allSatisfy { !tags.contains($0.label) })
        #expect(prediction.level >= .suggest && (given.isEmpty ? prediction.level == .suggest : true))
    }

    @Test func `no tag is given to a ticket without words that the model knows`() {
        for text in ["", "zzqx", "?!"] {
            let prediction = decide(text)
            #expect(prediction.tags == [] && prediction.level == .review && prediction.label.isEmpty)
        }
    }

    @Test func `each tag's words, rest and bias add up to its logit`() throws {
        let head = Shaped.tags.heads[0]
        for text in ["tunnel apple", "printer laptop", "tunnel", ""] {
            var scratch = DecisionScratch(Explanation.Request())
            let decision = snapshot.decide(Ticket(body: text), &scratch)
            let explanation = try #require(decision.explanations?.first)
            let tags = try #require(explanation.tags)
            #expect(tags.map(\.label) == decision.predictions[0].tags?.map(\.label))
            for (label, sum) in tags.map({ ($0.label, $0.sum) }) + [(explanation.label, explanation.own)] {
                let place = try #require(head.labels.index(of: label))
                #expect(abs(sum.terms.reduce(sum.bias + sum.rest) { $0 + $1.weight } - sum.logit) < 2e-5)
                #expect(abs(sum.logit - scratch.logits[head.columns.lowerBound + place]) < 1e-6)
            }
            #expect(explanation.against == nil)
        }
    }

    @Test func `the probability is that all tags are right`() {
        let prediction = decide("tunnel apple")
        let product = prediction.tags?.reduce(Float(1)) { $0 * $1.probability } ?? 0
        #expect(abs(prediction.probability - product) < 1e-5)
    }

    @Test func `label sets leave tags out`() throws {
        #expect(
            try snapshot.withLabelSets(coverage: 0.9).decide(Ticket(body: "tunnel")).predictions[0].labelSet
                == nil)
    }
}
