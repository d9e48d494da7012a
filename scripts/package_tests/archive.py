"""The archive in a bare root: unpacked, damaged, installed, interrupted, upgraded, rolled back, removed."""
import os
import re
import signal
import time

from release import tree

from . import ownership, service, store, systemd
from .root import DESK, NEWER, SAMPLES, check_libraries, decisions, expect, flip, rows

FIRST_TICKET_SECONDS = 20


def unpack(root, package):
    """Unpacks the archive as desk, with this machine's xz, because no bare system has one; returns its folder."""
    source = package.archive if package.archive.exists() else package.archive.with_suffix("")
    began = time.monotonic()
    root.run(f"tar -xf /media/stick/{package.output.name}/{source.name}", "desk", borrow=True)
    expect(f"{root.suite}: {package.name} is unpacked, {time.monotonic() - began:.1f} s", True)
    return f"{DESK}/{package.name}"


def check_first_ticket(root, folder):
    began = time.monotonic()
    text = decisions(root, f"{folder}/bin/triage", f"{folder}/{SAMPLES}")
    seconds = time.monotonic() - began
    count = text.count('"category":')
    expect(f"{root.suite}: the samples are decided from where they were unpacked, {seconds:.2f} s", count >= 12, text)
    expect(f"{root.suite}: the first ticket within {FIRST_TICKET_SECONDS} s", seconds <= FIRST_TICKET_SECONDS)
    return text


def check_damage(root, folder):
    """Every file is covered, and one changed byte in one of them stops the installation."""
    here = root.folder / folder.lstrip("/")
    listed = tree.summed(here)
    for file in listed:
        flip(file)
    _, output = root.attempt(f"cd {folder} && sha256sum -c SHA256SUMS", "desk")
    found = output.count(": FAILED")
    expect(f"{root.suite}: a changed byte in each of {len(listed)} files is found", found == len(listed), output)
    for file in listed:
        flip(file)
    for name in ("lib/triage/libopenblas.so.0", "share/triage/kb/playbook.yaml"):
        flip(here / name)
        root.refuses(f"{root.suite}: {name} with a changed byte is refused", f"{folder}/install.sh --user", 65, name, "desk")
        flip(here / name)
    root.run(f"cd {folder} && cp SHA256SUMS whole && head -n 100 whole >SHA256SUMS")
    root.refuses(f"{root.suite}: a list of files that was cut off is refused", f"{folder}/install.sh --user", 65, "lists 100 files",
                 "desk")
    root.run(f"cd {folder} && cat whole >SHA256SUMS && rm whole")
    (here / "lib/triage/libz.so.1").write_bytes(b"not in the list")


def check_refusals(root, folder):
    install = f"{folder}/install.sh"
    shown = root.run(f"{install} --help", "desk").replace("\n", " ")
    codes = {code for code in re.findall(r"\bfail (\d+)", (tree.FILES / "install.sh").read_text())}
    expect(f"{root.suite}: --help lists each of {len(codes)} exit codes", all(f" {code} " in shown for code in codes), shown)
    root.refuses(f"{root.suite}: without root below /usr/local", install, 73, "--user", "desk")
    root.refuses(f"{root.suite}: --user as root", f"{install} --user", 77, "root")
    root.refuses(f"{root.suite}: below /usr", f"{install} --prefix /usr", 77, ".deb")
    root.refuses(f"{root.suite}: --service without root", f"{install} --service", 77, "root", "desk")
    root.refuses(f"{root.suite}: a read-only file system", f"{install} --prefix /media/stick/a", 73, "read-only")
    full = f"{install} --prefix /mnt/small/a; code=$?; [ -z \"$(ls -A /mnt/small)\" ] || exit 1; exit $code"
    root.refuses(f"{root.suite}: a full disk", full, 73, "MB free")
    pretend(root, "df", "echo; echo small 9999999 0 9999999 0% /mnt/small")
    root.refuses(f"{root.suite}: a disk that fills up while it copies", f"PATH=/tmp/pretend:$PATH; {full}", 73, "could not copy")
    pretend(root, "getconf", "echo glibc 2.31")
    root.refuses(f"{root.suite}: an older glibc", f"PATH=/tmp/pretend:$PATH {install} --user", 69, "has 2.31", "desk")
    root.run("rm -r /tmp/pretend")


def pretend(root, name, script):
    """A program that answers something else, for a PATH with /tmp/pretend."""
    file = root.folder / "tmp/pretend" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def check_interruptions(root, newer, expected, moments, seconds):
    """kill -9 during an upgrade that takes about so many seconds: a whole version works afterwards, and the next attempt
    completes."""
    program = f"{DESK}/.local/bin/triage"
    for number in range(moments):
        process = root.start(f"exec {newer}/install.sh --user --upgrade", "desk", start_new_session=True)
        time.sleep(seconds * (number + 0.5) / moments)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.1)
        now = decisions(root, program, f"{newer}/{SAMPLES}")
        expect(f"{root.suite}: works after an interrupted upgrade ({number + 1} of {moments})", now == expected)
    began = time.monotonic()
    code, output = root.attempt(f"{newer}/install.sh --user --upgrade", "desk")
    expect(f"{root.suite}: the next upgrade completes, {time.monotonic() - began:.1f} s", code == 0 and f"triage {NEWER} " in output, output)
    root.run(f"test ! -e {DESK}/.local/lib/triage/.incoming", "desk")


