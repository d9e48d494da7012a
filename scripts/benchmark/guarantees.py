"""Equal input, equal bytes; explanations that add up."""
import json
import math

from . import banking
from .context import ROOT, Skip, rows, write_rows
from .report import Figure

BATCHES = (1, 7, 64)


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def threads(context):
    """The same training on one thread and on two: every file of the bundle compared."""
    written = sorted((ROOT / "scripts" / "starter" / "written").glob("*.jsonl"))
    sets = [("written tickets, two labels, default search", written, ("category", "severity"), ())]
    try:
        sets.append(("banking77, --fixed", [banking.files(context)[0]], ("category",), ("--fixed",)))
        if not context.quick:
            sets.append(("banking77, default search", [banking.files(context)[0]], ("category",), ()))
    except Skip as reason:
        context.say(f"without banking77: {reason}")
    for place, (what, data, labels, options) in enumerate(sets):
        bundles = []
        for count in (1, 2):
            context.say(f"train {what}, {count} threads")
            output = context.folder / f"threads-{place}-{count}" / "model"
            output.parent.mkdir()
            arguments = [part for path in data for part in ("--data", path)]
            arguments += [part for label in labels for part in ("--label", label)]
            context.triage("train", *arguments, "--output", output, "--threads", count, *options)
            bundles.append(files_of(output))
        unlike = [name for name in bundles[0].keys() | bundles[1].keys() if bundles[0].get(name) != bundles[1].get(name)]
        yield Figure(f"{what}: files that differ", len(unlike), 0, target=("=", 0),
                     note=", ".join(sorted(unlike)) or f"{len(bundles[0])} files equal")


def batch(context):
    """64 tickets through `classify` alone, seven at a time and together, with KB and explanation: lines compared."""
    pool = [row for path in sorted((ROOT / "scripts" / "starter" / "written").glob("*.jsonl")) for row in rows(path)]
    chosen = pool[:: len(pool) // 64][:64]
    outputs = {}
    for size in BATCHES:
        context.say(f"classify 64 tickets, {size} at a time")
        outputs[size] = []
        for first in range(0, len(chosen), size):
            data = write_rows(context.folder / "batch.jsonl", chosen[first:first + size])
            cost = context.triage("classify", "--model", context.starter, "--kb", context.kb, "--explain", "--json",
                                  "--input", data)
            outputs[size] += cost.output.splitlines()
    for size in BATCHES[1:]:
        unlike = sum(a != b for a, b in zip(outputs[1], outputs[size], strict=True))
        yield Figure(f"alone and {size} at a time: decisions that differ", unlike, 0, target=("=", 0),
                     note=f"{sum(map(len, outputs[size])):,} bytes")


def explanation(context):
    """Every row of every public test file, the starter: bias, terms and rest against the label's own logit and against
    the difference to the runner-up; and the same run once more."""
    paths, unlike = sorted(context.datasets.glob("*/test.jsonl")), []
    if not paths:
        raise Skip("no data sets; name the folder with --datasets or TRIAGE_DATASETS")
    for path in paths:
        command = ("classify", "--model", context.starter, "--kb", "none", "--explain", "--json", "--input", path)
        output = context.triage(*command, accept=(0, 65)).output
        if context.triage(*command, accept=(0, 65)).output != output:
            unlike.append(path.parent.name)
        differences = [difference for line in output.splitlines() for difference in differences_of(json.loads(line))]
        yield Figure(f"{path.parent.name}: largest difference", max(differences, default=0), 7, target=("<=", 1e-4),
                     note=f"{len(differences):,} sums")
    yield Figure("files whose second run gives other bytes", len(unlike), 0, target=("=", 0), note=", ".join(unlike))


def differences_of(decision):
    for field in decision.get("explanation", {}).values():
        for part in (field, field["against"]):
            if part is not None:
                parts = [part["bias"], part["rest"], *(term["weight"] for term in part["terms"])]
                yield abs(math.fsum(parts) - part["logit"])


def counterfactual(context):
    """The judged tickets: without the words that `explain` names the answer must change, with any one of them back it
    must not; both asked of `classify`, a space for each byte taken away."""
    data = context.dataset("starter_judged/test.jsonl")
    model = ("--model", context.starter, "--kb", "none", "--json", "--input")
    decisions = [json.loads(line) for line in context.triage("explain", *model, data).output.splitlines()]
    trials, expected = [], []
    for row, decision in zip(rows(data), decisions, strict=True):
        for field, explanation in decision["explanation"].items():
            found = explanation["counterfactual"]
            if not found or not found["effect"] or not found["irreducible"]:
                continue
            for kept in {None, *(word["text"].lower() for word in found["words"])}:
                trials.append(without([word for word in found["words"] if word["text"].lower() != kept], row))
                expected.append((field, decision["predictions"][field], kept is None))
    answers = context.triage("classify", *model, write_rows(context.folder / "trials.jsonl", trials)).output.splitlines()
    wrong = sum(is_changed(before, json.loads(line)["predictions"][field]) != should
                for (field, before, should), line in zip(expected, answers, strict=True))
    yield Figure("answers that differ from a counterfactual's", wrong, 0, target=("=", 0),
                 note=f"{sum(should for *_, should in expected)} counterfactuals of {2 * len(decisions)} answers, "
                      f"{len(expected)} trials")


def without(words, row):
    text = {"subject": bytearray((row.get("subject") or "").encode()),
            "body": bytearray((row.get("body", row.get("text")) or "").encode())}
    for word in words:
        text[word["field"]][word["start"]:word["end"]] = b" " * (word["end"] - word["start"])
    return {field: value.decode() for field, value in text.items()}


def is_changed(before, after):
    fell = "LOW_CONFIDENCE" in after["reasons"] and "LOW_CONFIDENCE" not in before["reasons"]
    return fell or after["label"] != before["label"]
