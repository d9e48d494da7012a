internal import Foundation
internal import TriageData
internal import TriageTickets

/// `MODEL_CARD.md`: what a person should know of a bundle, made from its manifest alone.
struct ModelCard {
    private let manifest: ModelManifest

    init(_ manifest: ModelManifest) { self.manifest = manifest }

    var markdown: String {
        """
        # \(manifest.name)

        A model of ticket-triage (bundle format \(manifest.format)), trained on \(manifest.training.rows) labelled tickets\(unlabelled).
        It holds weights over hashed n-grams and an embedding. Of tickets' text it holds at most single words and pairs of words, each
        from at least \(TopFeatures.minimumSources) requesters or documents (`words.json`).\(hashedTexts)\(columns)

        | field | labels | character weight | embedding weight | C | held-out rows | accuracy |
        |---|---|---|---|---|---|---|
        \(manifest.heads.map(row).joined(separator: "\n"))\(manifest.heads.compactMap(furtherRows).joined())

        \(source)

        | field | temperature | log-loss before, after | Brier score before, after | level auto |
        |---|---|---|---|---|
        \(manifest.heads.map(calibration).joined(separator: "\n"))

        \(trees)\(tags)\(mixes)Pruning removed \(ModelCard.figure(manifest.training.prunedEnergy)) of the sparse weights' energy; rounding to bytes changed the
        best label of these training rows: \(changes).

        \(repeated)\(languages)Data fingerprint `\(manifest.training.dataFingerprint)`, BLAS kernel \(manifest.training.blasKernel).
        Embedding: \(manifest.embedding.map { "\($0.name), SHA-256 `\($0.sha256)`" } ?? "none needed").

        """
    }

    /// Where the figures come from, if there are any.
    private var source: String {
        guard manifest.heads.contains(where: { $0.metrics["held_out_rows"] != nil }) else {
            return
                "No rows were held out, so there are no figures: measure the model on labelled rows that it never saw."
        }
        return """
            Held-out rows were scored by weights that saw neither them nor their near-duplicates. Settings that were searched
            for were chosen on some of them, which makes these figures a little too good.
            """
    }

    /// A sentence about the hashes of training rows, if there are any.
    private var hashedTexts: String {
        manifest.training.hashedTexts.map {
            " For \($0.counted("training row")) it keeps a keyed\n32-bit hash of the text, "
                + "by which `evaluate` recognises rows that the model was trained on."
        } ?? ""
    }

    /// A sentence about the columns that were read, if they were kept.
    private var columns: String {
        guard let input = manifest.input, !input.text.isEmpty else { return "" }
        let id = input.id.map { ", its id from \(ColumnNames.shown([$0]))" } ?? ""
        return "\nIts text was read from the columns \(ColumnNames.shown(input.text))\(id)."
    }

    /// A paragraph for fields that are corrected for a live label mix.
    private var mixes: String {
        manifest.heads.compactMap { head in
            head.labelMix.map { mix in
                let shares = zip(head.labels, mix.shares).map { "\($0) \($1)" }.joined(separator: ", ")
                let how =
                    mix.estimatedFrom.map { "estimated from \($0) tickets without labels" } ?? "as stated"
                return
                    "Probabilities of \(head.field) are corrected for this label mix, \(how): \(shares).\n\n"
            }
        }.joined()
    }

    /// A paragraph for each field whose labels are a tree.
    private var trees: String {
        manifest.heads.compactMap { head in
            guard let tree = head.tree, let labels = head.labelTree else { return nil }
            let depths = zip(tree.levels, labels.depths).enumerated().map { depth, entry in
                let (level, nodes) = entry
                let right =
                    level.accuracy.map { ", right on \(String(format: "%.1f", 100 * $0)) % of held-out rows" }
                    ?? ""
                let auto =
                    level.auto.flatMap { rule in
                        rule.isReachable
                            ? rule.threshold.map { "auto from \($0)" } ?? "auto by label" : nil
                    } ?? "never auto"
                return "depth \(depth + 1) has \(nodes.names.count.counted("node"))\(right), "
                    + "suggested from \(level.threshold), \(auto)"
            }
            return
                "Labels of \(head.field) are leaves of a tree, and a parent's probability is the sum of theirs: "
                + depths.joined(separator: "; ") + ".\n\n"
        }.joined()
    }

