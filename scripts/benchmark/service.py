"""The service under load on loopback: against a route that only decodes and echoes, in a stream, and at rest."""
import json
import re
import shutil
import statistics
import subprocess
import time

from endurance.server import Server

from .context import Failure, Skip, write_rows
from .report import Figure
from .speed import tickets

SECONDS = 6
ROUNDS = 5
STREAMED = 100_000


def key(context):
    """A key file, and a key in it that may triage."""
    path = context.folder / "keys.json"
    path.unlink(missing_ok=True)
    made = context.triage("keys", "create", "--keys", path, "--name", "bench", "--scope", "triage").output.decode()
    return path, re.search(r"tt_\S+", made).group()


def wrk_script(context, key):
    """Posts the tickets of a hundred words in turn."""
    rows = [json.loads(line) for line in open(tickets(context, 1000), encoding="utf-8")]
    bodies = ",\n".join(json.dumps(json.dumps(row)) for row in rows)
    path = context.folder / "post.lua"
    path.write_text(f"""local bodies = {{{bodies}}}
local n = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {key}"
request = function() n = n + 1; return wrk.format(nil, nil, nil, bodies[n % #bodies + 1]) end
done = function(s, l, r) io.write(string.format("RESULT %d %d %d %d\\n", s.requests, s.duration, l:percentile(99),
  s.errors.status + s.errors.read + s.errors.write + s.errors.timeout + s.errors.connect)) end
""")
    return path


def wrk(script, url, seconds):
    """Requests a second and the 99th of 100 in milliseconds."""
    done = subprocess.run(["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", script, url], capture_output=True, text=True)
    if not (found := re.search(r"RESULT (\d+) (\d+) (\d+) (\d+)", done.stdout)):
        raise Failure(done.stderr.strip()[-300:])
    requests, micros, p99, errors = map(int, found.groups())
    if errors:
        raise Failure(f"{errors} of {requests} requests to {url} failed")
    return requests / micros * 1e6, p99 / 1000


def service(context):
    if not shutil.which("wrk"):
        raise Skip("no wrk; install Debian's package wrk")
    keys, secret = key(context)
    script = wrk_script(context, secret)
    for what, options in (("without a store", ["--stateless"]), ("decisions stored", [])):
        with Server(context.folder, "--keys", keys, "--echo", *options) as server:
            yield from against_echo(context, server, script, what)
    with Server(context.folder, "--stateless", "--keys", keys) as server:
        yield from memory(context, server, script)
    yield from stream(context)


def against_echo(context, server, script, what):
    rounds, seconds = (2, 2) if context.quick else (ROUNDS, SECONDS)
    wrk(script, f"{server.address}/v1/triage", 1)
    pairs = [(wrk(script, f"{server.address}/v1/triage", seconds), wrk(script, f"{server.address}/echo", seconds))
             for _ in range(rounds)]
    triage, echo = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
    yield Figure(f"POST /v1/triage with keys, {what}: requests a second ÷ bare echo", triage / echo, 2, target=(">=", 0.5),
                 note=f"{triage:,.0f} and {echo:,.0f} a second, medians of {rounds} turns; "
                 f"99 of 100 within {statistics.median(p[0][1] for p in pairs):.1f} ms; wrk on the same two cores")


def memory(context, server, script):
    yield Figure("resident memory at rest", server.resident_mb(), 0, "MB", ("<=", 100))
    done, readings = 0, []
    wanted = 30_000 if context.quick else 1_000_000
    while done < wanted:
        rate, _ = wrk(script, f"{server.address}/v1/triage", 5)
        done += int(rate * 5)
        readings.append(server.resident_mb())
    yield Figure(f"resident memory after {done:,} requests, less after the first {int(done / len(readings)):,}",
                 readings[-1] - readings[0], 1, "MB", ("<=", 8), note=f"{readings[0]:.0f} to {readings[-1]:.0f} MB")


def stream(context):
    """One request with many tickets, sent and read at once; and `classify` on the same file."""
    count = 5_000 if context.quick else STREAMED
    rows = [json.loads(line) for line in open(tickets(context, 1000), encoding="utf-8")]
    data = write_rows(context.folder / "stream.jsonl",
                      ({**rows[number % len(rows)], "id": str(number)} for number in range(count)))
    rates, ratios, growth = [], [], []
    for _ in range(1 if context.quick else 3):
        with Server(context.folder, "--stateless") as server:
            curl = ["curl", "-sS", "-T", str(data), "-X", "POST", "-H", "Content-Type: application/x-ndjson",
                    "-H", "Expect:", f"{server.address}/v1/triage/batch", "-o", "answers.jsonl"]
            subprocess.run([*curl[:3], str(tickets(context, 1000)), *curl[4:]], check=True, cwd=context.folder)
            before, peak, start = server.resident_mb(), 0, time.monotonic()
            running = subprocess.Popen(curl, cwd=context.folder)
            while running.poll() is None:
                peak = max(peak, server.resident_mb())
                time.sleep(0.05)
            took = time.monotonic() - start
            growth.append(max(peak - before, 0))
        answers = (context.folder / "answers.jsonl").read_bytes()
        command = context.triage("classify", "--json", "--input", data)
        if answers != command.output:
            raise Failure("the stream's decisions are not those of classify")
        rates.append(count / took)
        ratios.append(command.wall_s / took)
    yield Figure(f"{count:,} tickets in one stream: growth of resident memory", max(growth), 1, "MB", ("<=", 30))
    yield Figure("the same: tickets a second ÷ those of triage classify", statistics.median(ratios), 2, target=(">=", 0.6),
                 note=f"{statistics.median(rates):,.0f} a second; equal bytes")
