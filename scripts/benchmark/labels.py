"""Labels that have parents, and tickets with several labels."""
import json

from .context import HERE, rows
from .report import Figure, skipped

CLINC = "clinc150"
TOBI = "tobi_tickets_multilang"


def trees(context):
    """CLINC150 as domain and intent, beside the intents as flat labels; rows out of scope teach both what is outside."""
    train, test = (context.dataset(f"{CLINC}/{part}.jsonl") for part in ("train", "test"))
    folder = context.folder / "trees"
    folder.mkdir(exist_ok=True)
    found = {}
    for name, columns in (("flat", ("--label", "category")), ("tree", ("--tree", "domain,category"))):
        context.say(f"train clinc150, {name}")
        model = folder / name
        context.triage("train", "--data", train, *columns, "--oos-label", "oos", "--output", model)
        (field,) = context.triage("evaluate", "--model", model, "--data", test, "--oos-label", "oos", "--count-seen-rows",
                                  "--json").json["fields"].values()
        decided = context.triage("classify", "--model", model, "--kb", "none", "--input", test).output.decode().splitlines()
        found[name] = field, [json.loads(line)["predictions"] for line in decided]
    flat, tree = found["flat"][0], found["tree"][0]
    yield Figure("accuracy of the whole label, in scope", tree["accuracy"], target=(">=", flat["accuracy"]),
                 note=f"{tree['rows']:,} rows; target: flat labels")
    parents = {row["category"]: row["domain"] for row in rows(train)}
    inside = [(row, given["category"]["label"]) for row, given in zip(rows(test), found["flat"][1])
              if row["category"] != "oos"]
    right = sum(parents[label] == row["domain"] for row, label in inside)
    yield Figure("accuracy of the domain, by summing", tree["tree"]["depths"][0]["accuracy"]["value"],
                 target=(">=", round(right / len(inside), 6)), note="target: domain of the flat label")
    yield Figure("answers whose parts contradict each other", contradictions(found["tree"][1], parents), 0,
                 target=("=", 0), note=f"{len(found['tree'][1]):,} answers of classify")


def contradictions(answers, parents):
    """Answers whose intent is not one of their domain, or more probable than it, or whose label is not on their path."""
    wrong = 0
    for answer in answers:
        path = answer["domain"]["path"]
        names = [step["name"] for step in path]
        wrong += (len(names) != 2 or parents.get(names[1]) != names[0]
                  or path[0]["probability"] < path[1]["probability"]
                  or answer["domain"]["label"] not in [step["label"] for step in path])
    return wrong


def tags(context):
    """tobi's tags beside one linear support vector machine a tag, scored by one definition."""
    train, test = (context.dataset(f"{TOBI}/{part}.jsonl") for part in ("train", "test"))
    folder = context.folder / "tags"
    folder.mkdir(exist_ok=True)
    context.say("train tobi's tags")
    model, options = folder / "model", ["--fixed", "--calibrate"] if context.quick else []
    cost = context.triage("train", "--data", train, "--tags", "tags", "--output", model, *options)
    ours = context.triage("evaluate", "--model", model, "--data", test, "--json").json["fields"]["tags"]
    context.say("peer LinearSVC, tobi's tags")
    peer = context.run_peer(HERE / "peer_tags.py", train, test)
    what = "one-vs-rest LinearSVC on words and characters"
    for key, name in (("micro_f1", "micro-F1"), ("macro_f1", "macro-F1")):
        target = None if "error" in peer else (">=", round(peer[key], 6))
        yield Figure(f"triage: {name}", ours[key], target=target,
                     note=f"{ours['tags']} tags learned; {ours['rows']:,} rows; trained in {cost.wall_s:.0f} s, "
                     f"user CPU {cost.user_s:.0f} s")
        yield (skipped(f"{what}: {name}", peer["error"]) if target is None
               else Figure(f"{what}: {name}", peer[key], note=f"{peer['tags']} tags of the test rows or given"))
