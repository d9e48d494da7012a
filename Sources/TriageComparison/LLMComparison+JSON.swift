internal import TriageData
internal import TriageEvaluation
internal import TriageModel

extension LLMComparison {
    /// The comparison as JSON: figures with six decimals, seconds with six too, null where one is undefined.
    package func json() -> String {
        var writer = JSONWriter()
        writer.object { json in
            json.integer("format", 1)
            json.string("note", options.note)
            json.string("verdict", verdictSentence)
            json.object("bundle") { json in
                json.string("name", options.bundleName)
                json.string("sha256", options.bundleSHA256)
            }
            json.string("model", options.modelName)
            json.integer("rows", options.rows)
            json.integer("bad_rows", options.badRows)
            json.integer("empty_rows", options.emptyRows)
            json.integer("unusable_rows", options.unusableRows)
            json.optional("rows_seen_in_training", options.seenRows?.seen) { $0.integer($1) }
            json.integer("rows_left_out", options.seenRows.map { $0.rows - $0.measured } ?? 0)
            json.integer("tickets_wanted", options.wantedTickets)
            json.integer("tickets", calls.count)
            writeUsage(&json)
            json.optional("latency", latency) { write($1, &$0) }
            json.object("fields") { json in
                for field in fields {
                    json.key(named: field.field.name)
                    json.object { write(field, &$0) }
                }
            }
        }
        return writer.text + "\n"
    }

    private func writeUsage(_ json: inout JSONWriter) {
        json.object("calls") { json in
            json.integer("at_once", options.concurrency)
            json.integer("answers", calls.reduce(0) { $0 + $1.replies })
            json.integer("asked_again", calls.reduce(0) { $0 + $1.repeated })
            json.integer("retries", calls.reduce(0) { $0 + $1.retries })
            json.object("failed") { json in
                for failure in failures {
                    json.key(named: failure.code)
                    json.integer(failure.count)
                }
            }
            json.figure("input_tokens_per_ticket", inputTokensEach)
            json.figure("output_tokens_per_ticket", outputTokensEach)
            json.bool("tokens_estimated", isEstimated)
            json.figure("cost_per_1000", costPer1000)
        }
    }

    private func write(_ latency: LatencyComparison, _ json: inout JSONWriter) {
        json.object { json in
            for (name, quantile) in [("p50", latency.median), ("p95", latency.p95)] {
                json.key(named: name)
                json.object { json in
                    json.estimate("engine_seconds", quantile.engine)
                    json.estimate("mode_seconds", quantile.mode)
                    json.estimate("ratio", quantile.ratio)
                }
            }
            json.figure("engine_mean_seconds", latency.engineMean)
            json.figure("mode_mean_seconds", latency.modeMean)
        }
    }

    private func write(_ field: FieldComparison, _ json: inout JSONWriter) {
        writePrices(of: field, to: &json)
        json.integer("rows", field.field.answers.count)
        json.integer("unlabelled", field.field.unlabelled)
        json.integer("unknown_labels", field.field.unknown)
        for (name, score) in [
            ("engine", field.engine), ("llm_mode", field.mode), ("model_alone", field.chosen),
        ] {
            json.key(named: name)
            json.object { json in
                json.estimate("accuracy", score.accuracy)
                json.estimate("macro_f1", score.macroF1)
            }
        }
        json.optional("difference", field.paired) { json, paired in
            json.object { json in
                json.estimate("accuracy", paired.difference)
                json.integer("both_right", field.bothRight)
                json.integer("only_llm_mode_right", paired.onlyFirst)
                json.integer("only_engine_right", paired.onlySecond)
                json.figure("mcnemar_exact_p", paired.exact)
                json.figure("mcnemar_mid_p", paired.midP)
            }
        }
        for (name, estimate) in [
            ("ceiling", field.ceiling), ("agreement", field.agreement),
            ("accuracy_where_agreed", field.accuracyWhereAgreed), ("invalid_rate", field.invalidRate),
        ] {
            json.key(named: name)
            json.estimate(estimate)
        }
        json.optional("commonest_label", field.commonest) { json, commonest in
            json.object { json in
                json.string("label", commonest.label)
                json.estimate("accuracy", commonest.score.accuracy)
                json.estimate("macro_f1", commonest.score.macroF1)
            }
        }
        json.array("one_answer", field.oneAnswers) { json, answer in
            json.object { json in
                json.string("by", answer.model)
                json.string("label", answer.label)
                json.integer("rows", answer.count)
            }
        }
        json.integer("model_answers", field.field.asked)
        json.integer("invalid_answers", field.field.invalid)
        json.integer("unanswered", field.field.unanswered)
        json.integer("server_failures", field.field.failed)
        json.key("engine_against_llm_mode")
        json.confusion(field.confusion)
        writeDeferral(field, &json)
    }

    private func writeDeferral(_ field: FieldComparison, _ json: inout JSONWriter) {
        json.object("deferral") { json in
            json.string("verdict", field.verdict.outcome.rawValue)
            json.string("sentence", verdict(field))
            json.integer("choosing_rows", field.verdict.choosingRows)
            json.integer("judging_rows", field.verdict.judgingRows)
            json.optional("choice", field.verdict.choice) { json, choice in
                json.object { json in
                    json.figure("below", choice.threshold.map { Double($0) })
                    json.figure("share", choice.share)
                    json.figure("gain_where_chosen", choice.chosenGain)
                    json.estimate("gain", choice.gain)
                    json.integer("only_llm_mode_right", choice.onlyModel)
                    json.integer("only_engine_right", choice.onlyEngine)
                    json.figure("mcnemar_mid_p", choice.midP)
                }
            }
            json.array("curve", field.deferral.points) { json, point in
                json.object { json in
                    json.figure("share", point.share)
                    json.integer("rows", point.rows)
                    json.figure("below", point.threshold.map { Double($0) })
                    json.figure("accuracy", point.accuracy)
                    json.estimate("gain", point.gain)
                }
            }
        }
    }
}
