import Foundation
import Testing
import TriageData
import TriageModel
import TriageText

@testable import TriageEngine
import TriageTickets

struct ExplanationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private static let starter: Result<Snapshot, any Error> = Result {
        try Snapshot(at: .init(model: root + "/models/starter"))
    }

    private static let odd: [Ticket] = [
        Ticket(body: ""), Ticket(body: "?"), Ticket(body: "zzqx"), Ticket(body: "   \n\t\0"),
        Ticket(subject: "Locked out", body: "my account is locked out, locked out, locked out!"),
        Ticket(subject: "Nur im Betreff: Drucker streikt", body: ""),
        Ticket(body: "<p>from <b>anna@example.com</b> call +49 170 1234567, card 4111 1111 1111 1111</p>"),
        Ticket(body: "無法登入 паро́ль naïve 👩‍💻 it’s don't \u{202E}evil"),
        Ticket(body: String(repeating: "crash ", count: 3000)),
        Ticket(body: String(repeating: "x", count: 5000)),
        Ticket(body: (0..<500).map { "word\($0) invoice" }.joined(separator: " ")),
        Ticket(subject: "RE: RE:", body: "> quoted\n\nplease reset\n-- \nAnna\nwww.example.com"),
    ]

    private func differences(_ explanation: Explanation) -> [Float] {
        let sums = [explanation.own] + (explanation.against.map { [$0.sum] } ?? [])
        return sums.map { sum in abs(sum.terms.reduce(sum.bias + sum.rest) { $0 + $1.weight } - sum.logit) }
    }

    @Test func `own and contrast add up on odd texts, for every label`() throws {
        let snapshot = try Self.starter.get()
        for label in [nil] + snapshot.model.heads.flatMap(\.labels.names) {
            var scratch = DecisionScratch(Explanation.Request(label: label))
            for ticket in Self.odd {
                for explanation in snapshot.decide(ticket, &scratch).explanations ?? [] {
                    #expect(differences(explanation).allSatisfy { $0 < 2e-5 })
                    #expect((0...1).contains(explanation.own.restShare))
                }
            }
        }
    }

    @Test func `ranges lie in the original, terms are masked`() throws {
        let snapshot = try Self.starter.get()
        for ticket in Self.odd {
            for explanation in snapshot.decide(ticket, explaining: true).explanations ?? [] {
                for term in explanation.terms {
                    let text = term.field == "subject" ? ticket.subject : ticket.body
                    #expect(term.range.upperBound <= text.utf8.count && !term.range.isEmpty)
                    #expect(!term.text.contains("anna@") && !term.text.contains("4111"))
                }
            }
        }
    }

    @Test func `a placeholder is one word`() throws {
        let decision = try Self.starter.get().decide(
            Ticket(body: "mail from anna@example.com"), explaining: true)
        for explanation in decision.explanations ?? [] {
            let term = try #require(explanation.terms.first { $0.text.contains("EMAIL") })
            #expect(term.text == "[EMAIL]" && term.range == 10..<26)
        }
    }

    @Test func `units take each word once and keep the sum`() throws {
        let model = try Self.starter.get().model
        var features = Features(recordingOrigins: true)
        var logits: [Float] = []
        var phrases = 0
        for text in ["is there a limit", "I would like to know the price of the new one", "screen is frozen"]
        {
            model.score(subject: [], body: Array(text.utf8), features: &features, logits: &logits)
            let trace = FeatureTrace(
                features, model,
                model.preparation.prepare(Ticket(body: text)))
            for label in 0..<model.heads[0].labels.count {
                let direction = Direction(own: label, model.heads[0], columns: model.layer.columns)
                let shares = FeatureAttribution(model, along: direction.factors, features, trace)
                let units = shares.units
                #expect(units.flatMap { Array($0.places) } == Array(features.found.list.indices))
                let parts = shares.alone.reduce(0, +) + shares.pairs.reduce(0, +)
                #expect(abs(units.reduce(0) { $0 + $1.weight } - parts) < 1e-4)
                for unit in units where unit.places.count == 2 {
                    let first = unit.places.lowerBound
                    phrases += 1
                    #expect(abs(shares.pairs[first]) > abs(shares.alone[first]))
                    #expect(abs(shares.pairs[first]) > abs(shares.alone[first + 1]))
                }
            }
        }
        #expect(phrases > 0)
    }

    @Test func `a label asked for is set against the best other one`() throws {
        let snapshot = try Self.starter.get()
        var scratch = DecisionScratch(Explanation.Request(label: "Billing"))
        let decision = snapshot.decide(Ticket(body: "my account is locked"), &scratch)
        let explanation = try #require(decision.explanations?.first)
        #expect(explanation.label == "Billing" && explanation.against?.label == decision.category)
        #expect(try #require(explanation.against?.sum.logit) < 0)
        // The other field has no such label and explains its own.
        #expect(decision.explanations?.last?.label == decision.predictions.last?.label)
    }

    @Test func `a collision names two n-grams of one bucket`() throws {
        let decision = Snapshot(model: Trained.crowded).decide(
            Ticket(body: "password login locked number 3 please, invoice crash refund error"),
            explaining: true)
        let collisions = (decision.explanations ?? []).flatMap(\.collisions)
        #expect(!collisions.isEmpty)
        for collision in collisions {
            #expect(collision.text != collision.other)
            #expect(collision.weight != 0)
        }
        // Words and pairs, unlike runs of characters, can be hashed again from their text.
        let words = collisions.filter { $0.label != nil }
        #expect(!words.isEmpty)
        for collision in words {
            let hashes = [collision.text, collision.other].map {
                TopFeatures.Word(text: $0.lowercased(), weight: 0).hash >> 58
            }
            #expect(hashes[0] == hashes[1], "\(collision)")
        }
    }
}

