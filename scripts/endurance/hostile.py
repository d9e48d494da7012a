"""Requests that no friend would send: the service answers or hangs up, does not crash, and its memory stays bounded."""
import collections
import concurrent.futures
import json
import random
import re
import select
import socket
import string
import time

from .server import Server, triage

THREADS = 24
BLOCK = 100
LARGEST_GROWTH_MB = 128
TICKET = {"subject": "Locked out", "body": "My account is locked since the password change."}
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "P OST", ""]
PATHS = ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/%00", "/%", "/%zz", "/v1/decisions/..%2f..",
         "/v1//triage", "/v1/triage/", "/V1/TRIAGE", "*", "http://elsewhere/v1/triage", "/?" + "a=b&" * 2000, "/\\..\\..",
         "/v1/search?q=" + "%ff" * 50, "/v1/search?q=&limit=-1", "/v1/search?limit=99999999999999999999&q=a"]


class Requests:
    """Requests by kind, from a seeded source: bytes, or pieces with pauses between them."""

    def __init__(self, seed, key, operations):
        self.random, self.key, self.operations = random.Random(seed), key, operations
        self.kinds = {
            self.good: 6, self.json: 20, self.bytes: 10, self.fields: 12, self.path: 12, self.method: 8, self.garbage: 8,
            self.lengths: 8, self.pipeline: 5, self.credentials: 6, self.batch: 6, self.slow: 1, self.large: 0.4}

    def next(self):
        make = self.random.choices(list(self.kinds), list(self.kinds.values()))[0]
        return make.__name__, make()

    def post(self, body, path=None, fields=(), method="POST"):
        path = path or self.random.choice(["/v1/triage", "/triage", "/v1/explain", "/v1/tickets", "/v1/feedback"])
        head = [f"{method} {path} HTTP/1.1", "Host: test", f"Content-Length: {len(body)}", f"X-API-Key: {self.key}",
                "Content-Type: application/json", *fields]
        return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body

    def good(self):
        return self.post(json.dumps(TICKET).encode(), "/v1/triage")

    def value(self, depth=0):
        pick = self.random.random()
        if depth < 4 and pick < 0.25:
            return {self.text(8): self.value(depth + 1) for _ in range(self.random.randrange(4))}
        if depth < 4 and pick < 0.4:
            return [self.value(depth + 1) for _ in range(self.random.randrange(5))]
        return self.random.choice([None, True, -0.0, 1e308, 2**64, self.text(40), "\ud800", "\0", "", 1])

    def text(self, length):
        letters = string.ascii_letters + " \n\t\"\\<>&\u00e9\u202e\u200b\U0001f600\0"
        return "".join(self.random.choice(letters) for _ in range(self.random.randrange(length)))

    def json(self):
        body = {**TICKET, self.random.choice(["body", "subject", "id", "text", "metadata"]): self.value()}
        text = json.dumps(body).encode()
        return self.post(self.random.choice([
            text, text[:self.random.randrange(len(text))], b"[" * 50_000, b'{"a":' * 20_000, b"", b"null", b"[]", text * 2,
            b'{"body":' + b"9" * 5000 + b"}", json.dumps(self.value()).encode(), b"\xef\xbb\xbf" + text]))

    def bytes(self):
        return self.post(self.random.choice([
            self.random.randbytes(self.random.randrange(4000)),
            b'{"body":"' + self.random.randbytes(200).replace(b'"', b"") + b'"}', b'{"body":"\xff\xfe\xc0\x80\xed\xa0\x80"}']))

    def fields(self):
        count = self.random.choice([1, 50, 99, 101, 500, 5000])
        size = self.random.choice([1, 100, 8000, 20_000, 200_000] if count < 60 else [1, 20, 200])
        extra = [f"X-{number}: {'v' * size}" for number in range(count)]
        extra.append(self.random.choice(["Bad Name: x", ": x", "X: a\0b", "X: \x80\xff", "Host: other", "Expect: 100-continue",
                                         "Upgrade: h2c", "Connection: upgrade", "Content-Encoding: gzip", "Range: bytes=0-"]))
        return self.post(json.dumps(TICKET).encode(), fields=extra)

    def path(self):
        path = self.random.choice(PATHS + ["/" + "a/" * 3000, "/" + "b" * 15_000, "/" + self.text(30),
                                           self.operation()[1] + self.random.choice(["?", "%", ";x", "/..", "#"])])
        return self.post(b"", path, method=self.random.choice(["GET", "POST"]))

    def operation(self):
        method, path = self.random.choice(self.operations)
        return method.upper(), re.sub(r"\{\w+\}", lambda _: self.random.choice(["x", "0", "%2e%2e", "a" * 200]), path)

    def method(self):
        body = json.dumps(self.value()).encode()
        if self.random.random() < 0.4:
            method, path = self.operation()
            return self.post(body, path, method=method)
        return self.post(body, self.operation()[1], method=self.random.choice(METHODS))

    def garbage(self):
        return self.random.choice([
            self.random.randbytes(self.random.randrange(1, 3000)), b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200,
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n", b"\r\n" * 500, b"GET / HTTP/1.1\n\n",
            b"\0" * 1000, b"GET /health HTTP/1.0\r\n\r\n", b"GET /health HTTP/1.1\r\n\r\n"])

    def lengths(self):
        inner = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
        fields = self.random.choice([
            b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: chunked\r\nContent-Length: 5",
            b"Content-Length: 1\r\nContent-Length: 2", b"Content-Length: -1", b"Content-Length: 99999999999999999999",
            b"Content-Length: 0x10", b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity",
            b"Transfer-Encoding : chunked", b"Transfer-Encoding: chunked"])
        body = self.random.choice([b"0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n", b"zz\r\n", b"ffffffffffffffffff\r\nx",
                                   b"5;" + b"e" * 70_000 + b"\r\nhello\r\n0\r\n\r\n", b"0\r\nX: y\r\n\r\n"])
        return b"POST /v1/triage HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n\r\n" + body + inner

    def pipeline(self):
        return b"".join(self.random.choice([self.good, self.json, self.path, self.method])()
                        for _ in range(self.random.randrange(2, 20)))

    def credentials(self):
        key = self.random.choice(["", "tt_", self.key[:-1] + "!", self.key + "x", "Bearer", "a" * 10_000, "\u00fc" * 59])
        field = self.random.choice([f"Authorization: Bearer {key}", f"Authorization: {key}", f"X-API-Key: {key}"])
        return (f"POST /v1/triage HTTP/1.1\r\nHost: a\r\n{field}\r\nContent-Length: 2\r\n\r\n{{}}").encode()

    def batch(self):
        lines = [json.dumps(self.random.choice([TICKET, self.value()])).encode() if self.random.random() < 0.6
                 else self.random.randbytes(50) for _ in range(self.random.randrange(1, 200))]
        return self.post(b"\n".join(lines), "/v1/triage/batch")

    def slow(self):
        """Bytes that come one by one: of a head, or of a body."""
        whole = self.good()
        start = self.random.choice([0, 10, whole.index(b"\r\n\r\n") + 5])
        return [whole[:start]] + [whole[i:i + 1] for i in range(start, len(whole))]

    def large(self):
        """100 MB: told before, in chunks, or as one line of a batch."""
        piece = b"x" * (1 << 20)
        if self.random.random() < 0.5:
            head = self.post(b"", self.random.choice(["/v1/triage", "/v1/tickets"])).replace(
                b"Content-Length: 0", b"Content-Length: 104857600")
            return ("flood", head, piece, 100)
        head = self.post(b"", self.random.choice(["/v1/triage", "/v1/triage/batch"])).replace(
            b"Content-Length: 0", b"Transfer-Encoding: chunked")
        return ("flood", head, b"100000\r\n" + piece + b"\r\n", 100)


