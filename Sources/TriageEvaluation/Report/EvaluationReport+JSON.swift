internal import TriageData
internal import TriageModel

extension EvaluationReport {
    /// The report as JSON: figures with six decimals, null where one is undefined.
    public func json() -> String {
        var writer = JSONWriter()
        writer.object { json in
            json.integer("format", 1)
            json.object("model") { json in
                json.string("name", modelName)
                json.string("sha256", modelSHA256)
            }
            json.integer("rows", rows)
            json.integer("bad_rows", badRows)
            writeSeenRows(&json)
            json.object("fields") { json in
                for field in fields {
                    json.key(named: field.name)
                    json.object { write(field, &$0) }
                }
                for field in tagFields {
                    json.key(named: field.name)
                    json.object { write(field, isWhole: true, &$0) }
                }
            }
        }
        return writer.text + "\n"
    }

    /// Rows that the model was trained on, null where that is unknown, and whether figures leave them out.
    private func writeSeenRows(_ json: inout JSONWriter) {
        guard let seenRows else { return }
        json.optional("rows_seen_in_training", seenRows.seen) { $0.integer($1) }
        json.integer("rows_left_out", seenRows.rows - seenRows.measured)
        json.string("warning", seenRows.isMemory ? seenRows.sentence : nil)
    }

    /// The sentence for a lead and the figures behind it; null where they cannot be estimated.
    private func writeAutomation(_ field: FieldReport, _ json: inout JSONWriter) {
        json.optional("automatic", field.automation) { json, share in
            let unknown = Estimate(value: nil, low: nil, high: nil)
            let isMemory = seenRows?.isMemory ?? false
            json.object { json in
                json.string("sentence", automation(field))
                json.integer("rows", share.rows)
                json.integer("answered", share.automatic)
                json.integer("wrong", share.wrong)
                json.estimate("share", isMemory ? unknown : share.automaticShare)
                json.estimate("wrong_share", isMemory ? unknown : share.wrongShare)
            }
        }
        json.array("one_answer", field.oneAnswers) { json, answer in
            json.object { json in
                json.string("model", answer.model)
                json.string("label", answer.label)
                json.integer("rows", answer.count)
            }
        }
    }

    private func write(_ field: FieldReport, _ json: inout JSONWriter) {
        json.integer("rows", field.rows)
        json.integer("labels", field.modelLabels)
        json.integer("unknown_labels", field.unknownRows)
        json.integer("unlabelled", field.unlabelled)
        json.metrics("metrics", field.estimates)
        json.estimate("ece_if_calibrated", field.reliability.expected)
        writeLabels(field, &json)
        json.array("reliability", field.reliability.bins) { json, bin in
            json.object { json in
                json.integer("rows", bin.rows)
                json.figure("mean_probability", bin.meanConfidence)
                json.figure("observed", bin.observed)
                json.figure("low", bin.low)
                json.figure("high", bin.high)
            }
        }
        json.array("coverage", field.curve.points) { json, point in
            json.object { json in
                json.figure("threshold", Double(point.threshold))
                json.figure("coverage", field.curve.coverage(point))
                json.figure("precision", point.precision)
                json.figure("minutes_saved_per_100", costs.saved(point, rows: field.curve.rows))
            }
        }
        for (name, buckets) in [
            ("levels", field.levels), ("length", field.lengths), ("language", field.languages),
            ("source", field.sources),
        ] {
            json.key(named: name)
            json.buckets(buckets)
        }
        json.optional("scope", field.scope) { write($1, &$0) }
        json.optional("label_sets", field.labelSets) { write($1, &$0) }
        if let tree = field.tree { json.object("tree") { write(tree, &$0) } }
        writeComparisons(field, &json)
        writeAutomation(field, &json)
    }

    private func writeLabels(_ field: FieldReport, _ json: inout JSONWriter) {
        json.array("per_label", field.confusion.scores) { json, score in
            json.object { json in
                json.string("label", score.label)
                json.integer("support", score.support)
                json.integer("predicted", score.predicted)
                json.figure("precision", score.precision)
                json.figure("recall", score.recall)
                json.figure("f1", score.f1)
            }
        }
        json.key("confusion_matrix")
        json.confusion(field.confusion)
        json.array("confusions", zip(field.confusion.confusions, examples[field.name] ?? [])) { json, pair in
            json.object { json in
                json.string("gold", field.confusion.labels[pair.0.gold])
                json.string("predicted", field.confusion.labels[pair.0.predicted])
                json.integer("rows", pair.0.rows.count)
                json.array("examples", pair.1) { json, facts in
                    json.object { json in
                        json.string("id", facts.id)
                        json.string("text", facts.excerpt)
                    }
                }
            }
        }
    }

    private func writeComparisons(_ field: FieldReport, _ json: inout JSONWriter) {
        json.array("baselines", field.baselines) { json, baseline in
            json.object { json in
                json.string("name", baseline.name)
                json.metrics("metrics", baseline.estimates)
            }
        }
        json.optional("near_duplicates", field.duplicates) { json, score in
            json.object { json in
                json.integer("rows", score.rows)
                json.metrics("metrics_without", score.without)
            }
        }
        json.optional("against", field.comparison) { write($1, &$0) }
        json.optional("time_gap", field.timeGap) { json, gap in
            json.object { json in
                json.figure("gap", gap.gap)
                json.array("steps", gap.steps) { json, step in
                    json.object { json in
                        json.integer("training_rows", step.trainingRows)
                        json.integer("test_rows", step.testRows)
                        json.figure("accuracy_in_time", step.inTime)
                        json.figure("accuracy_at_random", step.atRandom)
                    }
                }
            }
        }
        json.array("learning_curve", field.learningCurve) { json, point in
            json.object { json in
                json.integer("training_rows", point.rows)
                json.metrics("metrics", point.estimates)
            }
        }
        json.optional("last_doubling", field.lastDoubling) { json, doubling in
            json.object { json in
                json.estimate("difference", doubling.difference)
                json.string("sentence", learningAdvice(field))
            }
        }
    }

