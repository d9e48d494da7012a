"""What the masker finds in synthetic personal data, kind by kind, and what it costs.

A marked span is found when at least half of its characters lie in spans of ours of the same kind. A span of ours is
right when at least half of its characters lie in marked spans of a kind that ours may mask under that name. Leaks are
marked spans that no mask covers; facts destroyed are masks where nothing is marked. Marked
kinds without a name here (persons, places, organisations, titles, dates, ages, postcodes, streets, nationalities) are
no excuse: a postcode masked as a phone number is wrong.
"""
import json

from .context import Skip, rows
from .report import Figure, skipped

# Our kind: the data set's kinds that it may rightly cover (an e-mail address holds a host name), recall counted on
# the first; and the bound for recall and precision.
KINDS = {
    "email": (("EMAIL_ADDRESS",), 0.95), "card": (("CREDIT_CARD",), 0.95), "iban": (("IBAN_CODE",), 0.95),
    "ip": (("IP_ADDRESS",), 0.95), "url": (("DOMAIN_NAME", "EMAIL_ADDRESS"), 0.95), "phone": (("PHONE_NUMBER",), 0.90),
}
MICROSECONDS = 3


def masking(context):
    path = context.dataset("presidio_pii/public.jsonl")
    items = rows(path)
    found = masked(context, [row["text"] for row in items])
    texts = [Text(row, spans) for row, spans in zip(items, found, strict=True)]
    for kind, (gold, bound) in KINDS.items():
        marked = [(text, span) for text in texts for span in text.gold if span["type"] == gold[0]]
        hits = sum(text.covered(span, [s for s in text.ours if s["kind"] == kind]) for text, span in marked)
        anyhow = sum(text.covered(span, text.ours) for text, span in marked)
        yield share(f"{kind}: recall", hits, len(marked), bound, f"{anyhow} masked under any kind")
        yield Figure(f"{kind}: leaks", len(marked) - anyhow, 0, target=("<=", (1 - bound) * len(marked)))
        claimed = [(text, span) for text in texts for span in text.ours if span["kind"] == kind]
        right = sum(text.covered(span, [s for s in text.gold if s["type"] in gold]) for text, span in claimed)
        yield share(f"{kind}: precision", right, len(claimed), bound, "")
        yield Figure(f"{kind}: facts destroyed", sum(text.is_fact(span) for text, span in claimed), 0,
                     note="masks that touch no marked span of any kind")
    others = sum(span["kind"] not in KINDS for text in texts for span in text.ours)
    yield Figure("spans of other kinds (mac, secret, …), not judged", others, 0)
    took = context.triage("bench", "--mask", "--json", "--data", path).json["us_per_ticket"]
    length = sum(len(row["text"].encode()) for row in items) / len(items)
    yield Figure("time a ticket", took, 2, "µs", ("<=", MICROSECONDS), note=f"{length:.0f} bytes a ticket on average")


def share(what, part, whole, bound, note):
    if not whole:
        return skipped(what, "none", target=(">=", bound))
    return Figure(what, part / whole, target=(">=", bound), note=f"{part} of {whole}" + (f"; {note}" if note else ""))


def masked(context, texts):
    """The spans of each text: `bench --mask` takes a JSON string a line, answers a list of {kind, start, end} a line."""
    source = context.folder / "texts.jsonl"
    source.write_text("".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts), encoding="utf-8")
    cost = context.triage("bench", "--mask", stdin=source, accept=(0, 64))
    if cost.status:
        raise Skip("this triage has no `bench --mask`")
    return [json.loads(line) for line in cost.output.splitlines()]


class Text:
    """A row's marked spans and ours, both in UTF-8 bytes; a span covers whole characters, so bytes count as well."""

    def __init__(self, row, ours):
        text = row["text"]
        place = lambda index: len(text[:index].encode())
        self.bytes = text.encode()
        self.gold = [{"type": span["type"], "start": place(span["start"]), "end": place(span["end"])}
                     for span in row["spans"]]
        self.ours = ours

    def is_fact(self, span):
        """Whether one of our spans lies outside everything that is marked."""
        return not any(other["start"] < span["end"] and span["start"] < other["end"] for other in self.gold)

    def covered(self, span, others):
        """Whether at least half of the span's characters lie in the others."""
        inside = set()
        for other in others:
            inside.update(range(max(span["start"], other["start"]), min(span["end"], other["end"])))
        starts = [place for place in range(span["start"], span["end"]) if self.bytes[place] & 0xC0 != 0x80]
        return 2 * sum(place in inside for place in starts) >= len(starts) > 0
