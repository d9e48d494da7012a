"""A store of many decisions under twenty people: every page and list of the console is fast, and the first one is small."""
import hmac
import http.client
import json
import random
import sqlite3
import statistics
import struct
import subprocess
import sys
import threading
import time

from .server import Server, triage

USERS, USERS_SHORT = 20, 5
JUDGED = 1_000_000  # decisions from which on times are judged; below, a debug program may serve a busy machine
THINK = (0.5, 1.5)  # seconds between two pages of one person
SECONDS = 60
LIMIT = 150  # ms, the 95th percentile of each page
LARGEST = 60 << 10  # bytes of the first page
TEMPLATES = 240
DAYS = 30
WORDS = ["my account is locked after the password change", "please refund the second charge of 588 EUR", "the report page is slow",
         "nobody can open the patient record system", "the invoice has a wrong address", "the screens in the lobby stay dark",
         "the export has no column for the cost centre", "a page that looked like ours asked for my password"]
PAGES = ["/ui", "/ui/queue", "/ui/queue?state=any&order=newest", "/ui/queue?order=oldest", "/ui/queue?level=review",
         "/ui/queue?reason=AMBIGUOUS&state=any", "/ui/queue?field=category&label=Billing&state=any", "/ui/tickets/{decision}",
         "/ui/tickets/{ticket}", "/ui/knowledge", "/ui/knowledge?unused=true", "/ui/knowledge?q=locked%20account", "/ui/knowledge/KB-101",
         "/ui/operations?days=1", "/ui/operations?days=7", "/ui/operations?days=30", "/ui/operations?days=365", "/ui/model", "/ui/access",
         "/v1/decisions", "/v1/decisions?state=open&order=least_sure", "/v1/decisions?level=review&limit=100", "/v1/feedback", "/v1/tickets",
         "/v1/articles", "/v1/stats", "/v1/outages", "/v1/similar?text=my%20account%20is%20locked"]


def chain_key(store):
    """The key of the ledger's chain: HKDF-SHA256 (RFC 5869) of the store's secret."""
    secret = (store / "key").read_bytes()[:32]
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, b"triage store ledger 1\x01", "sha256")


def row_hash(key, before, sequence, time, kind, identifier, ticket, record):
    """The hash of a row that is about no other, as the store makes it."""
    parts = [before, struct.pack(">qq", sequence, time)]
    for text in (kind.encode(), identifier.encode(), ticket.encode()):
        parts += [struct.pack(">q", len(text)), text]
    return hmac.digest(key, b"".join([*parts, struct.pack(">qq", -1, len(record)), record]), "sha256")


def planted(key, before, last, templates, count):
    """Rows of the ledger with a valid chain, each with an id and a time of its own, spread over the last days."""
    begin, step = int(time.time() * 1000) - DAYS * 86_400_000, DAYS * 86_400_000 // count
    for number in range(count):
        at, record = begin + number * step, templates[number % len(templates)]
        identifier = f"{at >> 16:08x}-{at & 65535:04x}-7{number & 4095:03x}-8000-{number:012x}"
        sequence, ticket = last + 1 + number, f"P-{number}"
        before = row_hash(key, before, sequence, at, "decision", identifier, ticket, record)
        yield sequence, at, "decision", identifier, ticket, record, before


def plant(store, count):
    """Copies of the decisions in the store and of their texts."""
    database = sqlite3.connect(store / "triage.sqlite")
    database.execute("PRAGMA synchronous = OFF")
    last, before = database.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    originals = database.execute("SELECT seq, record FROM ledger WHERE kind = 'decision' ORDER BY seq").fetchall()
    columns = [row[1] for row in database.execute("PRAGMA table_info(texts)") if row[1] not in ("seq", "at")]
    with database:
        database.executemany(
            "INSERT INTO ledger (seq, at, kind, id, ticket, record, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
            planted(chain_key(store), before, last, [record for _, record in originals], count))
        database.execute("CREATE TEMP TABLE original (place INTEGER PRIMARY KEY, seq INTEGER)")
        database.executemany("INSERT INTO original VALUES (?, ?)", enumerate(sequence for sequence, _ in originals))
        database.execute(
            f"INSERT INTO texts (seq, at, {', '.join(columns)}) SELECT ledger.seq, ledger.at, {', '.join('texts.' + name for name in columns)}"
            " FROM ledger JOIN original ON original.place = (ledger.seq - :last - 1) % :originals JOIN texts ON texts.seq = original.seq"
            " WHERE ledger.seq > :last", {"last": last, "originals": len(originals)})
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def decide(server, count, connection=None):
    """Decisions on tickets of several kinds; the id of the last one."""
    for number in range(count):
        text = f"{WORDS[number % len(WORDS)]}, {WORDS[number * 7 // 3 % len(WORDS)]}, case {number}"
        fields = server.ask("POST", "/v1/triage", {"id": f"T-{number}", "subject": f"Ticket {number}", "body": text}, None, connection)[1]
    return fields["Triage-Decision-Id"]


