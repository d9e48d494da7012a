"""The file NOTICE, as scripts/check_notice compares it and scripts/package lists it."""
import json
import re

from manifest import ROOT

PACKAGE = re.compile(r"^  (\S+) (\d+\.\d+\.\d+), (.+), https://github\.com/(\S+?)$", re.MULTILINE)
SYSTEM = re.compile(r"^  .*, https?://\S+ \((C\w+)\)$", re.MULTILINE)


def read():
    return (ROOT / "NOTICE").read_text(encoding="utf-8")


def section(title):
    """The part below a heading in capitals."""
    return re.split(rf"^{title}.*$", read(), maxsplit=1, flags=re.MULTILINE)[1].split("\n\n\n")[0]


def entries(title):
    """The lines `name, licence, address (what it is in)` of a section; the last is None where there is none."""
    text = re.sub(r",\n +https", ", https", section(title))
    return re.findall(r"^  (\S.*?), (\S.*?), (https?://\S+)(?: \((?:in )?(.+)\))?$", text, re.MULTILINE)


def not_compiled():
    """Packages that are resolved for others and not part of the program."""
    text = re.search(r"^((?:\S+(?:, | and\s|\s))+)are resolved\s", read(), re.MULTILINE)
    return set(re.findall(r"[\w.-]+", text[1])) - {"and"}


def resolved(folder=".build"):
    """The packages that the last build in a folder resolved, as {owner/name: state}; none without a build."""
    state = ROOT / folder / "workspace-state.json"
    if not state.is_file():
        return {}
    packages = json.loads(state.read_text())["object"]["dependencies"]
    # A package in a folder, as the example's reference to this one, has no such state.
    return {repository(package["packageRef"]["location"]): package["state"]["checkoutState"]
            for package in packages if "checkoutState" in package["state"]}


def repository(address):
    """OWNER/NAME in lower case: SwiftPM treats an address with .git as the same package."""
    return address.removeprefix("https://github.com/").removesuffix(".git").lower()
