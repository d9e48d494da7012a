"""A store in which many tickets are finished: taking one more is as fast as in an empty store, and idling costs nothing."""
import json
import os
import sqlite3
import statistics
import time

from .server import Server, triage

REQUESTS = 400
LIMIT = 1.3  # times the empty store's median
IDLE_SECONDS = 5
IDLE_LIMIT = 0.02  # of a core


def plant(store, count):
    """Finished tickets of the last hour, each a row as the service leaves it."""
    now = int(time.time() * 1000)
    database = sqlite3.connect(store / "triage.sqlite")
    with database:
        database.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
            " INSERT INTO queue (id, state, due, attempts, key_hash, request_hash, enqueued_at, updated_at)"
            " SELECT printf('018bcfe5-6800-7000-8000-%012x', i), 'done', 0, 1, randomblob(32), randomblob(32),"
            " :now - 3600000 + i % 3600000, :now - 3600000 + i % 3600000 FROM n", {"count": count, "now": now})
    database.close()


def processor_seconds(server):
    fields = open(f"/proc/{server.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def take(server, number, connection):
    """Milliseconds until a ticket is taken, and its status."""
    body = json.dumps({"id": f"N-{number}", "body": f"my account is locked, ticket number {number}"})
    start = time.perf_counter()
    status, _, _ = server.ask("POST", "/v1/tickets", body, None, connection)
    return (time.perf_counter() - start) * 1000, status


def idle_share(server):
    time.sleep(2)
    before = processor_seconds(server)
    time.sleep(IDLE_SECONDS)
    return (processor_seconds(server) - before) / IDLE_SECONDS


def grown(folder, count, say):
    stores = {name: folder / name for name in ("empty", "grown")}
    for store in stores.values():
        with Server(folder, TRIAGE_STORE=store):
            pass
    plant(stores["grown"], count)
    say(f"{count:,} finished tickets planted")
    times, statuses = {name: [] for name in stores}, []
    with Server(folder, TRIAGE_STORE=stores["empty"]) as empty, Server(folder, TRIAGE_STORE=stores["grown"]) as big:
        idle = idle_share(big)
        lines = {"empty": (empty, empty.connect()), "grown": (big, big.connect())}
        for number in range(REQUESTS):
            # In turn, so that what else the machine does meets both.
            for name, (server, connection) in lines.items():
                milliseconds, status = take(server, number, connection)
                times[name].append(milliseconds)
                statuses.append(status)
    medians = {name: statistics.median(values[REQUESTS // 10:]) for name, values in times.items()}
    ratio = medians["grown"] / medians["empty"]
    code, output, errors = triage("ledger", "verify", "--store", stores["grown"])
    return {
        "finished tickets": count,
        "p50 of POST /v1/tickets, empty (ms)": round(medians["empty"], 3),
        "p50 of POST /v1/tickets, grown (ms)": round(medians["grown"], 3),
        "times the empty store's": round(ratio, 3),
        "idle, share of a core": round(idle, 4),
        "too slow": int(ratio > LIMIT),
        "too busy when idle": int(idle > IDLE_LIMIT),
        "server errors": sum(status != 202 for status in statuses),
        "ledger": 0 if code == 0 else (output + errors).strip()[-200:],
    }
