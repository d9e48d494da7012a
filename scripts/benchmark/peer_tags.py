"""A linear support vector machine for each tag, on words, pairs of words and character n-grams.

    python peer_tags.py TRAIN.jsonl TEST.jsonl

Micro-F1 counts all tags of all rows together; macro-F1 is the mean over the tags that a test row has or is given, as
`triage evaluate` defines them. Prints {"micro_f1", "macro_f1", "tags", "seconds"}.
"""
import collections
import json
import sys
import time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC


def read(path):
    texts, tags = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            texts.append(f"{row.get('subject') or ''}\n{row.get('body') or ''}")
            tags.append({tag.strip() for tag in row.get("tags") or []})
    return texts, tags


def scores(gold, given):
    both, only_given, only_gold = collections.Counter(), collections.Counter(), collections.Counter()
    for right, found in zip(gold, given):
        both.update(right & found)
        only_given.update(found - right)
        only_gold.update(right - found)
    tags = set(both) | set(only_given) | set(only_gold)
    f1 = [2 * both[tag] / (2 * both[tag] + only_given[tag] + only_gold[tag]) for tag in tags]
    total = 2 * both.total()
    return {"micro_f1": total / (total + only_given.total() + only_gold.total()), "macro_f1": sum(f1) / len(f1),
            "tags": len(tags)}


def main():
    (train, labels), (test, gold) = map(read, sys.argv[1:])
    start = time.monotonic()
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2)
    features = FeatureUnion([("words", words), ("characters", characters)])
    names = MultiLabelBinarizer()
    model = OneVsRestClassifier(LinearSVC(C=1.0)).fit(features.fit_transform(train), names.fit_transform(labels))
    given = [set(row) for row in names.inverse_transform(model.predict(features.transform(test)))]
    print(json.dumps({**scores(gold, given), "seconds": time.monotonic() - start}))


main()
