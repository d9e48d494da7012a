"""How a file runs the service's container, compared with the program: settings, flags, ports and probes.

`compare` uses what the program prints (`doctor --settings`, `serve --help`) and what a running service answers.
`start` runs the program with a container's own arguments and variables, as its user's first start would.
"""
import dataclasses
import json
import os
import pathlib
import re
import shlex
import signal
import socket
import ssl
import subprocess
import urllib.error
import urllib.request

from . import network

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("TRIAGE_BINARY") or ROOT / ".build/debug/triage").resolve()
PROGRAM = "/usr/local/bin/triage"
TICKET = {"subject": "Locked out", "body": "My account is locked since the password change."}
# What is no setting: where the program finds its models, and which program these scripts check.
OWN = {"TRIAGE_HOME", "TRIAGE_BINARY"}
ADAPTER = "scripts/deploy/kubernetes/stateless/adapter-rules.yaml"


@dataclasses.dataclass
class Probe:
    path: str
    port: int
    scheme: str


@dataclasses.dataclass
class Container:
    """How a platform runs the image. `grace` is the time between SIGTERM and SIGKILL in seconds, `files` what is mounted."""
    place: str
    arguments: list
    environment: dict
    port: int
    grace: float
    files: list
    probes: list
    folders: list = dataclasses.field(default_factory=list)
    health: list | None = None


class Program:
    """The program's settings by variable, its flags, and the image's variables.

    SETTINGS.md is the program's own table, and a test of the program compares them; `doctor --settings` must agree.
    """

    def __init__(self):
        text = (ROOT / "scripts/deploy/SETTINGS.md").read_text(encoding="utf-8")
        self.settings = {}
        for key, names in re.findall(r"^\| `([\w.-]+)` \| ((?:`[A-Z_]+`(?:, )?)+) \|", text, re.MULTILINE):
            self.settings |= {name: key for name in re.findall(r"[A-Z_]+", names)}
        self.flags = set(re.findall(r"^  (--[\w-]+)", run("serve", "--help"), re.MULTILINE))
        self.image = image_environment()
        printed = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b(?=[^\n]*: )", run("doctor", "--settings"))) - {"TRIAGE_HOME"}
        missing = sorted(printed - set(self.settings))
        if missing or not printed or not self.flags:
            raise SystemExit(f"SETTINGS.md and triage doctor --settings differ: {', '.join(missing)}")


def run(*arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True,
                          env=environment | {"TRIAGE_HOME": os.environ.get("TRIAGE_HOME", str(ROOT))})
    return done.stdout


