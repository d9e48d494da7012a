"""A `triage serve` of one's own on a free port of loopback, for measurements and hard tests."""
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("TRIAGE_BINARY") or ROOT / ".build" / "release" / "triage").resolve()


def environment(**settings):
    """The process's environment with settings of the service, without those of this shell."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    # An installed program finds its own models and knowledge base.
    home = {} if (BINARY.parent.parent / "share" / "triage").is_dir() else {"TRIAGE_HOME": str(ROOT)}
    return {**kept, **home, "OPENBLAS_NUM_THREADS": "1", "TRIAGE_PORT": "0",
            "TRIAGE_LIMITS_RATE_PER_KEY": "0", "TRIAGE_LIMITS_RATE_PER_ADDRESS": "0",
            "TRIAGE_LIMITS_BYTES_PER_KEY": "0", "TRIAGE_LIMITS_BYTES_PER_ADDRESS": "0", "TRIAGE_LOG_LEVEL": "notice",
            **{name: str(value) for name, value in settings.items()}}


class Server:
    """Started with `with`; ends with SIGTERM, and must then end by itself with 0."""

    def __init__(self, folder, *options, **settings):
        self.folder, self.options, self.settings = folder, options, settings

    def start(self):
        self.process = subprocess.Popen(
            [BINARY, "serve", *map(str, self.options)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=environment(**self.settings), cwd=self.folder)
        said = []
        for line in self.process.stderr:
            said.append(line)
            if found := re.search(r"https?://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                self.address = f"http://127.0.0.1:{self.port}"
                self.log = []
                threading.Thread(target=self._read, daemon=True).start()
                return self
        raise RuntimeError(f"triage serve ended with {self.process.wait()}: {''.join(said)[-500:]}")

    def _read(self):
        for line in self.process.stderr:
            self.log.append(line)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60) != 0:
            raise RuntimeError(f"triage serve ended with {self.process.returncode}: {''.join(self.log)[-500:]}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            if kind is None:
                self.stop()
            else:
                self.kill()
        elif kind is None:
            raise RuntimeError(f"triage serve ended by itself with {self.process.returncode}: {''.join(self.log)[-500:]}")

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def connect(self, timeout=30):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, method, path, body=None, headers=None, connection=None):
        """Status, headers and bytes of one request."""
        line = connection or self.connect()
        content = json.dumps(body) if isinstance(body, (dict, list)) else body
        line.request(method, path, content, headers or {})
        answer = line.getresponse()
        data = answer.read()
        if connection is None:
            line.close()
        return answer.status, dict(answer.getheaders()), data


def triage(*arguments, **settings):
    """A command of triage to its end: exit code, output, errors."""
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, env=environment(**settings))
    return done.returncode, done.stdout, done.stderr
