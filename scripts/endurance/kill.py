"""kill -9 at random moments under load: what was acknowledged is there after each restart, and nothing is there twice."""
import collections
import http.client
import json
import random
import sqlite3
import threading
import time

from .server import Server, triage

CLIENTS = 4


class Client(threading.Thread):
    """Sends tickets and feedback for as long as the server lives; keeps what was acknowledged, and what was not."""

    def __init__(self, server, number, round):
        super().__init__(daemon=True)
        self.server, self.name_prefix = server, f"r{round}c{number}"
        self.tickets, self.feedback, self.decisions = {}, [], []
        self.sent = 0

    def run(self):
        connection = self.server.connect(timeout=10)
        try:
            while True:
                self.step(connection)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()

    def step(self, connection):
        self.sent += 1
        name = f"{self.name_prefix}n{self.sent}"
        body = {"id": name, "body": f"my account is locked, ticket number {self.sent}"}
        status, _, data = self.server.ask("POST", "/v1/tickets", body, {"Idempotency-Key": name}, connection)
        if status == 202:
            self.tickets[name] = json.loads(data)["id"]
        status, headers, _ = self.server.ask("POST", "/v1/triage", {"id": f"d{name}", "body": "slow since today"},
                                             None, connection)
        if status != 200:
            return
        self.decisions.append(headers["Triage-Decision-Id"])
        status, _, data = self.server.ask(
            "POST", "/v1/feedback", {"decision_id": self.decisions[-1], "field": "category", "label": f"L{name}",
                                  "new_label": True},
            None, connection)
        if status == 201:
            self.feedback.append((self.decisions[-1], json.loads(data)["id"]))


def kill(folder, rounds, say):
    source = random.Random(7)
    store = folder / "store"
    clients = []
    for round in range(rounds):
        server = Server(folder, TRIAGE_STORE=store).start()
        fresh = [Client(server, number, round) for number in range(CLIENTS)]
        for client in fresh:
            client.start()
        time.sleep(source.uniform(0.01, 0.6))
        server.kill()
        for client in fresh:
            client.join()
        clients += fresh
        if (round + 1) % 20 == 0:
            say(f"{round + 1} kills, {sum(len(c.tickets) for c in clients):,} tickets acknowledged")
    return check(folder, store, clients, rounds)


def check(folder, store, clients, rounds):
    """Starts once more, lets the queue run empty, and counts."""
    with Server(folder, TRIAGE_STORE=store) as server:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            states = json.loads(server.ask("GET", "/v1/admin/queue")[2])["states"]
            if states["waiting"] + states["leased"] == 0:
                break
            time.sleep(0.1)
        # Sent again under its key, an acknowledged ticket is the one that is there.
        again = [(client, name) for client in clients for name in list(client.tickets)[-2:]]
        renewed = sum(
            json.loads(server.ask("POST", "/v1/tickets", {
                "id": name, "body": f"my account is locked, ticket number {name.rsplit('n', 1)[1]}"},
                {"Idempotency-Key": name})[2]).get("id") != client.tickets[name] for client, name in again)
    code, output, errors = triage("ledger", "verify", "--store", store)
    database = sqlite3.connect(f"file:{store}/triage.sqlite?mode=ro", uri=True)
    queue = dict(database.execute("SELECT id, state FROM queue"))
    ledger = database.execute("SELECT kind, id, ticket FROM ledger").fetchall()
    database.close()
    made = collections.Counter(identifier for _, identifier, _ in ledger)
    tickets = collections.Counter(ticket for kind, _, ticket in ledger if kind == "decision" and ticket)
    acknowledged = [(name, identifier) for client in clients for name, identifier in client.tickets.items()]
    return {
        "kills": rounds,
        "tickets acknowledged": len(acknowledged),
        "decisions acknowledged": sum(len(client.decisions) for client in clients),
        "feedback acknowledged": sum(len(client.feedback) for client in clients),
        "tickets lost": sum(queue.get(identifier) != "done" for _, identifier in acknowledged),
        "tickets without their decision": sum(tickets[name] == 0 for name, _ in acknowledged),
        "tickets decided twice": sum(tickets[name] > 1 for name, _ in acknowledged),
        "decisions lost": sum(made[d] == 0 for client in clients for d in client.decisions),
        "feedback lost": sum(made[f] == 0 for client in clients for _, f in client.feedback),
        "ids twice": sum(count > 1 for count in made.values()),
        "tickets that a second sending doubled": renewed,
        "ledger": 0 if code == 0 else (output + errors).strip()[-200:],
    }
