"""The accessibility statement of the console, made from what axe found on its pages."""
import pathlib

PAGE = pathlib.Path(__file__).resolve().parent.parent / "Sources/triage/Manual.docc/Accessibility.md"
# Also the rules of WCAG 2.2 that axe leaves off unless they are named.
OPTIONS = {"rules": {"target-size": {"enabled": True}}}
HEAD = """# Accessibility

The accessibility statement of the pages of `triage serve` and of the HTML reports: what was tested, with what result, and what was
not. Do not edit it: `scripts/check_pages --statement` writes it from the results of axe-core, and `scripts/check_pages` fails
when a page breaks a rule, or when a rule applied that is not named here.

"""
TAIL = """
## What a program cannot check

The checks in a browser also work through 50 tickets of the queue by keyboard alone, work without scripts, and test that results are
announced and take the focus. Rules find only some of all barriers. Not tested: screen readers with real users, other browsers
than Chromium, and the texts of your own tickets and articles.

## Report a barrier

Report it where you report other faults, with the page's address, the browser, and the assistive technology that you use. Until it
is repaired, the queue and corrections can be used through the [HTTP interface](Service.md).
"""


class Results:
    """What axe found on every page that was looked at."""

    def __init__(self):
        self.engine, self.views, self.rules, self.violations, self.undecided = "", set(), {}, {}, {}

    def add(self, name, response):
        """The results of one page; returns its violations."""
        self.engine = f"{response['testEngine']['name']} {response['testEngine']['version']}"
        self.views.add(name)
        for kind in ("passes", "violations", "incomplete"):
            for rule in response[kind]:
                self.rules[rule["id"]] = (criteria(rule["tags"]), rule["help"])
                if kind == "violations":
                    self.violations.setdefault(rule["id"], set()).add(name)
                elif kind == "incomplete":
                    self.undecided.setdefault(rule["id"], set()).add(name)
        return response["violations"]

    def statement(self):
        """The page of the manual."""
        level = {rule: found for rule, found in self.rules.items() if found[0]}
        practice = {rule: found for rule, found in self.rules.items() if not found[0]}
        state = ("No rule is violated on any of them." if not self.violations else
                 f"{len(self.violations)} rules are violated on {len(set().union(*self.violations.values()))} of them.")
        lines = [HEAD, "## State\n\n",
                 f"The pages aim at WCAG 2.2, level AA. {self.engine} looked at {len(self.views)} views: each page and each state of it "
                 "that the checks reach, in widths from 360 to 2560 pixels, light and dark, in English and German. "
                 f"{state} {len(level)} rules of WCAG and {len(practice)} of good practice applied to at least one view.\n\n",
                 "## Rules of WCAG 2.2, levels A and AA\n\n", "| criterion | rule | result |\n", "|---|---|---|\n"]
        for rule, (numbers, text) in sorted(level.items(), key=lambda entry: (entry[1][0], entry[0])):
            lines.append(f"| {', '.join(numbers)} | {escaped(text)} (`{rule}`) | {self.result(rule)} |\n")
        lines += ["\n## Good practice\n\n", "| rule | result |\n", "|---|---|\n"]
        lines += [f"| {escaped(text)} (`{rule}`) | {self.result(rule)} |\n" for rule, (_, text) in sorted(practice.items())]
        if self.undecided:
            lines.append("\nA rule *to be looked at* is one that axe cannot decide on some views, such as contrast on a gradient or "
                         "behind another element.\n")
        return "".join(lines) + TAIL

    def missing(self, page):
        """The rules that applied and that a page does not name as kept."""
        text = page.read_text() if page.exists() else ""
        return sorted(rule for rule in self.rules if f"(`{rule}`) | kept" not in text)

    def result(self, rule):
        if rule in self.violations:
            return "violated"
        return "kept; some views to be looked at" if rule in self.undecided else "kept"


def criteria(tags):
    """The numbers of success criteria, as 1.4.3, of a rule's tags such as wcag143."""
    digits = [tag[4:] for tag in tags if tag.startswith("wcag") and tag[4:].isdigit() and len(tag) >= 7]
    return sorted(f"{number[0]}.{number[1]}.{number[2:]}" for number in digits)


def escaped(text):
    return text.replace("|", "\\|").replace("<", "&lt;")
