"""How long things take, as ratios to a peer of the same run where there is one, and how much room they need."""
import statistics

from . import banking
from .context import write_rows
from .report import Figure, ratio_figure, skipped

# Four tickets as people write them, each of a hundred words with its subject.
TICKETS = (
    ("VPN drops every few minutes since Monday",
     "Hello, since the update on Monday my VPN connection drops every five or ten minutes when I work from home. The "
     "client shows connected, then the small icon turns yellow and my desktops freeze. I have already "
     "restarted the laptop, changed to cable and asked my provider, who says the line is fine. In the "
     "office everything works. Two colleagues in my team report the same. I have a "
     "customer presentation on Thursday morning and need a stable connection until then. Could you please tell "
     "me which version I should install? Thanks, Maria"),
    ("Invoice shows more seats than we ordered",
     "Dear billing team, the invoice for March that we received yesterday lists forty seats of the professional plan, "
     "but our order and the confirmation say thirty. The amount was taken from our company account this morning, so we "
     "have paid for ten seats that nobody uses. Please correct the invoice and refund the difference "
     "to the same account. Our accountant closes the quarter on Friday and cannot book the document as it stands. It "
     "would also help to know why this happened, because we removed seats in January already. Kind regards, Tom "
     "Okafor"),
    ("Locked out after password change",
     "Good morning, I changed my password yesterday evening because the system asked me to, and today I cannot sign in "
     "anywhere. The login page says that the account is locked after too many attempts, although I typed the new "
     "password only twice. My phone still fetches mail with the old one, perhaps that is why. I am at the "
     "hospital reception and need the appointment system, patients are waiting. Please unlock the account and tell me how to stop the phone from locking it again. My extension is "
     "written on the yellow badge right below."),
    ("Export of the monthly report fails with an error",
     "Hi support, exporting the monthly report as a spreadsheet has failed for every user in our region since the new "
     "release. After about thirty seconds the page shows error five hundred and nothing is downloaded. The same export "
     "works for a single week, and printing works too, so the numbers seem fine. We tried three "
     "browsers, private windows and another network without success. Our controlling department needs the file for the "
     "board meeting on Tuesday. Is there any workaround until it is "
     "fixed? I can send you screenshots of each attempt."),
)


def tickets(context, copies):
    items = [{"id": f"t{n}", "subject": TICKETS[n % len(TICKETS)][0], "body": TICKETS[n % len(TICKETS)][1]}
             for n in range(copies)]
    return write_rows(context.folder / f"tickets-{copies}.jsonl", items)


def training_time(context):
    """Wall clock of the whole `train` process on one thread over the peer's fit, reading excluded; best of the rounds."""
    rounds = banking.rounds(context)
    peers = [round["peers"]["sklearn-tfidf-svc"] for round in rounds]
    theirs = min((peer["train_s"] for peer in peers if "train_s" in peer), default=None)
    for kind, what, bound in (("fixed", "`--fixed`", 0.5), ("search", "default search", 3.0)):
        costs = [round[kind]["cost"] for round in rounds]
        wall = min(cost.wall_s for cost in costs)
        yield Figure(f"triage, {what}: wall clock", wall, 2, "s",
                     note=f"rounds {', '.join(f'{cost.wall_s:.2f}' for cost in costs)}; "
                     f"user CPU {min(cost.user_s for cost in costs):.2f} s; peak {max(c.peak_mb for c in costs):.0f} MB")
        yield ratio_figure(f"{what} ÷ LinearSVC", wall, theirs, digits=2, target=("<=", bound),
                           note=peers[0].get("error", ""))
    if theirs:
        yield Figure("LinearSVC: fit", theirs, 2, "s", note=f"rounds {', '.join(str(p.get('train_s')) for p in peers)}")


