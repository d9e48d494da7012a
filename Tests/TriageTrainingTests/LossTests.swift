import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageTraining

extension ModelManifest.Hyperparameters {
    /// The documented settings with squared hinge, at a penalty that suits it.
    fileprivate static var hinge: Self {
        Self(characterWeight: 1, embeddingWeight: 0, inversePenalty: 0.3, loss: .squaredHinge)
    }
}

/// Squared hinge beside softmax: its kernel, its fit, the choice between them and what a bundle keeps of it.
struct LossTests {
    // MARK: - The loss of one row

    /// Σₖ max(0, 1 − yₖ zₖ)² and its derivatives, term by term.
    private func reference(
        _ z: [Float], _ dz: [Float], _ step: Float, _ target: Int, _ weight: Float
    ) -> (loss: Double, slope: Double, curvature: Double, residuals: [Double]) {
        var (loss, slope, curvature) = (0.0, 0.0, 0.0)
        let residuals = z.indices.map { k in
            let y = k == target ? 1.0 : -1.0
            let margin = max(0, 1 - y * Double(z[k] + step * dz[k]))
            loss += Double(weight) * margin * margin
            slope -= 2 * Double(weight) * y * margin * Double(dz[k])
            curvature += margin > 0 ? 2 * Double(weight) * Double(dz[k]) * Double(dz[k]) : 0
            return -2 * Double(weight) * y * margin
        }
        return (loss, slope, curvature, residuals)
    }

    @Test(arguments: [1, 2, 7, 16, 17, 100])
    func `the point of one row equals the reference`(classes: Int) {
        var generator = SplitMix64(seed: UInt64(classes))
        let columns = (classes + 7) / 8 * 8
        func random(_ scale: Float) -> [Float] {
            (0..<2 * columns).map { _ in (generator.unitFloat() - 0.5) * scale }
        }
        for scale: Float in [1, 4, 50] {
            let (z, dz) = (random(scale), random(2))
            let target = generator.below(classes)
            var residuals = [Float](repeating: 9, count: 2 * columns)
            let cells = columns..<2 * columns
            let point = residuals.withUnsafeMutableBufferPointer {
                SquaredHinge.linePoint(
                    z, plus: 0.5, dz, cells, classes: classes, target: target, weight: 1.5, residuals: $0)
            }
            let own = cells.prefix(classes)
            let wanted = reference(own.map { z[$0] }, own.map { dz[$0] }, 0.5, target, 1.5)
            #expect(abs(Double(point.loss) - wanted.loss) < 1e-4 * (1 + wanted.loss))
            #expect(abs(Double(point.slope) - wanted.slope) < 1e-4 * (1 + wanted.loss))
            #expect(abs(Double(point.curvature) - wanted.curvature) < 1e-4 * (1 + wanted.curvature))
            for (cell, residual) in zip(own, wanted.residuals) {
                #expect(abs(Double(residuals[cell]) - residual) < 1e-4 * (1 + abs(residual)))
            }
            #expect(residuals[(columns + classes)...].allSatisfy { $0 == 0 })
            #expect(residuals[..<columns].allSatisfy { $0 == 9 })
        }
    }

    // MARK: - The fit

    private func fit(_ set: TrainingSet, copies: Int = 1) throws -> HeadFit {
        let options = TrainingOptions()
        let features = try TrainingFeatures(set, options, embedding: nil, holdsOut: false, Workers(1))
        let rows = (0..<copies).flatMap { _ in set.examples.indices }
        return HeadFit(
            matrix: features.matrix, rows: rows, targets: rows.map { set.examples[$0].labels[0] ?? 0 },
            weights: nil, names: features.names.rows[0], classCount: set.labelSets[0].count,
            workers: Workers(1))
    }

    private func parameters(
        _ fit: HeadFit, _ settings: ModelManifest.Hyperparameters, tolerance: Double = 1e-9
    ) -> [Float] {
        var parameters: [Float] = []
        _ = fit.fit(&parameters, settings, tolerance: tolerance, maximumIterations: 1000) { _ in }
        return parameters
    }