    /// A paragraph for each field of tags.
    private var tags: String {
        manifest.heads.compactMap { head in
            guard let tags = head.tags else { return nil }
            let never = tags.thresholds.count { $0 == nil }
            return
                "\(head.field) has tags, of which a ticket has any number: a logistic regression each, with thresholds "
                + "for \(tags.goal)\(never > 0 ? "; \(never.counted("tag")) never given" : ""). Held-out micro-F1 "
                + "\(metric(head, "held_out_micro_f1")), macro-F1 \(metric(head, "held_out_macro_f1")).\n\n"
        }.joined()
    }

    /// A paragraph for boilerplate that was learned.
    private var repeated: String {
        let count = manifest.text.repeatedParagraphs?.hashes.count ?? 0
        guard count > 0 else { return "" }
        return """
            \(count.counted("paragraph")) that requesters repeat, such as footers and banners, \(count == 1 ? "is" : "are") set aside
            before a ticket is read. The bundle holds keyed hashes of them, not their text.


            """
    }

    /// A sentence on the languages of the rows, if they were counted.
    private var languages: String {
        SeenLanguages(manifest.languageRows).map {
            "Training rows by language: \($0.summary). A ticket in a language that is not named here has the reason "
                + "`LANGUAGE`.\n\n"
        } ?? ""
    }

    private var changes: String {
        manifest.training.changedByRounding.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private func row(_ head: ModelManifest.Head) -> String {
        let cells: [String] = [
            head.field, String(head.labels.count), String(head.settings.characterWeight),
            String(head.settings.embeddingWeight), String(head.settings.inversePenalty),
            head.metrics["held_out_rows"].map { String(Int($0)) } ?? "–", metric(head, "held_out_accuracy"),
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }

    private var unlabelled: String {
        manifest.training.unlabelledTickets.map { " and \($0) without labels" } ?? ""
    }

    /// What a field learned from beside its labelled tickets; nil where it was nothing.
    private func furtherRows(_ head: ModelManifest.Head) -> String? {
        let weight = head.settings.unlabelledWeight
        let rows =
            (head.settings.usesLabelNames ? ["the names of labels with few tickets"] : [])
            + (weight > 0 ? ["tickets without labels, each counting \(weight) of a labelled one"] : [])
        guard !rows.isEmpty else { return nil }
        return "\n\n\(head.field) learned from \(rows.joined(separator: " and ")) too."
    }

    private func calibration(_ head: ModelManifest.Head) -> String {
        let cells = [
            head.field, ModelCard.figure(Double(head.temperature)),
            change(head, from: "uncalibrated_log_loss", to: "held_out_log_loss"),
            change(head, from: "uncalibrated_brier", to: "held_out_brier"), auto(head),
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }

    private func auto(_ head: ModelManifest.Head) -> String {
        if head.tags != nil, head.isCalibrated, let rule = head.auto {
            return "\(rule.target): \(rule.labelThresholds?.count ?? 0) of \(head.labels.count) tags"
        }
        guard head.isCalibrated else { return "never: not calibrated on the site's own labels" }
        guard let rule = head.auto, rule.isReachable else {
            return "never: \(head.auto?.target ?? "no target") cannot be shown"
        }
        let from =
            rule.labelThresholds.map { "by label, \($0.count) of \(head.labels.count)" }
            ?? "from \(rule.threshold.map { String($0) } ?? "")"
        let foreign = rule.foreign.map {
            let share = $0.share > 0 ? $0.share : ModelManifest.AutoRule.exampleShare
            return
                "; \($0.above) of \($0.rows) foreign rows\($0.share > 0 ? "" : ", not counted when it was solved"): "
                + "\(ModelCard.figure(rule.precisionWithForeign ?? 0)) right where \(share) of all tickets are foreign"
        }
        return
            "\(rule.target): \(from), \(rule.above) of \(rule.rows) rows, \(rule.errors) of them wrong"
            + (foreign ?? "")
    }

    private func change(_ head: ModelManifest.Head, from before: String, to after: String) -> String {
        head.metrics[after] == nil ? "–" : "\(metric(head, before)), \(metric(head, after))"
    }

    private func metric(_ head: ModelManifest.Head, _ name: String) -> String {
        head.metrics[name].map(ModelCard.figure) ?? "–"
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }

    /// The notes behind the last line of a card itself.
    static func notes(in card: String) -> String {
        guard let last = card.range(of: "\nEmbedding: "),
            let end = card[last.upperBound...].firstIndex(of: "\n")
        else { return "" }
        return String(card[card.index(after: end)...])
    }
}
