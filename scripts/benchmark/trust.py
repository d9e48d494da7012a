"""Whether probabilities, thresholds, label sets and the out-of-scope score keep what they promise, on test rows that
chose nothing; and what a report costs."""
import collections
import hashlib
import json
import math
import random
import shutil

from .context import HERE, rows, write_rows
from .report import Figure, skipped

FLIPPED = 0.05
SPREAD = 5


def trust(context):
    yield from banking(context)
    if context.quick:
        return
    for folder, label in (("endava_tickets_subset", "service"), ("endava_tickets_subset", "category"),
                          ("tobi_tickets_multilang", "type"), ("tobi_tickets_multilang", "queue")):
        train, test = (context.dataset(f"{folder}/{part}.jsonl") for part in ("train", "test"))
        name = f"{folder.split('_')[0]} {label}"
        context.say(f"train {name}")
        model = context.folder / f"trust-{folder}-{label}"
        context.train(train, label, model)
        yield from calibration(name, evaluate(context, model, test)[label])
        if label == "type":
            yield from label_mix(context, name, model, train, test, label)
        if label == "category":
            yield automatic(name, context, model, test, label)
        yield from log_loss(context, name, model, train, test, label, ("svc", "lr"))
    yield from clinc150(context)
    yield from half_of_banking(context)
    yield from audit(context)
    yield from report_time(context)


def audit(context):
    """5 % of the training labels changed at random: how many are among as many first rows of the audit."""
    for name, file, label, least in (("banking77", "banking77/train.jsonl", "category", 0.80),
                                     ("clinc150", "clinc150/train.jsonl", "category", None),
                                     ("endava category", "endava_tickets_subset/train.jsonl", "category", None)):
        items = [row for row in rows(context.dataset(file)) if row.get(label) not in (None, "", "oos")]
        chance = random.Random(7)
        labels = sorted({row[label] for row in items})
        flipped = set(chance.sample(range(len(items)), int(FLIPPED * len(items))))
        changed = [{**row, label: chance.choice([other for other in labels if other != row[label]])}
                   if place in flipped else row for place, row in enumerate(items)]
        data = write_rows(context.folder / f"audit-{name.split()[0]}" / "train.jsonl", changed)
        context.say(f"audit {name}")
        cost = context.triage("audit", "--data", data, "--label", label, "--threads", 1, "--top", len(flipped))
        found = [json.loads(line)["row"] for line in cost.output.splitlines()]
        hits = sum(int(row.rsplit(":", 1)[1]) - 1 in flipped for row in found)
        yield Figure(f"{name}: changed labels among the first 5 % of the audit", hits / len(flipped),
                     target=(">=", least) if least else None, note=f"{len(flipped)} labels changed; {cost.wall_s:.1f} s")


def label_mix(context, name, model, train, test, label):
    """The test file with other shares of labels, each up to five times rarer or more frequent than in training: the bundle
    as it is, told the mix, and left to estimate it from the texts."""
    chance = random.Random(11)
    counts = collections.Counter(row[label] for row in rows(train))
    factors = {value: SPREAD ** chance.uniform(-1, 1) for value in sorted(counts)}
    most = max(factors.values())
    kept = [row for row in rows(test) if chance.random() < factors.get(row[label], 0) / most]
    folder = context.folder / f"{model.name}-mix"
    data = write_rows(folder / "test.jsonl", kept)
    texts = write_rows(folder / "texts.jsonl", [{key: row[key] for key in ("subject", "body", "text") if key in row}
                                                for row in kept])
    mix = folder / "mix.json"
    mix.write_text(json.dumps({label: {value: counts[value] * factors[value] for value in counts}}), encoding="utf-8")
    before = None
    for how, options in (("training's mix", None), ("the mix stated", ("--label-mix", mix)),
                         ("the mix estimated", ("--label-mix-from", texts))):
        bundle = model
        if options:
            bundle = folder / how.split()[-1]
            shutil.copytree(model, bundle)
            context.triage("models", "tune", bundle, *options)
        context.triage("evaluate", "--model", bundle, "--data", data, "--label", label, "--json", "--count-seen-rows",
                       "--report", folder / "report")
        found = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))["fields"][label]
        metrics = {key: value["value"] for key, value in found["metrics"].items()}
        auto = next((level for level in found["levels"] if level["name"] == "auto"), None)
        answered = f"auto {auto['rows'] / found['rows']:.3f} of rows, {auto['accuracy']['value']:.3f} right" if auto else "none auto"
        yield Figure(f"{name}, other label mix: log-loss with {how}", metrics["log_loss"],
                     target=("<=", round(before, 4)) if before else None,
                     note=f"{found['rows']:,} rows; accuracy {metrics['accuracy']:.4f}, ECE {metrics['ece']:.4f}; {answered}")
        before = before or metrics["log_loss"]