def check_training(root, count):
    rows(root.folder / DESK.lstrip("/") / "export.jsonl", count)
    began = time.monotonic()
    root.run("~/.local/bin/triage train --data export.jsonl --label category --label severity --output models/mine", "desk")
    expect(f"{root.suite}: trained on {count} rows in {time.monotonic() - began:.1f} s", True)


def run(root, older, newer, short):
    before = root.listing()
    home = DESK.lstrip("/")
    first, second = unpack(root, older), unpack(root, newer)
    check_libraries(root, f"{first}/bin/triage")
    expected = check_first_ticket(root, first)
    check_damage(root, second)
    check_refusals(root, first)
    unpacked = root.listing()
    began = time.monotonic()
    root.run(f"{first}/install.sh --user", "desk")
    seconds = time.monotonic() - began
    again = root.listing()
    root.run(f"{first}/install.sh --user", "desk")
    root.expect_unchanged(f"{root.suite}: installed twice", again)
    expect(f"{root.suite}: installed in {seconds:.1f} s, the same decisions",
           decisions(root, f"{DESK}/.local/bin/triage", f"{first}/{SAMPLES}") == expected)
    check_training(root, 200 if short else 2000)
    root.run("mkdir -p .cache/triage && touch .cache/triage/derived", "desk")
    root.refuses(f"{root.suite}: another version without --upgrade", f"{second}/install.sh --user", 78, "--upgrade", "desk")
    check_interruptions(root, second, expected, 3 if short else 20, seconds)
    foreign = list(root.folder.glob(f"{home}/.local/lib/triage/*/lib/triage/libz*"))
    expect(f"{root.suite}: what is in no list was not installed", not foreign, foreign)
    output = root.run(f"{DESK}/.local/lib/triage/current/install.sh --user --rollback", "desk")
    expect(f"{root.suite}: rolled back", f"triage {older.version} in use again" in output, output)
    expect(f"{root.suite}: decisions of the site's model after it", decisions(
        root, f"{DESK}/.local/bin/triage", f"{first}/{SAMPLES} --model models/mine").count('"category":') >= 12)
    root.run(f"{first}/install.sh --user --uninstall", "desk")
    expect(f"{root.suite}: uninstalling leaves data", (root.folder / home / ".cache/triage").exists()
           and (root.folder / home / "models/mine/manifest.json").exists())
    root.run(f"{first}/install.sh --user --uninstall --purge", "desk")
    root.run("rm -rf models export.jsonl; rmdir .cache 2>/dev/null || true", "desk")
    root.expect_unchanged(f"{root.suite}: purged", unpacked)
    run_service(root, first, second)
    ownership.run(root, first, older)
    root.run(f"rm -rf {first} {second}")
    root.expect_unchanged(f"{root.suite}: archive", before)


# The service


UNIT, PROGRAM = "/etc/systemd/system/triage.service", "/usr/local/bin/triage"


def run_service(root, first, second):
    """Installs the service as root, serves, upgrades with a backup, rolls back, purges."""
    before = root.listing()
    root.run(f"{first}/install.sh --service")
    unit = root.folder / UNIT.lstrip("/")
    expect(f"{root.suite}: unit, settings and user are there", f"ExecStart={PROGRAM} serve" in unit.read_text()
           and (root.folder / "etc/triage/triage.yaml").exists() and "\ntriage:" in (root.folder / "etc/passwd").read_text())
    serves = service.can_serve(root, PROGRAM)
    if serves:
        service.serve_once(root, UNIT, PROGRAM)
    root.run(f"{second}/install.sh --upgrade")
    if serves:
        expect(f"{root.suite}: the store was backed up before the upgrade",
               (root.folder / f"var/lib/triage/before-{NEWER}/triage.sqlite").exists())
        service.serve_once(root, UNIT, PROGRAM)
    output = root.run("/usr/local/lib/triage/current/install.sh --rollback")
    if serves:
        store.follow_rollback(root, output)
        service.serve_once(root, UNIT, PROGRAM)
        store.run(root, UNIT, PROGRAM, second)
    root.run(f"{first}/install.sh --uninstall")
    expect(f"{root.suite}: uninstalling keeps settings and data", (root.folder / "etc/triage/triage.yaml").exists()
           and (root.folder / "var/lib/triage").exists() and not unit.exists())
    root.run(f"{first}/install.sh --uninstall --purge")
    root.run("rmdir /etc/systemd/system /etc/systemd 2>/dev/null || true; rm -rf ~/.cache")
    root.expect_unchanged(f"{root.suite}: service", before)


def run_service_alone(root, older, newer, key):
    """The same with packages that nothing else is tried with, and under a stand-in for systemd."""
    before = root.listing()
    first, second = unpack(root, older), unpack(root, newer)
    run_service(root, first, second)
    systemd.run(root, first, second, key)
    systemd.run_deb(root, older, newer, key)
    root.run(f"rm -rf {first} {second}")
    root.expect_unchanged(f"{root.suite}: a program with the service", before)
