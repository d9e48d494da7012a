"""Checks that every metric named in dashboard, rules and tests is one of the service, and the reverse.

Usage: check_names.py EXPOSITION OPS_FOLDER
"""

import json
import re
import sys
from pathlib import Path

# Names that Prometheus itself makes.
FOREIGN = {"up"}
FAMILY = re.compile(r"^# TYPE (\S+) (\S+)$", re.MULTILINE)
NAME = re.compile(r"\b((?:triage|process)_[a-z0-9_]+)\b")


def told(exposition: str) -> tuple[set[str], set[str]]:
    """The families of an exposition, and all names under which their samples stand."""
    families, samples = set(), set()
    for name, kind in FAMILY.findall(exposition):
        families.add(name)
        endings = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        samples.update(name + ending for ending in endings)
    return families, samples


def expressions(dashboard: dict) -> list[str]:
    """Every query of a dashboard: of panels and of variables."""
    found = [t["expr"] for panel in dashboard["panels"] for t in panel.get("targets", [])]
    return found + [v["query"]["query"] for v in dashboard["templating"]["list"] if isinstance(v["query"], dict)]


def main(exposition: Path, folder: Path) -> int:
    families, samples = told(exposition.read_text())
    dashboard = "\n".join(expressions(json.loads((folder / "grafana/triage.json").read_text())))
    places = {"dashboard": dashboard}
    for name in ("alerts.yml", "alerts_test.yml"):
        places[name] = (folder / "prometheus" / name).read_text()
    faults = [
        f"{place}: the service has no metric {name}"
        for place, text in places.items()
        for name in sorted(set(NAME.findall(text)) - samples - FOREIGN)
    ]
    shown = set(NAME.findall(dashboard))
    faults += [
        f"dashboard: no panel shows {family}"
        for family in sorted(families)
        if family.startswith("triage_") and not any(name.startswith(family) for name in shown)
    ]
    print("\n".join(faults) or f"{len(families)} metrics told, {len(shown)} names shown, none unknown")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