def log_loss(context, name, model, train, test, label, classifiers):
    """Beside the same bundle without its temperature, and scikit-learn's classifiers with theirs."""
    predictions = context.folder / f"{model.name}-predictions.jsonl"
    context.triage("evaluate", "--model", model, "--data", test, "--label", label, "--predictions", predictions)
    ours, plain = log_losses(rows(predictions), label, temperature(model, label))
    yield Figure(f"{name}: log-loss, uncalibrated", plain, note="the same bundle at temperature 1")
    others = []
    for classifier in classifiers:
        context.say(f"peer {classifier} with a temperature, {label} of {train.parent.name}")
        row = context.run_peer(HERE / "peer_calibrated.py", train, test, label, "--classifier", classifier)
        if "error" in row:
            yield skipped(f"{name}: log-loss, scikit-learn {classifier} with a temperature", row["error"])
        else:
            others.append(row["log_loss"])
            yield Figure(f"{name}: log-loss, scikit-learn {classifier} with a temperature", row["log_loss"])
    yield Figure(f"{name}: log-loss", ours, target=("<=", round(min([plain, *others]), 4)), note="better than all of these asked")


def temperature(model, label):
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    return next(head["temperature"] for head in manifest["heads"] if head["field"] == label)


def log_losses(items, label, temperature):
    """As predicted, and with the temperature taken out again: p^T, scaled to sum to 1."""
    ours, plain, count = 0.0, 0.0, 0
    for row in items:
        gold, p = row["gold"], row["probabilities"]
        if row["field"] != label or gold not in p:
            continue
        powers = {name: max(value, 1e-7) ** temperature for name, value in p.items()}
        ours -= math.log(max(p[gold], 1e-6))
        plain -= math.log(max(powers[gold] / sum(powers.values()), 1e-6))
        count += 1
    return ours / count, plain / count


def banking(context):
    train, test = (context.dataset(f"banking77/{part}.jsonl") for part in ("train", "test"))
    context.say("train banking77")
    model = context.folder / "trust-banking"
    context.train(train, "category", model)
    found = evaluate(context, model, test, "--label-sets", 0.95)["category"]
    yield from calibration("banking77", found, 0.02)
    sets = found["label_sets"]
    yield Figure("banking77: 95 % label sets with the right label", sets["coverage"]["value"], target=(">=", 0.935),
                 note=f"{sets['mean_size']:.2f} labels on average; at most 0.97 asked")
    yield automatic("banking77", context, model, test, "category")
    yield from label_mix(context, "banking77", model, train, test, "category")
    if not context.quick:
        yield from log_loss(context, "banking77", model, train, test, "category", ("svc",))


def clinc150(context):
    """Trained on in-scope rows alone; the test file's out-of-scope rows are seen once, here."""
    inside = [row for row in rows(context.dataset("clinc150/train.jsonl")) if row["category"] != "oos"]
    train = write_rows(context.folder / "trust-clinc" / "train.jsonl", inside)
    context.say("train clinc150")
    model = context.folder / "trust-clinc" / "model"
    context.train(train, "category", model)
    found = evaluate(context, model, context.dataset("clinc150/test.jsonl"), "--oos-label", "oos")["category"]
    yield from calibration("clinc150", found, 0.02)
    test = context.dataset("clinc150/test.jsonl")
    outside = sum(row["category"] == "oos" for row in rows(test))
    yield from open_world(context, "clinc150, whole test file", model, test, outside / len(rows(test)), 0.95)
    scope = found["scope"]
    yield Figure("clinc150: out-of-scope recall at 95 % of in-scope rows", scope["recall_at_95_inside"]["value"],
                 target=(">=", 0.88), note="the score that keeps 95 % is of the test's in-scope rows")
    yield Figure("clinc150: area under the ROC curve", scope["auroc"]["value"], target=(">=", 0.97))
    yield Figure("clinc150: decisions OUT_OF_SCOPE, rows outside", scope["rejected_outside"]["value"],
                 note=f"{scope['rejected_inside']['value']:.4f} of the in-scope rows; the threshold is of training rows")