def throughput(context):
    """Banking77's test rows from memory on one thread: our whole decision without a KB, the peers' label alone; best
    of the rounds on each side."""
    rounds = banking.rounds(context)
    ours = [value for round in rounds for value in round["docs_per_s"]]
    yield Figure("triage bench: decisions a second", max(ours), 0,
                 note=f"runs {', '.join(f'{value:,.0f}' for value in ours)}")
    for name, target in (("sklearn-tfidf-svc", (">=", 7.0)), ("fasttext", (">", 1.0))):
        measured = [round["peers"].get(name, {"error": "left out by --quick"}) for round in rounds]
        speeds = [peer["docs_per_s"] for peer in measured if "docs_per_s" in peer]
        if speeds:
            yield Figure(f"{name}: texts a second", max(speeds), 0,
                         note=f"runs {', '.join(f'{speed:,.0f}' for speed in speeds)}")
        yield ratio_figure(f"triage ÷ {name}", max(ours), max(speeds, default=None), digits=2, target=target,
                           note=measured[0].get("error", ""))


def one_ticket(context):
    """A ticket of a hundred words, the starter bundle, the whole decision, in memory; the best of three runs."""
    data = tickets(context, 1000)
    runs = [context.triage("bench", "--model", context.starter, "--kb", context.kb, "--data", data, "--json",
                           "--explain").json
            for _ in range(1 if context.quick else 3)]
    for what, side, bound in (("no KB", lambda run: run, 60), (f"KB of {context.articles} articles",
                                                               lambda run: run["with_kb"], 300)):
        values = [side(run) for run in runs]
        yield Figure(f"{what}: median", min(v["p50_us"] for v in values), 1, "µs", ("<=", bound),
                     note=f"runs {', '.join(str(v['p50_us']) for v in values)}")
        yield Figure(f"{what}: 99th of 100", min(v["p99_us"] for v in values), 1, "µs")
    ratios = [run["explained"]["p50_us"] / run["p50_us"] for run in runs]
    yield Figure("with explanations ÷ without, no KB: medians", min(ratios), 2, target=("<=", 3),
                 note=f"medians {', '.join(str(run['explained']['p50_us']) for run in runs)} µs")


def start(context):
    """From starting the process to its end with one decision; files in the system's cache."""
    data = tickets(context, 1)
    for what, kb in (("no KB", "none"), (f"KB of {context.articles} articles", context.kb)):
        command = ("classify", "--model", context.starter, "--kb", kb, "--input", data, "--json")
        context.triage(*command)
        costs = [context.triage(*command) for _ in range(5 if context.quick else 20)]
        walls = sorted(cost.wall_s * 1000 for cost in costs)
        yield Figure(f"{what}: median of {len(walls)}", statistics.median(walls), 1, "ms", ("<=", 60),
                     note=f"{walls[0]:.1f} to {walls[-1]:.1f}; peak {max(c.peak_mb for c in costs):.0f} MB")


def size(context):
    """Bytes on disk of what a decision needs, and the largest memory of `classify` over whole files."""
    parts = {name: sum(f.stat().st_size for f in (context.models / name).rglob("*") if f.is_file()) / 1e6
             for name in ("starter", "embeddings/minilm-256", "language")}
    yield Figure("starter and matrix on disk", parts["starter"] + parts["embeddings/minilm-256"], 1, "MB", ("<=", 20),
                 note=", ".join(f"{name} {megabytes:.1f}" for name, megabytes in parts.items()))
    yield Figure("triage's own binary", context.binary.stat().st_size / 1e6, 1, "MB")
    for name in ("bitext_customer_support/train.jsonl", "endava_tickets_subset/test.jsonl"):
        what = f"classify {name.split('_')[0]}, with KB: peak memory"
        if not (context.datasets / name).is_file():
            yield skipped(what, "no data set", unit="MB", target=("<=", 90))
            continue
        cost = context.triage("classify", "--model", context.starter, "--kb", context.kb, "--json", "--input",
                              context.dataset(name))
        yield Figure(what, cost.peak_mb, 1, "MB", ("<=", 90),
                     note=f"{len(cost.output.splitlines()):,} tickets in {cost.wall_s:.2f} s")
