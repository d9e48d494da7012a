"""The configurations of Alertmanager: by amtool, and by an Alertmanager that runs with them and delivers alerts.

It runs in a network of its own, where the hosts of the configuration are servers of this check: PagerDuty, Opsgenie, a
webhook and a mail server, with a certificate that it trusts. Of the file only waiting times and the folder of keys are changed.

    python3 -m platforms.alerting FILE     what a configuration delivers, inside such a network
"""
import contextlib
import datetime
import http.server
import itertools
import json
import logging
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.request

from . import network

FOLDER = "scripts/ops/alertmanager"
# Which receivers alerts of a severity reach, by file.
ROUTES = {
    "alertmanager.yml": {"critical": "webhook,mail", "warning": "mail", "info": "mail"},
    "pagerduty.yml": {"critical": "pagerduty,mail", "warning": "mail", "info": "mail"},
    "opsgenie.yml": {"critical": "opsgenie,mail", "warning": "mail", "info": "mail"},
}
HOSTS = ("smtp.example.org", "events.pagerduty.com", "api.opsgenie.com", "pager.example.org")
SECRETS = {
    "smtp.password": "mail-secret", "pagerduty.key": "0" * 32, "opsgenie.key": "opsgenie-secret", "webhook.token": "hook-secret",
}
PORT = 9093


def rules(root):
    """What amtool reports, and severities that reach other receivers than they should."""
    for name, wanted in ROUTES.items():
        file = root / FOLDER / name
        done = subprocess.run(["amtool", "check-config", file], capture_output=True, text=True)
        if done.returncode != 0:
            yield f"{FOLDER}/{name}: {(done.stdout + done.stderr).strip()}"
            continue
        for severity, receivers in wanted.items():
            found = subprocess.run(["amtool", "config", "routes", "test", f"--config.file={file}", f"severity={severity}"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()
            if found != receivers:
                yield f"{FOLDER}/{name}: severity {severity} reaches {found}, not {receivers}"


def delivered(root):
    """What does not arrive, by file; all files at once."""
    for name, process in [(name, network.start("alerting", root / FOLDER / name)) for name in ROUTES]:
        yield from network.faults(f"{FOLDER}/{name}", process)


# Inside the network

class Arrivals:
    """Requests as (host, method and path, Authorization, content), and mails as text, as the servers got them."""

    def __init__(self, context):
        self.requests, self.mails = [], []
        self.serve_https(context)
        self.serve_mail(context)

    def serve_https(self, context):
        arrivals = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                arrivals.requests.append((self.headers["Host"], self.path, self.headers.get("Authorization"), content))
                self.send_response(202)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 443), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def serve_mail(self, context):
        import email
        import email.policy

        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult
        arrivals = self

        class Mails:
            async def handle_DATA(self, server, session, envelope):
                mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
                parts = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/html"]
                arrivals.mails.append(f"{envelope.rcpt_tos}\n{mail['Subject']}\n{''.join(parts)}")
                return "250 kept"

        def known(server, session, envelope, mechanism, data):
            return AuthResult(success=data.password == SECRETS["smtp.password"].encode())

        Controller(Mails(), hostname="127.0.0.1", port=587, tls_context=context, require_starttls=True, auth_required=True,
                   # Alertmanager expects other words than this server's LOGIN has.
                   auth_exclude_mechanism=["LOGIN"], authenticator=known).start()


def quick(text, folder):
    """A configuration with short waiting times and keys in a folder."""
    text = re.sub(r"(group_wait|group_interval): \S+", r"\1: 1s", text)
    return text.replace("/etc/alertmanager/", f"{folder}/")


@contextlib.contextmanager
def alertmanager(folder, config):
    config_file = folder / "alertmanager.yml"
    config_file.write_text(config)
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            ["prometheus-alertmanager", f"--config.file={config_file}", f"--storage.path={folder}/data",
             "--cluster.listen-address=", f"--web.listen-address=127.0.0.1:{PORT}"],
            stdout=log, stderr=log, env=os.environ | {"SSL_CERT_FILE": str(folder / "cert.pem")})
    try:
        network.wait(lambda: process.poll() is not None or is_ready())
        if process.poll() is not None:
            sys.exit(f"Alertmanager ended: {(folder / 'log').read_text()[-500:]}")
        yield
    finally:
        process.kill()
        process.wait()


def is_ready():
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(f"http://127.0.0.1:{PORT}/-/ready", timeout=5).status == 200
    return False


