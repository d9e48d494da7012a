import Foundation
import Testing
import TriageData
@testable import TriageModel
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageTraining

/// Tickets whose words name their tags; every tenth has none.
enum TagSet {
    static let words = ["vpn": "tunnel", "mac": "apple", "mail": "outlook", "print": "toner"]

    static func lines(_ write: ([String]) -> String) -> String {
        var generator = SplitMix64(seed: 7)
        let names = words.keys.sorted()
        return (0..<120).map { number in
            let tags = number % 10 == 0 ? [] : names.filter { _ in generator.unitFloat() < 0.45 }
            let text = tags.compactMap { words[$0] }.joined(separator: " ")
            return
                "{\"id\":\"\(number)\",\"text\":\"please help \(text) n\(generator.below(999))\",\"tags\":\(write(tags))}"
        }.joined(separator: "\n")
    }

    static let lists = lines { "[\($0.map { "\"\($0)\"" }.joined(separator: ","))]" }
    static let texts = lines { "\"\($0.joined(separator: ";"))\"" }

    static func set(_ text: String) throws -> TrainingSet {
        var columns = TrainingSet.Columns(labels: ["tags"])
        columns.shapes.tags = ["tags"]
        return try TreeSet.set(text, columns)
    }

    static func train(_ goal: TagGoal = .f1, threads: Int = 1) throws -> TrainedBundle {
        var options = TrainingOptions()
        options.tagGoal = goal
        return try Trainer(options, embedding: nil, workers: Workers(threads)).train(set(lists))
    }
}

struct TagTests {
    // MARK: - Reading

    @Test(arguments: [
        ("vpn;mac", ["vpn", "mac"]), ("vpn; mac ;", ["vpn", "mac"]), ("vpn|mac", ["vpn", "mac"]),
        ("vpn, mac", ["vpn", "mac"]), (#"["vpn", "mac"]"#, ["vpn", "mac"]),
        ("['vpn', 'mac']", ["vpn", "mac"]),
        ("vpn\nmac", ["vpn", "mac"]), ("", []), ("[]", []), ("N/A", []), ("vpn", ["vpn"]), (" ; ", []),
        ("[VIP] mac", ["[VIP] mac"]),
    ])
    func `a text is read as tags`(text: String, tags: [String]) throws {
        let row = InputRow(line: 1, fields: ["tags": .string(text)])
        #expect(try TagList.read("tags", in: row, id: nil) == tags)
    }

    @Test func `a list is read as tags, null as none known, and other values are refused`() throws {
        func read(_ value: JSONValue) throws -> [String]? {
            try TagList.read("tags", in: InputRow(line: 3, fields: ["tags": value]), id: nil)
        }
        #expect(try read(.array([.string("a;b"), .integer(7), .null, .string("a;b")])) == ["a;b", "7"])
        #expect(try read(.array([])) == [])
        #expect(try read(.null) == nil)
        #expect(throws: BadRow.self) { try read(.object(["a": .null])) }
        #expect(throws: BadRow.self) { try read(.array([.array([])])) }
    }

    @Test(arguments: [
        #"{"a":1}"#, #"["unclosed"#, #"[["x"]]"#, #"[{"name":"x"},{"y":1}]"#, "{broken}", #"["a",{"b":1}]"#,
    ])
    func `a text that is JSON and no list of tags is refused`(text: String) {
        let row = InputRow(line: 3, fields: ["tags": .string(text)])
        #expect(throws: BadRow.self) { try TagList.read("tags", in: row, id: nil) }
    }

    @Test func `lists and texts give the same rows, and a ticket may have no tag`() throws {
        let (lists, texts) = (try TagSet.set(TagSet.lists), try TagSet.set(TagSet.texts))
        #expect(lists.labelSets == [["mac", "mail", "print", "vpn"]])
        #expect(lists.examples.map(\.tags) == texts.examples.map(\.tags))
        #expect(lists.examples.count == 120 && lists.examples.contains { $0.tags(in: 0) == [] })
    }

    @Test func `a list in a label column names the option for tags`() throws {
        #expect(throws: (any Error).self) { try TreeSet.set(TagSet.lists, .init(labels: ["tags"])) }
        let row = InputRow(line: 1, fields: ["tags": .array([.string("a")])])
        #expect {
            try LabelReader.text(of: "tags", in: row, id: nil)
        } throws: { ($0 as? BadRow)?.message.contains("--tags") ?? false }
    }

    // MARK: - The loss

