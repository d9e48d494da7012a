"""The language that texts are given: English tickets and questions, sentences that the identifier was not trained on, and
what it costs a decision."""
import json
import subprocess

from . import speed
from .context import ROOT, Skip, rows, write_rows
from .report import Figure, skipped

# Rows of these are English (tobi's by its own column); endava's test rows are tickets without their stop words.
ENGLISH = {"banking77": ("train", "test"), "nlbse2024": ("train", "test"), "tobi_tickets_multilang": ("train", "test"),
           "endava_tickets_subset": ("test",)}
# Languages of the sentences that are judged together: the forty of most speakers among customers of service desks.
FORTY = """ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv mk nb nl pl pt ro ru sk sl sv ta
th tr uk vi zh""".split()
ROUNDS = 5


def language(context):
    everything, others = 0, 0
    for name, parts in ENGLISH.items():
        items = [row for part in parts for row in rows(context.dataset(f"{name}/{part}.jsonl"))
                 if row.get("language", "en") == "en"]
        found = identify(context, context.models / "language", items)
        other, none = sum(code not in ("en", None) for code in found), found.count(None)
        if not name.startswith("endava"):
            everything, others = everything + len(found), others + other
        yield Figure(f"{name}: English rows given another language", other / len(found),
                     note=f"{other} of {len(found)}; none: {none} ({none / len(found):.1%})")
    yield Figure("banking77, nlbse2024 and tobi together", others / everything, 4, target=("<=", 0.01),
                 note=f"{others} of {everything}")
    yield from tobi(context)
    yield from unseen(context)
    yield cost(context)


def tobi(context):
    """Tickets of other languages; about a fifth of those marked de are English."""
    items = [row for part in ("train", "test") for row in rows(context.dataset(f"tobi_tickets_multilang/{part}.jsonl"))]
    found = identify(context, context.models / "language", items)
    for code in ("de", "es", "fr", "pt"):
        own = [given for row, given in zip(items, found) if row["language"] == code]
        yield Figure(f"tobi: rows marked {code}", own.count(code) / len(own),
                     note=f"{len(own)} rows; en {own.count('en')}, none {own.count(None)}")


def unseen(context):
    """Every fifth text of langid_lingua, by an identifier trained without them."""
    model = context.folder / "language"
    command = [ROOT / "scripts" / "build_language", "--hold-out", "0", "--output", model, context.datasets]
    context.say("train without the held-out texts")
    done = subprocess.run(command, capture_output=True, text=True,
                          env={**context.environment, "TRIAGE_BINARY": str(context.binary)})
    if done.returncode:
        yield skipped("unseen texts", done.stderr.strip()[-200:])
        return
    for kind in ("sentences", "word_pairs", "single_words"):
        items = rows(context.dataset(f"langid_lingua/public_{kind}.jsonl"))[::5]
        found = identify(context, model, items)
        for name, codes in (("40 languages", FORTY), ("all 75", sorted({row["language"] for row in items}))):
            judged = [(row["language"], given) for row, given in zip(items, found) if row["language"] in codes]
            right = sum(gold == given for gold, given in judged)
            none = sum(given is None for _, given in judged)
            target = (">=", 0.95) if (kind, name) == ("sentences", "40 languages") else None
            yield Figure(f"unseen {kind}, {name}: right", right / len(judged), target=target,
                         note=f"{right} of {len(judged)}; none {none}, another language {len(judged) - right - none}")


def identify(context, model, items):
    """The language of each row, None for none; decided with a small bundle, whose own answers do not count."""
    texts = [{"id": str(number), "subject": row.get("subject", ""), "body": row.get("body") or row.get("text") or ""}
             for number, row in enumerate(items)]
    source = write_rows(context.folder / "language.jsonl", texts)
    done = context.triage("classify", "--json", "--kb", "none", "--language", model, "--input", source)
    answers = [json.loads(line) for line in done.output.splitlines()]
    if len(answers) != len(items):
        raise Skip(f"{len(answers)} answers to {len(items)} rows")
    return [answer.get("language") for answer in answers]


def cost(context):
    """Decisions with the identifier ÷ without it, the best of the rounds, in turn."""
    data = speed.tickets(context, 2000)
    took = {"on": [], "none": []}
    for _ in range(ROUNDS):
        for kind in took:
            words = [] if kind == "on" else ["--language", "none"]
            run = context.triage("bench", "--json", "--kb", "none", "--data", data, *words).json
            took[kind].append(1e6 / run["docs_per_s"])
    best = {kind: min(values) for kind, values in took.items()}
    return Figure("a decision with the identifier", best["on"], 2, "µs", note=f"{best['none']:.2f} µs without it")