    func write(_ scope: OutOfScopeScore, _ json: inout JSONWriter) {
        json.object { json in
            json.integer("inside", scope.inside)
            json.integer("outside", scope.outside)
            for (name, estimate) in [
                ("auroc", scope.area), ("recall_at_95_inside", scope.recall),
                ("rejected_outside", scope.rejectedOutside), ("rejected_inside", scope.rejectedInside),
            ] {
                json.estimate(name, estimate)
            }
            guard let auto = scope.auto else { return }
            json.object("auto") { json in
                json.estimate("coverage", auto.coverage)
                json.estimate("precision_inside", auto.precisionInside)
                json.estimate("precision", auto.precision)
                json.integer("outside", auto.outside)
            }
        }
    }

    func write(_ sets: LabelSetScore, _ json: inout JSONWriter) {
        json.object { json in
            json.figure("asked", labelSetCoverage)
            json.estimate("coverage", sets.coverage)
            json.figure("mean_size", sets.meanSize)
            json.estimate("single", sets.single)
            json.array("per_label", sets.labels) { json, score in
                json.object { json in
                    json.string("label", score.label)
                    json.integer("rows", score.rows)
                    json.estimate("coverage", score.coverage)
                    json.figure("mean_size", score.meanSize)
                }
            }
        }
    }

    func write(_ comparison: PairedComparison, _ json: inout JSONWriter) {
        json.object { json in
            json.string("model", otherName)
            json.integer("rows", comparison.rows)
            json.figure("accuracy", comparison.accuracy)
            json.figure("other_accuracy", comparison.otherAccuracy)
            json.estimate("difference", comparison.difference)
            json.integer("only_this_right", comparison.onlyFirst)
            json.integer("only_other_right", comparison.onlySecond)
            json.figure("mcnemar_exact_p", comparison.exact)
            json.figure("mcnemar_mid_p", comparison.midP)
        }
    }
}

extension JSONWriter {
    package mutating func figure(_ name: String, _ value: Double?) {
        key(named: name)
        nullable(value)
    }

    mutating func nullable(_ value: Double?) { number(value?.sixDecimals ?? .nan) }

    package mutating func estimate(_ name: String, _ estimate: Estimate) {
        key(named: name)
        self.estimate(estimate)
    }

    package mutating func estimate(_ estimate: Estimate) {
        object { json in
            json.figure("value", estimate.value)
            json.figure("low", estimate.low)
            json.figure("high", estimate.high)
        }
    }

    mutating func metrics(_ name: StaticString, _ estimates: [Metric: Estimate]) {
        object(name) { json in
            for metric in Metric.allCases {
                if let estimate = estimates[metric] { json.estimate(metric.rawValue, estimate) }
            }
        }
    }

    package mutating func confusion(_ matrix: ConfusionMatrix) {
        object { json in
            json.array("labels", matrix.labels) { $0.string($1) }
            json.array("counts", matrix.labels.indices) { json, gold in
                json.array(matrix.labels.indices) { $0.integer(matrix[gold, $1]) }
            }
        }
    }

    mutating func buckets(_ buckets: [Bucket]) {
        array(buckets) { json, bucket in
            json.object { json in
                json.string("name", bucket.name)
                json.integer("rows", bucket.rows)
                json.estimate("accuracy", bucket.accuracy)
                json.figure("mean_probability", bucket.meanConfidence)
            }
        }
    }
}

extension EvaluationReport {
    /// The figures alone, as `evaluate --json` prints them: one flat object a field, and the intervals beside.
    package func summaryJSON() -> String {
        var writer = JSONWriter()
        writer.object { json in
            json.integer("rows", rows)
            json.integer("bad_rows", badRows)
            writeSeenRows(&json)
            json.object("fields") { json in
                for field in fields {
                    json.key(named: field.name)
                    json.object { summary(field, &$0) }
                }
                for field in tagFields {
                    json.key(named: field.name)
                    json.object { write(field, isWhole: false, &$0) }
                }
            }
        }
        return writer.text
    }

    private func summary(_ field: FieldReport, _ json: inout JSONWriter) {
        json.integer("rows", field.rows)
        for metric in Metric.allCases where !metric.isOrdinal || field.name == severityField {
            json.figure(metric.rawValue, field.estimates[metric]?.value)
        }
        json.integer("unknown_labels", field.unknownRows)
        json.integer("unlabelled", field.unlabelled)
        json.estimate("ece_if_calibrated", field.reliability.expected)
        json.object("intervals") { json in
            for metric in Metric.allCases {
                guard let estimate = field.estimates[metric] else { continue }
                json.key(named: metric.rawValue)
                json.array([estimate.low, estimate.high]) { $0.nullable($1) }
            }
        }
        json.object("baselines") { json in
            for baseline in field.baselines {
                json.key(named: baseline.name)
                json.object { json in
                    json.figure("accuracy", baseline.estimates[.accuracy]?.value)
                    json.figure("macro_f1", baseline.estimates[.macroF1]?.value)
                }
            }
        }
        if let scope = field.scope { json.optional("scope", scope) { write($1, &$0) } }
        if let sets = field.labelSets { json.optional("label_sets", sets) { write($1, &$0) } }
        if let tree = field.tree { json.object("tree") { write(tree, &$0) } }
        if let comparison = field.comparison { json.optional("against", comparison) { write($1, &$0) } }
        writeAutomation(field, &json)
    }
}