    /// Plain loops over the definition, in double precision.
    private func reference(
        _ z: [Float], _ dz: [Float], _ step: Float, _ positives: [Int32], _ weight: Float
    ) -> (loss: Double, slope: Double, curvature: Double, residuals: [Double]) {
        var (loss, slope, curvature) = (0.0, 0.0, 0.0)
        let residuals = z.indices.map { k in
            let x = Double(z[k]) + Double(step) * Double(dz[k])
            let y = positives.contains(Int32(k)) ? 1.0 : 0.0
            let p = 1 / (1 + exp(-x))
            loss += Double(weight) * (max(x, 0) + log1p(exp(-abs(x))) - y * x)
            slope += Double(weight) * (p - y) * Double(dz[k])
            curvature += Double(weight) * p * (1 - p) * Double(dz[k]) * Double(dz[k])
            return Double(weight) * (p - y)
        }
        return (loss, slope, curvature, residuals)
    }

    @Test(arguments: [1, 7, 16, 17, 100, 1500])
    func `the point of one row equals the reference`(classes: Int) {
        var generator = SplitMix64(seed: UInt64(classes))
        let columns = (classes + 7) / 8 * 8
        func random(_ scale: Float) -> [Float] {
            (0..<2 * columns).map { _ in (generator.unitFloat() - 0.5) * scale }
        }
        for scale: Float in [1, 20, 300] {
            let (z, dz) = (random(scale), random(2))
            let positives = (0..<Int32(classes)).filter { $0 % 5 == 1 || $0 == 0 }
            var residuals = [Float](repeating: 9, count: 2 * columns)
            let cells = columns..<2 * columns
            let point = residuals.withUnsafeMutableBufferPointer {
                OneVsRest.linePoint(
                    z, plus: 0.5, dz, cells, classes: classes, positives: positives, weight: 1.5,
                    residuals: $0)
            }
            let own = cells.prefix(classes)
            let wanted = reference(own.map { z[$0] }, own.map { dz[$0] }, 0.5, positives, 1.5)
            #expect(abs(Double(point.loss) - wanted.loss) < 1e-4 * (1 + abs(wanted.loss)))
            #expect(abs(Double(point.slope) - wanted.slope) < 1e-4 * (1 + abs(wanted.slope)) * 10)
            #expect(abs(Double(point.curvature) - wanted.curvature) < 1e-4 * (1 + wanted.curvature))
            for (cell, residual) in zip(own, wanted.residuals) {
                #expect(abs(Double(residuals[cell]) - residual) < 1e-5)
            }
            #expect(residuals[(columns + classes)...].allSatisfy { $0 == 0 })
            #expect(residuals[..<columns].allSatisfy { $0 == 9 })
        }
    }

    @Test func `each tag is the regression that it would be alone`() throws {
        let set = try TagSet.set(TagSet.lists)
        var options = TrainingOptions()
        options.fixedHyperparameters = TrainingOptions.documentedHyperparameters
        let features = try TrainingFeatures(set, options, embedding: nil, holdsOut: false, Workers(1))
        let rows = Array(set.examples.indices)
        let tags = rows.map { (set.examples[$0].tags(in: 0) ?? []).map { Int32($0) } }
        func logits(_ tags: [[Int32]], _ classes: Int) -> ([Float], Int) {
            let fit = HeadFit(
                matrix: features.matrix, rows: rows, targets: rows.map { _ in 0 }, tags: tags, weights: nil,
                classCount: classes, workers: Workers(1))
            var parameters: [Float] = []
            _ = fit.fit(&parameters, TrainingOptions.documentedHyperparameters, tolerance: 1e-6) { _ in }
            return (
                fit.logits(of: rows, parameters, TrainingOptions.documentedHyperparameters), fit.columns
            )
        }
        let (together, stride) = logits(tags, 4)
        for tag in 0..<Int32(4) {
            let (alone, width) = logits(tags.map { $0.contains(tag) ? [0] : [] }, 1)
            for row in rows {
                #expect(abs(together[row * stride + Int(tag)] - alone[row * width]) < 0.05)
            }
        }
    }

    // MARK: - Thresholds and training

