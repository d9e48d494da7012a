#!/usr/bin/env python3
"""Counts the figures of a comparison once more with SciPy and scikit-learn, from the record and the engine's decisions.

    triage compare --data DATA --field FIELD --replay RECORD --report REPORT
    triage classify --json --input DATA --output DECISIONS
    scripts/check_comparison.py DATA RECORD DECISIONS REPORT/report.json --field FIELD

FIELD is one that no safety floor touches, such as category. Prints the largest difference and fails above 1e-6; ends of
bootstrap intervals, which depend on the random numbers, may differ by 0.02 from those of SciPy's bootstrap.
"""
import argparse
import json
import sys

import numpy as np
from scipy import stats
from sklearn import metrics


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def rows(options):
    """Gold, engine, probability, what the model said, and the call, of each recorded ticket with a usable label."""
    data, decisions = read(options.data), read(options.decisions)
    answers = {line["row"]: line for line in read(options.record) if "row" in line}
    labels = set(json.load(open(options.report, encoding="utf-8"))["fields"][options.field]
                 ["engine_against_llm_mode"]["labels"])
    for place, answer in sorted(answers.items()):
        gold = data[place].get(options.field)
        if gold not in labels:
            continue
        engine = decisions[place]["predictions"][options.field]
        yield gold, engine["label"], engine["probability"], answer["labels"].get(options.field), answer


def wilson(mask):
    interval = stats.binomtest(int(mask.sum()), len(mask)).proportion_ci(method="wilson")
    return {"value": mask.mean(), "low": interval.low, "high": interval.high}


def f1(gold, predicted):
    used = sorted(set(gold) | set(predicted))
    return metrics.f1_score(gold, predicted, labels=used, average="macro", zero_division=0)


def expected(table):
    """Exact figures, by their path in the report."""
    gold, engine, _, said, calls = (np.array(column, dtype=object) for column in zip(*table))
    confidence = np.array([row[2] for row in table])
    mode = np.where(said == None, engine, said)  # noqa: E711
    right, other = engine == gold, mode == gold
    both, only_mode, only_engine = (right & other).sum(), (other & ~right).sum(), (right & ~other).sum()
    smaller, tried = min(only_mode, only_engine), only_mode + only_engine
    exact = stats.binomtest(int(smaller), int(tried)).pvalue if tried else 1
    own = stats.binom.pmf(smaller, tried, 0.5) if tried else 0
    yield "llm_mode.accuracy.value", other.mean()
    yield "engine.accuracy.value", right.mean()
    yield "model_alone.accuracy.value", (said == gold).mean()
    yield "engine.macro_f1.value", f1(list(gold), list(engine))
    yield "llm_mode.macro_f1.value", f1(list(gold), list(mode))
    yield "difference.accuracy.value", other.mean() - right.mean()
    yield "difference.both_right", both
    yield "difference.only_llm_mode_right", only_mode
    yield "difference.only_engine_right", only_engine
    yield "difference.mcnemar_exact_p", exact
    yield "difference.mcnemar_mid_p", 1 - own / 2 if tried and only_mode == only_engine else exact - own
    for name, mask in [("ceiling", right | other), ("agreement", engine == mode),
                       ("accuracy_where_agreed", right[engine == mode])]:
        for end, value in wilson(mask).items():
            yield f"{name}.{end}", value
    order = np.argsort(confidence, kind="stable")
    gains = np.concatenate([[0], np.cumsum((other.astype(float) - right)[order])]) / len(gold)
    for point in range(21):
        # A share that cuts a row counts it in part.
        gain = np.interp(point / 20 * len(gold), np.arange(len(gold) + 1), gains)
        yield f"deferral.curve.{point}.gain.value", gain
        yield f"deferral.curve.{point}.accuracy", right.mean() + gain


def intervals(table):
    """Ends of bootstrap intervals by SciPy, by their path in the report."""
    gold, engine, _, said, _ = (np.array(column, dtype=object) for column in zip(*table))
    mode = np.where(said == None, engine, said)  # noqa: E711
    right, other = (engine == gold).astype(float), (mode == gold).astype(float)
    for path, sample in [("engine.accuracy", right), ("llm_mode.accuracy", other), ("difference.accuracy", other - right)]:
        found = stats.bootstrap((sample,), np.mean, method="percentile", n_resamples=9999, rng=1).confidence_interval
        yield f"{path}.low", found.low
        yield f"{path}.high", found.high


def value(report, path):
    for step in path.split("."):
        report = report[int(step)] if isinstance(report, list) else report[step]
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "record", "decisions", "report"):
        parser.add_argument(name)
    parser.add_argument("--field", default="category")
    options = parser.parse_args()
    table = list(rows(options))
    with open(options.report, encoding="utf-8") as file:
        report = json.load(file)["fields"][options.field]
    failed = report["rows"] != len(table)
    for name, found, limit in [("figures", expected(table), 1e-6), ("ends of intervals", intervals(table), 0.02)]:
        differences = [(abs(float(theirs) - value(report, path)), path) for path, theirs in found]
        largest = max(differences)
        print(f"{len(table)} tickets, {len(differences)} {name}: largest difference {largest[0]:.2g} ({largest[1]})")
        failed |= not largest[0] <= limit
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