    /// Machines of one label against the others share nothing, so each must come out as it would alone.
    @Test func `each label is the machine that it would be alone`() throws {
        let set = try SmallSet.read()
        let together = try fit(set)
        let all = parameters(together, .hinge)
        let rows = Array(set.examples.indices)
        let logits = together.logits(of: rows, all, .hinge)
        for label in 0..<3 {
            let alone = HeadFit(
                matrix: together.matrix, rows: rows, targets: together.targets.map { $0 == label ? 0 : 1 },
                weights: nil, classCount: 2, workers: Workers(1))
            let own = alone.logits(of: rows, parameters(alone, .hinge), .hinge)
            for row in rows {
                #expect(abs(logits[row * together.columns + label] - own[row * alone.columns]) < 0.01)
                #expect(abs(own[row * alone.columns] + own[row * alone.columns + 1]) < 0.01)
            }
        }
    }

    @Test(arguments: ModelManifest.Loss.allCases)
    func `a part of the rows is fitted with the penalty of the whole, shared out by row`(
        loss: ModelManifest.Loss
    ) throws {
        let set = try SmallSet.read()
        let count = set.examples.count
        let whole = try fit(set, copies: 2)
        let part = whole.subset(Array(0..<count), sharesPenalty: true)
        let settings = ModelManifest.Hyperparameters(
            characterWeight: 1, embeddingWeight: 0, inversePenalty: 1, loss: loss)
        let rows = Array(set.examples.indices)
        let twice = whole.logits(of: rows, parameters(whole, settings), settings)
        let once = part.logits(of: rows, parameters(part, settings), settings)
        for (a, b) in zip(twice, once) { #expect(abs(a - b) < 0.02) }
    }

    @Test func `one and two threads give the same bytes with squared hinge`() throws {
        func train(_ threads: Int) throws -> TrainedBundle {
            var options = TrainingOptions()
            (options.fixedHyperparameters, options.calibratesFixed) = (.hinge, true)
            return try Trainer(options, embedding: nil, workers: Workers(threads)).train(SmallSet.read())
        }
        let (one, two) = (try train(1), try train(2))
        for (a, b) in zip(one.files, two.files) { #expect(a.bytes == b.bytes, "\(a.name)") }
        #expect(try SmallSet.load(one).heads[0].manifest.settings.loss == .squaredHinge)
        #expect(one.manifest.heads[0].metrics["held_out_accuracy"] ?? 0 > 0.9)
    }

    // MARK: - The choice

    private func choice(_ isRight: [Bool], logLoss: Double) -> HyperparameterSearch.Choice {
        HyperparameterSearch.Choice(settings: .hinge, brier: 0.5, logLoss: logLoss, isRight: isRight)
    }

    @Test func `more right rows win where chance is too small for them, else the log-loss`() {
        let rows = (0..<100).map { $0 < 60 }
        // Five more rows of nine that differ: √9 is less.
        let more = rows.enumerated().map { $0 < 2 ? false : $0 >= 93 ? true : $1 }
        // Two more of eight: chance.
        let few = rows.enumerated().map { $0 < 3 ? false : $0 >= 95 ? true : $1 }
        let plain = choice(rows, logLoss: 1)
        #expect(choice(more, logLoss: 2).isBetter(than: plain))
        #expect(!plain.isBetter(than: choice(more, logLoss: 2)))
        #expect(!choice(few, logLoss: 2).isBetter(than: plain))
        #expect(plain.isBetter(than: choice(few, logLoss: 2)))
        #expect(choice(few, logLoss: 0.9).isBetter(than: plain))
        #expect(!plain.isBetter(than: plain))
    }

    @Test func `cross-validation chooses the loss, and the report has both`() throws {
        let trained = try SmallSet.train(threads: 1)
        let losses = trained.fits[0].losses
        #expect(losses.map(\.loss) == [.softmax, .squaredHinge])
        let best = try #require(losses.first { $0.loss == trained.manifest.heads[0].settings.loss })
        #expect(best.accuracy > 0.9 && losses.allSatisfy { $0.logLoss > 0 && $0.logLoss < 1 })
        let report = TrainingReport(trained, try SmallSet.read(), seconds: 1, countsFeedback: false)
        let line = try #require(report.lines.first { $0.hasPrefix("category: loss ") })
        #expect(line.hasPrefix("category: loss \(best.loss.text), chosen by cross-validation: accuracy "))
        let json = JSONWriter.line { report.write(to: &$0) }
        #expect(json.contains("\"loss\":\"\(best.loss.rawValue)\""))
        #expect(json.contains("\"losses\":[{\"loss\":\"softmax\",\"cross_validated_accuracy\":"))
    }

    @Test func `given settings leave nothing to choose`() throws {
        let trained = try SmallSet.train(threads: 1, fixed: true)
        #expect(trained.fits[0].losses.isEmpty && trained.manifest.heads[0].settings.loss == .softmax)
        let report = TrainingReport(trained, try SmallSet.read(), seconds: 1, countsFeedback: false)
        #expect(!report.lines.contains { $0.contains("chosen by cross-validation") })
    }

    // MARK: - What a bundle keeps

    @Test func `settings without a loss are softmax, as earlier bundles have them`() throws {
        let old = #"{"characterWeight":1,"embeddingWeight":2,"inversePenalty":30}"#
        let read = try JSONDecoder().decode(ModelManifest.Hyperparameters.self, from: Data(old.utf8))
        #expect(read.loss == .softmax && !read.usesLabelNames)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(read), as: UTF8.self) == old)
        var other = read
        (other.loss, other.usesLabelNames) = (.squaredHinge, true)
        let text = String(decoding: try encoder.encode(other), as: UTF8.self)
        #expect(text.contains(#""loss":"squared_hinge""#) && text.contains(#""labelNames":true"#))
        #expect(try JSONDecoder().decode(ModelManifest.Hyperparameters.self, from: Data(text.utf8)) == other)
        let unknown = old.replacingOccurrences(of: "}", with: #","loss":"absolute"}"#)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(ModelManifest.Hyperparameters.self, from: Data(unknown.utf8))
        }
    }

    @Test func `card and comparison name the loss`() throws {
        let before = try SmallSet.train(threads: 1, fixed: true)
        var options = TrainingOptions()
        options.fixedHyperparameters = .hinge
        let after = try Trainer(options, embedding: nil, workers: Workers(1)).train(SmallSet.read())
        let lines = BundleComparison(before.manifest, after.manifest).lines
        #expect(lines.contains("category loss: softmax → squared hinge"))
        let card = try #require(after.files.first { $0.name == "MODEL_CARD.md" })
        #expect(
            String(decoding: card.bytes, as: UTF8.self).contains("| category | 3 | squared hinge | 1.0 |"))
    }

    @Test func `a warm start takes up the loss, and weights of the same loss alone`() throws {
        var options = TrainingOptions()
        options.fixedHyperparameters = .hinge
        let cold = try Trainer(options, embedding: nil, workers: Workers(1)).train(SmallSet.read())
        let bundle = try SmallSet.load(cold)
        let start = try WarmStart(bundle, ngrams: options.ngrams, bits: options.bits, embedding: nil)
        #expect(start.settings(of: "category") == .hinge)
        let features = try TrainingFeatures(
            SmallSet.read(), options, embedding: nil, holdsOut: false, Workers(1))
        func weights(_ loss: ModelManifest.Loss) -> [Float] {
            start.parameters(
                of: "category", loss: loss, labels: bundle.heads[0].labels.names, columns: 8,
                features.featurizer)
        }
        #expect(weights(.softmax).isEmpty && weights(.squaredHinge).contains { $0 != 0 })
        options.warmStart = start
        let warm = try Trainer(options, embedding: nil, workers: Workers(1)).train(SmallSet.read())
        #expect(warm.fits[0].iterations < cold.fits[0].iterations)
        options.fixedHyperparameters = nil
        let searched = try Trainer(options, embedding: nil, workers: Workers(1)).train(SmallSet.read())
        #expect(searched.fits[0].losses.map(\.loss) == [.squaredHinge, .softmax])
    }

    // MARK: - Names of labels

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
