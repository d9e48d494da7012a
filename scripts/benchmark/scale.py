"""Training on many rows: does it end, in what memory, and what does a row cost."""
from .report import Figure
from .synthetic import Language

SIZES = (10_000, 100_000, 1_000_000)
GIGABYTES = 8


def million(context):
    """Made-up rows of 20 words and 20 labels (scripts/benchmark/synthetic.py), `--fixed`, every processor; 5 % of all
    labels are wrong, so that no model reaches 0.96."""
    language = Language()
    fresh = language.write_tickets(context.folder / "fresh.jsonl", 2000, seed=99)
    for size in SIZES[:2] if context.quick else SIZES:
        context.say(f"make {size:,} rows")
        data = language.write_tickets(context.folder / "many.jsonl", size, seed=1)
        context.say(f"train on {size:,} rows")
        model = context.folder / "many"
        cost = context.triage("train", "--data", data, "--label", "category", "--fixed", "--output", model, "--json",
                              accept=(0, 1, 69, 137, -9))
        if cost.status:
            yield Figure(f"{size:,} rows: ended with", cost.status, 0, target=("=", 0), note=f"peak {cost.peak_mb:,.0f} MB")
            continue
        accuracy = context.evaluate(model, fresh)["category"]["accuracy"]
        report = cost.json["fields"]["category"]
        yield Figure(f"{size:,} rows: wall clock", cost.wall_s, 1, "s",
                     note=f"user CPU {cost.user_s:.1f} s; {report['iterations']} iterations"
                     f"{'' if report['converged'] else ', not converged'}")
        yield Figure(f"{size:,} rows: CPU of a row", cost.user_s / size * 1e6, 0, "µs",
                     note=f"wall clock {cost.wall_s / size * 1e6:,.0f} µs")
        yield Figure(f"{size:,} rows: peak memory", cost.peak_mb / 1000, 2, "GB", ("<=", GIGABYTES))
        yield Figure(f"{size:,} rows: accuracy on 2,000 fresh rows", accuracy)
        data.unlink()
