"""One peer's predictions on a test file, for measures that peers.py does not report.

    python peer_predictions.py PEERS.PY PEER TRAIN TEST LABEL TEXT_FIELDS

Rows are shuffled, settings chosen and the model fitted by peers.py's own functions, as its `measure` does.
Prints {"setting", "gold", "predicted"}.
"""
import importlib.util
import json
import os
import random
import sys


def main():
    path, name, train_file, test_file, label, fields = sys.argv[1:]
    spec = importlib.util.spec_from_file_location("peers", path)
    peers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(peers)
    os.environ.update(peers.THREADS)
    texts, labels = peers.read(train_file, label, fields.split(","))
    order = list(range(len(texts)))
    random.Random(7).shuffle(order)
    texts, labels = [texts[i] for i in order], [labels[i] for i in order]
    test, gold = peers.read(test_file, label, fields.split(","))
    fit, settings = peers.PEERS[name]
    setting = peers.choose(fit, settings, texts, labels)
    predict, _ = fit(texts, labels, setting)
    print(json.dumps({"setting": setting, "gold": gold, "predicted": [str(p) for p in predict(test)]}))


main()
