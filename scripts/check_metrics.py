#!/usr/bin/env python3
"""Counts a report's figures once more with scikit-learn, from the probabilities that `evaluate` wrote.

    triage evaluate --model DIR --data FILE --report REPORT --predictions PREDICTIONS
    scripts/check_metrics.py PREDICTIONS REPORT/report.json

Prints the largest difference of each field and fails above 1e-6. With --golden FILE, writes scikit-learn's figures
for the tests, which then need no Python.
"""
import argparse
import json
import math
import sys

import numpy as np
from sklearn import metrics

SEVERITIES = ["low", "medium", "high", "critical"]
BINS = 15


def read(path):
    """Rows by field, in order of appearance."""
    fields = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            fields.setdefault(row["field"], []).append(row)
    return fields


class Field:
    def __init__(self, rows):
        self.outside = np.array([row["out_of_scope"] for row in rows if row["gold"] is None])
        rows = [row for row in rows if row["gold"] is not None]
        self.inside = np.array([row["out_of_scope"] for row in rows if "out_of_scope" in row])
        self.labels = list(rows[0]["probabilities"])
        self.probabilities = np.array([[row["probabilities"][label] for label in self.labels] for row in rows])
        self.gold = np.array([row["gold"] for row in rows])
        self.best = [row["best"] for row in rows]
        self.predicted = np.array([best[0] for best in self.best])
        self.known = np.isin(self.gold, self.labels)
        self.confidence = np.array([row["probabilities"][row["best"][0]] for row in rows])

    def expected(self, is_severity):
        used = sorted(set(self.gold) | set(self.predicted))
        result = {
            "accuracy": metrics.accuracy_score(self.gold, self.predicted),
            "macro_f1": metrics.f1_score(self.gold, self.predicted, labels=used, average="macro", zero_division=0),
            "top3_accuracy": self.top_three(),
            "ece": self.calibration_error(),
            "aurc": self.risk_area(),
        }
        if self.known.any():
            result["log_loss"] = self.log_loss()
            result["brier"] = self.brier()
        if is_severity:
            result |= self.ordinal()
        return result

    def top_three(self):
        """scikit-learn's own where no probability is tied at the third place; by the stated ranking otherwise."""
        ranked = np.mean([gold in best for gold, best in zip(self.gold, self.best)])
        if self.known.all() and len(self.labels) > 3:
            places = [self.labels.index(gold) for gold in self.gold]
            theirs = metrics.top_k_accuracy_score(places, self.probabilities, k=3, labels=range(len(self.labels)))
            third = np.sort(self.probabilities, axis=1)[:, -3]
            tied = (self.probabilities == third[:, None]).sum(axis=1) > 1
            assert tied.any() or math.isclose(theirs, ranked), (theirs, ranked)
        return ranked

    def log_loss(self):
        """Of the probabilities as written: scikit-learn would make rounded ones sum to one first."""
        places = np.array([self.labels.index(gold) for gold in self.gold[self.known]])
        chosen = np.clip(self.probabilities[self.known][np.arange(len(places)), places], 1e-6, None)
        ours = -np.mean(np.log(chosen))
        normal = self.probabilities[self.known] / self.probabilities[self.known].sum(axis=1, keepdims=True)
        clipped = np.clip(normal, 1e-6, None)
        theirs = metrics.log_loss(places, clipped / clipped.sum(axis=1, keepdims=True), labels=range(len(self.labels)))
        assert abs(ours - theirs) < 2e-4, (ours, theirs)
        return ours

    def brier(self):
        places = [self.labels.index(gold) for gold in self.gold[self.known]]
        truth = np.eye(len(self.labels))[places]
        return sum(metrics.mean_squared_error(truth[:, label], self.probabilities[self.known][:, label])
                   for label in range(len(self.labels)))

    def calibration_error(self):
        """Bins by the rank of the first of equal probabilities, so that a bin's edges never divide equals."""
        rows = len(self.gold)
        correct = self.gold == self.predicted
        first = np.array([(self.confidence > own).sum() for own in self.confidence])
        bins = np.minimum(BINS - 1, first * BINS // rows)
        return sum(abs((correct[bins == b] - self.confidence[bins == b]).sum()) for b in range(BINS)) / rows

    def risk_area(self):
        order = np.argsort(-self.confidence, kind="stable")
        wrong = (self.gold != self.predicted).astype(float)
        spread = np.array([wrong[self.confidence == self.confidence[row]].mean() for row in order])
        return np.mean(np.cumsum(spread) / np.arange(1, len(order) + 1))

    def ordinal(self):
        step = {name: place for place, name in enumerate(SEVERITIES)}
        pairs = [(step[gold.lower()], step[guess.lower()]) for gold, guess in zip(self.gold, self.predicted)
                 if gold.lower() in step and guess.lower() in step]
        if not pairs:
            return {}
        gold, guess = np.array(pairs).T
        result = {"mean_absolute_error": metrics.mean_absolute_error(gold, guess),
                  "under_triage": np.mean(guess < gold), "over_triage": np.mean(guess > gold)}
        harshest = max(step[name.lower()] for name in {*self.labels, *self.gold} if name.lower() in step)
        if (gold == harshest).any():
            result["critical_under_triage"] = 1 - metrics.recall_score(gold == harshest, guess == harshest)
        kappa = metrics.cohen_kappa_score(gold, guess, labels=range(len(SEVERITIES)), weights="quadratic")
        return result | ({} if math.isnan(kappa) else {"quadratic_kappa": kappa})

    def scope(self):
        """Area under the ROC curve, and recall at the score that 95 % of the labelled rows stay at or below."""
        truth = np.repeat([0, 1], [len(self.inside), len(self.outside)])
        threshold = np.sort(self.inside)[math.ceil(0.95 * len(self.inside)) - 1]
        return {"auroc": metrics.roc_auc_score(truth, np.concatenate([self.inside, self.outside])),
                "recall_at_95_inside": np.mean(self.outside > threshold)}

    def per_label(self):
        used = sorted(set(self.gold) | set(self.predicted))
        scores = metrics.precision_recall_fscore_support(self.gold, self.predicted, labels=used, zero_division=0)
        return {label: {"precision": precision, "recall": recall, "f1": f1, "support": int(support)}
                for label, precision, recall, f1, support in zip(used, *scores)}

    def confusion(self, labels):
        return metrics.confusion_matrix(self.gold, self.predicted, labels=labels).tolist()


def differences(field, report, is_severity):
    """Every figure of a report's field that differs from scikit-learn's, by name."""
    expected = field.expected(is_severity)
    found = {name: estimate["value"] for name, estimate in report["metrics"].items()}
    if set(expected) != set(found):
        yield "metrics reported", math.inf
    for name in expected.keys() & found.keys():
        yield name, abs(expected[name] - found[name])
    if report["scope"]:
        for name, value in field.scope().items():
            yield name, abs(value - report["scope"][name]["value"])
    # Labels that the model does not know are masked and cut short in a report, and past ten they are one.
    per_label = field.per_label()
    for score in report["per_label"]:
        theirs = per_label.get(score["label"], {})
        for name, value in theirs.items():
            yield f"{name} of {score['label']}", abs(value - (score[name] or 0))
    matrix = report["confusion_matrix"]
    known = [place for place, label in enumerate(matrix["labels"]) if label in per_label]
    theirs = np.array(field.confusion([matrix["labels"][place] for place in known])) if known else np.zeros((0, 0))
    ours = np.array(matrix["counts"])[np.ix_(known, known)]
    yield "confusion matrix", float(np.abs(theirs - ours).max(initial=0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("predictions")
    parser.add_argument("report", nargs="?")
    parser.add_argument("--severity", default="severity", help="the field that is ordinal")
    parser.add_argument("--golden", help="write scikit-learn's figures here")
    options = parser.parse_args()
    rows_by_field = read(options.predictions)
    if options.report:
        with open(options.report, encoding="utf-8") as file:
            whole = json.load(file)
        # A report's figures leave rows out that the model was trained on, where enough others remain.
        if whole.get("rows_left_out"):
            rows_by_field = {name: [row for row in rows if not row.get("seen_in_training")]
                             for name, rows in rows_by_field.items()}
    fields = {name: Field(rows) for name, rows in rows_by_field.items()}
    if options.golden:
        golden = {name: {"metrics": field.expected(name == options.severity), "per_label": field.per_label()}
                  for name, field in fields.items()}
        with open(options.golden, "w", encoding="utf-8") as file:
            json.dump(golden, file, indent=1, sort_keys=True)
            file.write("\n")
    if not options.report:
        return 0
    report = whole["fields"]
    failed = set(report) != set(fields)
    for name in report:
        largest = max(differences(fields[name], report[name], name == options.severity), key=lambda pair: pair[1])
        print(f"{name}: largest difference {largest[1]:.2g} ({largest[0]})")
        failed |= not largest[1] <= 1e-6
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
