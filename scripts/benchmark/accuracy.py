"""How often the label is right: public data sets, peers trained on the same rows beside."""
import hashlib
import json
import statistics

from . import banking
from .context import rows, write_rows
from .report import Figure, peer_figure, skipped

BANKING_PEERS = ("sklearn-tfidf-svc", "fasttext", "vowpalwabbit", "sklearn-tfidf-lr")
POINT_BELOW = 0.01
MEAN_ABOVE = 0.005


def settings(report, label):
    chosen = report["fields"][label]["settings"]
    names = ", label names" if chosen["label_names"] else ""
    if weight := chosen.get("unlabelled_weight"):
        names += f", rows without labels × {weight:g}"
    return (f"character weight {chosen['character_weight']:g}, embedding weight {chosen['embedding_weight']:g}, "
            f"C {chosen['inverse_penalty']:g}{names}")


def banking77(context):
    """All 10,003 training rows, the search and the documented settings, against four peers."""
    first = banking.rounds(context)[0]
    for kind, what in (("search", "default search"), ("fixed", "`--fixed`")):
        fields = first[kind]["fields"]["category"]
        yield Figure(f"triage, {what}: test accuracy", fields["accuracy"], target=(">=", 0.930),
                     note=settings(first[kind]["report"], "category"))
        yield Figure(f"triage, {what}: macro-F1", fields["macro_f1"])
    train, test = banking.files(context)
    for name in BANKING_PEERS[:1] if context.quick else BANKING_PEERS:
        row = first["peers"].get(name) or context.peer(name, train, test, "category")
        yield peer_figure(row, "accuracy", f"{name}: test accuracy", note=f"setting {row.get('setting')}")


def clinc150(context):
    """The in-scope rows alone: 15,000 to train on, 4,500 to test."""
    files = []
    for part in ("train", "test"):
        inside = [row for row in rows(context.dataset(f"clinc150/{part}.jsonl")) if row["category"] != "oos"]
        files.append(write_rows(context.folder / "clinc150" / f"{part}.jsonl", inside))
    context.say("train clinc150, default search")
    cost = context.train(files[0], "category", context.folder / "clinc150" / "model")
    fields = context.evaluate(context.folder / "clinc150" / "model", files[1])["category"]
    yield Figure("triage, default search: accuracy, in scope", fields["accuracy"], target=(">=", 0.945),
                 note=f"{cost.json['rows']:,} rows to train, {fields['rows']:,} to test; "
                 f"{settings(cost.json, 'category')}")
    for name in () if context.quick else ("sklearn-tfidf-svc",):
        row = context.peer(name, *files, "category")
        yield peer_figure(row, "accuracy", f"{name}: accuracy, in scope", note=f"setting {row.get('setting')}")


def ten_of_each(items, seed, count=10):
    """For each class the `count` rows whose sha256("SEED:ID") comes first."""
    classes = {}
    for row in items:
        classes.setdefault(row["category"], []).append(row)
    rank = lambda row: hashlib.sha256(f"{seed}:{row['id']}".encode()).digest()
    return [row for name in sorted(classes) for row in sorted(classes[name], key=rank)[:count]]


def without_labels(items, chosen, seed, count=2500):
    """Of the rows that were not chosen, the `count` whose sha256("uSEED:ID") comes first, without their label."""
    known = {row["id"] for row in chosen}
    rank = lambda row: hashlib.sha256(f"u{seed}:{row['id']}".encode()).digest()
    rest = sorted((row for row in items if row["id"] not in known), key=rank)[:count]
    return [{key: value for key, value in row.items() if key != "category"} for row in rest]


def few_shot(context):
    """Banking77, ten examples a class: those whose sha256("SEED:ID") comes first, for seeds 1 to 5; then with 2,500 more
    rows without labels."""
    train, test = banking.files(context)
    items, accuracies = rows(train), {"": [], ", 2,500 rows without labels too": []}
    for seed in range(1, 2 if context.quick else 6):
        folder = context.folder / f"few-shot-{seed}"
        chosen = ten_of_each(items, seed)
        data = write_rows(folder / "train.jsonl", chosen)
        rest = write_rows(folder / "rest.jsonl", without_labels(items, chosen, seed))
        for what, options in zip(accuracies, ((), ("--unlabelled", rest))):
            context.say(f"train banking77, 10 a class, seed {seed}{what}")
            cost = context.train(data, "category", folder / "model", *options)
            accuracies[what].append(context.evaluate(folder / "model", test)["category"]["accuracy"])
            yield Figure(f"seed {seed}{what}: test accuracy", accuracies[what][-1],
                         note=f"{cost.json['rows']} rows; {settings(cost.json, 'category')}")
    for (what, found), target in zip(accuracies.items(), (0.835, 0.845)):
        spread = f"standard deviation {statistics.stdev(found):.4f}" if len(found) > 1 else "one seed"
        yield Figure(f"mean test accuracy{what}", statistics.mean(found), target=(">=", target), note=spread)