struct CounterfactualTests {
    private func explain(_ ticket: Ticket) throws -> (Snapshot, Decision, Counterfactual) {
        let snapshot = Snapshot(model: Trained.model)
        var scratch = DecisionScratch(Explanation.Request(counterfactual: true))
        let decision = snapshot.decide(ticket, &scratch)
        return (snapshot, decision, try #require(decision.explanations?.first?.counterfactual))
    }

    private func without(_ words: some Sequence<Counterfactual.Word>, _ text: String) -> String {
        var bytes = Array(text.utf8)
        for word in words { for index in word.range { bytes[index] = 0x20 } }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `removing the words changes the answer, putting any one back restores it`() throws {
        let text = "password login locked, and my invoice was broken"
        let (snapshot, decision, found) = try explain(Ticket(body: text))
        #expect(found.effect != nil && found.isIrreducible && !found.words.isEmpty)
        #expect(found.scorings <= Snapshot.maximumScorings)
        func isChanged(_ text: String) -> Bool {
            let now = snapshot.decide(Ticket(body: text)).predictions[0]
            return now.label != decision.category || now.reasons.contains(.lowConfidence)
        }
        #expect(isChanged(without(found.words, text)))
        for kept in Set(found.words.map(\.text)) {
            #expect(!isChanged(without(found.words.filter { $0.text != kept }, text)), "\(kept)")
        }
    }

    @Test func `a placeholder goes as a whole`() throws {
        let body = "from anna@example.com and bob@example.com: password locked"
        let (_, _, found) = try explain(Ticket(body: body))
        for word in found.words where word.text.contains("EMAIL") {
            #expect(word.text == "[EMAIL]" && body.utf8.count > word.range.upperBound)
        }
        #expect(found.words.allSatisfy { $0.text != "[" && $0.text != "]" })
    }

    @Test func `all occurrences of a word go together`() throws {
        let (_, _, found) = try explain(Ticket(subject: "Crash", body: "crash crash crash, see the invoice"))
        let places = found.words.filter { $0.text.lowercased() == "crash" }
        #expect(places.map(\.field) == ["subject", "body", "body", "body"])
    }

    @Test func `a text of unknown words has no counterfactual`() throws {
        let (_, _, found) = try explain(Ticket(body: "zzqx"))
        #expect(found.effect == nil && found.words.isEmpty && !found.isIrreducible)
        #expect(found.removed == 0)
    }

    @Test func `only an explanation that asks for it looks for one`() throws {
        let decision = Snapshot(model: Trained.model).decide(
            Ticket(body: "password locked"), explaining: true)
        #expect(decision.explanations?.allSatisfy { $0.counterfactual == nil } == true)
    }
}

struct LongTextTests {
    @Test func `a long text's embedding is the sum of its terms`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let table = try EmbeddingTable(directory: root + "/models/embeddings/minilm-256")
        let text = Array(String(repeating: "the printer on floor two is offline again, ", count: 900).utf8)
        var features = Features()
        table.fill(&features, subject: Array("printer".utf8), body: text)
        // The product of the sum with any vector is the sum of the terms' products.
        for place in [0, 100, table.dimension - 1] {
            var unit = [Float](repeating: 0, count: table.dimension)
            unit[place] = 1
            let terms = [features.subjectTerms, features.bodyTerms].flatMap {
                table.products(of: $0, with: unit)
            }
            let sum = terms.reduce(0.0) { $0 + Double($1) } / Double(features.embeddingNorm)
            #expect(abs(sum - Double(features.embedding[place])) < 1e-6)
        }
    }
}
