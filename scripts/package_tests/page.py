"""The page of the first day without the internet, every command of it, in a bare root."""
import contextlib
import json
import re
import time

from manifest import ROOT
from release import tree

from . import network, service
from .root import DESK, expect, rows

PAGE = ROOT / "Sources/triage/Manual.docc/FirstDayOffline.md"
UNIT = "/etc/systemd/system/triage.service"
ROWS = 2000


def steps():
    """The page's numbered headings, each with its commands in order."""
    text = PAGE.read_text(encoding="utf-8")
    for heading in re.split(r"^## (?=\d)", text, flags=re.MULTILINE)[1:]:
        title = heading.splitlines()[0]
        blocks = re.findall(r"^```sh\n(.*?)^```", heading, re.MULTILINE | re.DOTALL)
        yield title, [line for block in blocks for line in re.sub(r"\\\n\s*", "", block).splitlines() if line.strip()]


def check_links(folder):
    """Every link of a page in the package leads to a file of it."""
    pages = sorted((folder / tree.DOC).rglob("*.md"))
    wrong = [(page.name, link) for page in pages
             for link in re.findall(r"\]\(([^)\s#]+)[^)]*\)", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL))
             if ":" not in link and not (page.parent / link).exists()]
    expect(f"every link of {len(pages)} pages leads to a file of the package", pages and not wrong, wrong)


class Day:
    """A person at a shell: what a command leaves as the current folder is where the next one begins."""

    def __init__(self, root, values):
        self.root, self.values = root, values
        self.folder, self.services = DESK, contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.services.__exit__(*failure)

    def type(self, line):
        """One command, as desk; as root where it begins with sudo or ends in it."""
        for name, value in self.values.items():
            line = re.sub(rf"\b{name}\b", lambda _: value, line)
        if "systemctl" in line:
            self.control(line)
            return
        user = "root" if re.search(r"(^|\| )sudo ", line) else "desk"
        place = "/tmp/.day"
        self.root.run(f"cd {self.folder}\n{line}\nstatus=$?\npwd >{place}; chmod 0666 {place}\nexit $status", user,
                      home=DESK, borrow=True)
        self.folder = (self.root.folder / place.lstrip("/")).read_text().strip()

    def control(self, line):
        """What systemd would do."""
        action = re.fullmatch(r"sudo systemctl (enable --now|restart|disable --now) triage(\s*#.*)?", line)[1]
        self.services.close()
        if not action.startswith("disable"):
            self.services.enter_context(service.Service(self.root, UNIT))


def furnish(root):
    """What the support lead has: an export of last year's tickets, and today's."""
    home = root.folder / DESK.lstrip("/")
    rows(home / "export.jsonl", ROWS)
    texts = ["My account is locked since the password change", "I was charged twice on this invoice", "The crash comes again"]
    (home / "tickets.csv").write_text("id,body\n" + "".join(f'{number},"{text}"\n' for number, text in enumerate(texts, 1)))
    for name in ("export.jsonl", "tickets.csv"):
        root.run(f"chown desk:desk {DESK}/{name}")


def check_results(root, serves):
    """The day led somewhere: decisions of the starter and of the site's own model, and one by the service."""
    home = root.folder / DESK.lstrip("/")
    first = (home / "decisions.csv").read_text(encoding="utf-8-sig").splitlines()
    own = [json.loads(line) for line in (home / "decisions.jsonl").read_text().splitlines()]
    expect(f"{root.suite}: the page's decisions are there", len(first) == 4 and len(own) == 3)
    expect(f"{root.suite}: those of the site's own model are right",
           [one["category"] for one in own] == ["Login", "Billing", "Bug"], [one["category"] for one in own])
    if serves:
        answer = json.loads((home / "answer.json").read_text())
        expect(f"{root.suite}: the service decides with the site's own model", answer["category"] == "Billing"
               and answer["model"]["name"] == "mine", answer)


def type_all(day):
    """Types every command; returns whether the program has the service. One without it ends the day there."""
    root = day.root
    for title, lines in steps():
        if "service" in title and not service.can_serve(root, "triage"):
            return False
        began = time.monotonic()
        for line in lines:
            day.type(line)
        expect(f"{root.suite}: step {title}: {len(lines)} commands in {time.monotonic() - began:.1f} s", lines)
    return True


def run(root, package, key, traces):
    """Types the page from top to bottom, with the time of each step; nothing that it starts may leave loopback."""
    before, stick = root.listing(), root.stick
    furnish(root)
    traces.mkdir()
    root.traces, root.stick = traces, package.output
    with Day(root, {"VERSION": package.version, "KEY": key}) as day:
        serves = type_all(day)
    root.traces, root.stick = None, stick
    network.check_traces(f"{root.suite}: the first day", traces)
    check_results(root, serves)
    purge(root, package)
    root.expect_unchanged(f"{root.suite}: the first day, purged", before)


def purge(root, package):
    """What the day's owner would delete too: the files of their own."""
    root.run(f"{DESK}/{package.name}/install.sh --uninstall --purge")
    root.run(f"cd {DESK} && rm -rf {package.name} models .cache *.csv *.jsonl *.json *.html *.key; rm -rf ~root/.cache; "
             "rmdir /etc/systemd/system /etc/systemd 2>/dev/null || true")
