"""The knowledge base: how long a question takes among ten thousand articles, and how high the right one stands."""
import html
import json
import re
import shutil

from .context import Skip, rows, write_rows
from .report import Figure, skipped
from .synthetic import Language

ARTICLES = 10_000
# Targets of larger ones.
LARGE = {
    100_000: {"question_ms": 4, "start_s": 0.3, "memory_mb": 150},
    1_000_000: {"question_ms": 40, "start_s": 1, "memory_mb": 1500, "index_s": 600},
}
QUESTIONS = 1000
UNANSWERED = 40  # questions of another domain that a fit is given beside those that articles answer
# Hand-set P(known) weights of an unfitted KB; they do not change the order of articles.
PLAIN = {"weights": [-5, 1, 4, 3, 1], "cut": 0.5, "isCalibrated": False, "pairs": 0, "metrics": {}}


def search(context):
    yield from speed(context)
    for name, load in (("stackfaq", stackfaq), ("askubuntu", answers), ("webapps", answers)):
        try:
            articles, questions = load(context, name)
            others = unanswered(context)
        except Skip as reason:
            yield skipped(f"{name}: MRR at 10", str(reason))
            continue
        yield from ranks(context, name, articles, questions, others)


def speed(context):
    """`search --input` with 1 and with 1,001 questions: the difference is a thousand searches and their printing."""
    yield from questions_of(context, ARTICLES, {"question_ms": 1}, rounds=1 if context.quick else 3)
    if not context.quick:
        for articles, targets in LARGE.items():
            yield from questions_of(context, articles, targets, rounds=3)


def questions_of(context, articles, targets, rounds):
    """The index of a synthetic KB of so many articles: how long it takes to make, to start, and to ask."""
    context.say(f"make a KB of {articles:,} articles")
    kb = context.folder / f"kb-{articles}"
    questions = list(Language().write_articles(kb, articles, QUESTIONS + 1))
    one = write_rows(context.folder / "one.jsonl", questions[:1])
    many = write_rows(context.folder / "many-questions.jsonl", questions)
    state = context.folder / f"state-{articles}"
    context.say("index them")
    made = context.triage("kb", "index", "--kb", kb, "--state", state, "--json")
    pairs = []
    for _ in range(rounds):
        context.say("search among them")
        pairs.append([context.triage("search", "--kb", kb, "--state", state, "--input", path, "--json")
                      for path in (one, many)])
    each = [(long.wall_s - short.wall_s) / QUESTIONS * 1000 for short, long in pairs]
    def limit(name):
        return ("<=", targets[name]) if name in targets else None

    yield Figure(f"one question among {articles:,} articles", min(each), 3, "ms", limit("question_ms"),
                 note=f"runs {', '.join(f'{value:.3f}' for value in each)}")
    yield Figure(f"start and first answer among {articles:,} articles", min(short.wall_s for short, _ in pairs), 3, "s",
                 limit("start_s"))
    yield Figure(f"peak memory of a question among {articles:,} articles", max(short.peak_mb for short, _ in pairs), 0, "MB",
                 limit("memory_mb"), note=f"of {QUESTIONS + 1:,} questions {max(long.peak_mb for _, long in pairs):.0f} MB")
    yield Figure(f"index of {articles:,} articles", made.wall_s, 1, "s", limit("index_s"),
                 note=f"{made.json['bytes'] / 1e6:.0f} MB on disk, peak {made.peak_mb:.0f} MB")
    if articles > ARTICLES:
        shutil.rmtree(kb)
        shutil.rmtree(state)
        return
    run = context.triage("bench", "--model", context.starter, "--kb", kb, "--data", many, "--json").json
    yield Figure("a whole decision with that KB, median", run["with_kb"]["p50_us"] / 1000, 3, "ms",
                 note=f"without KB {run['p50_us']} µs; load {run['load_ms']:.0f} ms")


def stackfaq(context, _):
    """856 paraphrases, each of one of 109 questions."""
    return (rows(context.dataset("stackfaq_paraphrase/corpus.jsonl")),
            rows(context.dataset("stackfaq_paraphrase/queries.jsonl")))


def answers(context, name):
    """Every question of the set, train and test, against every answer."""
    items = [row for part in ("train", "test") for row in rows(context.dataset(f"{name}_intents/{part}.jsonl"))]
    items = [row for row in items if row.get("answer")]
    articles = [{"id": row["id"], "text": plain(row["answer"])} for row in items]
    return articles, [{"id": row["id"], "text": row["text"], "relevant": [row["id"]]} for row in items]


def unanswered(context):
    """A file of questions about banking, which no article of these sets answers."""
    items = rows(context.dataset("banking77/test.jsonl"))[:UNANSWERED]
    return write_rows(context.folder / "unanswered.jsonl",
                      [{"id": row["id"], "text": row["text"], "relevant": []} for row in items])


def plain(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def ranks(context, name, articles, questions, others):
    """MRR at 10 of BM25 alone (embedding weight 0), with the weight that triage fits (each question judged by a fit
    that did not see it), and with the weight of a KB without questions."""
    context.say(f"search {name}")
    kb = context.folder / f"kb-{name}"
    write_rows(kb / "corpus.jsonl", articles)
    asked = write_rows(context.folder / f"questions-{name}.jsonl", questions)
    alone = reciprocal_rank(context, kb, asked, questions, weight=0)
    unfitted = reciprocal_rank(context, kb, asked, questions, weight=1)
    (kb / "calibration.json").unlink()
    context.triage("search", "--kb", kb, "--fit", asked, "--fit", others, "--output", kb / "calibration.json")
    fitted = json.loads((kb / "calibration.json").read_text(encoding="utf-8"))
    yield Figure(f"{name}: BM25 alone, MRR at 10", alone,
                 note=f"{len(articles)} articles, {len(questions)} questions; `search --fit` says "
                 f"{fitted['metrics']['mrr10_bm25']:.4f}")
    yield Figure(f"{name}: BM25 and embedding, weight fitted on other questions", fitted["metrics"]["mrr10_fused"],
                 target=(">=", round(alone, 4)), note=f"weight on all {fitted['embeddingWeight']:g}")
    yield Figure(f"{name}: BM25 and embedding, weight 1 of an unfitted KB", unfitted)


def reciprocal_rank(context, kb, asked, questions, weight):
    (kb / "calibration.json").write_text(json.dumps({"embeddingWeight": weight, **PLAIN}), encoding="utf-8")
    found = context.triage("search", "--kb", kb, "--input", asked, "--top", 10, "--json").output.splitlines()
    total = 0.0
    for question, line in zip(questions, found, strict=True):
        ids = [match["id"] for match in json.loads(line)["matches"]]
        total += next((1 / place for place, id in enumerate(ids, 1) if id in question["relevant"]), 0.0)
    return total / len(questions)