def macro_f1(gold, predicted):
    """Over the union of gold and predicted labels, as triage and peers.py define it."""
    total, labels = 0.0, set(gold) | set(predicted)
    for label in labels:
        hits = sum(g == label == p for g, p in zip(gold, predicted))
        total += 2 * hits / (sum(g == label for g in gold) + sum(p == label for p in predicted))
    return total / len(labels)


def fields(context):
    """Real tickets with subject and body, one label at a time, against LinearSVC tuned on the same rows."""
    gains = []
    for folder, label in (("endava_tickets_subset", "service"), ("tobi_tickets_multilang", "type"),
                          ("tobi_tickets_multilang", "queue")):
        train, test = (context.dataset(f"{folder}/{part}.jsonl") for part in ("train", "test"))
        name = f"{folder.split('_')[0]} {label}"
        theirs = context.peer("sklearn-tfidf-svc", train, test, label, text="subject,body")
        context.say(f"train {name}, default search")
        output = context.folder / f"fields-{folder}-{label}"
        cost = context.train(train, label, output, text="subject,body")
        ours = context.evaluate(output, test, text="subject,body")[label]
        note = f"{settings(cost.json, label)}; trained in {cost.wall_s:.1f} s"
        yield from beside(f"{name}: accuracy", ours["accuracy"], theirs.get("accuracy"), theirs, note)
        gains.append(ours["accuracy"] - theirs["accuracy"] if "accuracy" in theirs else None)
        if context.quick:
            return
    yield from issues(context, gains)
    if None not in gains:
        yield Figure("mean of these four accuracies less LinearSVC's", statistics.mean(gains), target=(">=", MEAN_ABOVE))


def beside(what, ours, theirs, row, note=""):
    """Our figure, whose target is a point under LinearSVC's of this run, and LinearSVC's."""
    target = None if theirs is None else (">=", round(theirs - POINT_BELOW, 6))
    yield Figure(f"triage, {what}", ours, target=target, note=note)
    yield (skipped(f"LinearSVC, {what}", row["error"]) if theirs is None
           else Figure(f"LinearSVC, {what}", theirs, note=f"setting {row['setting']}"))


def issues(context, gains):
    """nlbse2024, one model for all rows: pooled accuracy, and macro-F1 of each repository, averaged."""
    train, test = (context.dataset(f"nlbse2024/{part}.jsonl") for part in ("train", "test"))
    context.say("peer sklearn-tfidf-svc, category of nlbse2024")
    row = context.run_peer(context.peer_script, context.peers_file, "sklearn-tfidf-svc", train, test, "category",
                           "subject,body")
    context.say("train nlbse category, default search")
    output = context.folder / "fields-nlbse"
    cost = context.train(train, "category", output, text="subject,body")
    decided = context.triage("classify", "--model", output, "--kb", "none", "--text", "subject,body", "--input", test)
    gold = rows(test)
    ours = [json.loads(line)["predictions"]["category"]["label"] for line in decided.output.splitlines()]
    note = f"{settings(cost.json, 'category')}; trained in {cost.wall_s:.1f} s"
    theirs = row.get("predicted")
    gains.append(accuracy(gold, ours) - accuracy(gold, theirs) if theirs else None)
    yield from beside("nlbse category: pooled accuracy", accuracy(gold, ours), accuracy(gold, theirs) if theirs else None,
                      row, note)
    what = "nlbse: mean F1 of five repositories"
    yield Figure(f"triage, {what}", mean_f1(gold, ours), target=(">=", 0.775), note=note)
    yield (Figure(f"LinearSVC, {what}", mean_f1(gold, theirs)) if theirs else skipped(f"LinearSVC, {what}", row["error"]))


def accuracy(gold, predicted):
    return sum(row["category"] == label for row, label in zip(gold, predicted, strict=True)) / len(gold)


def mean_f1(gold, predicted):
    repositories = {}
    for row, label in zip(gold, predicted, strict=True):
        repositories.setdefault(row["repo"], []).append((row["category"], label))
    return statistics.mean(macro_f1(*zip(*pairs)) for pairs in repositories.values())
