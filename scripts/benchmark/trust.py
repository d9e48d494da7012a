"""Whether probabilities, thresholds, label sets and the out-of-scope score keep what they promise, on test rows that
chose nothing; and what a report costs."""
import json

from .context import rows, write_rows
from .report import Figure


def trust(context):
    yield from banking(context)
    if context.quick:
        return
    for folder, label in (("endava_tickets_subset", "service"), ("endava_tickets_subset", "category"),
                          ("tobi_tickets_multilang", "type")):
        train, test = (context.dataset(f"{folder}/{part}.jsonl") for part in ("train", "test"))
        name = f"{folder.split('_')[0]} {label}"
        context.say(f"train {name}")
        model = context.folder / f"trust-{folder}-{label}"
        context.train(train, label, model)
        yield from calibration(name, evaluate(context, model, test)[label])
        if label == "category":
            yield automatic(name, context, model, test, label)
    yield from clinc150(context)
    yield from report_time(context)


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


def clinc150(context):
    """Trained on in-scope rows alone; the test file's out-of-scope rows are seen once, here."""
    inside = [row for row in rows(context.dataset("clinc150/train.jsonl")) if row["category"] != "oos"]
    train = write_rows(context.folder / "trust-clinc" / "train.jsonl", inside)
    context.say("train clinc150")
    model = context.folder / "trust-clinc" / "model"
    context.train(train, "category", model)
    found = evaluate(context, model, context.dataset("clinc150/test.jsonl"), "--oos-label", "oos")["category"]
    yield from calibration("clinc150", found, 0.02)
    scope = found["scope"]
    yield Figure("clinc150: out-of-scope recall at 95 % of in-scope rows", scope["recall_at_95_inside"]["value"],
                 target=(">=", 0.87), note="the score that keeps 95 % is of the test's in-scope rows")
    yield Figure("clinc150: area under the ROC curve", scope["auroc"]["value"], target=(">=", 0.97))
    yield Figure("clinc150: decisions OUT_OF_SCOPE, rows outside", scope["rejected_outside"]["value"],
                 note=f"{scope['rejected_inside']['value']:.4f} of the in-scope rows; the threshold is of training rows")


def report_time(context):
    """10,000 rows of 150 labels with a report."""
    some = (rows(context.dataset("clinc150/train.jsonl")) + rows(context.dataset("clinc150/test.jsonl")))[:20000:2]
    data = write_rows(context.folder / "trust-clinc" / "many.jsonl", some[:10000])
    cost = context.triage("evaluate", "--model", context.folder / "trust-clinc" / "model", "--data", data, "--report",
                          context.folder / "trust-clinc" / "report", "--json")
    yield Figure(f"report over {cost.json['rows']:,} rows, 150 labels", cost.wall_s, 2, "s", ("<=", 20))


def evaluate(context, model, test, *options):
    return context.triage("evaluate", "--model", model, "--data", test, "--json", *options).json["fields"]


def calibration(name, found, most=None):
    """ECE against a number, or against the band of a perfectly calibrated model."""
    band = found["ece_if_calibrated"]
    yield Figure(f"{name}: ECE", found["ece"], target=("<=", most or band["high"]),
                 note=f"a perfectly calibrated model: {band['value']:.4f}, at most {band['high']:.4f}; "
                 f"log-loss {found['log_loss']:.4f}, Brier {found['brier']:.4f}")


def automatic(name, context, model, test, label):
    """Precision of the decisions at level auto, for the default target of 0.95."""
    report = context.folder / f"{model.name}-report"
    context.triage("evaluate", "--model", model, "--data", test, "--report", report, "--json")
    found = json.loads((report / "report.json").read_text(encoding="utf-8"))["fields"][label]
    auto = next((level for level in found["levels"] if level["name"] == "auto"), None)
    what = f"{name}: precision at level auto, 0.95 asked of training rows"
    if auto is None:
        return Figure(what, None, note="the target is out of reach of the held-out rows")
    accuracy = auto["accuracy"]
    return Figure(what, accuracy["value"], target=(">=", 0.94),
                  note=f"{auto['rows'] / found['rows']:.3f} of {found['rows']:,} rows; interval {accuracy['low']:.3f} to "
                  f"{accuracy['high']:.3f}")
