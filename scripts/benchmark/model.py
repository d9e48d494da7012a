"""A dead language model that should choose labels: what it costs decisions, how often it is called, and how soon it is
used again once it lives."""
import http.server
import json
import math
import socket
import statistics
import threading
import time

from endurance.server import Server

from .context import Failure, rows
from .report import Figure
from .speed import tickets

RATE = 200
# The breaker as it is built: failures in a row that open it, seconds between probes; and calls under way as set below.
FAILURES, PROBE, CONCURRENCY = 5, 10, 2
WAYS = {"closes every connection": False, "takes connections and says nothing": True}


class DeadServer:
    """Listens, counts connections, and answers none: closes them, or holds them open."""

    def __init__(self, holds):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.holds, self.held, self.count = holds, [], 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            self.count += 1
            if self.holds:
                self.held.append(line)
            else:
                line.close()

    def end(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for line in self.held:
            line.close()


class Chat(http.server.BaseHTTPRequestHandler):
    """A model with one answer to everything."""
    protocol_version = "HTTP/1.1"
    reply = json.dumps({
        "model": "m", "usage": {"prompt_tokens": 100, "completion_tokens": 20},
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": '{"category":"Bug","severity":"Low"}'}}]}).encode()

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.reply)))
        self.end_headers()
        self.wfile.write(self.reply)

    def log_message(self, *_):
        pass


class ChatServer(http.server.ThreadingHTTPServer):
    daemon_threads = True


def bodies(context):
    """Different tickets of a hundred words without end."""
    items, number = rows(tickets(context, 100)), 0
    while True:
        row = items[number % len(items)]
        yield json.dumps({**row, "body": f"{number} {row['body']}"})
        number += 1


def seconds(server, line, body):
    """How long one decision takes, and whether the model had a part in it."""
    start = time.perf_counter()
    status, _, answer = server.ask("POST", "/v1/triage", body, {"Content-Type": "application/json"}, connection=line)
    took = time.perf_counter() - start
    if status != 200:
        raise Failure(f"/v1/triage answered {status}: {answer[:200]}")
    return took, b"LANGUAGE_MODEL" in answer


def interleaved(context, servers, length):
    """Latencies of each server at RATE tickets a second, the same tickets in turn, by eight clients."""
    source, lock, faults = bodies(context), threading.Lock(), []
    took = [[] for _ in servers]
    start = time.perf_counter()

    def client(first):
        lines = [server.connect() for server in servers]
        try:
            for tick in range(first, RATE * length, 8):
                time.sleep(max(0, start + tick / RATE - time.perf_counter()))
                with lock:
                    body = next(source)
                turn = range(len(servers))
                for side in turn if tick // 8 % 2 else reversed(turn):
                    took[side].append(seconds(servers[side], lines[side], body)[0])
        except (OSError, Failure) as error:
            faults.append(error)

    clients = [threading.Thread(target=client, args=(first,)) for first in range(8)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    if faults:
        raise Failure(str(faults[0]))
    return took, time.perf_counter() - start


def recovery(context, server, port):
    """Seconds from the moment the model lives until it has a part in a decision."""
    ChatServer.allow_reuse_address = True
    chat = ChatServer(("127.0.0.1", port), Chat)
    threading.Thread(target=chat.serve_forever, daemon=True).start()
    start, source, line = time.perf_counter(), bodies(context), server.connect()
    try:
        while time.perf_counter() - start < 3 * PROBE:
            if seconds(server, line, next(source))[1]:
                return time.perf_counter() - start
            time.sleep(1 / RATE)
        raise Failure("the model lives and is not asked again")
    finally:
        chat.shutdown()
        chat.server_close()


def model(context):
    length = 12 if context.quick else 45
    for way, holds in WAYS.items():
        dead = DeadServer(holds)
        settings = {"TRIAGE_LLM_URL": f"http://127.0.0.1:{dead.port}/v1", "TRIAGE_LLM_MODEL": "m",
                    "TRIAGE_LLM_FIELDS": "category,severity", "TRIAGE_LLM_DECISION_TIMEOUT": "1s",
                    "TRIAGE_LLM_CONCURRENCY": CONCURRENCY}
        with Server(context.folder, "--stateless") as alone, \
                Server(context.folder, "--stateless", **settings) as beside:
            (without, with_dead), took = interleaved(context, (alone, beside), length)
            ratio = statistics.median(with_dead) / statistics.median(without)
            yield Figure(f"{RATE} tickets a second, a model that {way}: median latency ÷ without a model", ratio, 3,
                         target=("<=", 1.1), note=f"{statistics.median(with_dead) * 1000:.2f} and "
                         f"{statistics.median(without) * 1000:.2f} ms, {len(without):,} tickets in turn; "
                         f"99 of 100 within {statistics.quantiles(with_dead, n=100)[98] * 1000:.1f} ms")
            # Calls under way when the breaker opens end as failures too; after that one a probe interval.
            bound = FAILURES + CONCURRENCY - 1 + math.ceil(took / PROBE)
            yield Figure("the same: calls of that model", dead.count, 0, target=("<=", bound),
                         note=f"in {took:.0f} s, of {len(with_dead):,} decisions")
            dead.end()
            yield Figure("the same: until it is used again, once it lives", recovery(context, beside, dead.port), 1, "s",
                         ("<=", PROBE + 0.1), note=f"a probe each {PROBE} s, and the time of the ticket that is it")
