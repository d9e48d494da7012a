#!/usr/bin/env python3
"""Log-loss of scikit-learn's classifiers on n-grams, calibrated by a temperature: one JSON line.

    peer_calibrated.py TRAIN TEST LABEL [--classifier svc|lr]

TF-IDF of words and pairs and of runs of 2 to 5 characters, as peers.py has them. The temperature is the one of least
log-loss over decision functions of three folds, as for our own bundles.
"""
import argparse
import json

import numpy
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

FOLDS = 3


def read(path, label):
    with open(path, encoding="utf-8") as file:
        items = [json.loads(line) for line in file if line.strip()]
    items = [row for row in items if row.get(label) not in (None, "")]
    texts = ["\n".join(str(row.get(name) or "") for name in ("subject", "body", "text") if row.get(name)) for row in items]
    return texts, numpy.array([str(row[label]) for row in items])


def pipeline(name):
    features = make_union(TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)),
                          TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(2, 5)))
    return make_pipeline(features, LinearSVC(C=1) if name == "svc" else LogisticRegression(C=10, max_iter=100))


def scores(model, texts, classes):
    """Decision functions with a column for each class; a class that a fold never saw gets the least score."""
    found = model.decision_function(texts)
    if found.ndim == 1:
        found = numpy.stack([-found, found], axis=1)
    table = numpy.full((len(texts), len(classes)), found.min() - 1)
    table[:, numpy.searchsorted(classes, model.classes_)] = found
    return table


def log_loss(table, gold, temperature):
    return -log_softmax(table / temperature, axis=1)[numpy.arange(len(gold)), gold].mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("label")
    parser.add_argument("--classifier", choices=("svc", "lr"), default="svc")
    arguments = parser.parse_args()
    texts, labels = read(arguments.train, arguments.label)
    test, wanted = read(arguments.test, arguments.label)
    classes = numpy.unique(labels)
    held_out, gold = [], []
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=7)
    for training, other in folds.split(texts, labels):
        model = pipeline(arguments.classifier).fit([texts[i] for i in training], labels[training])
        held_out.append(scores(model, [texts[i] for i in other], classes))
        gold.append(numpy.searchsorted(classes, labels[other]))
    table, gold = numpy.concatenate(held_out), numpy.concatenate(gold)
    best = minimize_scalar(lambda t: log_loss(table, gold, numpy.exp(t)), bounds=(-4, 4), method="bounded")
    temperature = float(numpy.exp(best.x))
    known = numpy.isin(wanted, classes)
    final = scores(pipeline(arguments.classifier).fit(texts, labels), test, classes)
    places = numpy.searchsorted(classes, wanted[known])
    print(json.dumps({"log_loss": float(log_loss(final[known], places, temperature)), "temperature": temperature,
                      "accuracy": float((classes[final.argmax(1)] == wanted).mean())}))


if __name__ == "__main__":
    main()
