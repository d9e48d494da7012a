"""Tickets erased while the service is under load: nothing of them is in any file of the store, nor in a later backup."""
import http.client
import json
import sqlite3
import threading

from .server import Server, triage

RUN = 16  # bytes in a row of a packed text that are searched for


class Load(threading.Thread):
    """Sends other tickets until it is stopped."""

    def __init__(self, server, number):
        super().__init__(daemon=True)
        self.server, self.number, self.stopped = server, number, threading.Event()

    def run(self):
        connection, sent = self.server.connect(), 0
        while not self.stopped.is_set():
            sent += 1
            body = {"id": f"O-{self.number}-{sent}", "body": f"my account is locked, ticket number {sent}"}
            for path in ("/v1/triage", "/v1/tickets"):
                try:
                    self.server.ask("POST", path, body, None, connection)
                except (OSError, http.client.HTTPException):
                    connection = self.server.connect()


def packed(store, condition, *arguments):
    """The kept texts of some tickets, as they lie on the disk."""
    database = sqlite3.connect(f"file:{store}/triage.sqlite?mode=ro", uri=True)
    rows = database.execute(
        f"SELECT answer FROM texts JOIN ledger USING (seq) WHERE {condition}", arguments).fetchall()
    database.close()
    return [row[0] for row in rows]


def runs(blobs):
    """Where packed texts are alike they hold what all answers have, such as the bundle's hash."""
    return {blob[start:start + RUN] for blob in blobs for start in range(4, len(blob) - RUN + 1)}


def files(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def plant(server, name):
    """A decision, a correction with a note and a waiting ticket, all with one word that nothing else has."""
    word = f"flurb{name.lower().replace('-', '')}word"
    body = {"id": name, "subject": word, "body": f"my account is locked since the {word} came, said {word}"}
    _, headers, _ = server.ask("POST", "/v1/triage", body)
    server.ask("POST", "/v1/feedback", {"decision_id": headers["Triage-Decision-Id"], "field": "category",
                                        "label": "Login", "note": f"it was the {word}"})
    server.ask("POST", "/v1/tickets", body)
    return word.encode()


def erase(server, store, name, by_command):
    """Whether the service answers that nothing is left."""
    if by_command:
        code, _, errors = triage("forget", "--ticket", name, "--store", store)
        return code == 0 and not errors
    status, _, data = server.ask("DELETE", f"/v1/tickets/{name}")
    return status == 200 and json.loads(data)["clean"]


def erasure(folder, count, say):
    store = folder / "store"
    seen = lost = unclean = left = 0
    words, windows = [], set()
    with Server(folder, TRIAGE_STORE=store, TRIAGE_QUEUE_WORKERS=0, TRIAGE_QUEUE_CAPACITY=1_000_000) as server:
        load = [Load(server, number) for number in range(2)]
        for one in load:
            one.start()
        for number in range(count):
            name = f"E-{number}"
            word = plant(server, name)
            own = sorted(runs(packed(store, "ticket = ?", name)) - runs(
                packed(store, "ticket IS NOT ? ORDER BY seq DESC LIMIT 50", name)))[::16]
            before = files(store)
            seen += word in before and any(run in before for run in own)
            unclean += not erase(server, store, name, by_command=number % 5 == 4)
            after = files(store)
            left += word in after or any(run in after for run in own)
            lost += server.ask("GET", f"/v1/decisions/{name}")[0] != 410
            words.append(word)
            windows |= set(own)
        triage("store", "backup", folder / "backup", "--store", store)
        for one in load:
            one.stopped.set()
        for one in load:
            one.join()
    copy = files(folder / "backup")
    code, output, errors = triage("ledger", "verify", "--store", store)
    return {
        "tickets erased under load": count,
        "of them found on the disk before": seen,
        "erasures that were not clean": unclean,
        "tickets leaked in a file of the store": left,
        "tickets leaked in a later backup": sum(word in copy for word in words) + sum(run in copy for run in windows),
        "decisions lost that were not answered with 410": lost,
        "tickets without their text before": count - seen,
        "ledger": 0 if code == 0 else (output + errors).strip()[-200:],
    }