def image_environment():
    """The variables of the Dockerfile's last stage."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").rsplit("\nFROM ", 1)[1]
    return dict(pair.split("=", 1) for line in re.findall(r"^ENV (.*)$", text, re.MULTILINE) for pair in shlex.split(line))


# Comparison

def seconds(text):
    """A time as the settings have it."""
    number, unit = re.fullmatch(r"([0-9.]+)(ms|s|m|h|d)?", text).groups()
    return float(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}[unit or "s"]


def value(container, program, key, default=""):
    """A setting's value in a container: from its variables, else from the image's."""
    for variables in (container.environment, program.image):
        for name, text in variables.items():
            if program.settings.get(name) == key:
                return text
    return default


def compare(container, program, paths):
    """Every fault of a container. `paths` are those that a running service answers with 200 without a key."""
    for fault in [*names(container, program), *ports(container, program, paths), *files(container, program),
                  *exposure(container, program)]:
        yield f"{container.place}: {fault}"


def names(container, program):
    if container.arguments[:1] != ["serve"]:
        yield f"the image's arguments begin with serve, not {container.arguments[:1]}"
    for argument in container.arguments[1:]:
        if argument.split("=")[0] not in program.flags:
            yield f"triage serve has no flag {argument}"
    for name in container.environment:
        if name not in program.settings:
            yield f"the service has no setting {name}"
    if seconds(value(container, program, "drain", "25s")) > container.grace:
        yield f"requests may take longer to end (drain) than the {container.grace:g} s until the service is killed"


def ports(container, program, paths):
    listens = int(value(container, program, "port", "8080"))
    secure = bool(value(container, program, "tls.certificate"))
    if listens != container.port:
        yield f"the service listens on {listens}, the file names port {container.port}"
    for probe in container.probes:
        if probe.port != listens:
            yield f"the probe of {probe.path} uses port {probe.port}, the service listens on {listens}"
        if (probe.scheme == "https") != secure:
            yield f"the probe of {probe.path} uses {probe.scheme}, the service {'https' if secure else 'http'}"
        if probe.path not in paths:
            yield f"the service does not answer {probe.path}"
    if container.health and container.health[0] != PROGRAM:
        yield f"the image has no program {container.health[0]}"


def files(container, program):
    for name, text in container.environment.items():
        if text.startswith("/run/") and text not in container.files:
            yield f"nothing mounts {text}, which {name} names"
    store = value(container, program, "store")
    if "--stateless" not in container.arguments and not any(store.startswith(folder + "/") for folder in container.folders):
        yield f"no volume is mounted for the store {store}"


def exposure(container, program):
    """An image listens on every address: then keys and TLS are needed."""
    for key, other in (("keys", "insecure.no-keys"), ("tls.certificate", "insecure.no-tls")):
        if not value(container, program, key) and value(container, program, other) != "true":
            yield f"the service would not start: neither {key} nor {other} is set"


def unknown_names(root, program, exposition):
    """Settings and metrics that the files name and the service has not."""
    import check_names
    _, samples = check_names.told(exposition)
    if not samples:
        yield "/metrics has no metric"
    for folder in ("scripts/deploy", "scripts/ops"):
        for file in sorted((root / folder).rglob("*")):
            if not file.is_file() or file.suffix in (".py", ".pyc") or file.name.startswith("check"):
                continue
            text, place = file.read_text(encoding="utf-8"), file.relative_to(root)
            for name in sorted(set(re.findall(r"\bTRIAGE_[A-Z_]*[A-Z]\b", text)) - set(program.settings) - OWN):
                yield f"{place}: the service has no setting {name}"
            # A metrics adapter makes the names behind `as:`.
            made = set(re.findall(r"\bas: (\w+)", (root / ADAPTER).read_text(encoding="utf-8")))
            for name in sorted(set(check_names.NAME.findall(text)) - samples - made - check_names.FOREIGN):
                yield f"{place}: the service has no metric {name}"


# A start

class Running:
    """The program with a container's arguments and variables: its files are in `folder`, its port is a free one."""

    def __init__(self, container, program, folder, secrets):
        self.container, self.program, self.folder = container, program, pathlib.Path(folder)
        self.port = free_port()
        self.environment = self.moved(secrets)
        self.log = self.folder / "log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([BINARY, *container.arguments], env=self.environment, cwd=self.folder,
                                            stdout=log, stderr=subprocess.STDOUT)

    def moved(self, secrets):
        """The variables of image and container. Paths below /run and /var lead into this folder; the port is ours."""
        variables = self.program.image | self.container.environment
        for name, text in variables.items():
            if text.startswith(("/run/", "/var/")):
                target = self.folder / text[1:]
                target.parent.mkdir(parents=True, exist_ok=True)
                variables[name] = str(target)
                if text.startswith("/run/"):
                    target.write_bytes(secrets[target.name])
            elif self.program.settings.get(name) == "port":
                variables[name] = str(self.port)
        if value(self.container, self.program, "port") == "":
            variables["TRIAGE_PORT"] = str(self.port)
        home = os.environ.get("TRIAGE_HOME", str(ROOT))
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TRIAGE_HOME": home, "OPENBLAS_NUM_THREADS": "1"} | variables

    def request(self, path, key=None, body=None, headers=None):
        """Status and text of an answer."""
        scheme = self.container.probes[0].scheme
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {}) | (headers or {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{scheme}://127.0.0.1:{self.port}{path}", data, headers)
        # The certificate is one of this check's own.
        trust = ssl._create_unverified_context()
        try:
            with urllib.request.urlopen(request, timeout=30, context=trust) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait(self):
        """Whether the first probe passes in time."""
        return network.wait(lambda: self.process.poll() is not None or self.is_up()) and self.process.poll() is None

    def is_up(self):
        try:
            return self.request(self.container.probes[0].path)[0] == 200
        except OSError:
            return False

    def faults(self, keys):
        """What does not work in the running service."""
        if not self.wait():
            self.stop()
            yield f"{self.container.place}: the service did not start with these settings: {self.log.read_text()[-600:]}"
            return
        for probe in self.container.probes:
            status, _ = self.request(probe.path)
            if status != 200:
                yield f"{self.container.place}: the probe of {probe.path} got {status}"
        secured = value(self.container, self.program, "insecure.no-keys") != "true"
        for key, path, body, wanted in ((None, "/v1/triage", TICKET, 401 if secured else 200),
                                        (keys["triage"], "/v1/triage", TICKET, 200), (keys["metrics"], "/metrics", None, 200)):
            status, _ = self.request(path, key, body)
            if status != wanted:
                yield f"{self.container.place}: {path} got {status}, expected {wanted}"
        yield from self.health()
        if (code := self.stop()) != 0:
            yield f"{self.container.place}: SIGTERM ended the service with {code}"

    def health(self):
        if self.container.health:
            done = subprocess.run([BINARY, *self.container.health[1:]], env=self.environment, cwd=self.folder,
                                  capture_output=True, text=True)
            if done.returncode != 0:
                yield f"{self.container.place}: the health check failed: {done.stdout}{done.stderr}"

    def kill(self):
        """Where it still runs after a fault of the check itself."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(180)


def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def make_secrets(folder):
    """Keys and a certificate as files, and the keys themselves by scope."""
    folder, keys = pathlib.Path(folder), {}
    for scope in ("triage", "metrics"):
        keys[scope] = run("keys", "create", "--keys", folder / "keys.json", "--name", scope, "--scope", scope).split()[-1]
    network.certify(folder / "tls.crt", folder / "tls.key", ["triage.triage.svc"])
    # A Redis that is away: the service starts without it.
    url = {"url": b"redis://127.0.0.1:1\n"}
    return url | {name: (folder / name).read_bytes() for name in ("keys.json", "tls.crt", "tls.key")}, keys
