"""The service of an installed package: serve with TLS and a key, reload, upgrade with a backup, roll back, purge."""
import json
import re
import signal
import subprocess
import sys
import time

import bare_root

from .root import expect

ADDRESS = "https://localhost:8443"
PORT_SECONDS = 30


def can_serve(root, program):
    return "\n  serve " in root.run(f"{program} --help")


class Service:
    """What systemd makes of the installed unit: its program as its user, in its folder, with its variables and credentials. No
    systemd runs in a bare root."""

    CREDENTIALS = "/run/credentials/triage.service"

    def __init__(self, root, unit):
        self.root = root
        text = (root.folder / unit.lstrip("/")).read_text(encoding="utf-8")
        self.values = {name: re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)
                       for name in ("ExecStart", "Environment", "LoadCredential", "User", "WorkingDirectory", "UMask")}
        self.process = None

    def script(self):
        user, folder = self.values["User"][0], self.CREDENTIALS
        lines = [f"umask {self.values['UMask'][0]}", f"rm -rf {folder}", f"install -d -m 0700 -o {user} {folder}"]
        for credential in self.values["LoadCredential"]:
            name, path = credential.split(":")
            lines.append(f"install -m 0400 -o {user} {path} {folder}/{name} || exit")
        variables = " ".join(self.values["Environment"]).replace("%d", folder)
        return "\n".join([*lines, f"cd {self.values['WorkingDirectory'][0]} && exec setpriv --reuid {user} --regid {user} "
                          f"--clear-groups env HOME=/var/lib/triage {variables} {self.values['ExecStart'][0]}"])

    def __enter__(self):
        self.process = self.root.start(self.script())
        try:
            self.wait()
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, kind, *_):
        """Ends it; kills it when a test has failed."""
        if kind:
            self.process.kill()
        else:
            self.stop()

    def wait(self):
        for _ in range(PORT_SECONDS * 10):
            if self.fetch("/health"):
                return
            if self.process and self.process.poll() is not None:
                sys.exit(self.process.stdout.read()[-4000:])
            time.sleep(0.1)
        sys.exit(f"the service did not answer within {PORT_SECONDS} s")

    def fetch(self, path, *words):
        certificate = self.root.folder / "etc/triage/tls.crt"
        return subprocess.run(["curl", "-sS", "--cacert", certificate, ADDRESS + path, *words], capture_output=True, text=True).stdout

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        self.signal(signal.SIGTERM)
        output = self.process.communicate(timeout=60)[0]
        expect(f"{self.root.suite}: SIGTERM ends the service with exit code 0", self.process.returncode == 0, output)

    def refuses(self, what, words):
        """It ends at once, and its message has these words."""
        code, output = self.root.attempt(self.script())
        expect(f"{self.root.suite}: {what}: exit code {code}", code not in (0, 137) and all(word in output for word in words), output)


def prepare(root, program):
    """Keys and a certificate, as the page has it; the key stays beside them for the tests."""
    settings = root.folder / "etc/triage"
    if (settings / "tls.key").exists():
        return
    bare_root.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost",
                  "-addext", "subjectAltName=DNS:localhost", "-keyout", settings / "tls.key", "-out", settings / "tls.crt",
                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key = root.run(f"{program} keys create --keys /etc/triage/keys.json --name desk --scope triage").split()
    (settings / "desk.key").write_text(next(word for word in key if len(word) > 30))


def serve_once(root, unit, program):
    """Serves as the unit has it, decides a ticket over loopback, reloads by signal and ends."""
    prepare(root, program)
    with Service(root, unit) as service:
        bearer = (root.folder / "etc/triage/desk.key").read_text()
        ticket = json.dumps({"id": "T-1", "text": "I cannot sign in, my account is locked."})
        answer = service.fetch("/v1/triage", "-H", f"Authorization: Bearer {bearer}", "-d", ticket)
        expect(f"{root.suite}: served with TLS and a key", json.loads(answer)["category"] == "Login", answer)
        answer = service.fetch("/v1/triage", "-d", ticket)
        expect(f"{root.suite}: without a key it decides nothing", "key_" in answer and '"category"' not in answer, answer)
        service.signal(signal.SIGHUP)
        time.sleep(0.5)
        expect(f"{root.suite}: goes on after a reload", service.process.poll() is None and service.fetch("/health") != "")