class Person(threading.Thread):
    """Loads pages in an order of its own until the end, with a pause before each."""

    def __init__(self, server, pages, number, end):
        super().__init__(daemon=True)
        self.server, self.pages, self.random, self.end = server, pages, random.Random(number), end
        self.times, self.faults = {}, []

    def run(self):
        connection = self.server.connect()
        while time.monotonic() < self.end:
            for page in self.random.sample(sorted(self.pages), len(self.pages)):
                time.sleep(self.random.uniform(*THINK))
                if time.monotonic() >= self.end:
                    return
                start = time.perf_counter()
                try:
                    status, _, _ = self.server.ask("GET", self.pages[page], None, {"Accept": "text/html"}, connection)
                except (OSError, http.client.HTTPException) as error:
                    status, connection = repr(error), self.server.connect()
                self.times.setdefault(page, []).append((time.perf_counter() - start) * 1000)
                if status != 200:
                    self.faults.append((page, status))


class Arrivals(threading.Thread):
    """New decisions and corrections, by which everything that lists remember is out of date."""

    def __init__(self, server, end):
        super().__init__(daemon=True)
        self.server, self.end, self.count = server, end, 0

    def run(self):
        while time.monotonic() < self.end:
            decision = decide(self.server, 1)
            self.server.ask("POST", "/v1/feedback", {"decision_id": decision, "field": "category", "label": "Billing"},
                            {"Content-Type": "application/json"})
            self.count += 1
            time.sleep(1)


class Busyness:
    """How many times longer than on an idle machine work takes meanwhile: wall-clock time by processor time of a short loop."""

    PROBE = """
import time
while True:
    time.sleep(0.2)
    wall, processor = time.perf_counter(), time.process_time()
    while time.process_time() - processor < 0.02:
        pass
    print((time.perf_counter() - wall) / (time.process_time() - processor), flush=True)
"""

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-c", self.PROBE], stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.factor = statistics.median([max(1, float(line)) for line in self.process.communicate()[0].split()] or [1])


def percentile(values, share=0.95):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def console_load(folder, count, say):
    store = folder / "store"
    with Server(folder, TRIAGE_STORE=store) as server:
        decide(server, TEMPLATES)
    plant(store, count)
    say(f"{count:,} decisions planted")
    with Server(folder, TRIAGE_STORE=store) as server:
        start = time.monotonic()
        while server.ask("GET", "/v1/decisions?limit=1")[0] != 200:
            time.sleep(0.2)
        reading = time.monotonic() - start
        say(f"listed after {reading:.1f} s")
        decision = json.loads(server.ask("GET", "/v1/decisions?limit=1")[2])["items"][0]["id"]
        pages = {page: page.format(decision=decision, ticket=f"P-{count // 2}") for page in PAGES}
        pages["/health"] = "/health"
        size = len(server.ask("GET", "/ui/queue", None, {"Accept": "text/html"})[2])
        is_judged = count >= JUDGED
        end = time.monotonic() + (SECONDS if is_judged else SECONDS / 3)
        people = [Person(server, pages, number, end) for number in range(USERS if is_judged else USERS_SHORT)]
        arrivals = Arrivals(server, end)
        with Busyness() as busyness:
            for thread in [*people, arrivals]:
                thread.start()
            for thread in [*people, arrivals]:
                thread.join()
    code, output, errors = triage("ledger", "verify", "--store", store)
    times = {page: [value for person in people for value in person.times.get(page, [])] for page in pages}
    limit = LIMIT * busyness.factor
    slow = {page: percentile(values) for page, values in times.items() if values and percentile(values) > limit}
    for page, values in sorted(times.items(), key=lambda item: -percentile(item[1] or [0])):
        if values:
            say(f"{page}: p50 {statistics.median(values):.1f} ms, p95 {percentile(values):.1f} ms of {len(values)}")
    faults = [fault for person in people for fault in person.faults]
    for fault in faults[:5]:
        say(f"{fault[0]}: {fault[1]}")
    return {
        "decisions": count,
        "seconds until they are listed": round(reading, 1),
        "people": len(people),
        "pages loaded": sum(map(len, times.values())),
        "decisions and corrections meanwhile": arrivals.count,
        "p95 of the slowest page (ms)": round(max(percentile(values) for values in times.values() if values), 1),
        "p50 of an empty answer (ms)": round(statistics.median(times["/health"] or [0]), 2),
        "times slower for other work on this machine": round(busyness.factor, 1),
        "limit (ms)": round(limit),
        "bytes of the queue's page": size,
        "pages too slow" if is_judged else "pages over the limit, not judged": len(slow),
        "first page is too slow to send (over 60 KB)": int(size > LARGEST),
        "requests not answered in 30 s": sum(isinstance(status, str) for _, status in faults),
        "server errors": sum(not isinstance(status, str) for _, status in faults),
        "ledger": 0 if code == 0 else (output + errors).strip()[-200:],
    }
