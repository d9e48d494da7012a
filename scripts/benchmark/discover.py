"""Groups of unlabelled tickets: how well they agree with people's labels, and what they cost."""
import json
import statistics

from . import banking
from .context import HERE, rows, write_rows
from .report import Figure, skipped
from .synthetic import Language

SEEDS = (1, 2, 3, 4, 5)
SIZES = (20_000, 100_000)


def discover(context):
    """As many groups as labels, on the same vectors as scikit-learn's k-means; then the number that is chosen."""
    inside = [row for row in rows(context.dataset("clinc150/train.jsonl")) if row["category"] != "oos"]
    clinc = write_rows(context.folder / "discover" / "clinc150.jsonl", inside)
    for name, data in (("Banking77", banking.files(context)[0]), ("CLINC150, in scope", clinc)):
        yield from agreement(context, name, data)
    language = Language()
    for size in SIZES[:1] if context.quick else SIZES:
        context.say(f"make {size:,} rows")
        data = language.write_tickets(context.folder / "discover" / "many.jsonl", size, seed=1)
        cost = run(context, data)
        yield Figure(f"{size:,} made-up tickets of 20 words: wall clock", cost.wall_s, 1, "s",
                     note=f"{cost.json['groups']} groups, user CPU {cost.user_s:.1f} s")
        yield Figure(f"{size:,} made-up tickets of 20 words: peak memory", cost.peak_mb / 1000, 2, "GB")


def agreement(context, name, data):
    folder = context.folder / "discover"
    folder.mkdir(exist_ok=True)
    gold = [row["category"] for row in rows(data)]
    count, seeds = len(set(gold)), SEEDS[:1] if context.quick else SEEDS
    vectors, labels = folder / "vectors.safetensors", folder / "labels.json"
    labels.write_text(json.dumps(gold), encoding="utf-8")
    found = [run(context, data, "--groups", count, "--seed", seed, "--vectors", vectors) for seed in seeds]
    ours = statistics.mean(cost.json["adjusted_mutual_information"] for cost in found)
    context.say(f"peer k-means, {name}")
    peer = context.run_peer(HERE / "peer_groups.py", vectors, labels, count, *seeds)
    theirs = statistics.mean(peer["adjusted_mutual_information"]) if "error" not in peer else None
    what = f"{name}, {count} groups: adjusted mutual information"
    cost = f"{len(gold):,} rows, mean of {len(seeds)} seeds; {found[0].wall_s:.1f} s, {found[0].peak_mb:.0f} MB"
    yield Figure(f"triage, {what}", ours, target=None if theirs is None else (">=", round(theirs, 6)), note=cost)
    yield (skipped(f"scikit-learn k-means, {what}", peer["error"]) if theirs is None
           else Figure(f"scikit-learn k-means, {what}", theirs, note="the same vectors"))
    chosen = run(context, data).json
    yield Figure(f"triage, {name}, number of groups chosen: adjusted mutual information",
                 chosen["adjusted_mutual_information"], note=f"{chosen['groups']} groups")


def run(context, data, *options):
    return context.triage("discover", "--data", data, "--against", "category", "--json",
                          "--output", context.folder / "discover" / "groups.csv", *options)
