"""The service under a stand-in for systemd: upgrade and roll-back restart it and wait until it accepts work. A bare root has no
systemd, and what install.sh and the .deb ask of it are a few words of systemctl."""
import contextlib
import json

from . import deb, service
from .root import NEWER, expect

UNIT, PROGRAM = "/etc/systemd/system/triage.service", "/usr/local/bin/triage"
WANTED = "/etc/systemd/system/multi-user.target.wants/triage.service"
PATH = "PATH=/tmp/pretend:$PATH"
# Runs the unit's command as service.Service has it. A process that ended without being stopped has failed.
SYSTEMCTL = """#!/bin/sh
run=/run/pretend
state() {
    if [ ! -f $run/pid ]; then echo inactive; elif kill -0 "$(cat $run/pid)" 2>/dev/null; then echo active; else echo failed; fi
}
stop() {
    [ "$(state)" != active ] || kill "$(cat $run/pid)"
    while [ "$(state)" = active ]; do sleep 0.1; done
    rm -f $run/pid
}
while [ "${1#--}" != "$1" ]; do shift; done
case $1 in
is-active) state; [ "$(state)" = active ] ;;
show) cat $run/pid 2>/dev/null || echo 0 ;;
stop) stop ;;
disable) [ -f UNIT ] || { echo "Failed to disable unit: Unit file triage.service does not exist." >&2; exit 1; }; stop ;;
restart)
    stop
    setsid sh $run/script >>$run/journal 2>&1 </dev/null 9<&- &
    echo $! >$run/pid
    ;;
daemon-reload | reset-failed) ;;
*) echo "systemctl: not known here: $*" >&2; exit 64 ;;
esac
""".replace("UNIT", UNIT)


def pretend(root):
    """systemctl and journalctl, and the folder that shows that systemd runs."""
    folder = root.folder / "tmp/pretend"
    folder.mkdir()
    (folder / "systemctl").write_text(SYSTEMCTL)
    (folder / "journalctl").write_text("#!/bin/sh\ntail -n 8 /run/pretend/journal\n")
    for file in folder.iterdir():
        file.chmod(0o755)
    root.run("mkdir -p /run/systemd/system /run/pretend")


def state(root):
    return root.attempt(f"{PATH} systemctl is-active triage.service")[1].strip()


def start(root, key, unit=UNIT, program=PROGRAM):
    """The installed service, which reads only what this key signed."""
    service.prepare(root, program)
    with (root.folder / "etc/triage/triage.yaml").open("a") as settings:
        settings.write(f"signed-by: [{key}]\n")
    started = service.Service(root, unit)
    (root.folder / "run/pretend/script").write_text(started.script())
    root.run(f"{PATH} systemctl restart triage.service")
    # An upgrade backs up the store, which a service that is starting has not finished.
    started.wait()


def check_answer(root, version, unit=UNIT):
    bearer = (root.folder / "etc/triage/desk.key").read_text()
    ticket = json.dumps({"id": "T-1", "text": "I cannot sign in, my account is locked."})
    answer = service.Service(root, unit).fetch("/v1/triage", "-H", f"Authorization: Bearer {bearer}", "-d", ticket)
    expect(f"{root.suite}: version {version} answers, with parts that the maker signed", '"category":"Login"' in answer, answer)


@contextlib.contextmanager
def broken_settings(root):
    """Settings that the service does not start with, for as long as this lasts."""
    settings = root.folder / "etc/triage/triage.yaml"
    good = settings.read_text()
    settings.write_text(good + "no-such-setting: 1\n")
    yield
    settings.write_text(good)


def check_upgrade(root, second):
    root.run(f"{PATH} {second}/install.sh --upgrade")
    expect(f"{root.suite}: after an upgrade the service runs: {state(root)}", state(root) == "active")
    check_answer(root, NEWER)


def check_failure(root, version):
    """A service that cannot start is reported with its own words; the next switch starts it again."""
    rollback = f"{PATH} /usr/local/lib/triage/current/install.sh --rollback"
    with broken_settings(root):
        root.refuses(f"{root.suite}: a service that does not start is reported", rollback, 1, "no-such-setting")
        expect(f"{root.suite}: it has failed", state(root) == "failed")
    root.run(f"{rollback} && {rollback}")
    expect(f"{root.suite}: the next switch starts a failed service: {state(root)}", state(root) == "active")
    check_answer(root, version)


def check_removal(root, first):
    """A second installation removes neither the service nor its data, and a lost unit does not keep the first from going."""
    root.run(f"{PATH} {first}/install.sh --prefix /opt/second")
    output = root.run(f"{PATH} {first}/install.sh --prefix /opt/second --uninstall --purge")
    expect(f"{root.suite}: purging a second installation leaves a running service its store", "kept: " in output
           and state(root) == "active" and (root.folder / "var/lib/triage/store/triage.sqlite").exists(), output)
    root.run(f"rm {UNIT} && {PATH} {first}/install.sh --uninstall --purge")
    expect(f"{root.suite}: it is removed without its unit file, and stopped first: {state(root)}", state(root) == "inactive")


@contextlib.contextmanager
def running(root):
    """The stand-in, and its end."""
    before = root.listing()
    pretend(root)
    try:
        yield
    finally:
        root.attempt(f"{PATH} systemctl stop; rm -rf /run/systemd /run/pretend /tmp/pretend ~/.cache; "
                     "rmdir /etc/systemd/system /etc/systemd 2>/dev/null")
    root.expect_unchanged(f"{root.suite}: a service that ran", before)


def run(root, first, second, key):
    with running(root):
        root.run(f"{PATH} {first}/install.sh --service")
        version = root.run(f"{PROGRAM} --version").strip()
        start(root, key)
        check_upgrade(root, second)
        check_failure(root, version)
        check_removal(root, first)


def run_deb(root, older, newer, key):
    """The same with the .deb: dpkg -i restarts the service and reports one that does not start, and a purge leaves no link."""
    with running(root):
        output = root.run(f"{PATH} {deb.command(older)}")
        expect(f"{root.suite}: dpkg -i uses systemctl without a complaint", "yntax" not in output and "not known" not in output, output)
        start(root, key, deb.UNIT, "/usr/bin/triage")
        root.run(f"{PATH} {deb.command(newer)}")
        expect(f"{root.suite}: after dpkg -i the service runs: {state(root)}", state(root) == "active")
        check_answer(root, newer.version, deb.UNIT)
        with broken_settings(root):
            root.refuses(f"{root.suite}: dpkg -i reports a service that does not start", f"{PATH} {deb.command(older)}", 1,
                         "no-such-setting")
        root.run(f"{PATH} dpkg --configure triage")
        expect(f"{root.suite}: dpkg --configure starts it again: {state(root)}", state(root) == "active")
        root.run(f"mkdir -p $(dirname {WANTED}) && ln -s {deb.UNIT} {WANTED} && {PATH} dpkg -P triage")
        expect(f"{root.suite}: dpkg -P stops it: {state(root)}", state(root) == "inactive")
        root.run(f"test ! -L {WANTED}; gone=$?; rmdir $(dirname {WANTED}) 2>/dev/null; exit $gone")
