"""What every section uses: the binary, the data sets, the peers, a folder for its files, and results shared."""
import datetime
import hashlib
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENTS = ROOT / "scripts" / "bench.requirements.txt"
VENV = ROOT / ".venv-bench"


class Skip(Exception):
    """A section cannot run here; the text names what is missing."""


class Failure(Exception):
    """Something that should work did not."""


class Cost:
    """What a finished process printed and took."""

    def __init__(self, output, values):
        self.output = output
        self.wall_s, self.user_s = values["wall_s"], values["user_s"]
        self.peak_mb, self.status = values["peak_mb"], values["status"]

    @property
    def json(self):
        return json.loads(self.output)


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def write_rows(path, items):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        for item in items:
            file.write(json.dumps(item, ensure_ascii=False) + "\n")
    return path


class Context:
    def __init__(self, arguments, folder):
        self.quick, self.judged = arguments.quick, arguments.judged
        self.datasets = arguments.datasets
        self.peers_file = arguments.peers
        self.folder = pathlib.Path(folder)
        self.binary = pathlib.Path(os.environ.get("TRIAGE_BINARY") or ROOT / ".build" / "release" / "triage").resolve()
        self.models, self.kb = ROOT / "models", ROOT / "kb"
        self.starter = self.models / "starter"
        self.articles = sum(path.name.lower() != "readme.md" for path in self.kb.glob("*.md"))
        self.peer_script = HERE / "peer_predictions.py"
        self.environment = {**os.environ, "TRIAGE_HOME": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        self.environment.pop("TRIAGE_DATASETS", None)
        self.kept = {}

    # Progress and what is shared between sections

    def say(self, text):
        print(f"{datetime.datetime.now():%H:%M:%S}  {text}", file=sys.stderr, flush=True)

    def once(self, key, make):
        """The value of `make`, computed at most once in a run."""
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    # Data

    def dataset(self, name):
        path = self.datasets / name
        if not path.is_file():
            raise Skip(f"no data set {name}; name the folder with --datasets or TRIAGE_DATASETS")
        return path

    # triage

    def prepare(self):
        """Builds the binary when it is missing or older than its sources; TRIAGE_BINARY is taken as it is."""
        if not os.environ.get("TRIAGE_BINARY"):
            # The full program: `serve` needs it.
            done = subprocess.run([ROOT / "scripts" / "run", "serve", "--help"], capture_output=True, text=True)
            if done.returncode:
                raise Failure(f"scripts/run serve --help ended with {done.returncode}: {done.stderr.strip()[-400:]}")
        return self.triage("--version").output.decode().strip()

    def measure(self, command, stdin=None, accept=(0,)):
        """Runs a command through launch.py; `stdin` is a path."""
        cost_file = self.folder / "cost.json"
        launcher = [sys.executable, "-S", "-E", HERE / "launch.py", cost_file]
        with open(stdin or os.devnull, "rb") as source:
            done = subprocess.run([*launcher, *map(str, command)], stdin=source, capture_output=True, cwd=self.folder,
                                  env=self.environment)
        if done.returncode:
            raise Failure(done.stderr.decode(errors="replace").strip()[-400:])
        cost = Cost(done.stdout, json.loads(cost_file.read_text(encoding="utf-8")))
        if cost.status not in accept:
            shown = " ".join(str(part).replace(str(self.folder), "…") for part in command[1:])
            raise Failure(f"triage {shown} ended with {cost.status}: {done.stderr.decode(errors='replace').strip()[-400:]}")
        return cost

    def triage(self, *arguments, stdin=None, accept=(0,)):
        return self.measure([self.binary, *arguments], stdin=stdin, accept=accept)

    def train(self, data, label, output, *options, text=None):
        """Trains on one thread; the process's cost, whose output is the report."""
        columns = ["--text", text] if text else []
        return self.triage("train", "--data", data, "--label", label, "--output", output, "--json",
                           "--threads", 1, *columns, *options)

    def evaluate(self, model, data, text=None):
        columns = ["--text", text] if text else []
        return self.triage("evaluate", "--model", model, "--data", data, "--json", "--count-seen-rows",
                           *columns).json["fields"]

    # Peers

    def peer_python(self):
        """The Python of the virtual environment with the pinned peers, created when missing or out of date."""
        if not self.peers_file.is_file():
            raise Skip("no peers.py; name it with --peers")
        stamp, wanted = VENV / "requirements.sha256", hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
        if not stamp.is_file() or stamp.read_text() != wanted:
            self.say(f"installing the peers into {VENV.name}")
            for command in ([sys.executable, "-m", "venv", "--clear", VENV],
                            [VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS]):
                done = subprocess.run(command, capture_output=True, text=True)
                if done.returncode:
                    raise Skip(f"the peers could not be installed: {done.stderr.strip()[-200:]}")
            stamp.write_text(wanted)
        return VENV / "bin" / "python"

    def peer(self, name, train, test, label, text=None):
        """What peers.py reports about one peer; {"error"} when it cannot be measured."""
        options = ["--text", text] if text else []
        self.say(f"peer {name}, {label} of {train.parent.name}")
        return self.run_peer(self.peers_file, "--train", train, "--test", test, "--label", label, "--only", name,
                             *options)

    def run_peer(self, script, *arguments):
        try:
            python = self.peer_python()
        except Skip as reason:
            return {"error": str(reason)}
        done = subprocess.run([python, script, *map(str, arguments)], capture_output=True, text=True,
                              env={**self.environment, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"})
        if done.returncode or not done.stdout.strip():
            return {"error": f"{pathlib.Path(script).name} ended with {done.returncode}: {done.stderr.strip()[-200:]}"}
        return json.loads(done.stdout.strip().splitlines()[-1])


def first_line(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    except OSError:
        return ""
    return done.stdout.strip().splitlines()[0] if done.returncode == 0 and done.stdout.strip() else ""


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "")
    except OSError:
        name = ""
    return f"{name or platform.processor() or 'unknown'}, {os.cpu_count()} processors"


def describe(version, quick):
    """Machine, date and versions of this run."""
    commit = first_line(["git", "rev-parse", "--short", "HEAD"])
    changed = first_line(["git", "status", "--porcelain", "--untracked-files=no"])
    return {"date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "processor": processor(),
            "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
            "load before": "%.2f %.2f %.2f" % os.getloadavg(),
            "triage": f"{version}, commit {commit or 'unknown'}{' with changes' if changed else ''}",
            "Python": platform.python_version(), "peers": pinned(), "run": "quick" if quick else "full"}


def pinned():
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    return ", ".join(line.replace("==", " ") for line in lines if "==" in line and not line.startswith("#"))