def send(port, request):
    """The bytes that came back; None when the service cannot be reached."""
    try:
        line = socket.create_connection(("127.0.0.1", port), timeout=30)
    except OSError:
        return None
    with line:
        said = b""
        try:
            for piece, pause in pieces(request):
                line.sendall(piece)
                ready, _, _ = select.select([line], [], [], pause)
                if ready:
                    break
            if not isinstance(request, tuple):
                line.shutdown(socket.SHUT_WR)
            line.settimeout(20)
            while data := line.recv(65_536):
                said += data if len(said) < 1 << 20 else b""
                # A stream of events has no end.
                if b"text/event-stream" in said[:1000].lower():
                    break
        except OSError:
            pass
        return said


def pieces(request):
    if isinstance(request, bytes):
        yield request, 0
    elif isinstance(request, list):
        yield from ((piece, 0.2) for piece in request if piece)
    else:
        _, head, piece, count = request
        yield head, 0
        yield from ((piece, 0) for _ in range(count))


def hostile(folder, count, say):
    keys = folder / "keys.json"
    status, key, errors = triage("keys", "create", "--keys", keys, "--name", "test", "--scope", "triage", "--scope",
                                 "feedback", "--scope", "admin", "--scope", "metrics")
    if status != 0:
        raise RuntimeError(errors)
    settings = {"TRIAGE_KEYS": keys, "TRIAGE_STORE": folder / "store", "TRIAGE_LIMITS_HEADER_TIMEOUT": "2s",
                "TRIAGE_QUEUE_CAPACITY": 500}
    counted = collections.Counter({"requests": 0, "crashed": 0, "server errors other than 503": 0, "good ones lost": 0})
    with Server(folder, **settings) as server:
        document = json.loads(server.ask("GET", "/openapi.json")[2])
        operations = [(method, path) for path, of_path in document["paths"].items() for method in of_path
                      if not path.endswith("/reload")]
        requests = Requests(11, key.strip(), operations)
        peak, resident = 0, None
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            for first in range(0, count, BLOCK):
                block = [requests.next() for _ in range(min(BLOCK, count - first))]
                said = pool.map(lambda request: send(server.port, request), [request for _, request in block])
                for (kind, _), answer in zip(block, said):
                    judge(kind, answer, counted)
                if server.process.poll() is not None:
                    return {**counted, "crashed": 1, "exit code": server.process.returncode}
                peak = max(peak, server.resident_mb())
                resident = resident or peak
                if (first + BLOCK) % 1000 == 0:
                    say(f"{first + BLOCK:,} requests, {server.resident_mb():.0f} MB")
        begin = time.monotonic()
        if server.ask("GET", "/health")[0] != 200:
            counted["good ones lost"] += 1
        counted["milliseconds of the next good one"] = round((time.monotonic() - begin) * 1000)
        growth = round(max(peak, server.resident_mb()) - (resident or server.resident_mb()))
    return {**counted, "MB at first": round(resident or 0), "MB grown at most": growth,
            "leaked MB": max(0, growth - LARGEST_GROWTH_MB)}


def judge(kind, said, counted):
    counted["requests"] += 1
    if said is None:
        counted["not connected"] += 1
        return
    statuses = [int(status) for status in re.findall(rb"HTTP/1\.1 (\d\d\d)", said)]
    for status in statuses:
        counted[f"status {status}"] += 1
        if status >= 500 and status != 503:
            counted["server errors other than 503"] += 1
            counted[f"server errors at {kind}"] += 1
    if not statuses:
        counted["hung up on without an answer"] += 1
    if kind == "good" and statuses != [200]:
        counted["good ones lost"] += 1
