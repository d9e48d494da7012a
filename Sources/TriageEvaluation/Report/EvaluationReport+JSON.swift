internal import TriageData

extension EvaluationReport {
    /// The report as JSON: figures with six decimals, null where one is undefined.
    package func json() -> String {
        var writer = JSONWriter()
        writer.object { json in
            json.count("format", 1)
            json.key("model")
            json.object { json in
                json.key("name")
                json.string(modelName)
                json.key("sha256")
                json.string(modelSHA256)
            }
            json.count("rows", rows)
            json.count("bad_rows", badRows)
            json.key("fields")
            json.object { json in
                for field in fields {
                    json.key(named: field.name)
                    json.object { write(field, &$0) }
                }
            }
        }
        return writer.text + "\n"
    }

    private func write(_ field: FieldReport, _ json: inout JSONWriter) {
        json.count("rows", field.rows)
        json.count("labels", field.modelLabels)
        json.count("unknown_labels", field.unknownRows)
        json.key("metrics")
        json.metrics(field.estimates)
        json.key("ece_if_calibrated")
        json.estimate(field.reliability.expected)
        writeLabels(field, &json)
        json.key("reliability")
        json.array(field.reliability.bins) { json, bin in
            json.object { json in
                json.count("rows", bin.rows)
                json.figure("mean_probability", bin.meanConfidence)
                json.figure("observed", bin.observed)
                json.figure("low", bin.low)
                json.figure("high", bin.high)
            }
        }
        json.key("coverage")
        json.array(field.curve.points) { json, point in
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
        writeComparisons(field, &json)
    }

    private func writeLabels(_ field: FieldReport, _ json: inout JSONWriter) {
        json.key("per_label")
        json.array(field.confusion.scores) { json, score in
            json.object { json in
                json.key("label")
                json.string(score.label)
                json.count("support", score.support)
                json.count("predicted", score.predicted)
                json.figure("precision", score.precision)
                json.figure("recall", score.recall)
                json.figure("f1", score.f1)
            }
        }
        json.key("confusion_matrix")
        json.confusion(field.confusion)
        json.key("confusions")
        json.array(zip(field.confusion.confusions, examples[field.name] ?? [])) { json, pair in
            json.object { json in
                json.key("gold")
                json.string(field.confusion.labels[pair.0.gold])
                json.key("predicted")
                json.string(field.confusion.labels[pair.0.predicted])
                json.count("rows", pair.0.rows.count)
                json.key("examples")
                json.array(pair.1) { json, facts in
                    json.object { json in
                        json.key("id")
                        json.string(facts.id)
                        json.key("text")
                        json.string(facts.excerpt)
                    }
                }
            }
        }
    }

    private func writeComparisons(_ field: FieldReport, _ json: inout JSONWriter) {
        json.key("baselines")
        json.array(field.baselines) { json, baseline in
            json.object { json in
                json.key("name")
                json.string(baseline.name)
                json.key("metrics")
                json.metrics(baseline.estimates)
            }
        }
        json.optional("near_duplicates", field.duplicates) { json, score in
            json.object { json in
                json.count("rows", score.rows)
                json.key("metrics_without")
                json.metrics(score.without)
            }
        }
        json.optional("against", field.comparison) { write($1, &$0) }
        json.optional("time_gap", field.timeGap) { json, gap in
            json.object { json in
                json.figure("gap", gap.gap)
                json.key("steps")
                json.array(gap.steps) { json, step in
                    json.object { json in
                        json.count("training_rows", step.trainingRows)
                        json.count("test_rows", step.testRows)
                        json.figure("accuracy_in_time", step.inTime)
                        json.figure("accuracy_at_random", step.atRandom)
                    }
                }
            }
        }
        json.key("learning_curve")
        json.array(field.learningCurve) { json, point in
            json.object { json in
                json.count("training_rows", point.rows)
                json.key("metrics")
                json.metrics(point.estimates)
            }
        }
    }

    func write(_ scope: OutOfScopeScore, _ json: inout JSONWriter) {
        json.object { json in
            json.count("inside", scope.inside)
            json.count("outside", scope.outside)
            for (name, estimate) in [
                ("auroc", scope.area), ("recall_at_95_inside", scope.recall),
                ("rejected_outside", scope.rejectedOutside), ("rejected_inside", scope.rejectedInside),
            ] {
                json.key(named: name)
                json.estimate(estimate)
            }
        }
    }

    func write(_ sets: LabelSetScore, _ json: inout JSONWriter) {
        json.object { json in
            json.figure("asked", labelSetCoverage)
            json.key("coverage")
            json.estimate(sets.coverage)
            json.figure("mean_size", sets.meanSize)
            json.key("single")
            json.estimate(sets.single)
            json.key("per_label")
            json.array(sets.labels) { json, score in
                json.object { json in
                    json.key("label")
                    json.string(score.label)
                    json.count("rows", score.rows)
                    json.key("coverage")
                    json.estimate(score.coverage)
                    json.figure("mean_size", score.meanSize)
                }
            }
        }
    }

    func write(_ comparison: PairedComparison, _ json: inout JSONWriter) {
        json.object { json in
            json.key("model")
            json.string(otherName)
            json.count("rows", comparison.rows)
            json.figure("accuracy", comparison.accuracy)
            json.figure("other_accuracy", comparison.otherAccuracy)
            json.key("difference")
            json.estimate(comparison.difference)
            json.count("only_this_right", comparison.onlyFirst)
            json.count("only_other_right", comparison.onlySecond)
            json.figure("mcnemar_exact_p", comparison.exact)
            json.figure("mcnemar_mid_p", comparison.midP)
        }
    }
}

extension JSONWriter {
    package mutating func count(_ name: String, _ value: Int) {
        key(named: name)
        integer(value)
    }

    package mutating func figure(_ name: String, _ value: Double?) {
        key(named: name)
        nullable(value)
    }

    mutating func nullable(_ value: Double?) { number(value?.sixDecimals ?? .nan) }

    package mutating func estimate(_ estimate: Estimate) {
        object { json in
            json.figure("value", estimate.value)
            json.figure("low", estimate.low)
            json.figure("high", estimate.high)
        }
    }

    mutating func metrics(_ estimates: [Metric: Estimate]) {
        object { json in
            for metric in Metric.allCases {
                guard let estimate = estimates[metric] else { continue }
                json.key(named: metric.rawValue)
                json.estimate(estimate)
            }
        }
    }

    package mutating func confusion(_ matrix: ConfusionMatrix) {
        object { json in
            json.key("labels")
            json.array(matrix.labels) { $0.string($1) }
            json.key("counts")
            json.array(matrix.labels.indices) { json, gold in
                json.array(matrix.labels.indices) { $0.integer(matrix[gold, $1]) }
            }
        }
    }

    mutating func buckets(_ buckets: [Bucket]) {
        array(buckets) { json, bucket in
            json.object { json in
                json.key("name")
                json.string(bucket.name)
                json.count("rows", bucket.rows)
                json.key("accuracy")
                json.estimate(bucket.accuracy)
                json.figure("mean_probability", bucket.meanConfidence)
            }
        }
    }
}
