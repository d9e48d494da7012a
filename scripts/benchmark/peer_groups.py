"""scikit-learn's k-means on vectors that `triage discover` wrote, compared with labels.

    python peer_groups.py VECTORS.safetensors LABELS.json GROUPS SEED…

LABELS.json is a list with the label of each vector. Prints {"adjusted_mutual_information": [one figure a seed], "seconds"}.
"""
import json
import struct
import sys
import time

import numpy
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score


def vectors(path):
    """The tensor "vectors" of a safetensors file: a length, a header in JSON, then the numbers."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        entry = json.loads(file.read(length))["vectors"]
        begin, end = entry["data_offsets"]
        file.seek(8 + length + begin)
        return numpy.frombuffer(file.read(end - begin), dtype="<f4").reshape(entry["shape"])


def main():
    path, labels, groups, *seeds = sys.argv[1:]
    with open(labels, encoding="utf-8") as file:
        gold = json.load(file)
    rows, found, start = vectors(path), [], time.monotonic()
    for seed in map(int, seeds):
        places = KMeans(int(groups), n_init=1, random_state=seed).fit_predict(rows)
        found.append(adjusted_mutual_info_score(gold, places))
    print(json.dumps({"adjusted_mutual_information": found, "seconds": time.monotonic() - start}))


main()