def alert(name, severity, instance, ended=False):
    """An alert as Prometheus sends it, with annotations that are found again."""
    now = datetime.datetime.now(datetime.timezone.utc)
    ends = now - datetime.timedelta(seconds=1) if ended else now + datetime.timedelta(hours=1)
    return {"labels": {"alertname": name, "severity": severity, "instance": instance, "job": "triage"},
            "annotations": {"summary": f"summary of {name}", "description": f"description of {name}",
                            "runbook": f"#{name.lower()}"},
            "startsAt": (now - datetime.timedelta(minutes=1)).isoformat(), "endsAt": ends.isoformat()}


def send(*alerts):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/api/v2/alerts", json.dumps(alerts).encode(),
                                     {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10)


def opened(name, request):
    """Whether a request opens the critical alert at the service of a configuration, with its key."""
    host, path, authorization, content = request
    if name == "pagerduty.yml":
        return (host, path) == ("events.pagerduty.com", "/v2/enqueue") and content["routing_key"] == SECRETS["pagerduty.key"] \
            and content["event_action"] == "trigger" and content["payload"]["severity"] == "critical" \
            and content["payload"]["summary"] == "TriageErrors: summary of TriageErrors" \
            and content["payload"]["custom_details"]["runbook"] == "#triageerrors"
    if name == "opsgenie.yml":
        return (host, path) == ("api.opsgenie.com", "/v2/alerts") and authorization == f"GenieKey {SECRETS['opsgenie.key']}" \
            and content["priority"] == "P1" and content["message"] == "TriageErrors: summary of TriageErrors" \
            and content["entity"] == "one:8443" and content["responders"][0]["type"] == "team"
    return (host, path) == ("pager.example.org", "/hooks/triage") and authorization == f"Bearer {SECRETS['webhook.token']}" \
        and content["status"] == "firing" and content["commonLabels"]["alertname"] == "TriageErrors"


def closed(name, request):
    """Whether a request ends that alert."""
    _, path, _, content = request
    if name == "pagerduty.yml":
        return content["event_action"] == "resolve"
    return path.split("?")[0].endswith("/close") if name == "opsgenie.yml" else content["status"] == "resolved"


def outcome(name, arrivals):
    """What did not arrive, or should not have."""
    send(alert("TriageErrors", "critical", "one:8443"), alert("TriageSlow", "warning", "one:8443"),
         alert("TriageSpansLost", "info", "one:8443"), alert("TriageDown", "critical", "two:8443"))
    for name_ in ("TriageErrors", "TriageSlow", "TriageSpansLost", "TriageDown"):
        if not network.wait(lambda: any(f"description of {name_}" in mail for mail in arrivals.mails)):
            yield f"no mail of {name_} came"
    # From here on TriageDown is known, and holds other alerts of its instance back.
    send(alert("TriageQueueOld", "warning", "two:8443"), alert("TriageKeysRefused", "warning", "one:8443"))
    if not network.wait(lambda: any("description of TriageKeysRefused" in mail for mail in arrivals.mails)):
        yield "no mail of TriageKeysRefused came"
    if not network.wait(lambda: any(opened(name, request) for request in arrivals.requests)):
        yield f"the critical alert did not come as it should: {arrivals.requests}"
    for other in ("TriageSlow", "TriageSpansLost", "TriageQueueOld"):
        if other in json.dumps(arrivals.requests):
            yield f"{other} is not critical and came"
    send(alert("TriageErrors", "critical", "one:8443", ended=True))
    if not network.wait(lambda: any(closed(name, request) for request in arrivals.requests)):
        yield "the end of the critical alert did not come"
    if any("TriageQueueOld" in mail for mail in arrivals.mails):
        yield "an alert of an instance that is down came"


def main(file):
    # The mail server's own log.
    logging.disable()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        context = network.prepare(folder, HOSTS)
        for name, secret in SECRETS.items():
            # Without a line end: Alertmanager 0.25 would send it as part of a password or of Opsgenie's key.
            (folder / name).write_text(secret)
        arrivals = Arrivals(context)
        with alertmanager(folder, quick(file.read_text(encoding="utf-8"), folder)):
            # The first fault, since each is waited for.
            faults = list(itertools.islice(outcome(file.name, arrivals), 1))
        log = (folder / "log").read_text()
    faults += [line for line in log.splitlines() if re.search("level=(warn|error)", line)]
    print("\n".join(faults))
    # Threads of the servers end with this process.
    sys.stdout.flush()
    os._exit(1 if faults else 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
