"""Figures, their targets, and the two forms in which a run is written: a table in Markdown, and JSON."""
import dataclasses
import operator

COMPARISONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "=": operator.eq}
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "=": "="}


@dataclasses.dataclass
class Figure:
    """One measured number. Without a value it was skipped, and the note has the reason."""
    what: str
    value: float | None
    digits: int = 4
    unit: str = ""
    target: tuple[str, float] | None = None
    note: str = ""

    @property
    def verdict(self):
        if self.value is None:
            return "skipped"
        if self.target is None:
            return ""
        return "met" if COMPARISONS[self.target[0]](self.value, self.target[1]) else "**missed**"

    def shown(self, number):
        return f"{number:,.{self.digits}f}{' ' + self.unit if self.unit else ''}"

    def cells(self):
        target = f"{SIGNS[self.target[0]]} {self.shown(self.target[1])}" if self.target else ""
        return [self.what, "–" if self.value is None else self.shown(self.value), target, self.verdict, self.note]

    def plain(self):
        return {"what": self.what, "value": self.value, "unit": self.unit or None,
                "target": " ".join(map(str, self.target)) if self.target else None,
                "verdict": self.verdict.strip("*") or None, "note": self.note or None}


@dataclasses.dataclass
class SectionResult:
    name: str
    title: str
    figures: list[Figure] = dataclasses.field(default_factory=list)
    skipped: str | None = None
    error: str | None = None
    seconds: float = 0.0


def skipped(what, reason, **options):
    return Figure(what, None, note=reason, **options)


def peer_figure(row, key, what, **options):
    """A peer's number, or why there is none."""
    if "error" in row:
        return skipped(what, row["error"], **options)
    return Figure(what, row[key], **options)


def ratio_figure(what, ours, theirs, note="", **options):
    """ours ÷ theirs, or skipped when either is missing."""
    if ours is None or not theirs:
        return skipped(what, note or "nothing to compare with", **options)
    return Figure(what, ours / theirs, note=note, **options)


def table(header, rows):
    clean = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in clean])


def summary(results):
    verdicts = [figure.verdict for result in results for figure in result.figures if figure.target]
    count = {word: sum(verdict.strip("*") == word for verdict in verdicts) for word in ("met", "missed", "skipped")}
    text = f"{count['met']} targets met, {count['missed']} missed, {count['skipped']} skipped"
    for word, names in (("skipped", [r.name for r in results if r.skipped]), ("failed", [r.name for r in results if r.error])):
        text += f"; sections {word}: {', '.join(names)}" if names else ""
    return text + "."


HEADER = ["section", "what", "figure", "target", "verdict", "note", "command", "date", "machine"]


def result_rows(run, result):
    """The rows of one section; one row that gives the reason where the section has none."""
    cells = [figure.cells() for figure in result.figures]
    if result.skipped or result.error:
        cells.append(["–", "–", "", "skipped" if result.skipped else "**failed**", result.skipped or result.error])
    command = f"`scripts/bench --only {result.name}{' --quick' if run['run'] == 'quick' else ''}`"
    return [[result.title, *row, command, run["date"], run["processor"]] for row in cells]


def markdown(run, results):
    rows = [row for result in results for row in result_rows(run, result)]
    return "\n".join(["# Results of scripts/bench", "", summary(results), "", table(HEADER, rows), "",
                      table(["this run", ""], list(run.items())), ""])


def plain(run, results):
    return {"run": run, "summary": summary(results), "sections": [
        {"name": r.name, "title": r.title, "seconds": round(r.seconds, 1), "skipped": r.skipped, "error": r.error,
         "figures": [figure.plain() for figure in r.figures]} for r in results]}
