"""Rules of the package that need no package: the scripts that run on the target, the systemd unit, and the pages."""
import json
import pathlib
import shutil
import subprocess
import tempfile

from release import tree

from . import page
from .root import expect


def check_scripts():
    names = ["install.sh", *(f"debian/{name}" for name in ("preinst", "postinst", "prerm", "postrm"))]
    values = {"VERSION": "1.0.0", "GLIBC": "2.36", "FILES": "3", "RESTART": tree.restart()}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            script = pathlib.Path(folder) / pathlib.Path(name).name
            tree.fill(tree.FILES / name, script, values)
            check_script(script)


def check_script(script):
    """Its syntax for a minimal shell, and what shellcheck finds."""
    done = subprocess.run(["dash", "-n", script], capture_output=True, text=True)
    expect(f"syntax of {script.name}", done.returncode == 0, done.stderr)
    if has("shellcheck"):
        done = subprocess.run(["shellcheck", "--shell=sh", script], capture_output=True, text=True)
        expect(f"shellcheck {script.name}", done.returncode == 0, done.stdout)


def check_unit():
    unit = tree.unit("/usr")
    expect("the unit has a permanent user and the package's program",
           "\nUser=triage\n" in unit and not any(word in unit for word in ("DynamicUser", "README"))
           and "\nExecStart=/usr/bin/triage serve " in unit, unit)
    if has("systemd-analyze"):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "triage.service"
            # The program and its user need not be on this machine; everything else must be known to systemd.
            file.write_text(unit.replace("/usr/bin/triage", "/bin/true").replace("=triage\n", "=root\n"))
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", file], capture_output=True, text=True)
            expect("systemd-analyze verify", not (done.stdout + done.stderr).strip(), done.stdout + done.stderr)


def has(name):
    if not shutil.which(name):
        print(f"not run: {name}, which is not installed")
    return shutil.which(name) is not None


def run():
    check_scripts()
    check_unit()
    json.loads((tree.FILES / "vulnerabilities.json").read_text(encoding="utf-8"))
    titles = [title for title, lines in page.steps() if lines]
    expect(f"the first day has {len(titles)} steps with commands", len(titles) == 8, titles)