    @Test func `the threshold of largest F1 is found`() {
        var heldOut = HeldOut(classCount: 1, stride: 8, hasTags: true)
        // Falling probabilities: eight rows with the tag among the first ten, one far below.
        let has =
            [true, true, true, true, false, true, true, true, false, true]
            + [Bool](repeating: false, count: 30)
        for (row, isTagged) in has.enumerated() {
            heldOut.logits += [2 - 0.2 * Float(row)] + [Float](repeating: 0, count: 7)
            heldOut.targets.append(0)
            heldOut.tags?.append(isTagged ? [0] : [])
        }
        let solver = TagThresholds(heldOut, temperature: 1)
        let threshold = solver.solve(.f1)[0] ?? 0
        let p = { (row: Int) in Softmax.logistic(2 - 0.2 * Float(row)) }
        #expect(threshold < p(9) && threshold > p(10))
        #expect(solver.f1([threshold]).micro == 2 * 8.0 / 18)
        #expect(solver.solve(.precision(0.95)) == [nil])
        #expect(solver.auto(.precision(0.95), labels: ["t"]).labelThresholds == [:])
    }

    @Test func `a tag that held-out rows say nothing about is given from one half`() {
        var heldOut = HeldOut(classCount: 1, stride: 8, hasTags: true)
        for row in 0..<40 {
            heldOut.logits += [Float](repeating: 0, count: 8)
            heldOut.targets.append(0)
            heldOut.tags?.append(row % 4 == 0 ? [0] : [])
        }
        #expect(TagThresholds(heldOut, temperature: 1).solve(.f1) == [0.5])
    }

    @Test func `the threshold of a rare tag is drawn to the common one`() {
        let (rare, frequent) = (
            TagThresholds.shrunk(0.01, to: 0.2, positives: 8),
            TagThresholds.shrunk(0.01, to: 0.2, positives: 2000)
        )
        #expect(rare > 0.08 && rare < 0.2 && frequent > 0.01 && frequent < 0.011)
        #expect(abs(TagThresholds.shrunk(0.04, to: 0.16, positives: 20) - 0.08) < 1e-5)
    }

    @Test func `a tag of one row is not learned`() throws {
        let more = #"{"text":"a fax","tags":["fax","vpn"]}"#
        let set = try TagSet.set(TagSet.lists + "\n" + more)
        #expect(set.labelSets == [["mac", "mail", "print", "vpn"]])
        #expect(set.examples.last?.tags(in: 0) == [3])
        #expect(
            set.labelNotes[0].lines.contains { $0.hasPrefix("tags: 1 tag with one row, not learned: fax") })
    }

    @Test func `training gives the same bytes on any number of threads, and learns the tags`() throws {
        let (one, two) = (try TagSet.train(), try TagSet.train(threads: 2))
        for (a, b) in zip(one.files, two.files) { #expect(a.bytes == b.bytes, "\(a.name)") }
        let head = one.manifest.heads[0]
        #expect(head.tags?.goal == "f1" && head.tags?.thresholds.count == 4)
        #expect(head.metrics["held_out_micro_f1"] ?? 0 > 0.95)
        let bundle = try SmallSet.load(one)
        #expect(bundle.heads[0].hasTags)
    }

    @Test func `a precision is solved for each tag`() throws {
        let head = try TagSet.train(.precision(0.5)).manifest.heads[0]
        #expect(head.tags?.goal == "precision=0.5")
        #expect(head.tags?.thresholds.compactMap(\.self).isEmpty == false)
        #expect(TagGoal(parsing: "90%") == .precision(0.9) && TagGoal(parsing: "coverage=0.5") == nil)
    }

    @Test func `an audit finds tags that were removed and added`() throws {
        var lines = TagSet.lists.split(separator: "\n").map(String.init)
        // Row 11 has more than one tag; it loses them all. Row 0 has none and gets one.
        let target = try #require(
            lines.indices.first { lines[$0].contains("\"vpn\"") && lines[$0].contains("tunnel") })
        lines[target] = lines[target].replacingOccurrences(of: #","vpn"]"#, with: "]")
            .replacingOccurrences(of: #"["vpn"]"#, with: "[]")
        lines[0] = lines[0].replacingOccurrences(of: "[]", with: #"["mail"]"#)
        let set = try TagSet.set(lines.joined(separator: "\n"))
        let audit = try TagAudit(
            set, field: 0, options: TrainingOptions(), embedding: nil, workers: Workers(1))
        let found = audit.suspects.map { ($0.row, audit.tags[$0.tag], $0.isMissing) }
        #expect(found.contains { $0 == (target, "vpn", true) })
        #expect(found.contains { $0 == (0, "mail", false) })
        #expect(audit.suspects.first { $0.row == target }?.words.contains("tunnel") ?? false)
    }
}