def half_of_banking(context):
    """Trained on the labels whose sha256 comes first, half of them; the others' test rows are foreign."""
    train, test = (rows(context.dataset(f"banking77/{part}.jsonl")) for part in ("train", "test"))
    labels = sorted({row["category"] for row in train}, key=lambda name: hashlib.sha256(name.encode()).digest())
    known = set(labels[:len(labels) // 2])
    folder = context.folder / "trust-half"
    data = write_rows(folder / "train.jsonl", [row for row in train if row["category"] in known])
    mixed = [row if row["category"] in known else {**row, "category": "oos"} for row in test]
    context.say("train half of banking77's labels")
    context.train(data, "category", folder / "model")
    share = sum(row["category"] == "oos" for row in mixed) / len(mixed)
    yield from open_world(context, "banking77, half of the labels foreign", folder / "model",
                          write_rows(folder / "test.jsonl", mixed), share, 0.92)


def open_world(context, name, model, test, share, least):
    """Precision of all answers of level auto, foreign ones counted as wrong: the threshold solved without foreign tickets, and
    for their share."""
    for how, options in (("no foreign tickets expected", None), (f"--foreign {share:.2f}", ("--foreign", f"{share:.3f}"))):
        bundle = model
        if options:
            bundle = model.parent / f"{model.name}-open"
            shutil.copytree(model, bundle)
            context.triage("models", "tune", bundle, *options)
        auto = evaluate(context, bundle, test, "--oos-label", "oos")["category"]["scope"]["auto"]
        yield Figure(f"{name}: precision at level auto, {how}", auto["precision"]["value"],
                     target=(">=", least) if options else None,
                     note=f"{auto['coverage']['value']:.3f} of all rows; {auto['outside']} of them foreign; labelled rows alone: "
                     f"{auto['precision_inside']['value'] or 0:.3f} right")


def report_time(context):
    """10,000 rows of 150 labels with a report."""
    some = (rows(context.dataset("clinc150/train.jsonl")) + rows(context.dataset("clinc150/test.jsonl")))[:20000:2]
    data = write_rows(context.folder / "trust-clinc" / "many.jsonl", some[:10000])
    cost = context.triage("evaluate", "--model", context.folder / "trust-clinc" / "model", "--data", data, "--report",
                          context.folder / "trust-clinc" / "report", "--json", "--count-seen-rows")
    yield Figure(f"report over {cost.json['rows']:,} rows, 150 labels", cost.wall_s, 2, "s", ("<=", 20))


def evaluate(context, model, test, *options):
    return context.triage("evaluate", "--model", model, "--data", test, "--json", "--count-seen-rows",
                          *options).json["fields"]


def calibration(name, found, most=None):
    """ECE against a number, or against the band of a perfectly calibrated model."""
    band = found["ece_if_calibrated"]
    yield Figure(f"{name}: ECE", found["ece"], target=("<=", most or band["high"]),
                 note=f"a perfectly calibrated model: {band['value']:.4f}, at most {band['high']:.4f}; "
                 f"log-loss {found['log_loss']:.4f}, Brier {found['brier']:.4f}")


def automatic(name, context, model, test, label):
    """Precision of the decisions at level auto, for the default target of 0.95."""
    report = context.folder / f"{model.name}-report"
    context.triage("evaluate", "--model", model, "--data", test, "--report", report, "--json", "--count-seen-rows")
    found = json.loads((report / "report.json").read_text(encoding="utf-8"))["fields"][label]
    auto = next((level for level in found["levels"] if level["name"] == "auto"), None)
    what = f"{name}: precision at level auto, 0.95 asked of training rows"
    if auto is None:
        return Figure(what, None, note="the target is out of reach of the held-out rows")
    accuracy = auto["accuracy"]
    return Figure(what, accuracy["value"], target=(">=", 0.94),
                  note=f"{auto['rows'] / found['rows']:.3f} of {found['rows']:,} rows; interval {accuracy['low']:.3f} to "
                  f"{accuracy['high']:.3f}")
