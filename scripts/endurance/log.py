"""A log whose reader stands still under load: every request is answered, lines are dropped and counted, SIGTERM is honoured."""
import http.client
import json
import re
import socket
import subprocess
import threading
import time

from .server import BINARY, environment

CLIENTS = 4
DRAIN_SECONDS = 25


class Client(threading.Thread):
    """Asks for decisions, one after the other, until the time is over."""

    def __init__(self, port, end):
        super().__init__(daemon=True)
        self.port, self.end = port, end
        self.asked = self.answered = 0
        self.slowest = 0.0

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        body = json.dumps({"id": "T-1", "body": "my account is locked"})
        while time.monotonic() < self.end:
            begin = time.monotonic()
            self.asked += 1
            try:
                connection.request("POST", "/v1/triage", body)
                answer = connection.getresponse()
                answer.read()
                self.answered += answer.status == 200
            except (OSError, http.client.HTTPException):
                connection.close()
            self.slowest = max(self.slowest, time.monotonic() - begin)
        connection.close()


class Flood(threading.Thread):
    """Asks whether the service lives, many times in one piece, so that the log has more to write than it can hold.

    On a slow machine it goes on after the time is over, until it has sent MINIMUM requests.
    """

    BLOCK = 200
    MINIMUM = 30_000

    def __init__(self, port, end):
        super().__init__(daemon=True)
        self.port, self.end = port, end
        self.asked = self.answered = 0

    def run(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            while time.monotonic() < self.end or self.asked < self.MINIMUM:
                self.asked += self.BLOCK
                line.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" * self.BLOCK)
                said, answers = b"", 0
                while answers < self.BLOCK and (piece := line.recv(65_536)):
                    said += piece
                    answers = said.count(b'"healthy"}')
                self.answered += answers


def start(folder):
    """A service that writes a line for each request, and its port; nobody reads its log behind the line with the port."""
    process = subprocess.Popen(
        [BINARY, "serve", "--stateless"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0, cwd=folder,
        env=environment(TRIAGE_LOG_LEVEL="debug", TRIAGE_DRAIN=f"{DRAIN_SECONDS}s"))
    said = b""
    while not (found := re.search(rb'https?://127\.0\.0\.1:(\d+)["\s]', said)):
        piece = process.stderr.read(4096)
        if not piece:
            raise RuntimeError(f"triage serve ended with {process.wait()}: {said[-500:]}")
        said += piece
    return process, int(found.group(1))


def dropped_lines(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/metrics")
    metrics = connection.getresponse().read().decode()
    connection.close()
    return int(re.search(r"^triage_log_lines_dropped_total (\d+)$", metrics, re.MULTILINE).group(1))


def log(folder, seconds, say):
    process, port = start(folder)
    try:
        end = time.monotonic() + seconds
        clients = [Client(port, end) for _ in range(CLIENTS)]
        flood = Flood(port, end)
        for thread in [*clients, flood]:
            thread.start()
        for thread in [*clients, flood]:
            thread.join()
        askers = [*clients, flood]
        dropped = dropped_lines(port)
        say(f"{sum(asker.answered for asker in askers):,} answers, {dropped:,} lines dropped")
        begin = time.monotonic()
        process.terminate()
        try:
            code = process.wait(DRAIN_SECONDS + 5)
        except subprocess.TimeoutExpired:
            code = "none: killed"
        stop = time.monotonic() - begin
    finally:
        process.kill()
    return {
        "seconds without a reader": seconds,
        "requests": sum(asker.asked for asker in askers),
        "requests not answered": sum(asker.asked - asker.answered for asker in askers),
        "milliseconds of the slowest decision": round(max(client.slowest for client in clients) * 1000),
        "lines dropped and counted": dropped,
        "drops not counted": int(dropped == 0),
        "seconds from SIGTERM to the end": round(stop, 1),
        "SIGTERM not honoured": int(code != 0 or stop > DRAIN_SECONDS),
    }
