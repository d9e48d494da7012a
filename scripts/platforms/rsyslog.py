"""The configuration of rsyslog: a rsyslogd that runs with it, between the service's log and a server of logs.

It runs in a network and with folders of its own, where logs.example.org is a server of this check. Of the file only the waiting
time is changed.

    python3 -m platforms.rsyslog ROOT LOG     the lines of a log through it, inside such a network
"""
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading

from . import network

FOLDER = "scripts/ops/rsyslog"
HOST, PORT = "logs.example.org", 6514
OUTPUT = pathlib.Path("/var/log/triage/triage.jsonl")
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
PLAIN = "Swift/Array.swift:12: a line of the runtime, 100 % plain"


def main_file(folder, config):
    """What Debian's rsyslog.conf does for a log: the socket, and the files of rsyslog.d."""
    return (f'global(workDirectory="{folder}/spool")\n'
            f'module(load="imuxsock" SysSock.Name="{folder}/log.sock" SysSock.RateLimit.Interval="0")\n'
            f'include(file="{config}")\n')


def rules(root):
    """What rsyslogd and logrotate report of their files."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "rsyslog.conf"
        (pathlib.Path(folder) / "spool").mkdir()
        file.write_text(main_file(folder, root / FOLDER / "triage.conf"))
        done = subprocess.run(["rsyslogd", "-N1", "-f", file], capture_output=True, text=True)
        if done.returncode != 0 or "error" in done.stderr:
            yield f"{FOLDER}/triage.conf: {done.stderr.strip()}"
        # logrotate reads only files that belong to root, or to who runs it, and that nobody else may write.
        copy = pathlib.Path(folder) / "logrotate.conf"
        copy.write_bytes((root / FOLDER / "logrotate.conf").read_bytes())
        copy.chmod(0o644)
        done = subprocess.run(["logrotate", "--debug", copy], capture_output=True, text=True)
        if done.returncode != 0 or "error:" in done.stderr:
            yield f"{FOLDER}/logrotate.conf: {done.stderr.strip()}"


def shipped(root, log):
    """What gets lost or changed on the way."""
    yield from network.faults(FOLDER, network.start("rsyslog", root, log))


# Inside the network

def prepare(folder):
    """The server's host with a certificate that is trusted, and an empty /var/log. Returns the server's context."""
    context = network.prepare(folder, [HOST])
    network.mount(folder / "cert.pem", AUTHORITIES)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/var/log"], check=True)
    (folder / "spool").mkdir()
    return context


class Server:
    """A server of logs: lines by TLS."""

    def __init__(self, context):
        self.lines = []
        listener = socket.create_server(("127.0.0.1", PORT))
        self.listener = context.wrap_socket(listener, server_side=True)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            # A client that rejects the certificate must not end this server.
            with contextlib.suppress(OSError):
                connection, _ = self.listener.accept()
                with connection, connection.makefile("rb") as lines:
                    for line in lines:
                        self.lines.append(line.decode())


def write(folder, lines):
    """Lines as syslog gets them from the journal: with the program's name and process."""
    subprocess.run(["logger", "--tag", "triage", "--id=4242", "--socket", folder / "log.sock"], input="\n".join(lines) + "\n",
                   text=True, check=True)


def file_lines(path=OUTPUT):
    return path.read_text().splitlines() if path.exists() else []


def differences(where, lines, sent):
    """What a place has of the lines that were sent, with the name of this machine."""
    found = [json.loads(line) for line in lines]
    for line in sent:
        wanted = json.loads(line) if line != PLAIN else {"level": "notice", "message": PLAIN, "logger": "journal"}
        wanted["host"] = socket.gethostname().split(".")[0]
        # rsyslog adds its own time to a plain line.
        if not any(entry == wanted or line == PLAIN and entry.get("ts") and wanted.items() <= entry.items() for entry in found):
            yield f"{where} lacks {wanted}; it has {found[:1]} and {len(found) - 1} more"
    # A server may get a line twice: what was under way when the connection broke is sent again.
    if len(found) < len(sent) or where != "the server" and len(found) != len(sent):
        yield f"{where} has {len(found)} lines, {len(sent)} were written"


def outcome(folder, root, context, lines):
    """The first lines while the server is away, then the rest, then some into a fresh file."""
    first, second, third = lines[:2] + [PLAIN], lines[2:], lines[:1]
    write(folder, first)
    if not network.wait(lambda: len(file_lines()) >= len(first)):
        yield "the file did not get the first lines"
    server = Server(context)
    write(folder, second)
    sent = first + second
    if not network.wait(lambda: len(server.lines) >= len(sent)):
        yield f"the server got {len(server.lines)} of {len(sent)} lines"
    network.wait(lambda: len(file_lines()) >= len(sent))
    yield from differences("the server", server.lines, sent)
    yield from differences("the file", file_lines(), sent)
    yield from rotation(folder, root, sent, third)


def rotation(folder, root, before, after):
    """logrotate's file, carried out: the old lines in one file, new lines in another."""
    config = folder / "logrotate.conf"
    # The service of the script is not this rsyslogd, so the signal goes to this one.
    config.write_text((root / FOLDER / "logrotate.conf").read_text().replace(
        "/usr/lib/rsyslog/rsyslog-rotate", f"kill -HUP $(cat {folder}/rsyslogd.pid)"))
    config.chmod(0o644)
    subprocess.run(["logrotate", "--force", "--state", folder / "state", config], check=True)
    old = OUTPUT.with_name(OUTPUT.name + ".1")
    if not network.wait(lambda: old.exists()):
        yield "logrotate made no file of the old lines"
    write(folder, after)
    if not network.wait(lambda: len(file_lines()) >= len(after)):
        yield "after logrotate no line came into the new file"
    yield from differences("the old file", file_lines(old), before)
    yield from differences("the new file", file_lines(), after)


def main(root, log):
    # Whatever else the process of the service wrote is tried by one plain line.
    lines = [line for line in log.read_text().splitlines() if line.startswith("{")]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        context = prepare(folder)
        config = (root / FOLDER / "triage.conf").read_text().replace('action.resumeInterval="10"', 'action.resumeInterval="1"')
        (folder / "triage.conf").write_text(config)
        (folder / "rsyslog.conf").write_text(main_file(folder, folder / "triage.conf"))
        daemon = subprocess.Popen(["rsyslogd", "-n", "-f", folder / "rsyslog.conf", "-i", folder / "rsyslogd.pid"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        network.wait(lambda: (folder / "log.sock").exists() and (folder / "rsyslogd.pid").exists())
        faults = list(outcome(folder, root, context, lines))
        daemon.terminate()
        complaints = daemon.communicate()[1]
    print("\n".join(faults + complaints.splitlines()[-3:] if faults else []))
    sys.stdout.flush()
    os._exit(1 if faults else 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
