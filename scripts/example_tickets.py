#!/usr/bin/env python3
"""Writes labelled tickets to try `triage train` and `triage compare` with: scripts/local-llm --example FOLDER

They are the project's own texts, from scripts/starter/written: FOLDER/tickets.jsonl to train on and FOLDER/newer.jsonl, every
fifth of them, to compare on.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent
FILES = ("desk_reports", "helpdesk_mail", "office", "software", "trade")
KEYS = ("id", "subject", "body", "category", "severity")


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("usage: scripts/local-llm --example FOLDER")
    folder = pathlib.Path(sys.argv[1])
    rows = [json.loads(line) for name in FILES
            for line in (ROOT / "starter" / "written" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, part in (("tickets.jsonl", [row for place, row in enumerate(rows) if place % 5]),
                           ("newer.jsonl", rows[::5])):
            lines = (json.dumps({key: row.get(key) for key in KEYS}, ensure_ascii=False) for row in part)
            (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
            print(f"{folder / name}: {len(part)} labelled tickets")
    except OSError as error:
        sys.exit(f"scripts/local-llm: {folder}: {error.strerror}; name a folder that can be written")


if __name__ == "__main__":
    main()
